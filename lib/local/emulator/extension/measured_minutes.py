"""What a minute has brought: data of metrics and lines of logs, and then what the alarms say of them.

It runs on the event loop, where MiniStack answers requests: what a minute brings is there as a whole, or not yet.
"""

from ministack.services import cloudwatch

from . import alarm_evaluation, container_insights, log_lines, metric_filters, metric_store
from .minutes import SECONDS


def take(minute: dict) -> None:
    """:param minute: as ``MeasuredMinute`` has it"""
    began = minute["startedAt"] / 1000
    for datum in minute["data"]:
        metric_store.store(
            datum["namespace"], datum["metricName"], datum["dimensions"], began, datum["unit"], datum["values"], datum["counts"]
        )
    for written in minute["logs"]:
        if log_lines.put(written["logGroup"], written["logStream"], written["lines"]):
            metric_filters.apply(written["logGroup"], written["lines"])
    container_insights.measure(began)
    metric_store.evict(began - metric_store.KEPT_SECONDS)
    alarm_evaluation.evaluate_all(began + SECONDS)


def install() -> None:
    # Otherwise it goes through all data at every request.
    cloudwatch._evict_old_metrics = lambda: None
