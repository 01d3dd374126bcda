"""CloudWatch alarms as they are put: by CloudFormation and by the API, on one metric and on metric math, which MiniStack refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import alarm_news
from .alarm_evaluation import period_of
from .alarm_problems import problems_of, problems_of_name
from .query_protocol import structured
from .refusal import invalid

# So that a change set says of an alarm and a dashboard what AWS says.
CREATE_ONLY = {"AWS::CloudWatch::Alarm": ("AlarmName",), "AWS::CloudWatch::Dashboard": ("DashboardName",)}

_OF_ONE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit")


def _one_metric(metrics: list[dict] | None) -> dict:
    """What MiniStack wants of an alarm on metric math, and nobody sees."""
    return {"MetricName": "math", "Namespace": "math", "Period": period_of(metrics)} if metrics else {}


def _kept(record: dict, metrics: list[dict] | None, before: dict | None) -> dict:
    """An alarm as it is kept. One on metric math has nothing of one metric.

    :param record: as MiniStack has it
    :param before: the alarm that it changes
    """
    absent = _OF_ONE_METRIC if metrics else ("Statistic",) if record["ExtendedStatistic"] else ()
    of_state = {name: before[name] for name in ("StateReasonData", "StateTransitionedTimestamp") if before and name in before}
    own = {"Metrics": metrics} if metrics else {}
    return {**{name: value for name, value in record.items() if name not in absent}, **of_state, **own}


def _put(put_metric_alarm):
    """PutMetricAlarm, in the words of any protocol."""

    def put(params, data, is_cbor, is_json=False):
        form = {"use_json": is_json, "use_cbor": is_cbor}
        properties = data if is_cbor or is_json else structured(params)
        problems = [*problems_of_name(properties), *problems_of(properties)]
        if problems:
            return cloudwatch._error("ValidationError", "; ".join(problems), 400, **form)
        name, metrics = properties["AlarmName"], properties.get("Metrics")
        one, before = _one_metric(metrics), cloudwatch._alarms.get(name)
        response = put_metric_alarm({**params, **one}, {**data, **one}, is_cbor, is_json)
        if response[0] == 200:
            cloudwatch._alarms[name] = _kept(cloudwatch._alarms[name], metrics, before)
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
        problems = problems_of(properties)
        if problems:
            raise invalid("; ".join(problems))
        metrics = properties.get("Metrics")
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        return _kept(record(name, {**plain, **_one_metric(metrics)}), metrics, cloudwatch._alarms.get(name))

    provisioners._cw_metric_alarm_record = checked_record
    cloudwatch._put_metric_alarm = _put(cloudwatch._put_metric_alarm)
    cloudwatch._delete_alarms = _delete(cloudwatch._delete_alarms)
    cloudwatch._set_alarm_state = _set_state(cloudwatch._set_alarm_state)
