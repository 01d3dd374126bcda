"""What ECS is asked for by hand, when somebody follows who runs the tasks: what would only be written down is refused.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from ministack.core.responses import error_response_json
from ministack.services import ecs

from . import followed_services
from .ecs import TASK_DEFINITION
from .journal import journal

_SERVICE = "a service is made and deleted through CloudFormation here"
_TASK = "tasks are those of services here, and a service is made through CloudFormation"
_DEFINITION = "a task definition is deregistered through CloudFormation here"
_REFUSED = {
    "CreateService": _SERVICE,
    "DeleteService": _SERVICE,
    "RunTask": _TASK,
    "ExecuteCommand": "tasks are processes on this machine here, and no container is there to go into",
    "UpdateTaskProtection": "no task is protected here",
    "DeregisterTaskDefinition": _DEFINITION,
    "DeleteTaskDefinitions": _DEFINITION,
}

_NAMES_THE_SERVICE = {"cluster", "service"}
_CHANGES = {"desiredCount", "forceNewDeployment", *followed_services.IN_TEMPLATE}


def _refusing(action: str, why: str):
    return lambda _: _refusal(f"{action}: {why}")


def _refusal(message: str):
    return error_response_json("NotImplementedException", message, 501)


def _update_service(data: dict):
    others = sorted(set(data) - _NAMES_THE_SERVICE - _CHANGES)
    if others:
        known = ", ".join(sorted(_CHANGES))
        return _refusal(f"UpdateService: got {', '.join(others)}, expected {known}; change the rest through CloudFormation")
    definition = data.get("taskDefinition")
    if definition is not None and not _is_of_stack(definition):
        return _refusal(f"UpdateService: got task definition {definition}, expected one that a stack has made")
    record = _record(data)
    if record and record["status"] != "ACTIVE":
        return error_response_json("ServiceNotActiveException", "Service was not ACTIVE.", 400)
    response = ecs._update_service(data)
    if response[0] < 400:
        followed_services.changed_by_others(record, data)
    return response


def _is_of_stack(definition: str) -> bool:
    known = ecs._task_defs.get(ecs._resolve_td_key(definition) or "")
    return bool(known) and (TASK_DEFINITION, known["taskDefinitionArn"], "") in journal.live


def _record(data: dict) -> dict | None:
    name, _ = ecs._resolve_service_ref(data.get("service", "")) or ("", None)
    return ecs._services.get(f"{ecs._resolve_cluster_name(data.get('cluster', 'default'))}/{name}")


def install() -> None:
    ecs._ACTION_MAP["UpdateService"] = _update_service
    ecs._ACTION_MAP.update({action: _refusing(action, why) for action, why in _REFUSED.items()})
