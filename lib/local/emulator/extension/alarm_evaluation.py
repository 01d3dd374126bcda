"""Evaluates the alarms at the end of a minute.

MiniStack evaluates an alarm whenever data comes or the alarm is put, and does not look at dimensions. Here alarms change when a minute is
over, or when somebody sets their state, and at no other time.
"""

import json
import time
import traceback
from datetime import datetime, timezone

from ministack.services import cloudwatch

from . import alarm_news
from .alarm_rules import EXTRA_PERIODS, Periods, Rule, Verdict, judge
from .metric_math import Series
from .metric_queries import Queries
from .minutes import real_seconds, start_of


def evaluate_all(now: float) -> None:
    """Evaluates every metric alarm by the periods that are over.

    :param now: in seconds since 1970
    """
    for alarm in cloudwatch._alarms.values():
        try:
            _evaluate(alarm, now)
        except Exception:
            # The others are to be evaluated.
            traceback.print_exc()


def queries_of(alarm: dict) -> list[dict]:
    """What an alarm looks at, in the form of one on several metrics."""
    if alarm.get("Metrics"):
        return alarm["Metrics"]
    statistic = {
        "Metric": {name: alarm.get(name) for name in ("Namespace", "MetricName", "Dimensions")},
        "Period": alarm["Period"],
        "Stat": alarm.get("ExtendedStatistic") or alarm.get("Statistic"),
        "Unit": alarm.get("Unit"),
    }
    return [{"Id": "m1", "MetricStat": statistic, "ReturnData": True}]


def period_of(queries: list[dict]) -> int:
    """The period of an alarm, in seconds of CloudWatch: the longest of its metrics."""
    return max(int(query.get("Period") or query.get("MetricStat", {}).get("Period") or 60) for query in queries)


def _evaluate(alarm: dict, now: float) -> None:
    queries = queries_of(alarm)
    rule = Rule(
        evaluated=alarm["EvaluationPeriods"],
        to_alarm=alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"],
        comparison=alarm["ComparisonOperator"],
        threshold=alarm["Threshold"],
        missing_data=alarm.get("TreatMissingData") or "missing",
    )
    length = real_seconds(period_of(queries))
    end = start_of(now, length)
    number = rule.evaluated + EXTRA_PERIODS
    returned = next(query["Id"] for query in queries if query.get("ReturnData", True))
    found = Queries(queries, end - number * length, end, until=end).value(returned)
    points = found.points if isinstance(found, Series) else {}
    periods: Periods = [(moment := start_of(end - age * length, length), points.get(moment)) for age in range(1, number + 1)]
    verdict = judge(rule, periods)
    if verdict and verdict.state != alarm["StateValue"]:
        _change(alarm, verdict, periods)


def _change(alarm: dict, verdict: Verdict, periods: Periods) -> None:
    before, now = alarm["StateValue"], time.time()
    data = {
        "version": "1.0",
        "queryDate": _written(now),
        "startDate": _written(periods[-1][0]),
        "period": alarm.get("Period"),
        "statistic": alarm.get("ExtendedStatistic") or alarm.get("Statistic"),
        "recentDatapoints": [value for _, value in reversed(periods) if value is not None],
        "threshold": alarm["Threshold"],
        "evaluatedDatapoints": [{"timestamp": _written(moment), "value": value} for moment, value in verdict.evaluated],
    }
    data = {name: value for name, value in data.items() if value is not None}
    alarm["StateValue"] = verdict.state
    alarm["StateReason"] = verdict.reason
    alarm["StateReasonData"] = json.dumps(data)
    alarm["StateUpdatedTimestamp"] = alarm["StateTransitionedTimestamp"] = round(now, 3)
    cloudwatch._record_history(alarm["AlarmName"], before, verdict.state, verdict.reason, reason_data=data)
    cloudwatch._dispatch_alarm_actions(alarm, before, verdict.state, verdict.reason)
    cloudwatch._evaluate_parent_alarms(alarm)
    alarm_news.tell(alarm)


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def install() -> None:
    cloudwatch._evaluate_alarm = lambda alarm: None
