"""GetMetricData and GetMetricStatistics, with metric math, and periods that are as long as a minute takes here.

MiniStack refuses expressions, and mixes the data of all dimensions where none is asked for.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
"""

import math

from ministack.services import cloudwatch

from .metric_math import Series
from .metric_pages import Result, page
from .metric_queries import Queries, check
from .metric_store import by_period, check_period, check_statistic, value_of
from .minutes import SECONDS, real_seconds, start_of
from .query_protocol import RefusedRequest, answer, refusing, structured

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
_MOST_DATAPOINTS = 1440


def _api(action: str, ask, as_in_cbor):
    def answered(params, data, is_cbor, is_json=False):
        body = ask(data if is_cbor or is_json else structured(params))
        if is_cbor:
            return cloudwatch._cbor_ok(as_in_cbor(body))
        return cloudwatch._json_ok(body) if is_json else answer(action, body)

    return refusing(answered)


def _time(data: dict) -> tuple[float, float]:
    start, end = (cloudwatch._parse_ts(data.get(name)) for name in ("StartTime", "EndTime"))
    if start is None or end is None or start >= end:
        raise ValueError("StartTime: got none, or one that is not before EndTime; expected one that is")
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html: rounded down to the minute.
    return start_of(start, SECONDS), end


def _metric_data(data: dict) -> dict:
    start, end = _time(data)
    queries = data.get("MetricDataQueries") or []
    check(queries)
    asked = Queries(queries, start, end)
    newest_first = data.get("ScanBy") != "TimestampAscending"
    results = []
    for query in queries:
        if query.get("ReturnData", True):
            value = asked.value(query["Id"])
            results += [
                _result(query, series, newest_first, isinstance(value, list))
                for series in (value if isinstance(value, list) else [value])
                if isinstance(series, Series)
            ]
    return page(results, data, newest_first)


def _result(query: dict, series: Series, newest_first: bool, is_one_of_several: bool) -> Result:
    given = query.get("Label")
    own = series.label if is_one_of_several or "MetricStat" in query else ""
    label = f"{given} {own}" if given and is_one_of_several else given or own or query["Id"]
    return Result(query["Id"], label, sorted(series.points.items(), reverse=newest_first))


def _in_cbor(body: dict) -> dict:
    return {**body, "MetricDataResults": [cloudwatch._cbor_metric_data_result(result) for result in body["MetricDataResults"]]}


def _metric_statistics(data: dict) -> dict:
    start, end = _time(data)
    basic, extended = data.get("Statistics") or [], data.get("ExtendedStatistics") or []
    for name in ("Namespace", "MetricName"):
        if not data.get(name):
            raise RefusedRequest("MissingParameter", f"{name}: got none, expected one")
    if not basic and not extended:
        raise ValueError("Statistics: got none, expected one or more, or ExtendedStatistics")
    for statistic in (*basic, *extended):
        check_statistic(statistic)
    try:
        period = check_period(data.get("Period"))
    except ValueError as problem:
        raise RefusedRequest("InvalidParameterValue", str(problem)) from None
    asked = math.ceil((end - start) / real_seconds(period))
    if asked > _MOST_DATAPOINTS:
        limit = f"expected {_MOST_DATAPOINTS} or less; ask for a longer Period, or for less time"
        raise RefusedRequest("InvalidParameterCombination", f"datapoints: got {asked}, {limit}")
    found = by_period(data, period, start, end, data.get("Unit"))
    return {"Label": data["MetricName"], "Datapoints": [_datapoint(moment, found[moment], basic, extended) for moment in sorted(found)]}


def _datapoint(moment: float, points: list[dict], basic: list[str], extended: list[str]) -> dict:
    percentiles = {name: value for name in extended if (value := value_of(points, name)) is not None}
    return {
        "Timestamp": cloudwatch._ts_iso(moment),
        **{name: value_of(points, name) for name in basic},
        "Unit": points[0]["Unit"],
        **({"ExtendedStatistics": percentiles} if percentiles else {}),
    }


def _statistics_in_cbor(body: dict) -> dict:
    return {**body, "Datapoints": [cloudwatch._cbor_datapoint(point) for point in body["Datapoints"]]}


def install() -> None:
    cloudwatch._get_metric_data = _api("GetMetricData", _metric_data, _in_cbor)
    cloudwatch._get_metric_statistics = _api("GetMetricStatistics", _metric_statistics, _statistics_in_cbor)
