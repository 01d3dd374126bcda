"""Tells whoever follows of an alarm: when it is made or changed, when its state changes, and when it is deleted."""

from .follower import follower
from .journal import journal

ALARM = "AWS::CloudWatch::Alarm"


def place_of(name: str) -> tuple[str, str] | None:
    """Stack and logical id of an alarm; None, if a call of the API has made it."""
    return journal.live.get((ALARM, name, ""))


def tell(alarm: dict, place: tuple[str, str] | None = None, deleted: bool = False) -> None:
    """
    :param place: stack and logical id; where the journal has it, if not given
    """
    if not follower.is_there:
        return
    stack, logical_id = place or place_of(alarm["AlarmName"]) or ("", "")
    follower.announce(
        {
            "alarm": {
                "name": alarm["AlarmName"],
                "arn": alarm["AlarmArn"],
                "description": alarm.get("AlarmDescription") or "",
                **({"stack": stack, "logicalId": logical_id} if stack else {}),
                "state": "DELETED" if deleted else alarm["StateValue"],
                "reason": alarm.get("StateReason") or "",
                "since": round(alarm["StateUpdatedTimestamp"] * 1000),
            }
        }
    )
