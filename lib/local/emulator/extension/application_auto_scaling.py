"""AWS::ApplicationAutoScaling::*: what scales the tasks of an ECS service, and what it refuses.

No task carries load here, so nothing scales by it. A service that has fewer tasks than its minimum, or more than its maximum, gets what
they say, as it does on AWS; there it takes some moments.

https://docs.aws.amazon.com/autoscaling/application/APIReference/
"""

from uuid import uuid4

from ministack.core.responses import get_account_id, get_region
from ministack.services import alb, ecs

from . import followed_services, load_balancing
from .refusal import already_exists, invalid, not_found
from .store import Resource, store
from .weights import whole

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApplicationAutoScaling.html
CREATE_ONLY = {
    TARGET: ("ResourceId", "ScalableDimension", "ServiceNamespace"),
    POLICY: ("PolicyName", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace"),
}

_DIMENSION = "ecs:service:DesiredCount"
_REQUESTS = "ALBRequestCountPerTarget"
_METRICS = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", _REQUESTS)


def _service(resource_id: str) -> dict:
    for service in ecs._services.values():
        cluster = service["clusterArn"].rsplit("/", 1)[-1]
        if service["status"] == "ACTIVE" and resource_id == f"service/{cluster}/{service['serviceName']}":
            return service
    raise invalid(f"ECS service doesn't exist: {resource_id}", "ValidationException")


def _check_target(properties: dict) -> None:
    if properties.get("ServiceNamespace") != "ecs" or properties.get("ScalableDimension") != _DIMENSION:
        raise invalid(f"scalable target: expected namespace ecs and dimension {_DIMENSION}, which is all that is known here")
    least, most = (whole(properties.get(name)) for name in ("MinCapacity", "MaxCapacity"))
    if not isinstance(least, int) or not isinstance(most, int) or least < 0:
        raise invalid(f"scalable target: got capacities {least} and {most}, expected whole numbers from 0")
    if least > most:
        raise invalid("Minimum capacity cannot be greater than maximum capacity", "ValidationException")
    _service(properties["ResourceId"])


def _keep_within(properties: dict) -> None:
    service = _service(properties["ResourceId"])
    least, most = whole(properties["MinCapacity"]), whole(properties["MaxCapacity"])
    count = min(max(service["desiredCount"], least), most)
    if count != service["desiredCount"]:
        request = {"cluster": service["clusterArn"], "service": service["serviceName"], "desiredCount": count}
        ecs._update_service(request)
        followed_services.changed_by_others(service, request)


def _target_create(logical_id, properties, stack):
    _check_target(properties)
    identifier = f"{properties['ResourceId']}|{_DIMENSION}|ecs"
    if store.by_arn(identifier):
        raise already_exists(f"scalable target {identifier}")
    store.add(Resource(TARGET, identifier, identifier, identifier, properties))
    _keep_within(properties)
    return identifier, {"Id": identifier}


def _target_update(physical_id, old, new, stack):
    _check_target(new)
    store.change(physical_id, new)
    _keep_within(new)
    return physical_id, {"Id": physical_id}


def _target_delete(physical_id, properties):
    # It takes its policies along.
    for policy in store.all(POLICY, ScalingTargetId=physical_id):
        store.remove(policy.arn)
    store.remove(physical_id)


def _check_policy(properties: dict) -> None:
    target = store.find(TARGET, properties.get("ScalingTargetId"))
    if target is None:
        raise not_found(f"scalable target {properties.get('ScalingTargetId')}")
    if properties.get("PolicyType") != "TargetTrackingScaling":
        raise invalid("scaling policy: expected TargetTrackingScaling, which is all that is known here")
    tracking = properties["TargetTrackingScalingPolicyConfiguration"]
    if not float(tracking["TargetValue"]) > 0:
        raise invalid(f"scaling policy: got target value {tracking['TargetValue']}, expected more than 0")
    metric = tracking["PredefinedMetricSpecification"]
    if metric["PredefinedMetricType"] not in _METRICS:
        raise invalid(f"scaling policy: got metric {metric['PredefinedMetricType']}, expected one of an ECS service")
    if metric["PredefinedMetricType"] == _REQUESTS:
        _check_label(metric.get("ResourceLabel"))


def _check_label(label: str | None) -> None:
    """The load balancer and the target group by their full names: ``app/NAME/ID/targetgroup/NAME/ID``."""
    balancer, _, group = (label or "").partition("/targetgroup/")
    for arn in alb._tgs:
        if arn.endswith(f":targetgroup/{group}"):
            users = [alb._listeners[rule["ListenerArn"]]["LoadBalancerArn"] for rule in load_balancing.users_of(arn)]
            if any(user.endswith(f":loadbalancer/{balancer}") for user in users):
                return
    raise invalid(f"The load balancer does not route traffic to the target group: {label}", "ValidationException")


def _policy_create(logical_id, properties, stack):
    _check_policy(properties)
    if store.all(POLICY, ScalingTargetId=properties["ScalingTargetId"], PolicyName=properties["PolicyName"]):
        raise already_exists(f"scaling policy {properties['PolicyName']}")
    resource_id = properties["ScalingTargetId"].split("|")[0]
    arn = (
        f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:{uuid4()}:resource/ecs/{resource_id}"
        f":policyName/{properties['PolicyName']}"
    )
    store.add(Resource(POLICY, arn, arn, properties["PolicyName"], properties))
    return arn, {"Arn": arn, "PolicyName": properties["PolicyName"]}


def _policy_update(physical_id, old, new, stack):
    _check_policy(new)
    store.change(physical_id, new)
    return physical_id, {"Arn": physical_id, "PolicyName": new["PolicyName"]}


def _policy_delete(physical_id, properties):
    store.remove(physical_id)


HANDLERS = {
    TARGET: {"create": _target_create, "update": _target_update, "delete": _target_delete},
    POLICY: {"create": _policy_create, "update": _policy_update, "delete": _policy_delete},
}
