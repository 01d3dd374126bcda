"""Metrics that metric filters make from log events.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

import math
import time
from collections import Counter, defaultdict

from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs

from .log_filter_patterns import ABSENT, Event, compile_pattern, find, parse_event
from .metric_store import store
from .minutes import SECONDS, start_of


def apply(group: str, lines: list[dict]) -> None:
    """Adds what the metric filters of a log group make of new lines.

    :param lines: as ``LogLine`` has them
    """
    filters = [one for one in cloudwatch_logs._metric_filters.values() if one["logGroupName"] == group]
    if not filters:
        return
    events = [(line["at"] / 1000, line["message"], parse_event(line["message"])) for line in lines]
    for one in filters:
        matches = _matcher(one["filterPattern"])
        matching = [(moment, event) for moment, message, event in events if matches(message, event)]
        for transformation in one["metricTransformations"]:
            _add(transformation, matching)
            if transformation.get("defaultValue") is not None:
                with_match = {start_of(moment, SECONDS) for moment, _ in matching}
                _add_default(transformation, {start_of(moment, SECONDS) for moment, _, _ in events} - with_match)


def _matcher(pattern: str):
    if (pattern or "").strip().startswith("{"):
        test = compile_pattern(pattern)
        return lambda _, event: test(event)
    in_words = cloudwatch_logs._compile_filter_pattern(pattern)
    return lambda message, _: in_words(message)


def _add(transformation: dict, matching: list[tuple[float, Event]]) -> None:
    measured: dict[tuple, Counter[float]] = defaultdict(Counter)
    dimensions = transformation.get("dimensions") or {}
    for moment, event in matching:
        value = _value(transformation["metricValue"], event)
        named = [(name, _text(event, selector)) for name, selector in dimensions.items()]
        if value is not None and all(text is not None for _, text in named):
            measured[start_of(moment, SECONDS), tuple(named)][value] += 1
    for (moment, named), values in measured.items():
        unit = transformation.get("unit") or "None"
        store(
            transformation["metricNamespace"],
            transformation["metricName"],
            dict(named),
            moment,
            unit,
            list(values),
            [float(count) for count in values.values()],
        )


def _add_default(transformation: dict, minutes: set[float]) -> None:
    for minute in minutes:
        value, unit = float(transformation["defaultValue"]), transformation.get("unit") or "None"
        store(transformation["metricNamespace"], transformation["metricName"], {}, minute, unit, [value])


def _value(given: str, event: Event) -> float | None:
    found = find(event, given) if given.startswith("$") else given
    try:
        value = None if isinstance(found, bool) else float(found)
    except (TypeError, ValueError):
        return None
    return value if value is not None and math.isfinite(value) else None


def _text(event: Event, selector: str) -> str | None:
    found = find(event, selector)
    return None if found is ABSENT or found is None or isinstance(found, (dict, list)) else str(found)


def _checked(put_metric_filter):
    def put(data: dict):
        pattern = data.get("filterPattern") or ""
        if pattern.strip().startswith("{"):
            try:
                compile_pattern(pattern)
            except ValueError as problem:
                return error_response_json("InvalidParameterException", str(problem), 400)
        return put_metric_filter(data)

    return put


def _applied(put_log_events):
    def put(data: dict):
        response = put_log_events(data)
        if response[0] == 200:
            now = time.time() * 1000
            events = data.get("logEvents") or []
            apply(data["logGroupName"], [{"at": one.get("timestamp", now), "message": one.get("message", "")} for one in events])
        return response

    return put


def install() -> None:
    cloudwatch_logs._put_log_events = _applied(cloudwatch_logs._put_log_events)
    cloudwatch_logs._put_metric_filter = _checked(cloudwatch_logs._put_metric_filter)
