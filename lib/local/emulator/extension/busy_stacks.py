"""A stack at which CloudFormation is at work, or which it monitors: no other change begins.

MiniStack refuses that of UpdateStack only.
"""

import re

from ministack.services.cloudformation import handlers
from ministack.services.cloudformation.helpers import _error, _p

_AT_WORK = re.compile(r"(?!REVIEW_).*_IN_PROGRESS")


def is_at_work(stack: dict) -> bool:
    return _AT_WORK.fullmatch(stack.get("StackStatus", "")) is not None


def _refused_while_at_work(operation):
    def refused(parameters):
        stack = handlers._resolve_stack(_p(parameters, "StackName")) or {}
        if is_at_work(stack):
            return _error("ValidationError", f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")
        return operation(parameters)

    return refused


def install() -> None:
    for action in ("CreateChangeSet", "ExecuteChangeSet"):
        handlers._ACTION_HANDLERS[action] = _refused_while_at_work(handlers._ACTION_HANDLERS[action])
