"""Rollback triggers: alarms that have CloudFormation take back what it is doing to a stack.

They are watched from the start of a creation or an update to the end of its monitoring time, for which CloudFormation waits after the last
resource and before the clean-up. It goes back when an alarm is in ALARM, and when there is no such alarm. They are not watched while it
goes back.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
"""

import asyncio

from ministack.services import cloudwatch
from ministack.services.cloudformation import _stacks, changesets, handlers, stacks

from . import changed_source, giving_up, minutes, rollback_configuration
from .follower import follower

_SECONDS_BETWEEN_LOOKS = 0.05

# What is put into MiniStack's own function, which asks an update only, does not wait before the clean-up, and does not tell of it.
_CHANGES = (
    (
        'if is_update and stack.pop("_cancel_requested", False):',
        "if _is_to_go_back(stack):",
    ),
    (
        'fail_reason = "User Initiated"',
        "fail_reason = _why_it_goes_back(stack)",
    ),
    (
        "    resolved_outputs: list = []\n",
        "    if not failed:\n"
        "        fail_reason = await _monitor(stack)\n"
        "        failed = cancelled = bool(fail_reason)\n"
        "    resolved_outputs: list = []\n",
    ),
    (
        "    # Replacement cleanup (update case)",
        "    if is_update and not failed:\n"
        "        _begin_clean_up(stack)\n"
        "    # Replacement cleanup (update case)",
    ),
)


def _breach(configuration: dict) -> str:
    """Why the triggers have an operation go back; nothing, if they do not. AWS's own words are not known."""
    states = [(trigger["Arn"], _state(trigger)) for trigger in configuration.get("RollbackTriggers", [])]
    problems = {None: "does not exist", "ALARM": "went into ALARM state"}
    return "; ".join(f"Rollback trigger {arn} {problems[state]}" for arn, state in states if state in problems)


def _state(trigger: dict) -> str | None:
    _, _, _, region, account, _, name = trigger["Arn"].split(":", 6)
    alarms = cloudwatch._composite_alarms if trigger["Type"] == rollback_configuration.COMPOSITE_ALARM else cloudwatch._alarms
    alarm = alarms.get_scoped(account, region, name)
    return alarm["StateValue"] if alarm else None


def _look(stack: dict) -> None:
    """Asks what is at work on a stack to go back, as somebody does who cancels an update, if a trigger says so."""
    if not stack.get("_watched") or stack.get("_cancel_requested"):
        return
    reason = _breach(rollback_configuration.of_stack(stack))
    if reason:
        stack["_rollback_reason"] = reason
        stack["_cancel_requested"] = True
        # The rollback is of this operation, and has its token.
        stack["_cancel_token"] = stacks.CLIENT_REQUEST_TOKEN.get()
        follower.give_up(stack["StackName"], giving_up.why_not_wait(stack["StackName"]))


async def _watch(stack: dict) -> None:
    while stack.get("_watched"):
        _look(stack)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


def _is_to_go_back(stack: dict) -> bool:
    # Resources that take no time leave whoever watches none.
    _look(stack)
    return stack.pop("_cancel_requested", False)


def _why_it_goes_back(stack: dict) -> str:
    return stack.get("_rollback_reason", "User Initiated")


async def _monitor(stack: dict) -> str:
    """Waits for the monitoring time of a stack.

    :returns: why it ended early, and what was done is to be taken back; nothing, when it was over
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + rollback_configuration.of_stack(stack).get("MonitoringTimeInMinutes", 0) * minutes.SECONDS
    while True:
        if _is_to_go_back(stack):
            stacks.CLIENT_REQUEST_TOKEN.set(stack.pop("_cancel_token", ""))
            return _why_it_goes_back(stack)
        if why := giving_up.why_not_go_back(stack["StackName"]):
            return why
        left = end - loop.time()
        if left <= 0:
            stack["_watched"] = False
            return ""
        await asyncio.sleep(min(left, _SECONDS_BETWEEN_LOOKS))


def _begin_clean_up(stack: dict) -> None:
    stack["StackStatus"] = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
    name, stack_id = stack["StackName"], stack["StackId"]
    stacks._add_event(stack_id, name, name, "AWS::CloudFormation::Stack", stack["StackStatus"], physical_id=stack_id)


def _deploy_watched(deploy):
    async def deploy_watched(name, *arguments, **options):
        stack = _stacks[name]
        if stack.pop("_rollback_reason", ""):
            stack["StackStatusReason"] = ""
        stack["_watched"] = True
        watching = asyncio.create_task(_watch(stack))
        try:
            await deploy(name, *arguments, **options)
        finally:
            stack["_watched"] = False
            watching.cancel()

    return deploy_watched


def _roll_back(roll_back):
    async def back(name, stack_id, stack, operation, reason_override=""):
        stack["_watched"] = False
        if not reason_override and "_rollback_reason" in stack:
            reason_override = stack["StackStatusReason"] = stack["_rollback_reason"]
        if operation.get("is_update"):
            rollback_configuration.go_back(stack)
        await roll_back(name, stack_id, stack, operation, reason_override)

    return back


def install() -> None:
    changed_source.change("_deploy_stack_async", _CHANGES, _is_to_go_back, _why_it_goes_back, _monitor, _begin_clean_up)
    deploy = _deploy_watched(stacks._deploy_stack_async)
    # Each of them has the name of its own.
    for module in (stacks, handlers, changesets):
        module._deploy_stack_async = deploy
    for module in (stacks, handlers):
        module._roll_back_operation = _roll_back(module._roll_back_operation)
