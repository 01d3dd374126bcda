"""Who gives up waiting for a service: CancelUpdateStack, a rollback trigger, and DeleteStack of a stack that is still at work.

MiniStack asks before each resource whether the update is cancelled, so a service that never gets stable would hold it up for ever. It
deletes a stack beside what is still at work on it; CloudFormation does one after the other.
"""

import asyncio
import re

from ministack.services.cloudformation import _stacks, handlers, stacks

from .follower import follower

_AT_WORK = re.compile(r"(?!REVIEW_|DELETE_).*_IN_PROGRESS")
_SECONDS_BETWEEN_LOOKS = 0.02

# Ids of the stacks that are deleted as soon as nothing is at work on them any more.
_to_delete: set[str] = set()


def why_not_wait(stack_name: str) -> str | None:
    """Why nobody waits for a service of this stack any more; nothing, if somebody does."""
    stack = _stacks.get(stack_name) or {}
    what = "creation" if stack.get("StackStatus") == "CREATE_IN_PROGRESS" else "update"
    return why_not_go_back(stack_name) or (f"Resource {what} cancelled" if stack.get("_cancel_requested") else None)


def why_not_go_back(stack_name: str) -> str | None:
    """Why nobody waits until a service of this stack is as it was before an update."""
    stack = _stacks.get(stack_name) or {}
    return "the stack is being deleted" if stack.get("StackId") in _to_delete else None


def _cancel_update(cancel_update_stack):
    def cancel(parameters):
        response = cancel_update_stack(parameters)
        if response[0] == 200:
            name = handlers._resolve_stack(handlers._p(parameters, "StackName"))["StackName"]
            follower.give_up(name, why_not_wait(name))
        return response

    return cancel


def _delete_stack(delete_stack):
    async def delete(name, stack_id, *arguments, **options):
        stack = _stacks.get(name) or {}
        if stack_id in _to_delete or stack.get("StackStatus") == "DELETE_IN_PROGRESS":
            return
        _to_delete.add(stack_id)
        follower.give_up(name, why_not_wait(name))
        while _AT_WORK.fullmatch(stack.get("StackStatus", "")):
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        _to_delete.remove(stack_id)
        await delete_stack(name, stack_id, *arguments, **options)

    return delete


def _roll_back(roll_back):
    async def back(name, stack_id, stack, *arguments, **options):
        # Whoever goes back waits for all that was changed before.
        stack.pop("_cancel_requested", None)
        await roll_back(name, stack_id, stack, *arguments, **options)
        if stack_id in _to_delete:
            # Who waits for the deletion must not take this for its end.
            stack["StackStatus"] = "DELETE_IN_PROGRESS"

    return back


def install() -> None:
    handlers._ACTION_HANDLERS["CancelUpdateStack"] = _cancel_update(handlers._cancel_update_stack)
    handlers._delete_stack_async = _delete_stack(handlers._delete_stack_async)
    stacks._roll_back_operation = _roll_back(stacks._roll_back_operation)
