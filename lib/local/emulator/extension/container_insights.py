"""The counts of Container Insights, of the clusters that have it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
"""

from ministack.services import ecs

from .metric_store import store

_NAMESPACE = "ECS/ContainerInsights"
_OF_SERVICE = {"RunningTaskCount": "runningCount", "DesiredTaskCount": "desiredCount", "PendingTaskCount": "pendingCount"}


def measure(moment: float) -> None:
    """Adds the counts as they are now.

    :param moment: when the minute began, in seconds since 1970
    """
    for cluster in ecs._clusters.values():
        if not _is_watched(cluster):
            continue
        of_cluster = {"ClusterName": cluster["clusterName"]}
        services = [
            one for one in ecs._services.values() if one["clusterArn"] == cluster["clusterArn"] and one["status"] != "INACTIVE"
        ]
        for service in services:
            for name, count in _OF_SERVICE.items():
                _add(name, {**of_cluster, "ServiceName": service["serviceName"]}, moment, service[count])
        _add("ServiceCount", of_cluster, moment, len(services))
        _add("TaskCount", of_cluster, moment, sum(service["runningCount"] for service in services))


def _is_watched(cluster: dict) -> bool:
    return any(
        setting["name"] == "containerInsights" and setting["value"] in ("enabled", "enhanced") for setting in cluster["settings"]
    )


def _add(name: str, dimensions: dict, moment: float, value: float) -> None:
    store(_NAMESPACE, name, dimensions, moment, "Count", [float(value)])
