"""What happened, in order; and orders to let something happen."""

import threading
import time
from dataclasses import asdict, dataclass, field
from itertools import count


@dataclass(frozen=True)
class Event:
    """One call of a resource handler, after it returned or refused."""

    number: int
    time: float
    verb: str
    """create, update, delete or replace."""

    type: str
    stack: str
    logicalId: str
    physicalId: str
    problem: str | None
    """Why it was refused or failed; None when it went through."""


@dataclass(frozen=True)
class Request:
    """One request that reached the emulator."""

    number: int
    time: float
    service: str
    action: str
    method: str
    path: str


@dataclass
class Intervention:
    """An order to let the next operations on some resource fail, or wait until the order is taken back."""

    effect: str
    """``fail`` or ``hold``."""

    type: str
    """CloudFormation type of the resource."""

    verb: str
    """create or update."""

    name: str | None = None
    """Its logical id or its name in the template, or the family of the tasks of an ECS service; any, if None."""

    reason: str = "ordered by a test"
    met: int = 0
    """How many operations have met this order."""

    def meets(self, verb: str, resource_type: str, logical_id: str, properties: dict) -> bool:
        names = [logical_id, *(value for key, value in properties.items() if key.endswith("Name"))]
        return self.verb == verb and self.type == resource_type and (self.name is None or self.name in names)


@dataclass
class Journal:
    events: list[Event] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    interventions: list[Intervention] = field(default_factory=list)
    live: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    """Stack and logical id of every resource that was created and not deleted, by type, physical id, and where that is unique."""

    _numbers: count = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add_event(self, verb, resource_type, stack, logical_id, physical_id, problem=None):
        with self._lock:
            self.events.append(
                Event(next(self._numbers), time.time(), verb, resource_type, stack, logical_id, physical_id, problem)
            )

    def add_request(self, service, action, method, path):
        with self._lock:
            self.requests.append(Request(next(self._numbers), time.time(), service, action, method, path))

    def intervention(self, effect, verb, resource_type, logical_id, properties) -> Intervention | None:
        return next(
            (
                order
                for order in self.interventions
                if order.effect == effect and order.meets(verb, resource_type, logical_id, properties)
            ),
            None,
        )

    def as_json(self, what: str):
        return [asdict(entry) for entry in getattr(self, what)]


journal = Journal()
