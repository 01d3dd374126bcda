"""The pages of GetMetricData.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from dataclasses import dataclass

from ministack.services import cloudwatch

from .query_protocol import RefusedRequest
from .request_numbers import number, whole_number

MOST_DATAPOINTS = 100_800
"""How many are in one answer at most, and if nothing else is asked for."""


@dataclass(frozen=True)
class Result:
    id: str
    label: str
    points: list[tuple[float, float]]
    """When a period began, and its value, in the order that was asked for."""


def page(results: list[Result], data: dict, newest_first: bool) -> dict:
    """The answer to a request.

    :param results: all there is
    :param data: the request, with ``MaxDatapoints`` and ``NextToken``
    :raises ValueError: when one of these is none
    """
    room, (first, since) = _size(data), _start(data)
    answers = []
    for number_of_result, result in enumerate(results[first:], first):
        points = result.points
        if since is not None and number_of_result == first:
            # By its time: between two pages there may be new data.
            points = [(moment, value) for moment, value in points if (moment <= since if newest_first else moment >= since)]
        taken, rest = points[:room], points[room:]
        if taken or not rest:
            answers.append(_answer(result, taken, "PartialData" if rest else "Complete"))
        if rest:
            token = cloudwatch._encode_page_token(f"{number_of_result} {rest[0][0]!r}")
            return {"MetricDataResults": answers, "NextToken": token}
        room -= len(taken)
    return {"MetricDataResults": answers}


def _size(data: dict) -> int:
    asked = data.get("MaxDatapoints")
    size = MOST_DATAPOINTS if asked in (None, "") else whole_number(asked)
    if size is None or not 1 <= size <= MOST_DATAPOINTS:
        raise ValueError(f"MaxDatapoints: got {asked}, expected 1 to {MOST_DATAPOINTS}")
    return size


def _start(data: dict) -> tuple[int, float | None]:
    token = data.get("NextToken")
    if not token:
        return 0, None
    first, _, since = (cloudwatch._decode_page_token(token) or "").partition(" ")
    index, moment = whole_number(first), number(since)
    if index is None or index < 0 or moment is None:
        raise RefusedRequest("InvalidNextToken", f"NextToken: got {token}, expected one of the answer before")
    return index, moment


def _answer(result: Result, points: list[tuple[float, float]], status: str) -> dict:
    return {
        "Id": result.id,
        "Label": result.label,
        "Timestamps": [cloudwatch._ts_iso(moment) for moment, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": status,
    }
