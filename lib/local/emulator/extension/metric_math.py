"""What metric math makes of time series: the functions and operators that the alarms and dashboards of this app have, and their like.

A point that is missing stays missing unless it is filled, and what is made of it is missing too.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .metric_expressions import MathError, Node, parse
from .minutes import start_of


@dataclass
class Series:
    period: float
    """In real seconds."""

    points: dict[float, float] = field(default_factory=dict)
    """Values by the start of their period, in seconds since 1970."""

    label: str = ""


class Source(Protocol):
    """Where an expression finds what it names."""

    start: float
    end: float

    def named(self, identifier: str) -> "Value":
        """:raises KeyError: when nothing has this id"""

    def metrics(self, like: str) -> list[Series]:
        """The metrics of the request whose ids contain some text."""

    def search(self, search: str, statistic: str, period: float) -> list[Series]:
        """:raises ValueError: when it is no search"""


# A number may have no value, as the average of an empty series.
Value = float | None | str | Series | list[Series]

_OPERATORS: dict[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else None,
    "^": math.pow,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    ">": lambda a, b: float(a > b),
    "<=": lambda a, b: float(a <= b),
    ">=": lambda a, b: float(a >= b),
    "AND": lambda a, b: float(bool(a) and bool(b)),
    "OR": lambda a, b: float(bool(a) or bool(b)),
}
_SAME = {"&&": "AND", "||": "OR"}

_OVER_VALUES: dict[str, Callable[[list[float]], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
_OF_EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}

FUNCTIONS = ("FILL", "IF", "METRICS", "SEARCH", *_OVER_VALUES, *_OF_EACH)


def evaluate(expression: str, source: Source) -> Value:
    """:raises MathError: when CloudWatch refuses the expression"""
    return _Evaluation(expression, source).of(parse(expression))


def _applied(apply: Callable, *values) -> float | None:
    """:returns: None, where the result is no number, or too large for one"""
    try:
        value = apply(*values)
    except (ValueError, OverflowError):
        return None
    return value if value is None or math.isfinite(value) else None


class _Evaluation:
    def __init__(self, expression: str, source: Source):
        self._expression = expression
        self._source = source

    def of(self, node: Node) -> Value:
        return getattr(self, f"_{node.kind}")(node)

    def _error(self, problem: str, node: Node) -> MathError:
        return MathError(problem, self._expression, node.position)

    def _number(self, node: Node) -> float:
        number = float(node.value)
        if math.isinf(number):
            raise self._error(f"got {node.value}, expected a smaller number", node)
        return number

    def _text(self, node: Node) -> str:
        return node.value

    def _name(self, node: Node) -> Value:
        # Ids begin with a lower-case letter.
        if node.value[0].islower():
            try:
                return self._source.named(node.value)
            except KeyError:
                pass
        raise self._error(f"its expression names {node.value}, which no metric has as its id", node)

    def _array(self, node: Node) -> list[Series]:
        items = [self.of(part) for part in node.parts]
        series = [one for item in items for one in (item if isinstance(item, list) else [item])]
        if not all(isinstance(one, Series) for one in series):
            raise self._error("got an array of something else, expected one of time series", node)
        return series

    def _negative(self, node: Node) -> Value:
        return self._combine(node, operator.mul, -1.0, self.of(node.parts[0]))

    def _operation(self, node: Node) -> Value:
        left, right = (self.of(part) for part in node.parts)
        return self._combine(node, _OPERATORS[_SAME.get(node.value, node.value)], left, right)

    def _combine(self, node: Node, apply: Callable, left: Value, right: Value) -> Value:
        if isinstance(left, str) or isinstance(right, str):
            raise self._error(f"got a text beside {node.value}, expected a time series or a number", node)
        if isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                raise self._error(f"got arrays of {len(left)} and {len(right)} time series, expected as many in both", node)
            return [_of_both(apply, a, b) for a, b in zip(left, right)]
        if isinstance(left, list):
            return [_of_both(apply, one, right) for one in left]
        if isinstance(right, list):
            return [_of_both(apply, left, one) for one in right]
        return _of_both(apply, left, right)

    def _call(self, node: Node) -> Value:
        if node.value not in FUNCTIONS:
            raise self._error(f"got the function {node.value}, expected one of {', '.join(sorted(FUNCTIONS))}", node)
        if node.value in _OVER_VALUES:
            return self._over_values(node)
        if node.value in _OF_EACH:
            (value,) = self._arguments(node, 1)
            apply = _OF_EACH[node.value]
            return self._combine(node, lambda number, _: float(apply(number)), value, 0.0)
        return {"FILL": self._fill, "IF": self._if, "METRICS": self._metrics, "SEARCH": self._search}[node.value](node)

    def _arguments(self, node: Node, least: int, most: int | None = None) -> list[Value]:
        self._count(node, least, most)
        return [self.of(part) for part in node.parts]

    def _count(self, node: Node, least: int, most: int | None = None) -> None:
        if not least <= len(node.parts) <= (most or least):
            expected = f"{least} or {most}" if most else str(least)
            raise self._error(f"{node.value} got {len(node.parts)} arguments, expected {expected}", node)

    def _over_values(self, node: Node) -> Value:
        (value,) = self._arguments(node, 1)
        over = _OVER_VALUES[node.value]
        if isinstance(value, Series):
            return _applied(over, list(value.points.values())) if value.points else None
        if not isinstance(value, list):
            raise self._error(f"{node.value} got something else, expected a time series or an array of them", node)
        moments = sorted({moment for series in value for moment in series.points})
        found = {moment: _applied(over, [one.points[moment] for one in value if moment in one.points]) for moment in moments}
        points = {moment: number for moment, number in found.items() if number is not None}
        return Series(max((one.period for one in value), default=1.0), points)

    def _fill(self, node: Node) -> Value:
        self._count(node, 2)
        series, filling = node.parts
        value = self.of(series)
        how = filling.value if filling.kind == "name" and filling.value in ("REPEAT", "LINEAR") else self.of(filling)
        if how not in ("REPEAT", "LINEAR") and not isinstance(how, (float, Series, type(None))):
            raise self._error("FILL got something else, expected a number, a time series, REPEAT or LINEAR", filling)
        if isinstance(value, list):
            return [self._filled(one, how) for one in value]
        if not isinstance(value, Series):
            raise self._error("FILL got something else, expected a time series", series)
        return self._filled(value, how)

    def _filled(self, series: Series, how) -> Series:
        first, length = start_of(self._source.start, series.period), series.period
        moments = [start_of(first + number * length, length) for number in range(math.ceil((self._source.end - first) / length - 1e-9))]
        return Series(series.period, {**_filling(series.points, moments, how), **series.points}, series.label)

    def _if(self, node: Node) -> Value:
        condition, *chosen = self._arguments(node, 2, 3)
        for part, value in zip(node.parts, [condition, *chosen]):
            if isinstance(value, (str, list)):
                raise self._error("IF got something else, expected a time series or a number", part)
        holds, otherwise = [*chosen, None][:2]
        if isinstance(condition, Series):
            decided = {moment: holds if value else otherwise for moment, value in condition.points.items()}
            points = {moment: value.points.get(moment) if isinstance(value, Series) else value for moment, value in decided.items()}
            return Series(condition.period, {moment: value for moment, value in points.items() if value is not None})
        choice = holds if condition else otherwise
        if choice is None and isinstance(holds, Series):
            return Series(holds.period)
        return choice

    def _metrics(self, node: Node) -> list[Series]:
        (like,) = self._arguments(node, 0, 1) or [""]
        if not isinstance(like, str):
            raise self._error("METRICS got something else, expected a text", node)
        return self._source.metrics(like)

    def _search(self, node: Node) -> list[Series]:
        self._count(node, 2, 3)
        search, statistic, *period = (self.of(part) for part in node.parts)
        if not isinstance(search, str) or not isinstance(statistic, str) or not all(isinstance(one, float) for one in period):
            raise self._error("SEARCH got something else, expected a search, a statistic and a period", node)
        try:
            return self._source.search(search, statistic, *(period or [300.0]))
        except ValueError as problem:
            raise self._error(str(problem), node) from None


def _of_both(apply: Callable, left, right):
    if not isinstance(left, Series) and not isinstance(right, Series):
        return None if left is None or right is None else _applied(apply, left, right)
    both = [side for side in (left, right) if isinstance(side, Series)]
    points = {}
    for moment in both[0].points:
        a, b = (side.points.get(moment) if isinstance(side, Series) else side for side in (left, right))
        value = None if a is None or b is None else _applied(apply, a, b)
        if value is not None:
            points[moment] = value
    return Series(max(side.period for side in both), points, both[0].label if len(both) == 1 else "")


def _filling(points: dict[float, float], moments: list[float], how) -> dict[float, float]:
    if isinstance(how, Series):
        return {moment: how.points[moment] for moment in moments if moment in how.points}
    if how not in ("REPEAT", "LINEAR"):
        return {} if how is None else dict.fromkeys(moments, how)
    known = sorted(points.items())
    filled = {}
    for moment in moments:
        before = next(((at, value) for at, value in reversed(known) if at < moment), None)
        after = next(((at, value) for at, value in known if at > moment), None)
        if before and how == "REPEAT":
            filled[moment] = before[1]
        elif before and after and how == "LINEAR":
            filled[moment] = before[1] + (after[1] - before[1]) * (moment - before[0]) / (after[0] - before[0])
    return filled
