"""Names that a template gives, and that something else has already."""

from ministack.services import cloudwatch, cloudwatch_logs, ec2

from .refusal import Refusal


def _log_group(properties: dict) -> None:
    if properties.get("LogGroupName") in cloudwatch_logs._log_groups:
        raise Refusal("AlreadyExists", "The specified log group already exists", "ResourceAlreadyExistsException")


def _alarm(properties: dict) -> None:
    if properties.get("AlarmName") in cloudwatch._alarms:
        raise Refusal("AlreadyExists", f"{properties['AlarmName']} already exists")


def _security_group(properties: dict) -> None:
    name, vpc = properties.get("GroupName"), properties.get("VpcId")
    if name and any(group["GroupName"] == name and group["VpcId"] == vpc for group in ec2._security_groups.values()):
        message = f"The security group '{name}' already exists for VPC '{vpc}'"
        raise Refusal("AlreadyExists", message, "InvalidGroup.Duplicate")


_CHECKS = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::EC2::SecurityGroup": _security_group,
    "AWS::Logs::LogGroup": _log_group,
}


def install(table: dict) -> None:
    for resource_type, check in _CHECKS.items():
        table[resource_type] = {**table[resource_type], "create": _checked(check, table[resource_type]["create"])}


def _checked(check, create):
    def checked_create(logical_id, properties, stack):
        check(properties)
        return create(logical_id, properties, stack)

    return checked_create
