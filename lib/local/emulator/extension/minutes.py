"""How long a minute of CloudWatch takes here.

Times of day stay as they are. What is shorter is every period: that of a metric, of an alarm, and the time for which a deploy is monitored.
"""

import math
import os

SECONDS = int(os.environ.get("ECS_BLUE_GREEN_MINUTE_SECONDS") or 60)


def real_seconds(period: float) -> float:
    """:param period: in seconds of CloudWatch"""
    return period * SECONDS / 60


def start_of(moment: float, length: float) -> float:
    """When the period began in which a moment is: a whole number of periods since 1970.

    :param length: in real seconds
    """
    return math.floor(moment / length + 1e-9) * length
