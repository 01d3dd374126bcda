"""Numbers as requests and templates have them: as numbers, or as texts."""

import math
import re


def number(value) -> float | None:
    """:returns: None, where it is no number, or one without an end"""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole_number(value) -> int | None:
    """:returns: None, where it is no whole number"""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?\d{1,18}", value, re.ASCII) else None
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None
