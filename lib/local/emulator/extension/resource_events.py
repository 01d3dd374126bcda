"""Events of resources and the reasons of rollbacks as CloudFormation writes them.

MiniStack updates what is new in an update, and what is as before, removes without a word in the clean-up, and does not say what had a
creation go back. It writes many events within a millisecond; whoever reads them, such as the CDK, sorts them by their time.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
"""

from datetime import datetime, timedelta

from ministack.core.responses import now_iso
from ministack.services.cloudformation import _stack_events

from . import changed_source


def _moment_after_others(stack_id: str) -> str:
    """Now, and later than all events of a stack."""
    now = now_iso()
    events = _stack_events.get(stack_id)
    if not events or events[-1]["Timestamp"] < now:
        return now
    next_one = datetime.fromisoformat(events[-1]["Timestamp"].replace("Z", "+00:00")) + timedelta(milliseconds=1)
    return next_one.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _verb_of(logical_id: str, is_update: bool, previous_stack: dict | None) -> str:
    was_there = logical_id in (previous_stack or {}).get("_resources", {})
    return "UPDATE" if is_update and was_there else "CREATE"


_VERB = "{_verb_of(logical_id, is_update, previous_stack)}"
_EVENT = "_add_event(stack_id, stack_name, logical_id, rtype, "

_OF_EVENT = (('"Timestamp": now_iso()', '"Timestamp": _moment_after_others(stack_id)'),)

_OF_DEPLOY = (
    # What was there before begins when it is known what is to be done with it.
    (
        '            if logical_id not in imports:\n'
        '                _add_event(stack_id, stack_name, logical_id, resource_type,\n'
        '                           f"{status_prefix}_IN_PROGRESS")',
        '            if logical_id not in imports and not prev_for_dynamic:\n'
        '                _add_event(stack_id, stack_name, logical_id, resource_type, "CREATE_IN_PROGRESS")',
    ),
    (
        "                if not refused and _replacing_change(resource_type, old_tagged, new_tagged):",
        "                replaces = _replacing_change(resource_type, old_tagged, new_tagged)\n"
        "                if refused or (old_tagged != new_tagged and not replaces):\n"
        '                    _add_event(stack_id, stack_name, logical_id, resource_type, "UPDATE_IN_PROGRESS", physical_id=old_pid)\n'
        "                if not refused and replaces:",
    ),
    (
        "        if logical_id not in imports:\n"
        "            _add_event(stack_id, stack_name, logical_id, resource_type,\n"
        '                       f"{status_prefix}_COMPLETE", physical_id=physical_id)',
        "        if logical_id not in imports and not is_same:\n"
        f'            _add_event(stack_id, stack_name, logical_id, resource_type, f"{_VERB}_COMPLETE", physical_id=physical_id)',
    ),
    ('if logical_id in imports else f"{status_prefix}_FAILED"', f'if logical_id in imports else f"{_VERB}_FAILED"'),
    (
        "        provisioned_resources[logical_id] = {\n",
        "        is_same = bool(prev_resource) and old_tagged == new_tagged\n        provisioned_resources[logical_id] = {\n",
    ),
    (
        'else f"{status_prefix}_COMPLETE"),',
        'else "CREATE_COMPLETE" if is_same and prev_resource["ResourceStatus"] == "CREATE_COMPLETE"\n'
        f'                               else f"{_VERB}_COMPLETE"),',
    ),
    # What was replaced.
    (
        "            try:\n                # The handler's own delete first",
        f'            {_EVENT}"DELETE_IN_PROGRESS", physical_id=old_pid)\n'
        "            try:\n                # The handler's own delete first",
    ),
    (
        "                if new_pid == old_pid:\n                    continue\n                if _runs_on_worker_thread",
        "                if new_pid == old_pid:\n                    pass\n                elif _runs_on_worker_thread",
    ),
    (
        '"DELETE_FAILED", str(exc), old_pid)\n',
        '"DELETE_FAILED", str(exc), old_pid)\n'
        f'            else:\n                {_EVENT}"DELETE_COMPLETE", physical_id=old_pid)\n',
    ),
    # What the template does not have any more.
    (
        '            try:\n                if policy == "Snapshot":',
        f'            {_EVENT}"DELETE_IN_PROGRESS", physical_id=pid)\n'
        '            try:\n                if policy == "Snapshot":',
    ),
    (
        "            provisioned_resources.pop(logical_id, None)\n\n    await asyncio.sleep(0)",
        f'            {_EVENT}"DELETE_COMPLETE", physical_id=pid)\n'
        "            provisioned_resources.pop(logical_id, None)\n\n    await asyncio.sleep(0)",
    ),
)

_OF_ROLLBACK = (
    ("elif is_update and failed_logical_id:", "elif failed_logical_id:"),
    (
        'f"[{failed_logical_id}]. ")\n    else:\n        rollback_reason = "Rollback requested"',
        'f"[{failed_logical_id}]. ")\n        if not is_update:\n            rollback_reason += "Rollback requested by user."\n'
        '    else:\n        rollback_reason = "Rollback requested by user."',
    ),
    ('"" if is_update and previous_stack else "Rollback complete"', '""'),
    # The resource that failed needs no other call to be as it was.
    (
        f'            {_EVENT.rstrip()}\n                       "UPDATE_COMPLETE", physical_id=pid)\n            _mark_rolled_back',
        f'            {_EVENT}"UPDATE_IN_PROGRESS", physical_id=pid)\n'
        f'            {_EVENT}"UPDATE_COMPLETE", physical_id=pid)\n            _mark_rolled_back',
    ),
    # The predecessor of a resource that was replaced is still there.
    (
        "            to_delete.append(logical_id)\n",
        "            to_delete.append(logical_id)\n"
        "            if prev is not None:\n"
        '                for status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"):\n'
        '                    _add_event(stack_id, stack_name, logical_id, prev.get("ResourceType", ""), status,\n'
        '                               physical_id=prev.get("PhysicalResourceId", ""))\n'
        "                _mark_rolled_back(prev)\n",
    ),
)

_OF_CONTINUED_ROLLBACK = (
    (
        "            continue\n        try:\n            if _runs_on_worker_thread",
        f'            continue\n        {_EVENT}"DELETE_IN_PROGRESS", physical_id=pid)\n'
        "        try:\n            if _runs_on_worker_thread",
    ),
)

_OF_DELETION = (
    (
        '"DELETE_IN_PROGRESS",\n               physical_id=stack_id',
        '"DELETE_IN_PROGRESS",\n               "User Initiated", stack_id',
    ),
)


def install() -> None:
    changed_source.change("_add_event", _OF_EVENT, _moment_after_others)
    changed_source.change("_deploy_stack_async", _OF_DEPLOY, _verb_of)
    changed_source.change("_roll_back_operation", _OF_ROLLBACK)
    changed_source.change("_continue_update_rollback_async", _OF_CONTINUED_ROLLBACK)
    changed_source.change("_delete_stack_async", _OF_DELETION)
