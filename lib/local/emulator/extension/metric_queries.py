"""Metrics and expressions that refer to each other by id, as GetMetricData and alarms have them."""

import time
from contextlib import suppress

from .metric_expressions import MathError, parse
from .metric_math import Series, Value, evaluate
from .metric_search import metrics_found
from .metric_store import KEPT_SECONDS, check_statistic, series


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
        found = []
        for metric in metrics_found(search):
            values = series(metric, statistic, period, self.start, self._last)
            values.label = " ".join([*(pair["Value"] for pair in metric["Dimensions"]), metric["MetricName"]])
            found.append(values)
        return found

    def _made(self, query: dict) -> Value:
        if query.get("Expression"):
            return evaluate(query["Expression"], self)
        if not query.get("MetricStat"):
            raise ValueError("expected either an Expression or a MetricStat")
        asked = query["MetricStat"]
        check_statistic(asked["Stat"])
        return series(asked["Metric"], asked["Stat"], float(asked["Period"]), self.start, self._last, asked.get("Unit"))


def check(queries: list[dict]) -> Queries:
    """
    :returns: what they say where there is no data, which tells the kinds of their values
    :raises ValueError: when CloudWatch refuses one of them, or what is to be returned is no time series
    """
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        raise ValueError(f"got metric ids {', '.join(ids)}, expected different ones")
    without_data = Queries(queries, 0, 0)
    for query in queries:
        try:
            value = without_data.value(query["Id"])
        except ValueError as problem:
            text = str(problem)
            raise ValueError(text if text.startswith("metric ") else f"metric {query['Id']}: {text}") from None
        if query.get("ReturnData", True) and not isinstance(value, (Series, list)):
            raise ValueError(f"metric {query['Id']}: got a number, expected a time series")
    return without_data


def uses(queries: list[dict], function: str) -> bool:
    """Whether an expression calls a function. One that is none calls nothing."""
    for query in queries:
        with suppress(MathError):
            nodes = parse(query.get("Expression") or "0").all()
            if any(node.kind == "call" and node.value == function for node in nodes):
                return True
    return False
