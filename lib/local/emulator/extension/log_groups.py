"""Names of log groups that have none in the template.

MiniStack gives a log group the same name each time, so that a stack that is made again would empty the log that its predecessor left.
"""

import uuid

LOG_GROUP = "AWS::Logs::LogGroup"


def _named(properties: dict, name: str) -> dict:
    return {"LogGroupName": name, **properties}


def guarded_log_group(base: dict) -> dict:
    def made_up(stack, logical_id):
        return f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}"

    def create(logical_id, properties, stack):
        return base["create"](logical_id, _named(properties, made_up(stack, logical_id)), stack)

    def update(physical_id, old, new, stack, logical_id=None):
        # Without its name it is another log group.
        name = made_up(stack, logical_id) if "LogGroupName" in old else physical_id
        return base["update"](physical_id, _named(old, physical_id), _named(new, name), stack, logical_id)

    return {**base, "create": create, "update": update}
