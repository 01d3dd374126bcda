"""The rollback triggers of a stack and the time for which they are monitored: checked, kept and shown.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackTrigger.html
"""

import re

from ministack.services.cloudformation import _stacks, changesets, handlers
from ministack.services.cloudformation.helpers import _error, _esc, _p, validation_error_message

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"

_MOST_TRIGGERS = 5
_MOST_MINUTES = 180
_KEY = "RollbackConfiguration"
_ALARM_ARN = re.compile(r"arn:[a-z0-9-]+:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+")


def _given(parameters: dict) -> dict:
    """What a request says of it: with the same keys as in the API, those that it names."""
    given: dict = {}
    triggers = f"{_KEY}.RollbackTriggers"
    numbers = {int(found[1]) for name in parameters if (found := re.match(rf"{re.escape(triggers)}\.member\.(\d+)\.", name))}
    # An empty list comes as a value without an item.
    if numbers or triggers in parameters:
        given["RollbackTriggers"] = [
            {name: _p(parameters, f"{triggers}.member.{number}.{name}") for name in ("Arn", "Type")} for number in sorted(numbers)
        ]
    if _p(parameters, f"{_KEY}.MonitoringTimeInMinutes"):
        given["MonitoringTimeInMinutes"] = _p(parameters, f"{_KEY}.MonitoringTimeInMinutes")
    return given


def _problems(given: dict) -> list[str]:
    def failed(value, where, constraint):
        return f"Value '{value}' at 'rollbackConfiguration.{where}' failed to satisfy constraint: Member must {constraint}"

    triggers, minutes = given.get("RollbackTriggers", []), given.get("MonitoringTimeInMinutes", "0")
    problems = []
    if len(triggers) > _MOST_TRIGGERS:
        arns = ", ".join(trigger["Arn"] for trigger in triggers)
        problems.append(failed(f"[{arns}]", "rollbackTriggers", f"have length less than or equal to {_MOST_TRIGGERS}"))
    for number, trigger in enumerate(triggers, start=1):
        where = f"rollbackTriggers.{number}.member"
        if not _ALARM_ARN.fullmatch(trigger["Arn"]):
            problems.append(failed(trigger["Arn"], f"{where}.arn", "be the ARN of a CloudWatch alarm"))
        if trigger["Type"] not in (ALARM, COMPOSITE_ALARM):
            problems.append(failed(trigger["Type"], f"{where}.type", f"satisfy enum value set: [{ALARM}, {COMPOSITE_ALARM}]"))
    if not re.fullmatch(r"\d+", minutes) or int(minutes) > _MOST_MINUTES:
        problems.append(failed(minutes, "monitoringTimeInMinutes", f"be a whole number from 0 to {_MOST_MINUTES}"))
    return problems


def _after(kept: dict, given: dict) -> dict:
    """What holds after a request: what it does not speak of stays, but the time goes with the triggers, and is 0 where none is named."""
    if not given:
        return kept
    return {
        "RollbackTriggers": given.get("RollbackTriggers", kept.get("RollbackTriggers", [])),
        "MonitoringTimeInMinutes": int(given.get("MonitoringTimeInMinutes", 0)),
    }


def of_stack(stack: dict) -> dict:
    """The configuration that holds for a stack; empty, if it was never given one."""
    return stack.get(_KEY, {})


def go_back(stack: dict) -> None:
    """Has the configuration hold again that held before the operation."""
    stack[_KEY] = stack.pop("_previous_rollback_configuration", of_stack(stack))


def _hold(stack: dict, given: dict) -> None:
    stack["_previous_rollback_configuration"] = of_stack(stack)
    stack[_KEY] = _after(of_stack(stack), given)


def _with_configuration(operation):
    """CreateStack or UpdateStack."""

    def checked(parameters):
        given = _given(parameters)
        if problems := _problems(given):
            return _error("ValidationError", validation_error_message(problems))
        response = operation(parameters)
        if response[0] == 200:
            _hold(handlers._resolve_stack(_p(parameters, "StackName")), given)
        return response

    return checked


def _create_change_set(create):
    def checked(parameters):
        given = _given(parameters)
        if problems := _problems(given):
            return _error("ValidationError", validation_error_message(problems))
        response = create(parameters)
        if response[0] == 200:
            change_set_of(parameters)[_KEY] = given
        return response

    return checked


def _execute_change_set(execute):
    def held(parameters):
        change_set = change_set_of(parameters)
        response = execute(parameters)
        if response[0] == 200:
            _hold(_stacks[change_set["StackName"]], change_set.get(_KEY, {}))
        return response

    return held


def change_set_of(parameters: dict) -> dict | None:
    stack = handlers._resolve_stack(_p(parameters, "StackName")) or {}
    name = _p(parameters, "ChangeSetName")
    return changesets._find_change_set(name, stack.get("StackName", ""))[1]


def _describe_stacks(describe):
    def with_configuration(parameters):
        status, headers, body = describe(parameters)
        by_id = {stack["StackId"]: of_stack(stack) for stack in _stacks.values()}

        def add(found):
            return found[0] + _as_xml(by_id.get(found[1].decode(), {}))

        return status, headers, re.sub(rb"<StackId>([^<]*)</StackId>", add, body)

    return with_configuration


def _describe_change_set(describe):
    def with_configuration(parameters):
        status, headers, body = describe(parameters)
        if status == 200:
            added = _as_xml((change_set_of(parameters) or {}).get(_KEY, {}))
            body = body.replace(b"</StackId>", b"</StackId>" + added, 1)
        return status, headers, body

    return with_configuration


def _as_xml(configuration: dict) -> bytes:
    triggers = "".join(
        f"<member><Arn>{_esc(trigger['Arn'])}</Arn><Type>{trigger['Type']}</Type></member>"
        for trigger in configuration.get("RollbackTriggers", [])
    )
    listed = f"<RollbackTriggers>{triggers}</RollbackTriggers>" if "RollbackTriggers" in configuration else ""
    minutes = configuration.get("MonitoringTimeInMinutes")
    monitored = "" if minutes is None else f"<MonitoringTimeInMinutes>{minutes}</MonitoringTimeInMinutes>"
    return f"<{_KEY}>{listed}{monitored}</{_KEY}>".encode()


_WRAPPERS = {
    "CreateStack": _with_configuration,
    "UpdateStack": _with_configuration,
    "CreateChangeSet": _create_change_set,
    "ExecuteChangeSet": _execute_change_set,
    "DescribeStacks": _describe_stacks,
    "DescribeChangeSet": _describe_change_set,
}


def install() -> None:
    for action, wrapped in _WRAPPERS.items():
        handlers._ACTION_HANDLERS[action] = wrapped(handlers._ACTION_HANDLERS[action])
