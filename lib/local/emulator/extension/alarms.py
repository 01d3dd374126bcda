"""CloudWatch alarms as they are put: by CloudFormation and by the API, on one metric and on metric math, which MiniStack refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import alarm_news
from .alarm_evaluation import period_of, queries_of
from .alarm_rules import COMPARISONS, TREATMENTS
from .metric_math import Series
from .metric_queries import check, functions_of, value_without_data
from .query_protocol import structured
from .refusal import Refusal, invalid

# So that a change set says of an alarm and a dashboard what AWS says.
CREATE_ONLY = {"AWS::CloudWatch::Alarm": ("AlarmName",), "AWS::CloudWatch::Dashboard": ("DashboardName",)}

_OF_ONE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit")


def _check(properties: dict) -> None:
    metrics = properties.get("Metrics")
    if metrics:
        _check_metrics(metrics, properties)
    else:
        for name in ("MetricName", "Namespace"):
            if not properties.get(name):
                raise invalid(f"alarm: got no {name}, expected one")
    numbers = {name: properties.get(name) for name in ("EvaluationPeriods", "DatapointsToAlarm") if properties.get(name) is not None}
    for name, number in numbers.items():
        if int(number) < 1:
            raise invalid(f"{name}: got {number}, expected 1 or more")
    if int(numbers.get("DatapointsToAlarm", 1)) > int(numbers.get("EvaluationPeriods", 1)):
        raise invalid(f"DatapointsToAlarm: got {numbers['DatapointsToAlarm']}, expected {numbers.get('EvaluationPeriods', 1)} or less")
    for name, allowed in (("ComparisonOperator", COMPARISONS), ("TreatMissingData", ("", *TREATMENTS))):
        got = properties.get(name) or ""
        if got not in allowed:
            raise invalid(f"{name}: got {got or 'none'}, expected {', '.join(one for one in allowed if one)}")
    queries = queries_of({"Period": 60, **properties, **({} if properties.get("Statistic") else {"Statistic": "Average"})})
    try:
        check(queries)
        returned = next(query["Id"] for query in queries if query.get("ReturnData", True))
        if not isinstance(value_without_data(queries, returned), Series):
            raise ValueError(f"metric {returned}: got several time series, expected one")
    except ValueError as problem:
        raise invalid(str(problem)) from None


def _check_metrics(metrics: list[dict], properties: dict) -> None:
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
    if not any("MetricStat" in metric for metric in metrics):
        raise invalid("alarm: got no MetricStat, expected one or more")
    try:
        searched = "SEARCH" in functions_of(metrics)
    except ValueError:
        # Said of the metric, with the rest.
        searched = False
    if searched:
        raise invalid("SEARCH is not supported on Metric Alarms")


def _record(name: str, properties: dict, make_record) -> dict:
    """An alarm as it is kept. One on metric math has nothing of one metric."""
    metrics = properties.get("Metrics")
    if not metrics:
        record = make_record(name, properties)
        return {key: value for key, value in record.items() if not (key == "Statistic" and record["ExtendedStatistic"])}
    plain = {key: value for key, value in properties.items() if key != "Metrics"}
    record = make_record(name, {**plain, "MetricName": "math", "Namespace": "math", "Period": period_of(metrics)})
    return {**{key: value for key, value in record.items() if key not in _OF_ONE_METRIC}, "Metrics": metrics}


def _put(put_metric_alarm):
    """PutMetricAlarm, in the words of any protocol."""

    def put(params, data, is_cbor, is_json=False):
        form = {"use_json": is_json, "use_cbor": is_cbor}
        properties = data if is_cbor or is_json else structured(params)
        try:
            _check(properties)
        except Refusal as problem:
            return cloudwatch._error("ValidationError", problem.text, 400, **form)
        metrics = properties.get("Metrics")
        one = {"MetricName": "math", "Namespace": "math", "Period": period_of(metrics)} if metrics else {}
        response = put_metric_alarm({**params, **one}, {**data, **one}, is_cbor, is_json)
        if response[0] == 200:
            name = properties["AlarmName"]
            cloudwatch._alarms[name] = _record(name, properties, lambda *_: cloudwatch._alarms[name])
            alarm_news.tell(cloudwatch._alarms[name])
        return response

    return put


def _delete(delete_alarms):
    def delete(*request):
        before = {alarm["AlarmName"]: (alarm, alarm_news.place_of(alarm["AlarmName"])) for alarm in cloudwatch._alarms.values()}
        response = delete_alarms(*request)
        for name, (alarm, place) in before.items():
            if name not in cloudwatch._alarms:
                alarm_news.tell(alarm, place, deleted=True)
        return response

    return delete


def _set_state(set_alarm_state):
    def set_state(params, data, is_cbor, is_json=False):
        response = set_alarm_state(params, data, is_cbor, is_json)
        alarm = cloudwatch._alarms.get((data if is_cbor or is_json else structured(params)).get("AlarmName", ""))
        if response[0] == 200 and alarm:
            alarm_news.tell(alarm)
        return response

    return set_state


def told(handler: dict) -> dict:
    """A handler of CloudFormation's whose alarms are told of, when the journal knows them."""

    def create(logical_id, properties, stack, *rest):
        name, attributes = handler["create"](logical_id, properties, stack, *rest)
        alarm_news.tell(cloudwatch._alarms[name])
        return name, attributes

    def update(physical_id, *rest):
        result = handler["update"](physical_id, *rest)
        alarm_news.tell(cloudwatch._alarms[result[0]])
        return result

    def delete(name, properties, *rest):
        alarm, place = cloudwatch._alarms.get(name), alarm_news.place_of(name)
        handler["delete"](name, properties, *rest)
        if alarm:
            alarm_news.tell(alarm, place, deleted=True)

    return {**handler, "create": create, "update": update, "delete": delete}


def install() -> None:
    record = provisioners._cw_metric_alarm_record

    def checked_record(name, properties):
        _check(properties)
        return _record(name, properties, record)

    provisioners._cw_metric_alarm_record = checked_record
    cloudwatch._put_metric_alarm = _put(cloudwatch._put_metric_alarm)
    cloudwatch._delete_alarms = _delete(cloudwatch._delete_alarms)
    cloudwatch._set_alarm_state = _set_state(cloudwatch._set_alarm_state)
