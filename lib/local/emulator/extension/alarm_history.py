"""What DescribeAlarmHistory says, where MiniStack has less: that an alarm was created, and which actions were executed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
"""

import json
import time

from ministack.services import cloudwatch, sns

# The state in which they are executed, by the list that they are in.
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


_KEPT = 10_000
"""How many entries are kept: the newest."""


def _bounded(entries_of):
    def entries() -> list[dict]:
        kept = entries_of()
        del kept[:-_KEPT]
        return kept

    return entries


def _add(alarm: dict, kind: str, summary: str, data: dict) -> None:
    cloudwatch._history_entries().append(
        {
            "AlarmName": alarm["AlarmName"],
            "AlarmType": "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm",
            "Timestamp": cloudwatch._ts_iso(time.time()),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps(data),
        }
    )


def _without_creation(record_history):
    # To MiniStack a new alarm goes from one state to the same.
    def record(alarm_name, before, after, *rest, **options):
        alarm = cloudwatch._alarms.get(alarm_name)
        if before == after and alarm:
            return _add(alarm, "ConfigurationUpdate", f'Alarm "{alarm_name}" created', {"version": "1.0", "type": "Create"})
        return record_history(alarm_name, before, after, *rest, **options)

    return record


def _written_down(dispatch):
    def dispatch_and_write(alarm, before, after, reason):
        dispatch(alarm, before, after, reason)
        if not alarm.get("ActionsEnabled", True):
            return
        for action in dict.fromkeys(alarm.get(_ACTIONS[after]) or []):
            if not cloudwatch._is_sns_action_arn(action):
                continue
            done = action in sns._topics
            data = {"actionState": "Succeeded" if done else "Failed", "notificationResource": action}
            if not done:
                data["error"] = f"Resource: {action} does not exist"
            _add(alarm, "Action", f"{'Successfully executed' if done else 'Failed to execute'} action {action}", data)

    return dispatch_and_write


def install() -> None:
    cloudwatch._history_entries = _bounded(cloudwatch._history_entries)
    cloudwatch._record_history = _without_creation(cloudwatch._record_history)
    cloudwatch._dispatch_alarm_actions = _written_down(cloudwatch._dispatch_alarm_actions)
