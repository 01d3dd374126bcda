"""Events of stacks: whoever follows is told of each when it is written down."""

import threading
from datetime import datetime

from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, handlers, stacks

from .follower import follower

# Stacks are at work at the same time: events are told in the order in which they are written down.
_one_at_a_time = threading.Lock()


def install() -> None:
    add_event = stacks._add_event

    def add_and_tell(stack_id, *arguments, **options):
        with _one_at_a_time:
            add_event(stack_id, *arguments, **options)
            follower.announce({"stackEvent": _as_told(cloudformation._stack_events[stack_id][-1])})

    # Each of them has the name of its own.
    for module in (stacks, handlers, changesets):
        module._add_event = add_and_tell


def _as_told(event: dict) -> dict:
    reason = event["ResourceStatusReason"]
    return {
        "id": event["EventId"],
        "stack": event["StackName"],
        "at": round(datetime.fromisoformat(event["Timestamp"].replace("Z", "+00:00")).timestamp() * 1000),
        "logicalId": event["LogicalResourceId"],
        "physicalId": event["PhysicalResourceId"],
        "resourceType": event["ResourceType"],
        "status": event["ResourceStatus"],
        **({"reason": reason} if reason else {}),
    }
