"""CloudWatch alarms on metric math, which MiniStack refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

import re

from ministack.services.cloudformation import provisioners

from .refusal import invalid

# So that a change set says of an alarm and a dashboard what AWS says.
CREATE_ONLY = {"AWS::CloudWatch::Alarm": ("AlarmName",), "AWS::CloudWatch::Dashboard": ("DashboardName",)}


def _check(metrics: list[dict], properties: dict) -> None:
    clash = [name for name in ("MetricName", "Namespace", "Dimensions", "Period", "Statistic") if name in properties]
    if clash:
        raise invalid(f"alarm: got Metrics and {clash[0]}, expected one of them")
    ids = [metric["Id"] for metric in metrics]
    if len(set(ids)) < len(ids):
        raise invalid(f"alarm: got metric ids {', '.join(ids)}, expected different ones")
    returned = [metric for metric in metrics if metric.get("ReturnData", True)]
    if len(returned) != 1:
        raise invalid(f"alarm: got {len(returned)} metrics that return data, expected one")
    for metric in metrics:
        if ("Expression" in metric) == ("MetricStat" in metric):
            raise invalid(f"metric {metric['Id']}: expected either an Expression or a MetricStat")
        # Names of metrics start with a lower-case letter, names of functions with a capital.
        unknown = set(re.findall(r"\b[a-z]\w*", metric.get("Expression", ""))) - set(ids)
        if unknown:
            raise invalid(f"metric {metric['Id']}: its expression names {', '.join(sorted(unknown))}, which no metric has as its id")


def install() -> None:
    record = provisioners._cw_metric_alarm_record

    def record_with_metric_math(name, properties):
        metrics = properties.get("Metrics")
        if not metrics:
            return record(name, properties)
        _check(metrics, properties)
        # MiniStack's record is of one metric: the first stands for all, and has no data here anyway.
        first = next(metric["MetricStat"]["Metric"] for metric in metrics if "MetricStat" in metric)
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        return {**record(name, {**plain, **first}), "Metrics": metrics}

    provisioners._cw_metric_alarm_record = record_with_metric_math
