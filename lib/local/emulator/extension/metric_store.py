"""The data of metrics, and what statistics say of it.

It stands where MiniStack keeps it. A datum with many values is one point here, as long as it is not asked for: a load has thousands of
different latencies in a minute.
"""

import re
from array import array
from bisect import bisect_left, insort

from ministack.services import cloudwatch

from .metric_math import Series
from .minutes import real_seconds, start_of
from .request_numbers import whole_number

KEPT_SECONDS = 3 * 3600
"""How long a datum is kept, in real seconds: for as long as AWS keeps the finest ones.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
"""

_STATISTIC = re.compile(r"SampleCount|Sum|Average|Minimum|Maximum|p(\d{1,2}(\.\d+)?|100)")


def check_statistic(statistic: str) -> None:
    """:raises ValueError: when it is none that can be told here"""
    if not _STATISTIC.fullmatch(statistic or ""):
        raise ValueError(
            f"statistic: got {statistic or 'none'}, expected SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p95"
        )


_SHORT_PERIODS = (1, 5, 10, 20, 30)


def check_period(period, short: tuple[int, ...] = _SHORT_PERIODS) -> int:
    """
    :param short: those that are no whole minutes
    :returns: in seconds of CloudWatch
    :raises ValueError: when it is none
    """
    found = whole_number(period)
    if found is None or found < 1 or (found % 60 and found not in short):
        expected = f"{', '.join(map(str, short))} or a multiple of 60"
        raise ValueError(f"Period: got {'none' if period in (None, '') else period}, expected {expected}")
    return found


def _moment(point: dict) -> float:
    return point["Timestamp"]


def store(
    namespace: str, name: str, dimensions: dict, moment: float, unit: str, values: list[float], counts: list[float] | None = None
) -> None:
    """Adds the values of a metric.

    :param moment: in seconds since 1970
    :param counts: how often each value was measured; once, if not given
    """
    counts = counts or [1.0] * len(values)
    many = {"values": array("d", values), "counts": array("d", counts)}
    measured = {"Value": float(values[0]), "Count": float(counts[0])} if len(values) == 1 else many
    _add(namespace, name, {"Timestamp": moment, "Unit": unit, "Dimensions": dimensions, **measured})


def _add(namespace: str, name: str, point: dict) -> None:
    points = cloudwatch._metric_bucket((namespace, name, cloudwatch._dims_key(point["Dimensions"])))
    if points:
        # They are the same in all points, and there are many points.
        point["Dimensions"] = points[0]["Dimensions"]
    insort(points, point, key=_moment)


def evict(before: float) -> None:
    """Forgets what is older than some moment."""
    for key, points in cloudwatch._metrics.items():
        if points and points[0]["Timestamp"] < before:
            del points[: bisect_left(points, before, key=_moment)]
        if not points:
            cloudwatch._metrics.pop(key, None)


def series(metric: dict, statistic: str, period: float, start: float, end: float, unit: str | None = None) -> Series:
    """A statistic of a metric, by period.

    :param metric: its ``Namespace``, ``MetricName`` and ``Dimensions``: all of them
    :param period: in seconds of CloudWatch
    :param start: of the first minute that counts
    :param end: the first moment that does not count
    """
    length = real_seconds(period)
    points = {
        moment: value
        for moment, of_period in by_period(metric, period, start, end, unit).items()
        if (value := value_of(of_period, statistic)) is not None
    }
    return Series(length, points, metric["MetricName"])


def by_period(metric: dict, period: float, start: float, end: float, unit: str | None = None) -> dict[float, list[dict]]:
    """The points of a metric by the start of their period, the oldest first."""
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
    points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))) or []
    length = real_seconds(period)
    by_start: dict[float, list[dict]] = {}
    for point in points[bisect_left(points, start, key=_moment) : bisect_left(points, end, key=_moment)]:
        if unit is None or point["Unit"] == unit:
            by_start.setdefault(start_of(point["Timestamp"], length), []).append(point)
    return by_start


def value_of(points: list[dict], statistic: str) -> float | None:
    """:returns: None, if the points do not have this statistic"""
    plain = [one for point in points for one in _plain(point)]
    basic = cloudwatch._calc_stats(plain)
    return cloudwatch._stat_value(basic, statistic, plain) if basic else None


def _plain(point: dict) -> list[dict]:
    if "values" not in point:
        return [point]
    return [{"Value": value, "Count": count} for value, count in zip(point["values"], point["counts"])]


def _store_datum(namespace, name, dimensions, moment, unit, value, values, counts, statistics):
    if statistics is None:
        store(namespace, name, dimensions, moment, unit, *((values, counts) if values is not None else ([float(value or 0)],)))
    else:
        count = float(statistics.get("SampleCount", 0))
        average = float(statistics.get("Sum", 0)) / count if count else 0.0
        _add(namespace, name, {"Timestamp": moment, "Unit": unit, "Dimensions": dimensions, "Value": average, "_stat": statistics})


def install() -> None:
    cloudwatch._store_datum = _store_datum
