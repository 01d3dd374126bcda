"""Metrics and expressions that refer to each other by id, as GetMetricData and alarms have them."""

import re
import time
from contextlib import suppress

from .metric_expressions import MathError, parse
from .metric_math import Series, Value, evaluate
from .metric_search import metrics_found
from .metric_store import KEPT_SECONDS, check_period, check_statistic, series

_ID = re.compile(r"[a-z]\w{0,254}", re.ASCII)


class Queries:
    """What queries say of a time. Values are made when they are asked for, and once."""

    def __init__(self, queries: list[dict], start: float, end: float, until: float | None = None):
        """
        :param queries: as ``MetricDataQuery`` has them
        :param start: in seconds since 1970
        :param end: the first moment that does not count
        :param until: up to when missing values are filled; until now, if not given
        """
        self._queries = {query["Id"]: query for query in queries}
        self._values: dict[str, Value] = {}
        self._at_work: set[str] = set()
        # What is older is not kept: to fill it takes long, and all who ask wait.
        self.start = start if until is not None else max(start, time.time() - KEPT_SECONDS)
        self.end = min(end, time.time()) if until is None else until
        self._last = end

    def value(self, identifier: str) -> Value:
        """
        :raises KeyError: when nothing has this id
        :raises ValueError: when CloudWatch refuses what has it
        """
        if identifier in self._at_work:
            raise ValueError(f"metric {identifier}: its expression comes back to itself")
        if identifier not in self._values:
            query = self._queries[identifier]
            self._at_work.add(identifier)
            try:
                self._values[identifier] = self._made(query)
            except RecursionError:
                raise ValueError(f"metric {identifier}: got an expression with too many parts, expected one with fewer") from None
            except ValueError as problem:
                text = str(problem)
                raise ValueError(text if text.startswith("metric ") else f"metric {identifier}: {text}") from None
            finally:
                self._at_work.discard(identifier)
        return self._values[identifier]

    def named(self, identifier: str) -> Value:
        return self.value(identifier)

    def metrics(self, like: str) -> list[Series]:
        values = [self.value(name) for name, query in self._queries.items() if "MetricStat" in query and like in name]
        return [value for value in values if isinstance(value, Series)]

    def search(self, search: str, statistic: str, period: float) -> list[Series]:
        check_statistic(statistic)
        check_period(period)
        found = []
        for metric in metrics_found(search):
            values = series(metric, statistic, period, self.start, self._last)
            values.label = " ".join([*(pair["Value"] for pair in metric["Dimensions"]), metric["MetricName"]])
            found.append(values)
        return found

    def _made(self, query: dict) -> Value:
        expression, asked = query.get("Expression"), query.get("MetricStat")
        if bool(expression) == bool(asked):
            raise ValueError("expected either an Expression or a MetricStat")
        if expression:
            return evaluate(expression, self)
        metric, period = asked.get("Metric") or {}, check_period(asked.get("Period"))
        for name in ("Namespace", "MetricName"):
            if not metric.get(name):
                raise ValueError(f"{name}: got none, expected one")
        check_statistic(asked.get("Stat"))
        return series(metric, asked["Stat"], period, self.start, self._last, asked.get("Unit"))


def problems_of_ids(queries: list[dict]) -> list[str]:
    ids = [str(query.get("Id") or "none") for query in queries]
    problems = [
        f"metric id: got {query.get('Id') or 'none'}, expected a lower-case letter, then letters, digits and underscores"
        for query in queries
        if not _ID.fullmatch(str(query.get("Id") or ""))
    ]
    if len(set(ids)) < len(ids):
        problems.append(f"got metric ids {', '.join(ids)}, expected different ones")
    return problems


def check(queries: list[dict]) -> Queries:
    """
    :returns: what they say where there is no data, which tells the kinds of their values
    :raises ValueError: when CloudWatch refuses one of them, or what is to be returned is no time series
    """
    problems = problems_of_ids(queries)
    if problems:
        raise ValueError("; ".join(problems))
    without_data = Queries(queries, 0, 0)
    for query in queries:
        try:
            value = without_data.value(query["Id"])
        except ValueError as problem:
            problems.append(str(problem))
            continue
        if query.get("ReturnData", True) and not isinstance(value, (Series, list)):
            problems.append(f"metric {query['Id']}: got a number, expected a time series")
    if problems:
        # What is wrong in one is wrong in all that name it.
        raise ValueError("; ".join(dict.fromkeys(problems)))
    return without_data


def uses(queries: list[dict], function: str) -> bool:
    """Whether an expression calls a function. One that is none calls nothing."""
    for query in queries:
        with suppress(MathError, RecursionError):
            nodes = parse(query.get("Expression") or "0").all()
            if any(node.kind == "call" and node.value == function for node in nodes):
                return True
    return False
