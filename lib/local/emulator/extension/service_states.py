"""What the API says of ECS services and their tasks, when somebody follows who runs them: what the follower has said of them last.

It is written into the records from which MiniStack answers, and MiniStack's own tasks and deployments stay away.
"""

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import ecs

from .follower import follower

_HOST = "127.0.0.1"

# What its containers are, by the status of a task; they run in all others.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
_NOT_RUNNING = {"PENDING": "PENDING", "STOPPED": "STOPPED"}


def take(states: list[dict]) -> None:
    """:param states: as ``ServiceState`` has them"""
    for state in states:
        record = next((service for service in ecs._services.values() if service["serviceArn"] == state["service"]), None)
        if record is not None:
            _take_tasks(record, state["tasks"])
            _take_service(record, state)
            ecs._recount_cluster(_cluster(record))


def _take_service(record: dict, state: dict) -> None:
    known = {deployment["id"]: deployment for deployment in record["deployments"]}
    record["deployments"] = [
        {**known.get(deployment["id"], _as_service_has_it(record)), **_with_seconds(deployment)} for deployment in state["deployments"]
    ]
    record["events"] = [
        {"id": event["id"], "createdAt": _seconds(event["at"]), "message": event["message"]} for event in state["events"]
    ]
    for count in ("runningCount", "pendingCount"):
        record[count] = sum(deployment[count] for deployment in state["deployments"])


def _as_service_has_it(record: dict) -> dict:
    return {
        "launchType": record["launchType"],
        "capacityProviderStrategy": record["capacityProviderStrategy"],
        "platformVersion": record["platformVersion"],
        "networkConfiguration": record["networkConfiguration"],
        "vpcLatticeConfigurations": record.get("_vpcLatticeConfigurations"),
    }


def _take_tasks(record: dict, states: list[dict]) -> None:
    arns = {_task_arn(record, state): state for state in states}
    for arn, task in ecs._tasks.items():
        if task["clusterArn"] == record["clusterArn"] and task["group"] == _group(record) and arn not in arns:
            ecs._tasks.pop(arn, None)
    for arn, state in arns.items():
        ecs._tasks[arn] = _task(record, arn, state)


def _task(record: dict, arn: str, state: dict) -> dict:
    definition = ecs._task_defs.get(ecs._resolve_td_key(state["taskDefinition"]) or "") or {}
    launch_type, provider = ecs._task_capacity(record["launchType"], record["capacityProviderStrategy"])
    moments = {name: value for name, value in _with_seconds(state).items() if name.endswith("At")}
    kept = ecs._tasks.get(arn)
    return {
        "taskArn": arn,
        "clusterArn": record["clusterArn"],
        "taskDefinitionArn": state["taskDefinition"],
        "group": _group(record),
        "startedBy": state["deployment"],
        "lastStatus": state["lastStatus"],
        "desiredStatus": state["desiredStatus"],
        "healthStatus": state["healthStatus"],
        "stoppedReason": state.get("stoppedReason"),
        "stopCode": state.get("stopCode"),
        **moments,
        "launchType": launch_type,
        "capacityProviderName": provider,
        "platformVersion": record["platformVersion"],
        "cpu": definition.get("cpu"),
        "memory": definition.get("memory"),
        "connectivity": "CONNECTED",
        "enableExecuteCommand": record["enableExecuteCommand"],
        "availabilityZone": f"{get_region()}a",
        "attachments": [],
        "overrides": {"containerOverrides": [], "inferenceAcceleratorOverrides": []},
        "tags": [],
        "version": kept["version"] + 1 if kept else 1,
        "containers": _containers(arn, definition, state, kept),
    }


def _containers(arn: str, definition: dict, state: dict, kept: dict | None) -> list[dict]:
    containers = kept["containers"] if kept else ecs._build_task_containers(definition, [])
    running = _that_runs(definition)
    return [{**container, "taskArn": arn, **_of_container(container["name"] == running, state)} for container in containers]


def _of_container(runs: bool, state: dict) -> dict:
    of_all = {"lastStatus": _NOT_RUNNING.get(state["lastStatus"], "RUNNING")}
    if not runs:
        return of_all
    return {
        **of_all,
        "healthStatus": state["healthStatus"],
        "exitCode": state.get("exitCode"),
        "networkBindings": [
            {"bindIP": _HOST, "containerPort": int(port), "hostPort": local, "protocol": "tcp"} for port, local in state["ports"].items()
        ],
    }


def _that_runs(definition: dict) -> str | None:
    """Of all containers of a task only one is a process here: that of the slot, or the first that gets requests and is not the proxy."""
    proxy = (definition.get("proxyConfiguration") or {}).get("containerName")
    with_port = [container for container in definition.get("containerDefinitions") or [] if container.get("portMappings")]
    of_slot = [c for c in with_port if any(variable["name"] == "SLOT" for variable in c.get("environment") or [])]
    return next((container["name"] for container in [*of_slot, *with_port] if container["name"] != proxy), None)


def _group(record: dict) -> str:
    return f"service:{record['serviceName']}"


def _cluster(record: dict) -> str:
    return record["clusterArn"].rsplit("/", 1)[-1]


def _task_arn(record: dict, state: dict) -> str:
    return f"arn:aws:ecs:{get_region()}:{get_account_id()}:task/{_cluster(record)}/{state['id']}"


def _with_seconds(state: dict) -> dict:
    return {name: _seconds(value) if name.endswith("At") else value for name, value in state.items()}


def _seconds(milliseconds: float) -> float:
    return milliseconds / 1000


def _stop_task(data: dict):
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    task = ecs._resolve_task(data.get("task", ""), cluster)
    if not task:
        return error_response_json("InvalidParameterException", "The referenced task was not found.")
    follower.stop_task(task["taskArn"].rsplit("/", 1)[-1], data.get("reason") or "Task stopped by user")
    return json_response({"task": {**ecs._sanitize(task), "desiredStatus": "STOPPED"}})


def _new_deployment(make_deployment):
    # It is not done before the follower says so.
    def make(*arguments, **options):
        deployment = make_deployment(*arguments, **options)
        return {**deployment, "rolloutState": "IN_PROGRESS", "rolloutStateReason": f"ECS deployment {deployment['id']} in progress."}

    return make


def _without_events(update_service):
    # MiniStack makes up that something is drained.
    def update(data):
        events = [service["events"] for service in ecs._services.values()]
        before = [list(some) for some in events]
        response = update_service(data)
        for some, kept in zip(events, before):
            some[:] = kept
        return response

    return update


def install() -> None:
    ecs._reconcile_service_tasks = lambda cluster, service: None
    ecs._sync_service_targets = lambda cluster, record: None
    ecs._make_deployment = _new_deployment(ecs._make_deployment)
    ecs._update_service = _without_events(ecs._update_service)
    ecs._ACTION_MAP["StopTask"] = _stop_task
