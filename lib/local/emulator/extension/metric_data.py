"""GetMetricData and GetMetricStatistics, with metric math, and periods that are as long as a minute takes here.

MiniStack refuses expressions, and mixes the data of all dimensions where none is asked for.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
"""


from ministack.services import cloudwatch

from .metric_math import Series
from .metric_queries import Queries, check
from .metric_store import by_period, check_statistic, value_of
from .minutes import SECONDS, start_of
from .query_protocol import answer, structured


def _api(action: str, ask, as_in_cbor):
    def answered(params, data, is_cbor, is_json=False):
        try:
            body = ask(data if is_cbor or is_json else structured(params))
        except ValueError as problem:
            return cloudwatch._error("ValidationError", str(problem), 400, use_json=is_json, use_cbor=is_cbor)
        if is_cbor:
            return cloudwatch._cbor_ok(as_in_cbor(body))
        return cloudwatch._json_ok(body) if is_json else answer(action, body)

    return answered


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
    return {"MetricDataResults": results}


def _result(query: dict, series: Series, newest_first: bool, is_one_of_several: bool) -> dict:
    points = sorted(series.points.items(), reverse=newest_first)
    given = query.get("Label")
    own = series.label if is_one_of_several or "MetricStat" in query else ""
    return {
        "Id": query["Id"],
        "Label": f"{given} {own}" if given and is_one_of_several else given or own or query["Id"],
        "Timestamps": [cloudwatch._ts_iso(moment) for moment, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete",
    }


def _in_cbor(body: dict) -> dict:
    return {"MetricDataResults": [cloudwatch._cbor_metric_data_result(result) for result in body["MetricDataResults"]]}


def _metric_statistics(data: dict) -> dict:
    start, end = _time(data)
    basic, extended = data.get("Statistics") or [], data.get("ExtendedStatistics") or []
    if not basic and not extended:
        raise ValueError("Statistics: got none, expected one or more, or ExtendedStatistics")
    for statistic in (*basic, *extended):
        check_statistic(statistic)
    found = by_period(data, float(data.get("Period") or 60), start, end, data.get("Unit"))
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
