"""What CloudWatch refuses of an alarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from .alarm_evaluation import period_of, queries_of
from .alarm_rules import COMPARISONS, TREATMENTS
from .metric_math import Series
from .metric_queries import check, problems_of_ids, uses
from .metric_store import check_period
from .request_numbers import number, whole_number

# In seconds of CloudWatch. Data of less than a minute has a resolution of its own.
_SHORT_PERIODS = (10, 20, 30)
_HOUR, _DAY = 3600, 24 * 3600
_LONGEST_NAME = 255


def problems_of_name(properties: dict) -> list[str]:
    """:param properties: as PutMetricAlarm has them: CloudFormation makes up a name"""
    name = properties.get("AlarmName") or ""
    return [] if 1 <= len(name) <= _LONGEST_NAME else [f"AlarmName: got {name or 'none'}, expected 1 to {_LONGEST_NAME} characters"]


def problems_of(properties: dict) -> list[str]:
    """:param properties: as PutMetricAlarm and CloudFormation have them"""
    metrics = properties.get("Metrics")
    of_metrics = _problems_of_metrics(metrics, properties) if metrics else _problems_of_one_metric(properties)
    # What is wrong in itself has no value either.
    return [*_problems_of_numbers(properties), *_problems_of_words(properties), *(of_metrics or _problems_of_values(properties))]


def _problems_of_numbers(properties: dict) -> list[str]:
    problems = []
    given = {name: properties.get(name) for name in ("Threshold", "EvaluationPeriods", "DatapointsToAlarm")}
    if number(given["Threshold"]) is None:
        problems.append(f"Threshold: got {_shown(given['Threshold'])}, expected a number")
    evaluated = whole_number(given["EvaluationPeriods"]) or 0
    if evaluated < 1:
        problems.append(f"EvaluationPeriods: got {_shown(given['EvaluationPeriods'])}, expected 1 or more")
    if given["DatapointsToAlarm"] is not None and not 1 <= (whole_number(given["DatapointsToAlarm"]) or 0) <= max(evaluated, 1):
        problems.append(f"DatapointsToAlarm: got {_shown(given['DatapointsToAlarm'])}, expected 1 to {evaluated or 'EvaluationPeriods'}")
    return problems


def _shown(value) -> object:
    return "none" if value in (None, "") else value


def _problems_of_words(properties: dict) -> list[str]:
    problems = []
    comparison, treatment = properties.get("ComparisonOperator"), properties.get("TreatMissingData")
    if comparison not in COMPARISONS:
        problems.append(f"ComparisonOperator: got {comparison or 'none'}, expected {', '.join(COMPARISONS)}")
    if treatment and treatment not in TREATMENTS:
        problems.append(f"TreatMissingData: got {treatment}, expected {', '.join(TREATMENTS)}")
    return problems


def _problems_of_one_metric(properties: dict) -> list[str]:
    problems = [f"alarm: got no {name}, expected one" for name in ("MetricName", "Namespace") if not properties.get(name)]
    given = [name for name in ("Statistic", "ExtendedStatistic") if properties.get(name)]
    if len(given) != 1:
        problems.append(f"alarm: got {' and '.join(given) or 'no Statistic'}, expected one of Statistic and ExtendedStatistic")
    return [*problems, *_problems_of_period(properties.get("Period"))]


def _problems_of_period(period) -> list[str]:
    try:
        check_period(period, _SHORT_PERIODS)
    except ValueError as problem:
        return [str(problem)]
    return []


def _problems_of_metrics(metrics: list[dict], properties: dict) -> list[str]:
    problems = [
        f"alarm: got Metrics and {name}, expected one of them"
        for name in ("MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic")
        if name in properties
    ]
    problems += problems_of_ids(metrics)
    returned = [metric for metric in metrics if metric.get("ReturnData", True)]
    if len(returned) != 1:
        problems.append(f"alarm: got {len(returned)} metrics that return data, expected one")
    problems += [
        f"metric {metric.get('Id')}: expected either an Expression or a MetricStat"
        for metric in metrics
        if ("Expression" in metric) == ("MetricStat" in metric)
    ]
    problems += [
        f"metric {metric.get('Id')}: {problem}"
        for metric in metrics
        if "MetricStat" in metric or "Period" in metric
        for problem in _problems_of_period(metric.get("MetricStat", metric).get("Period"))
    ]
    if not any("MetricStat" in metric for metric in metrics):
        problems.append("alarm: got no MetricStat, expected one or more")
    return problems


def _problems_of_values(properties: dict) -> list[str]:
    queries = queries_of(properties)
    if uses(queries, "SEARCH"):
        return ["SEARCH is not supported on Metric Alarms"]
    try:
        returned = next(query["Id"] for query in queries if query.get("ReturnData", True))
        several = not isinstance(check(queries).value(returned), Series)
        problems = [f"metric {returned}: got several time series, expected one"] if several else []
    except ValueError as problem:
        problems = [str(problem)]
    return [*problems, *_problems_of_range(queries, whole_number(properties.get("EvaluationPeriods")) or 0)]


def _problems_of_range(queries: list[dict], evaluated: int) -> list[str]:
    period = period_of(queries)
    longest = _DAY if period < _HOUR else 7 * _DAY
    if evaluated * period <= longest:
        return []
    return [f"alarm: got {evaluated} periods of {period} seconds, expected {longest} seconds or less in all"]
