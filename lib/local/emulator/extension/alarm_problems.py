"""What CloudWatch refuses of an alarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from .alarm_evaluation import queries_of
from .alarm_rules import COMPARISONS, TREATMENTS
from .metric_math import Series
from .metric_queries import check, uses


def problems_of(properties: dict) -> list[str]:
    """:param properties: as PutMetricAlarm and CloudFormation have them"""
    metrics = properties.get("Metrics")
    of_metrics = _problems_of_metrics(metrics, properties) if metrics else _problems_of_one_metric(properties)
    # What is wrong in itself has no value either.
    return [*_problems_of_numbers(properties), *_problems_of_words(properties), *(of_metrics or _problems_of_values(properties))]


def _problems_of_numbers(properties: dict) -> list[str]:
    evaluated, to_alarm = int(properties.get("EvaluationPeriods", 1)), properties.get("DatapointsToAlarm")
    problems = [f"EvaluationPeriods: got {evaluated}, expected 1 or more"] if evaluated < 1 else []
    if to_alarm is not None and not 1 <= int(to_alarm) <= max(evaluated, 1):
        problems.append(f"DatapointsToAlarm: got {to_alarm}, expected 1 to {evaluated}")
    return problems


def _problems_of_words(properties: dict) -> list[str]:
    problems = []
    comparison, treatment = properties.get("ComparisonOperator"), properties.get("TreatMissingData")
    if comparison not in COMPARISONS:
        problems.append(f"ComparisonOperator: got {comparison or 'none'}, expected {', '.join(COMPARISONS)}")
    if treatment and treatment not in TREATMENTS:
        problems.append(f"TreatMissingData: got {treatment}, expected {', '.join(TREATMENTS)}")
    return problems


def _problems_of_one_metric(properties: dict) -> list[str]:
    return [f"alarm: got no {name}, expected one" for name in ("MetricName", "Namespace") if not properties.get(name)]


def _problems_of_metrics(metrics: list[dict], properties: dict) -> list[str]:
    problems = [
        f"alarm: got Metrics and {name}, expected one of them"
        for name in ("MetricName", "Namespace", "Dimensions", "Period", "Statistic")
        if name in properties
    ]
    returned = [metric for metric in metrics if metric.get("ReturnData", True)]
    if len(returned) != 1:
        problems.append(f"alarm: got {len(returned)} metrics that return data, expected one")
    problems += [
        f"metric {metric['Id']}: expected either an Expression or a MetricStat"
        for metric in metrics
        if ("Expression" in metric) == ("MetricStat" in metric)
    ]
    if not any("MetricStat" in metric for metric in metrics):
        problems.append("alarm: got no MetricStat, expected one or more")
    return problems


def _problems_of_values(properties: dict) -> list[str]:
    statistic = {} if properties.get("Statistic") else {"Statistic": "Average"}
    queries = queries_of({"Period": 60, **properties, **statistic})
    if uses(queries, "SEARCH"):
        return ["SEARCH is not supported on Metric Alarms"]
    try:
        returned = next(query["Id"] for query in queries if query.get("ReturnData", True))
        several = not isinstance(check(queries).value(returned), Series)
        return [f"metric {returned}: got several time series, expected one"] if several else []
    except ValueError as problem:
        return [str(problem)]
