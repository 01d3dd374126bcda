"""What an ECS service says of its traffic, what ECS refuses, and the wait until a service is stable.

MiniStack's own handler keeps neither the Cloud Map registries nor the VPC Lattice configurations of a service, and takes one whose
target group no load balancer reaches.
"""

import time
import uuid

from ministack.services import alb, ecs, iam, servicediscovery

from . import containers, followed_services, giving_up, load_balancing
from .follower import GivenUp, follower
from .journal import journal
from .names import as_in_api
from .refusal import Refusal, in_use, invalid, not_found
from .store import store

SERVICE = "AWS::ECS::Service"
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
CLUSTER = "AWS::ECS::Cluster"
CAPACITY_PROVIDERS = "AWS::ECS::ClusterCapacityProviderAssociations"
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
    CAPACITY_PROVIDERS: ("Cluster",),
}  # fmt: skip

_SECONDS_BETWEEN_LOOKS = 0.1

# What each service, by its ARN, has of load balancers, registries and Lattice.
_wiring: dict[str, dict] = {}


def _task_definition(arn: str) -> dict:
    definition = ecs._task_defs.get(ecs._resolve_td_key(arn) or "")
    if definition is None or definition.get("status") != "ACTIVE":
        raise not_found(f"task definition {arn}")
    return definition


_NOT_ASSOCIATED = (
    "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. "
    "Associate the capacity provider with the cluster and try again."
)


def _cluster(reference: str) -> dict:
    name = ecs._resolve_cluster_name(reference)
    if name not in ecs._clusters:
        raise not_found(f"cluster {reference}")
    return ecs._clusters[name]


def _check_capacity(properties: dict) -> None:
    strategy = properties.get("CapacityProviderStrategy") or []
    if strategy and properties.get("LaunchType"):
        raise invalid(ecs._BOTH_LAUNCH_CHOICES)
    known = _cluster(properties.get("Cluster", "default")).get("capacityProviders") or []
    if any(item["CapacityProvider"] not in known for item in strategy):
        raise invalid(_NOT_ASSOCIATED)


def _is_on_fargate(properties: dict) -> bool:
    strategy = properties.get("CapacityProviderStrategy") or []
    return properties.get("LaunchType") == "FARGATE" or any(
        item["CapacityProvider"] in ecs._FARGATE_PROVIDERS for item in strategy
    )


def _check_service(properties: dict) -> None:
    _check_capacity(properties)
    definition = _task_definition(properties.get("TaskDefinition", ""))
    if properties.get("EnableExecuteCommand") and not definition.get("taskRoleArn"):
        raise invalid("The service couldn't be created because a valid taskRoleArn is not being used.")
    by_name = {container["name"]: container for container in definition["containerDefinitions"]}
    mappings = [mapping for container in by_name.values() for mapping in container.get("portMappings") or []]

    for balancer in properties.get("LoadBalancers") or []:
        target_group = alb._tgs.get(balancer["TargetGroupArn"])
        if target_group is None:
            raise not_found(f"target group {balancer['TargetGroupArn']}")
        if not load_balancing.users_of(balancer["TargetGroupArn"]):
            raise invalid(f"The target group {balancer['TargetGroupArn']} does not have an associated load balancer.")
        if _is_on_fargate(properties) and target_group["TargetType"] != "ip":
            raise invalid(f"target group {target_group['TargetGroupName']}: got target type {target_group['TargetType']}, expected ip")
        container = by_name.get(balancer["ContainerName"])
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


# What ECS leaves as it is where an update does not say it; an empty list takes it away.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
_KEPT_WHERE_ABSENT = ("LoadBalancers", "ServiceRegistries", "VpcLatticeConfigurations")


def _with_what_is_kept(arn: str, properties: dict) -> dict:
    return {**_wiring.get(arn, {}), **properties}


def _keep_what_was_given(arn: str, properties: dict) -> None:
    record = _record(arn)
    _wiring[arn] = {name: properties[name] for name in _KEPT_WHERE_ABSENT if name in properties}
    record["loadBalancers"] = as_in_api(properties.get("LoadBalancers") or [])
    record["serviceRegistries"] = as_in_api(properties.get("ServiceRegistries") or [])
    record["enableExecuteCommand"] = properties.get("EnableExecuteCommand", False)
    record["platformVersion"] = properties.get("PlatformVersion", "LATEST")
    record["healthCheckGracePeriodSeconds"] = properties.get("HealthCheckGracePeriodSeconds", 0)
    record["_vpcLatticeConfigurations"] = as_in_api(properties.get("VpcLatticeConfigurations") or [])
    for deployment in record["deployments"]:
        deployment["vpcLatticeConfigurations"] = record["_vpcLatticeConfigurations"]


# What has new tasks start.
_STARTING = ("TaskDefinition", "DesiredCount", "NetworkConfiguration", "PlatformVersion", "CapacityProviderStrategy")


def _check_start(old: dict, new: dict) -> None:
    if all(old.get(name) == new.get(name) for name in _STARTING):
        return
    problem = containers.start_problem(_task_definition(new["TaskDefinition"]))
    if problem:
        raise _not_stable(f" {problem}")


def _not_stable(why: str = "") -> Refusal:
    return Refusal(
        "GeneralServiceException", f"Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.{why}"
    )


