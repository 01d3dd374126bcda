"""Drift: routes whose weights are not those of the template, because somebody has changed them by hand.

CloudFormation finds it when it is asked to, and a change set with the deployment mode ``REVERT_DRIFT`` has the template hold again, whether
the template itself changes or not. When its update fails, it goes back to what was there before, and not to the template of before.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
"""

import copy
import re

from ministack.services.cloudformation import _stacks, changesets, drift, handlers, stacks
from ministack.services.cloudformation.helpers import _error, _p, enum_problems, validation_error_message

from . import by_hand, vpc_lattice
from .rollback_configuration import change_set_of
from .weights import whole

_MODE = "REVERT_DRIFT"
_NO_CHANGES = "The submitted information didn't contain changes."


def _holds(expected, actual) -> bool:
    """Whether all that a template says of a value is so: what it does not speak of may be anything, and targets have no order."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(name in actual and _holds(value, actual[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(any(_holds(one, other) for other in actual) for one in expected)
    return whole(expected) == whole(actual) or _is_one_target_group(expected, actual)


def _is_one_target_group(identifier, other) -> bool:
    group = vpc_lattice.target_group(identifier)
    return group is not None and group is vpc_lattice.target_group(other)


def _actual(resource_type: str, physical_id: str, properties: dict) -> dict:
    """The property with the weights of a route as it is; as in the template, if that holds."""
    name, properties_of = by_hand.ROUTES[resource_type]
    actual = properties_of(physical_id)[name]
    return {name: properties[name] if _holds(properties[name], actual) else actual}


def _drifted(stack: dict) -> dict[str, dict]:
    """What is not as in the template of a stack, by logical id."""
    drifted = {}
    for logical_id, record in stack["_resources"].items():
        if record["ResourceType"] in by_hand.ROUTES:
            actual = _actual(record["ResourceType"], record["PhysicalResourceId"], record["Properties"])
            if not actual.items() <= record["Properties"].items():
                drifted[logical_id] = actual
    return drifted


def _create_change_set(create):
    def created(parameters):
        if problems := enum_problems(parameters, "DeploymentMode", "deploymentMode", (_MODE,)):
            return _error("ValidationError", validation_error_message(problems))
        response = create(parameters)
        if response[0] == 200 and _p(parameters, "DeploymentMode"):
            _revert_drift(change_set_of(parameters))
        return response

    return created


def _revert_drift(change_set: dict) -> None:
    stack = _stacks[change_set["StackName"]]
    change_set["_drifted"] = drifted = _drifted(stack)
    changed = {change["ResourceChange"]["LogicalResourceId"] for change in change_set["Changes"]}
    change_set["Changes"] += [_change(stack["_resources"][name], *drifted[name]) for name in sorted(drifted.keys() - changed)]
    if drifted and change_set["StatusReason"].startswith(_NO_CHANGES):
        change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")


def _change(record: dict, name: str) -> dict:
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": "Never"}
    return {
        "ResourceChange": {
            "Action": "Modify",
            **{key: record[key] for key in ("LogicalResourceId", "PhysicalResourceId", "ResourceType")},
            "Replacement": "False",
            "Scope": ["Properties"],
            "Details": [{"Target": target, "Evaluation": "Static"}],
        }
    }


def _describe_change_set(describe):
    def described(parameters):
        status, headers, body = describe(parameters)
        drifted = (change_set_of(parameters) or {}).get("_drifted")
        if status == 200 and drifted is not None:
            of_stack = "DRIFTED" if drifted else "IN_SYNC"
            added = f"<DeploymentMode>{_MODE}</DeploymentMode><StackDriftStatus>{of_stack}</StackDriftStatus>"
            body = body.replace(b"</StackId>", b"</StackId>" + added.encode(), 1)
            ids = b"|".join(re.escape(name.encode()) for name in drifted)
            modified = rb"\g<0><ResourceDriftStatus>MODIFIED</ResourceDriftStatus>"
            body = re.sub(rb"<LogicalResourceId>(?:" + ids + rb")</LogicalResourceId>", modified, body)
        return status, headers, body

    return described


def _execute_change_set(execute):
    def executed(parameters):
        change_set = change_set_of(parameters)
        if change_set is None:
            return execute(parameters)
        stack = _stacks[change_set["StackName"]]
        stack["_drifted"] = change_set.get("_drifted", {})
        try:
            return execute(parameters)
        finally:
            stack.pop("_drifted", None)

    return executed


def _deploy(deploy):
    def deploy_what_drifted(name, *arguments, previous_stack=None, **options):
        # An update goes from what is there before to the template, and back to it: so this is not what the template was.
        for logical_id, actual in _stacks[name].pop("_drifted", {}).items():
            record = previous_stack["_resources"][logical_id]
            previous_stack.setdefault("_before_drift", {})[logical_id] = copy.deepcopy(record["Properties"])
            record["Properties"] |= actual
        return deploy(name, *arguments, previous_stack=previous_stack, **options)

    return deploy_what_drifted


def _roll_back(roll_back):
    async def back(name, stack_id, stack, operation, reason_override=""):
        await roll_back(name, stack_id, stack, operation, reason_override)
        # It has drifted as before.
        for logical_id, properties in ((operation.get("previous_stack") or {}).get("_before_drift") or {}).items():
            stack["_resources"][logical_id]["Properties"] = properties

    return back


def _reader(resource_type: str):
    return lambda physical_id, properties: _actual(resource_type, physical_id, properties)


def install() -> None:
    for resource_type, (name, _) in by_hand.ROUTES.items():
        drift._DRIFT_READERS[resource_type] = (_reader(resource_type), frozenset({name}))
    wrappers = {
        "CreateChangeSet": _create_change_set,
        "DescribeChangeSet": _describe_change_set,
        "ExecuteChangeSet": _execute_change_set,
    }
    for action, wrapped in wrappers.items():
        handlers._ACTION_HANDLERS[action] = wrapped(handlers._ACTION_HANDLERS[action])
    changesets._deploy_stack_async = _deploy(changesets._deploy_stack_async)
    # Each of them has the name of its own.
    for module in (stacks, handlers):
        module._roll_back_operation = _roll_back(module._roll_back_operation)
