"""What tasks have written, as events of log groups.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
"""

import time

from ministack.core.responses import new_uuid
from ministack.services import cloudwatch_logs

KEPT = 10_000
"""The events that a log group keeps, at most: the newest ones. A load writes some thousands in a minute."""


def put(group_name: str, stream_name: str, lines: list[dict]) -> bool:
    """Adds lines to a stream, which is made if it is not there.

    :param lines: as ``LogLine`` has them
    :returns: whether there is such a log group; without it nothing is kept
    """
    group = cloudwatch_logs._log_groups.get(group_name)
    if group is None:
        return False
    if stream_name not in group["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group_name, "logStreamName": stream_name})
    now = int(time.time() * 1000)
    events = [
        {"timestamp": line["at"], "message": line["message"], "ingestionTime": now, "eventId": new_uuid()} for line in lines
    ]
    cloudwatch_logs._append_log_events(group["streams"][stream_name], events)
    cloudwatch_logs._fanout_to_subscription_filters(group_name, stream_name, events)
    cloudwatch_logs._fanout_to_live_tail_sessions(group_name, stream_name, events)
    _forget_old(group, stream_name)
    return True


def _forget_old(group: dict, written: str) -> None:
    streams = group["streams"]
    excess = sum(len(stream["events"]) for stream in streams.values()) - KEPT
    if excess <= 0:
        return
    oldest = sorted((event["timestamp"], name) for name, stream in streams.items() for event in stream["events"])[:excess]
    for name in {name for _, name in oldest}:
        stream, number = streams[name], sum(1 for _, of in oldest if of == name)
        for event in stream["events"][:number]:
            cloudwatch_logs._log_records.pop(event["eventId"], None)
        stream["events"] = stream["events"][number:]
        if stream["events"]:
            stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]
        elif name != written:
            del streams[name]
