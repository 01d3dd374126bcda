"""What the follower is told of ECS services: its answer comes when a service is stable, or has failed."""

import uuid
from collections.abc import Callable
from contextlib import suppress

from ministack.services import ecs

from . import containers, giving_up
from .follower import GivenUp, follower
from .refusal import Refusal
from .weights import whole

_TYPE = "AWS::ECS::Service"

# What was told last of each service, by its ARN.
_told: dict[str, dict] = {}

# What was told of it last and came into force: a change by hand that does not, goes back to it.
_in_force: dict[str, dict] = {}

# What the circuit breaker goes back to.
_OF_DEPLOYMENT = ("TaskDefinition", "ForceNewDeployment")

# What UpdateService changes, as a template says it.
IN_TEMPLATE = {
    "deploymentConfiguration": "DeploymentConfiguration",
    "healthCheckGracePeriodSeconds": "HealthCheckGracePeriodSeconds",
    "taskDefinition": "TaskDefinition",
}


def create(stack: str, logical_id: str, record: dict, properties: dict) -> None:
    """:raises Refusal: when the service does not get stable"""
    arn = record["serviceArn"]
    resource = {"type": _TYPE, "stack": stack, "logicalId": logical_id, "physicalId": arn}
    _told[arn] = {**resource, "properties": _as_it_is(record, properties)}
    try:
        follower.ask("create", _told[arn], _secrets(record), giving_up.why_not_wait)
    except GivenUp:
        delete(record)
        raise
    except Refusal:
        _told.pop(arn, None)
        raise
    _in_force[arn] = _told[arn]


def update(record: dict, properties: dict) -> None:
    """:raises Refusal: when the service does not get stable"""
    _update(record, properties, giving_up.why_not_wait)


def go_back(record: dict, properties: dict) -> None:
    """Waits until the service is as it was before an update, or does not get there."""
    with suppress(Refusal):
        _update(record, properties, giving_up.why_not_go_back)


def _update(record: dict, properties: dict, why_not_wait: Callable[[str], str | None]) -> None:
    told = _told[record["serviceArn"]]
    # A deployment that somebody has forced is not undone by an update that does not speak of it.
    kept = {name: told["properties"][name] for name in ("ForceNewDeployment",) if name in told["properties"]}
    _told[record["serviceArn"]] = told = {**told, "properties": {**kept, **_as_it_is(record, properties)}}
    follower.ask("update", told, _secrets(record), why_not_wait)
    _in_force[record["serviceArn"]] = _told[record["serviceArn"]]


def delete(record: dict) -> None:
    """Waits until its tasks are gone."""
    told = _told.get(record["serviceArn"])
    if told is None:
        return
    record["status"], record["desiredCount"] = "DRAINING", 0
    follower.ask("delete", {**told, "properties": {**told["properties"], "DesiredCount": 0}})
    for kept in (_told, _in_force):
        kept.pop(record["serviceArn"], None)


def changed_by_others(record: dict, request: dict) -> None:
    """Tells of what did not come from CloudFormation, and does not wait for it.

    :param request: of UpdateService
    """
    told = _told.get(record["serviceArn"])
    if told is None:
        # Not told of yet: that is still to come, with what the service has then.
        return
    changed = {name: _pascal(request[key]) for key, name in IN_TEMPLATE.items() if key in request}
    if "taskDefinition" in request:
        changed["TaskDefinition"] = record["taskDefinition"]
    if request.get("forceNewDeployment"):
        changed["ForceNewDeployment"] = {"EnableForceNewDeployment": True, "ForceNewDeploymentNonce": uuid.uuid4().hex}
    properties = {**told["properties"], **changed, "DesiredCount": whole(record["desiredCount"])}
    _told[record["serviceArn"]] = told = {**told, "properties": properties}
    follower.tell("update", told, _secrets(record), lambda answer: _after_change_by_others(record, told, answer))


def _after_change_by_others(record: dict, told: dict, answer: dict) -> None:
    arn = record["serviceArn"]
    if _told.get(arn) is not told:
        # Something else was told since, or the service is gone.
        return
    if not answer.get("problem"):
        _in_force[arn] = told
        return
    if arn not in _in_force or record["deployments"][0].get("rolloutState") == "FAILED":
        # There is nothing to go back to: the deployment stays, and has failed.
        return
    properties = {name: value for name, value in told["properties"].items() if name not in _OF_DEPLOYMENT}
    kept = {name: value for name, value in _in_force[arn]["properties"].items() if name in _OF_DEPLOYMENT}
    _told[arn] = {**told, "properties": {**properties, **kept}}
    record["taskDefinition"] = kept["TaskDefinition"]


def _as_it_is(record: dict, properties: dict) -> dict:
    return {
        **properties,
        "ServiceName": record["serviceName"],
        "DesiredCount": whole(record["desiredCount"]),
        "TaskDefinition": record["taskDefinition"],
    }


def _secrets(record: dict) -> dict:
    return containers.secret_values(ecs._task_defs[ecs._resolve_td_key(record["taskDefinition"])])


def _pascal(value):
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: _pascal(item) for key, item in value.items()}
    return [_pascal(item) for item in value] if isinstance(value, list) else value
