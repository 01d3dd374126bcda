"""Resources of the types that MiniStack does not know, as they were given."""

from dataclasses import dataclass, field
from datetime import datetime, timezone
from uuid import uuid4

from .refusal import not_found


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Resource:
    type: str
    arn: str
    id: str
    name: str
    properties: dict
    uid: str = field(default_factory=lambda: str(uuid4()))
    created: str = field(default_factory=now)
    updated: str = field(default_factory=now)
    version: int = 1
    address: str | None = None
    """Where it answers, if something follows the emulator that has it answer."""


class Store:
    """Resources by ARN."""

    def __init__(self):
        self._resources: dict[str, Resource] = {}

    def add(self, resource: Resource) -> Resource:
        self._resources[resource.arn] = resource
        return resource

    def remove(self, arn: str) -> None:
        self._resources.pop(arn, None)

    def all(self, resource_type: str, **properties) -> list[Resource]:
        """Those of one type whose properties have the given values."""
        return [
            resource
            for resource in list(self._resources.values())
            if resource.type == resource_type
            and all(resource.properties.get(name) == value for name, value in properties.items())
        ]

    def by_arn(self, arn: str) -> Resource | None:
        return self._resources.get(arn)

    def find(self, resource_type: str, identifier: str | None) -> Resource | None:
        """The one of a type that has this ARN or id."""
        return next((r for r in self.all(resource_type) if identifier in (r.arn, r.id)), None)

    def get(self, resource_type: str, identifier: str | None) -> Resource:
        found = self.find(resource_type, identifier)
        if found is None:
            raise not_found(f"{resource_type} {identifier}")
        return found

    def change(self, arn: str, properties: dict) -> Resource:
        resource = self._resources[arn]
        resource.properties = properties
        resource.updated = now()
        resource.version += 1
        return resource

    def clear(self) -> None:
        self._resources.clear()


store = Store()