def _wait_until_stable(verb: str, stack: str, logical_id: str, old: dict, properties: dict) -> None:
    """A service is stable at once, unless its tasks cannot start, or a test has ordered that it waits or does not get there at all.

    Whoever follows may have it wait longer, or fail.
    """
    # Most services have no name of their own: an order may know them by the family of their tasks.
    properties = {**properties, "FamilyName": _task_definition(properties["TaskDefinition"])["family"]}
    hold = journal.intervention("hold", verb, SERVICE, logical_id, properties)
    if hold:
        hold.met += 1
        while hold in journal.interventions:
            if why := giving_up.why_not_wait(stack):
                raise GivenUp(why)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    fail = journal.intervention("fail", verb, SERVICE, logical_id, properties)
    if fail:
        fail.met += 1
        raise _not_stable()
    _check_start(old, properties)


def guarded_service(base: dict) -> dict:
    def create(logical_id, properties, stack):
        _check_service(properties)
        # CloudFormation makes up a name that no other service has, so that a replacement can stand beside what it replaces.
        named = {"ServiceName": f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}", **properties}
        arn, attributes = base["create"](logical_id, named, stack)
        # MiniStack tells whole seconds, in which two services may have been made.
        _record(arn)["createdAt"] = time.time()
        _keep_what_was_given(arn, properties)
        try:
            _wait_until_stable("create", stack, logical_id, {}, properties)
            if follower.is_there:
                followed_services.create(stack, logical_id, _record(arn), named)
        except Refusal:
            # MiniStack's rollback does not know a resource whose creation failed; CloudFormation deletes it.
            remove(arn, properties)
            raise
        return arn, attributes

    def update(physical_id, old, new, stack):
        old, new = (_with_what_is_kept(physical_id, properties) for properties in (old, new))
        _check_service(new)
        # CloudFormation says with every update how many tasks there are to be, where the template says so; else they stay as many.
        updated = base["update"](physical_id, {**old, "DesiredCount": None}, new, stack)
        _keep_what_was_given(physical_id, new)
        try:
            _, logical_id = journal.live.get((SERVICE, physical_id, ""), ("", ""))
            _wait_until_stable("update", stack, logical_id, old, new)
            if follower.is_there:
                followed_services.update(_record(physical_id), new)
        except Refusal:
            # The circuit breaker goes back to the last deployment that was stable.
            base["update"](physical_id, new, old, stack)
            _keep_what_was_given(physical_id, old)
            if follower.is_there:
                followed_services.go_back(_record(physical_id), old)
            raise
        return updated

    def delete(physical_id, properties):
        if follower.is_there:
            followed_services.delete(_record(physical_id))
        remove(physical_id, properties)

    def remove(physical_id, properties):
        base["delete"](physical_id, {**properties, "ServiceName": _record(physical_id)["serviceName"]})
        _wiring.pop(physical_id, None)

    return {**base, "create": create, "update": update, "delete": delete}


def guarded_task_definition(base: dict) -> dict:
    def create(logical_id, properties, stack):
        containers.check_task(properties)
        arn, attributes = base["create"](logical_id, properties, stack)
        definition = _task_definition(arn)
        definition["runtimePlatform"] = as_in_api(properties.get("RuntimePlatform"))
        for container in definition["containerDefinitions"]:
            container["secrets"] = as_in_api(container.get("secrets") or [])
        proxy = properties.get("ProxyConfiguration")
        if proxy:
            if proxy["ContainerName"] not in [container["Name"] for container in properties["ContainerDefinitions"]]:
                raise invalid(f"proxy configuration: container {proxy['ContainerName']} does not exist in the task definition")
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


def _associate(properties: dict) -> None:
    cluster = _cluster(properties["Cluster"])
    cluster["capacityProviders"] = list(properties.get("CapacityProviders") or [])
    cluster["defaultCapacityProviderStrategy"] = as_in_api(properties.get("DefaultCapacityProviderStrategy") or [])


def _check_unused(cluster: dict, kept: list[str]) -> None:
    for service in ecs._services.values():
        if service["clusterArn"] == cluster["clusterArn"] and service["status"] == "ACTIVE":
            for item in service.get("capacityProviderStrategy") or []:
                if item["capacityProvider"] not in kept:
                    raise in_use(f"capacity provider {item['capacityProvider']}", f"service {service['serviceName']}")


def _associations_create(logical_id, properties, stack):
    _associate(properties)
    return properties["Cluster"], {}


def _associations_update(physical_id, old, new, stack):
    _check_unused(_cluster(physical_id), new.get("CapacityProviders") or [])
    _associate(new)
    return physical_id, {}


def _associations_delete(physical_id, properties):
    _check_unused(_cluster(physical_id), [])
    _associate({"Cluster": physical_id})


HANDLERS = {
    CAPACITY_PROVIDERS: {
        "create": _associations_create,
        "update": _associations_update,
        "delete": _associations_delete,
    },
}


def guarded_cloud_map_service(base: dict) -> dict:
    def delete(physical_id, properties):
        arn = servicediscovery._services[physical_id]["Arn"]
        for service in ecs._services.values():
            if service["status"] == "ACTIVE" and any(r["registryArn"] == arn for r in service["serviceRegistries"]):
                raise in_use(f"Cloud Map service {physical_id}", f"instances of {service['serviceName']}")
        base["delete"](physical_id, properties)

    return {**base, "delete": delete}
