"""What an ECS service says of its traffic, what ECS refuses, and the wait until a service is stable.

MiniStack's own handler keeps neither the Cloud Map registries nor the VPC Lattice configurations of a service, and takes one whose
target group no load balancer reaches.
"""

import time

from ministack.services import alb, ecs, iam, servicediscovery

from . import load_balancing
from .journal import journal
from .names import as_in_api
from .refusal import Refusal, in_use, invalid, not_found
from .store import store

SERVICE = "AWS::ECS::Service"
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
CLUSTER = "AWS::ECS::Cluster"
CLOUD_MAP_SERVICE = "AWS::ServiceDiscovery::Service"
LATTICE_TARGET_GROUP = "AWS::VpcLattice::TargetGroup"

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
CREATE_ONLY = {
    SERVICE: ("Cluster", "DeploymentController", "LaunchType", "Role", "SchedulingStrategy", "ServiceName"),
    TASK_DEFINITION: (
        "ContainerDefinitions", "Cpu", "EphemeralStorage", "ExecutionRoleArn", "Family", "IpcMode", "Memory", "NetworkMode",
        "PidMode", "PlacementConstraints", "ProxyConfiguration", "RequiresCompatibilities", "RuntimePlatform", "TaskRoleArn",
        "Volumes",
    ),
}  # fmt: skip

_SECONDS_BETWEEN_LOOKS = 0.1


def _task_definition(arn: str) -> dict:
    definition = ecs._task_defs.get(ecs._resolve_td_key(arn) or "")
    if definition is None or definition.get("status") != "ACTIVE":
        raise not_found(f"task definition {arn}")
    return definition


def _check_service(properties: dict) -> None:
    cluster = properties.get("Cluster", "default")
    if ecs._resolve_cluster_name(cluster) not in ecs._clusters:
        raise not_found(f"cluster {cluster}")
    containers = {c["name"]: c for c in _task_definition(properties.get("TaskDefinition", ""))["containerDefinitions"]}
    mappings = [mapping for container in containers.values() for mapping in container.get("portMappings") or []]

    for balancer in properties.get("LoadBalancers") or []:
        target_group = alb._tgs.get(balancer["TargetGroupArn"])
        if target_group is None:
            raise not_found(f"target group {balancer['TargetGroupArn']}")
        if not load_balancing.users_of(balancer["TargetGroupArn"]):
            raise invalid(f"The target group {balancer['TargetGroupArn']} does not have an associated load balancer.")
        if properties.get("LaunchType") == "FARGATE" and target_group["TargetType"] != "ip":
            raise invalid(f"target group {target_group['TargetGroupName']}: got target type {target_group['TargetType']}, expected ip")
        container = containers.get(balancer["ContainerName"])
        if container is None:
            raise invalid(f"The container {balancer['ContainerName']} does not exist in the task definition.")
        ports = [mapping.get("containerPort") for mapping in container.get("portMappings") or []]
        if balancer["ContainerPort"] not in ports:
            raise invalid(f"The container {balancer['ContainerName']} did not have a container port {balancer['ContainerPort']} defined.")

    for lattice in properties.get("VpcLatticeConfigurations") or []:
        store.get(LATTICE_TARGET_GROUP, lattice["TargetGroupArn"])
        if lattice["PortName"] not in [mapping.get("name") for mapping in mappings]:
            raise invalid(f"port name {lattice['PortName']}: expected one of the named port mappings of the task definition")
        if not any(role.get("Arn") == lattice["RoleArn"] for role in iam._roles.values()):
            raise not_found(f"role {lattice['RoleArn']}")

    for registry in properties.get("ServiceRegistries") or []:
        if not any(service.get("Arn") == registry["RegistryArn"] for service in servicediscovery._services.values()):
            raise not_found(f"Cloud Map service {registry['RegistryArn']}")


def _record(arn: str) -> dict:
    return next(service for service in ecs._services.values() if service["serviceArn"] == arn)


