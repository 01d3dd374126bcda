"""What CloudWatch refuses of the data that somebody puts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
"""

import time

from ministack.services import cloudwatch

from .query_protocol import RefusedRequest, refusing, structured
from .request_numbers import number

_DAY = 24 * 3600
_OLDEST, _NEWEST = 14 * _DAY, 2 * 3600
_LARGEST = 2.0**360
_MOST_VALUES = 150
_STATISTICS = ("SampleCount", "Sum", "Minimum", "Maximum")

# The error code of AWS, and what is wrong.
Problem = tuple[str, str]


def _invalid(text: str) -> Problem:
    return "InvalidParameterValue", text


def _missing(name: str) -> Problem:
    return "MissingParameter", f"{name}: got none, expected one"


def problems_of(data: dict) -> list[Problem]:
    """:param data: as PutMetricData has it"""
    problems = [] if data.get("Namespace") else [_missing("Namespace")]
    for index, datum in enumerate(data.get("MetricData") or [], 1):
        place = f"MetricData.member.{index}"
        problems += [
            *([] if datum.get("MetricName") else [_missing(f"{place}.MetricName")]),
            *_problems_of_dimensions(datum, place),
            *_problems_of_time(datum.get("Timestamp"), f"{place}.Timestamp"),
            *_problems_of_values(datum, place),
        ]
    return problems


def _problems_of_dimensions(datum: dict, place: str) -> list[Problem]:
    return [
        _missing(f"{place}.Dimensions.member.{index}.{name}")
        for index, dimension in enumerate(datum.get("Dimensions") or [], 1)
        for name in ("Name", "Value")
        if not dimension.get(name)
    ]


def _problems_of_time(given, name: str) -> list[Problem]:
    if given in (None, ""):
        return []
    moment, now = cloudwatch._parse_ts(given), time.time()
    if moment is not None and now - _OLDEST <= moment <= now + _NEWEST:
        return []
    return [_invalid(f"{name}: got {given}, expected a time of the last two weeks, or of the next two hours")]


def _problems_of_values(datum: dict, place: str) -> list[Problem]:
    given = [name for name in ("Value", "Values", "StatisticValues") if datum.get(name) is not None]
    if len(given) != 1:
        expected = "expected one of Value, Values and StatisticValues"
        return [("InvalidParameterCombination", f"{place}: got {' and '.join(given) or 'no value'}, {expected}")]
    if given == ["Value"]:
        return _problems_of_numbers({f"{place}.Value": datum["Value"]})
    if given == ["StatisticValues"]:
        return _problems_of_numbers({f"{place}.StatisticValues.{name}": datum["StatisticValues"].get(name) for name in _STATISTICS})
    values, counts = datum["Values"] or [], datum.get("Counts")
    problems = []
    if not 1 <= len(values) <= _MOST_VALUES:
        problems.append(_invalid(f"{place}.Values: got {len(values)}, expected 1 to {_MOST_VALUES}"))
    if counts is not None and len(counts) != len(values):
        text = f"{place}.Counts: got {len(counts)}, expected {len(values)}, as many as Values"
        problems.append(("InvalidParameterCombination", text))
    numbers = {f"{place}.Values.member.{index}": value for index, value in enumerate(values, 1)}
    return [*problems, *_problems_of_numbers(numbers), *_problems_of_counts(counts or [], place)]


def _problems_of_numbers(numbers: dict) -> list[Problem]:
    return [
        _invalid(f"{name}: got {value}, expected a number from -2^360 to 2^360")
        for name, value in numbers.items()
        if (found := number(value)) is None or abs(found) > _LARGEST
    ]


def _problems_of_counts(counts: list, place: str) -> list[Problem]:
    return [
        _invalid(f"{place}.Counts.member.{index}: got {count}, expected a number from 0 to 2^360")
        for index, count in enumerate(counts, 1)
        if (found := number(count)) is None or not 0 <= found <= _LARGEST
    ]


def _checked(put_metric_data):
    def put(params, data, is_cbor, is_json=False):
        problems = problems_of(data if is_cbor or is_json else structured(params))
        if problems:
            raise RefusedRequest(problems[0][0], "; ".join(text for _, text in problems))
        return put_metric_data(params, data, is_cbor, is_json)

    return refusing(put)


def install() -> None:
    cloudwatch._put_metric_data = _checked(cloudwatch._put_metric_data)
