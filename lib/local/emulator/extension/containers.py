"""What ECS refuses of containers, and of which it learns only when it starts them: their secrets."""

import json

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam, secretsmanager, ssm

from . import health_checks
from .refusal import invalid, not_found
from .weights import whole

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
_ARCHITECTURES = ("X86_64", "ARM64")

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
_LONGEST_STOP_TIMEOUT = 120


def check_task(properties: dict) -> None:
    """Refuses what ECS does not register."""
    for role in (properties.get("TaskRoleArn"), properties.get("ExecutionRoleArn")):
        if role and not _role(role):
            raise not_found(f"role {role}")
    architecture = (properties.get("RuntimePlatform") or {}).get("CpuArchitecture", _ARCHITECTURES[0])
    if architecture not in _ARCHITECTURES:
        raise invalid(f"runtime platform: got CPU architecture {architecture}, expected {' or '.join(_ARCHITECTURES)}")
    for container in properties["ContainerDefinitions"]:
        health_checks.check_container(container)
        _check_container(container, properties)


def _check_container(container: dict, task: dict) -> None:
    where = f"container {container['Name']}"
    timeout = whole(container.get("StopTimeout", 0))
    if "FARGATE" in (task.get("RequiresCompatibilities") or []) and not 0 <= timeout <= _LONGEST_STOP_TIMEOUT:
        raise invalid(f"{where}: got stop timeout {timeout}, expected at most {_LONGEST_STOP_TIMEOUT} seconds on Fargate")
    secrets = [secret["Name"] for secret in container.get("Secrets") or []]
    if secrets and not task.get("ExecutionRoleArn"):
        raise invalid("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")
    variables = [variable["Name"] for variable in container.get("Environment") or []]
    for name in secrets:
        if name in variables or secrets.count(name) > 1:
            raise invalid(
                f"{where}: The secret name must be unique and not shared with any new or existing environment variables set on the "
                f"container, such as '{name}'."
            )


def start_problem(definition: dict) -> str | None:
    """Why no task of a definition can start: a secret that is not there, or that the execution role may not read."""
    for container in definition["containerDefinitions"]:
        for secret in container.get("secrets") or []:
            problem = _secret_problem(secret["valueFrom"], definition.get("executionRoleArn", ""))
            if problem:
                return f"ResourceInitializationError: unable to pull secrets or registry auth: {problem}"
    return None


def _secret_problem(value_from: str, role_arn: str) -> str | None:
    if _is_in_secrets_manager(value_from):
        arn, (field, _, _) = _parts(value_from)
        action, found = "secretsmanager:GetSecretValue", _secret(arn)
        if found is not None and field and not _has_field(found["ARN"], field):
            return f"retrieved secret from Secrets Manager did not contain json key {field}"
    else:
        arn, action, found = value_from, "ssm:GetParameters", ssm._lookup_parameter(value_from, allow_arn_region=True)[1]
    if found is None:
        return f"{arn} does not exist"
    return None if _may(role_arn, action, found["ARN"]) else f"{role_arn} is not authorized to perform: {action} on resource: {arn}"


def secret_values(definition: dict) -> dict[str, dict[str, str]]:
    """What its containers' secrets say now, by name of the container and of the variable. One that cannot be read is left out."""
    values = {}
    for container in definition["containerDefinitions"]:
        found = {secret["name"]: _secret_value(secret["valueFrom"]) for secret in container.get("secrets") or []}
        if found:
            values[container["name"]] = {name: value for name, value in found.items() if value is not None}
    return values


def _secret_value(value_from: str) -> str | None:
    if not _is_in_secrets_manager(value_from):
        return ssm.resolve_parameter_value(value_from, decrypt=True)
    arn, (field, stage, version) = _parts(value_from)
    found = _secret(arn)
    value = found and secretsmanager.resolve_secret_string(found["ARN"], stage or "AWSCURRENT", version or None)
    if not value or not field:
        return value
    return _as_text(json.loads(value)[field]) if _has_field(found["ARN"], field) else None


def _as_text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _is_in_secrets_manager(value_from: str) -> bool:
    return value_from.startswith("arn:") and value_from.split(":")[2] == "secretsmanager"


def _parts(value_from: str) -> tuple[str, list[str]]:
    """The ARN of a secret; and what stands behind it, each possibly empty: the field of its JSON, the stage and the id of its version."""
    parts = value_from.split(":")
    return ":".join(parts[:7]), (parts[7:] + ["", "", ""])[:3]


def _secret(arn: str) -> dict | None:
    """By its whole ARN, or by the ARN without the hyphen and the six characters that stand behind the name."""
    for secret in secretsmanager._secrets.values():
        if not secret.get("DeletedDate") and arn in (secret["ARN"], secret["ARN"][:-7]):
            return secret
    return None


def _has_field(arn: str, field: str) -> bool:
    try:
        return field in json.loads(secretsmanager.resolve_secret_string(arn) or "")
    except ValueError:
        return False


def _role(arn: str) -> dict | None:
    return next((role for role in iam._roles.values() if role.get("Arn") == arn), None)


def _may(role_arn: str, action: str, resource_arn: str) -> bool:
    role = _role(role_arn)
    if role is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn=role_arn,
        principal_type="AssumedRole",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource_arn,
        region=get_region(),
    )
    policies = iam_evaluator._gather_role_policies(role["RoleName"], get_account_id())
    return iam_evaluator.evaluate(context, policies).decision == "Allow"
