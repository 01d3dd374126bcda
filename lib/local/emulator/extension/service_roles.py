"""The role with which CloudFormation works on a stack: kept from one operation to the next, and shown.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
"""

import re

from ministack.services.cloudformation import _stacks, changesets, handlers
from ministack.services.cloudformation.helpers import _esc, _p

_KEY = "RoleARN"


def _keeping(operation):
    """CreateStack or UpdateStack. Where it names no role, the one of the operation before holds."""

    def kept(parameters):
        response = operation(parameters)
        if response[0] == 200:
            _keep(handlers._resolve_stack(_p(parameters, "StackName")), _p(parameters, _KEY))
        return response

    return kept


def _create_change_set(create):
    def kept(parameters):
        response = create(parameters)
        if response[0] == 200:
            _change_set(parameters)[_KEY] = _p(parameters, _KEY)
        return response

    return kept


def _execute_change_set(execute):
    def kept(parameters):
        change_set = _change_set(parameters)
        response = execute(parameters)
        if response[0] == 200:
            _keep(_stacks[change_set["StackName"]], change_set.get(_KEY))
        return response

    return kept


def _change_set(parameters: dict) -> dict | None:
    stack = handlers._resolve_stack(_p(parameters, "StackName")) or {}
    return changesets._find_change_set(_p(parameters, "ChangeSetName"), stack.get("StackName", ""))[1]


def _keep(stack: dict, role: str | None) -> None:
    if role:
        stack[_KEY] = role


def _describe_stacks(describe):
    def with_role(parameters):
        status, headers, body = describe(parameters)
        roles = {stack["StackId"]: stack[_KEY] for stack in _stacks.values() if _KEY in stack}

        def add(found):
            role = roles.get(found[1].decode())
            return found[0] + (f"<{_KEY}>{_esc(role)}</{_KEY}>".encode() if role else b"")

        return status, headers, re.sub(rb"<StackId>([^<]*)</StackId>", add, body)

    return with_role


_WRAPPERS = {
    "CreateStack": _keeping,
    "UpdateStack": _keeping,
    "CreateChangeSet": _create_change_set,
    "ExecuteChangeSet": _execute_change_set,
    "DescribeStacks": _describe_stacks,
}


def install() -> None:
    for action, wrapped in _WRAPPERS.items():
        handlers._ACTION_HANDLERS[action] = wrapped(handlers._ACTION_HANDLERS[action])
