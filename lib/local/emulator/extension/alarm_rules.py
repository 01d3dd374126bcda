"""What state an alarm has, by the values of its last periods.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from dataclasses import dataclass
from datetime import datetime, timezone

EXTRA_PERIODS = 2
"""How many more periods are looked at than are evaluated, so that data that is missing among the newest has older ones in its place."""

_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
COMPARISONS = tuple(_COMPARISONS)
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


@dataclass(frozen=True)
class Rule:
    evaluated: int
    """Periods that are evaluated: N."""

    to_alarm: int
    """How many of them have to breach: M."""

    comparison: str
    threshold: float
    missing_data: str

    def breaches(self, value: float) -> bool:
        return _COMPARISONS[self.comparison][0](value, self.threshold)


@dataclass(frozen=True)
class Verdict:
    state: str
    reason: str
    evaluated: tuple[tuple[float, float], ...] = ()
    """The data that was counted, the newest first: when its period began, and its value."""


# The newest first: when the period began, and the value, if there is one.
Periods = list[tuple[float, float | None]]


def judge(rule: Rule, periods: Periods) -> Verdict | None:
    """
    :param periods: as many as are evaluated, and ``EXTRA_PERIODS`` more
    :returns: None, where the alarm keeps its state
    """
    real = [(moment, value) for moment, value in periods if value is not None][: rule.evaluated]
    breaching = sum(rule.breaches(value) for _, value in real)
    absent = rule.evaluated - len(real)
    if not real:
        return _without_data(rule)
    filled = absent if rule.missing_data == "breaching" else 0
    if breaching + filled >= rule.to_alarm:
        return _crossed(rule, "ALARM", real, filled)
    oldest = next(age for age, (moment, _) in enumerate(periods, 1) if moment == real[-1][0])
    if rule.missing_data in ("missing", "ignore") and absent and breaching == len(real) and oldest >= rule.to_alarm:
        # Nothing but breaching data, and not only because the rest of it is yet to come.
        return None if rule.missing_data == "ignore" else _crossed(rule, "ALARM", real, 0)
    return _crossed(rule, "OK", real, absent if rule.missing_data == "notBreaching" else 0)


def _without_data(rule: Rule) -> Verdict | None:
    if rule.missing_data == "ignore":
        return None
    number = rule.evaluated
    if rule.missing_data == "missing":
        return Verdict("INSUFFICIENT_DATA", f"Insufficient Data: {_many(number, 'datapoint')} {_was(number)} unknown.")
    state, treated = ("ALARM", "Breaching") if rule.missing_data == "breaching" else ("OK", "NonBreaching")
    return Verdict(
        state,
        f"Threshold Crossed: no datapoints were received for {_many(number, 'period')} and "
        f"{_many(number, 'missing datapoint')} {_was(number)} treated as [{treated}].",
    )


def _crossed(rule: Rule, state: str, real: list[tuple[float, float]], filled: int) -> Verdict:
    rings = state == "ALARM"
    counted = [(moment, value) for moment, value in real if rule.breaches(value) == rings]
    needed = rule.to_alarm if rings else rule.evaluated - rule.to_alarm + 1
    way = "OK -> ALARM" if rings else "ALARM -> OK"
    compared = f"{'' if rings else 'not '}{_COMPARISONS[rule.comparison][1]} the threshold ({rule.threshold})"
    number = len(counted) + filled
    listed = ", ".join(f"{value} ({datetime.fromtimestamp(moment, timezone.utc):%d/%m/%y %H:%M:%S})" for moment, value in counted)
    treated = f", of which {_many(filled, 'missing datapoint')} {_was(filled)} treated as [{'' if rings else 'Non'}Breaching]," if filled else ""
    return Verdict(
        state,
        f"Threshold Crossed: {number} out of the last {rule.evaluated} datapoints{f' [{listed}]' if listed else ''}{treated} "
        f"{_was(number)} {compared} (minimum {_many(needed, 'datapoint')} for {way} transition).",
        tuple(real),
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
