"""Handlers that tell the follower what they have done, and fail when it could not follow.

A service is told of in ``ecs``: it has more to say, and takes time.
"""

import threading

from . import app_mesh, ecs, load_balancing, vpc_lattice
from .follower import follower
from .journal import journal
from .refusal import Refusal
from .store import store

TYPES = {
    load_balancing.LOAD_BALANCER,
    load_balancing.LISTENER,
    load_balancing.RULE,
    load_balancing.TARGET_GROUP,
    vpc_lattice.SERVICE,
    vpc_lattice.LISTENER,
    vpc_lattice.RULE,
    vpc_lattice.TARGET_GROUP,
    ecs.TASK_DEFINITION,
    *app_mesh.HANDLERS,
}

# The names under which a template reads where a resource answers.
_GIVE_ADDRESS = {
    load_balancing.LOAD_BALANCER: load_balancing.give_address,
    vpc_lattice.SERVICE: vpc_lattice.give_address,
}

# Stacks are at work at the same time, each in a thread of its own. Who waits for the follower holds nobody up.
_at_work = threading.Lock()


def followed(resource_type: str, handler: dict) -> dict:
    def create(logical_id, properties, stack):
        with _at_work:
            physical_id, attributes = handler["create"](logical_id, properties, stack)
        try:
            answer = follower.ask("create", _resource(stack, logical_id, physical_id, properties))
        except Refusal:
            # The stack's rollback does not know a resource whose creation failed; CloudFormation deletes it.
            with _at_work:
                handler["delete"](physical_id, properties)
            raise
        if answer.get("address") and resource_type in _GIVE_ADDRESS:
            attributes = {**attributes, **_GIVE_ADDRESS[resource_type](physical_id, answer["address"])}
        return physical_id, attributes

    def update(physical_id, old, new, stack, *logical_id):
        def change(before, after):
            with _at_work:
                return handler["update"](physical_id, before, after, stack, *logical_id)

        _, known = _place(physical_id)
        result = change(old, new)
        replaced = result[0] != physical_id
        try:
            follower.ask("create" if replaced else "update", _resource(stack, known, result[0], new))
        except Refusal:
            if replaced:
                with _at_work:
                    handler["delete"](result[0], new)
            else:
                change(new, old)
                follower.tell("update", _resource(stack, known, physical_id, old))
            raise
        return result

    def delete(physical_id, properties):
        stack, logical_id = _place(physical_id)
        resource = _resource(stack, logical_id, physical_id, properties)
        with _at_work:
            handler["delete"](physical_id, properties)
        follower.ask("delete", resource)

    def _place(physical_id):
        return journal.live.get((resource_type, physical_id, ""), ("", ""))

    def _resource(stack, logical_id, physical_id, properties):
        return {
            "type": resource_type,
            "stack": stack,
            "logicalId": logical_id,
            "physicalId": physical_id,
            "properties": _with_name(physical_id, properties),
        }

    return {**handler, "create": create, "update": update, "delete": delete}


def _with_name(physical_id: str, properties: dict) -> dict:
    """The properties with the name that CloudFormation made up, where other resources are found by it."""
    kept = store.by_arn(physical_id)
    return properties if kept is None else {app_mesh.NAMES.get(kept.type, "Name"): kept.name, **properties}