def _keep_what_was_given(arn: str, properties: dict) -> None:
    record = _record(arn)
    record["serviceRegistries"] = as_in_api(properties.get("ServiceRegistries") or [])
    record["platformVersion"] = properties.get("PlatformVersion", "LATEST")
    record["healthCheckGracePeriodSeconds"] = properties.get("HealthCheckGracePeriodSeconds", 0)
    for deployment in record["deployments"]:
        deployment["vpcLatticeConfigurations"] = as_in_api(properties.get("VpcLatticeConfigurations") or [])


def _wait_until_stable(verb: str, logical_id: str, properties: dict) -> None:
    """A service is stable at once, unless a test has ordered that it waits or does not get there at all."""
    hold = journal.intervention("hold", verb, SERVICE, logical_id, properties)
    if hold:
        hold.met += 1
        while hold in journal.interventions:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    fail = journal.intervention("fail", verb, SERVICE, logical_id, properties)
    if fail:
        fail.met += 1
        raise Refusal("GeneralServiceException", "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.")


def guarded_service(base: dict) -> dict:
    def create(logical_id, properties, stack):
        _check_service(properties)
        arn, attributes = base["create"](logical_id, properties, stack)
        _keep_what_was_given(arn, properties)
        try:
            _wait_until_stable("create", logical_id, properties)
        except Refusal:
            # MiniStack's rollback does not know a resource whose creation failed; CloudFormation deletes it.
            delete(arn, properties)
            raise
        return arn, attributes

    def update(physical_id, old, new, stack):
        _check_service(new)
        updated = base["update"](physical_id, old, new, stack)
        _keep_what_was_given(physical_id, new)
        try:
            _wait_until_stable("update", physical_id.rsplit("/", 1)[-1], new)
        except Refusal:
            # The circuit breaker goes back to the last deployment that was stable.
            base["update"](physical_id, new, old, stack)
            _keep_what_was_given(physical_id, old)
            raise
        return updated

    def delete(physical_id, properties):
        base["delete"](physical_id, {**properties, "ServiceName": _record(physical_id)["serviceName"]})

    return {**base, "create": create, "update": update, "delete": delete}


def guarded_task_definition(base: dict) -> dict:
    def create(logical_id, properties, stack):
        for role in (properties.get("TaskRoleArn"), properties.get("ExecutionRoleArn")):
            if role and not any(known.get("Arn") == role for known in iam._roles.values()):
                raise not_found(f"role {role}")
        arn, attributes = base["create"](logical_id, properties, stack)
        proxy = properties.get("ProxyConfiguration")
        if proxy:
            if proxy["ContainerName"] not in [container["Name"] for container in properties["ContainerDefinitions"]]:
                raise invalid(f"proxy configuration: container {proxy['ContainerName']} does not exist in the task definition")
            definition = _task_definition(arn)
            definition["proxyConfiguration"] = {
                "type": proxy.get("Type", "APPMESH"),
                "containerName": proxy["ContainerName"],
                "properties": as_in_api(proxy.get("ProxyConfigurationProperties") or []),
            }
        return arn, attributes

    return {**base, "create": create}


def guarded_cluster(base: dict) -> dict:
    def delete(physical_id, properties):
        arn = ecs._clusters[physical_id]["clusterArn"]
        users = [s["serviceName"] for s in ecs._services.values() if s["clusterArn"] == arn and s["status"] == "ACTIVE"]
        if users:
            raise in_use(f"cluster {physical_id}", f"service {users[0]}")
        base["delete"](physical_id, properties)

    return {**base, "delete": delete}


def guarded_cloud_map_service(base: dict) -> dict:
    def delete(physical_id, properties):
        arn = servicediscovery._services[physical_id]["Arn"]
        for service in ecs._services.values():
            if service["status"] == "ACTIVE" and any(r["registryArn"] == arn for r in service["serviceRegistries"]):
                raise in_use(f"Cloud Map service {physical_id}", f"instances of {service['serviceName']}")
        base["delete"](physical_id, properties)

    return {**base, "delete": delete}
