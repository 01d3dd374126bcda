"""Numbers of health checks, as each service takes them."""

from .refusal import invalid
from .weights import whole

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
_TARGET_GROUP = {
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}

# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_HealthCheckConfig.html
_LATTICE = {**_TARGET_GROUP, "HealthCheckTimeoutSeconds": (1, 120)}

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
_CONTAINER = {"Interval": (5, 300), "Timeout": (2, 60), "Retries": (1, 10), "StartPeriod": (0, 300)}

# https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HealthCheckPolicy.html
_NODE = {
    "HealthyThreshold": (2, 10),
    "IntervalMillis": (5000, 300000),
    "TimeoutMillis": (2000, 60000),
    "UnhealthyThreshold": (2, 10),
}


def _check_ranges(check: dict, ranges: dict, where: str) -> None:
    for name, (lowest, highest) in ranges.items():
        value = whole(check.get(name, lowest))
        if not isinstance(value, int) or not lowest <= value <= highest:
            raise invalid(f"{where}: got {name} {value}, expected {lowest} to {highest}", "ValidationError")


def check_target_group(properties: dict) -> None:
    _check_ranges(properties, _TARGET_GROUP, "target group")
    # Without a value in the template, of HTTP checks: 30 and 5 seconds.
    if whole(properties.get("HealthCheckIntervalSeconds", 30)) <= whole(properties.get("HealthCheckTimeoutSeconds", 5)):
        raise invalid("Health check interval must be greater than the timeout.", "ValidationError")


def check_lattice_target_group(config: dict) -> None:
    _check_ranges(config.get("HealthCheck") or {}, _LATTICE, "target group")


def check_container(container: dict) -> None:
    _check_ranges(container.get("HealthCheck") or {}, _CONTAINER, f"container {container['Name']}")


def check_virtual_node(specification: dict) -> None:
    for listener in specification.get("Listeners") or []:
        if listener.get("HealthCheck"):
            _check_ranges(listener["HealthCheck"], _NODE, "virtual node")
