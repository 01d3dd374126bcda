"""AWS::EC2::SecurityGroupIngress and SecurityGroupEgress, and a security group that cannot go while it is in use."""

from ministack.services import alb, ec2, ecs
from ministack.services.cloudformation import provisioners

from .refusal import Refusal, in_use, not_found

INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"
GROUP = "AWS::EC2::SecurityGroup"

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html
CREATE_ONLY = {
    INGRESS: (
        "CidrIp", "CidrIpv6", "FromPort", "GroupId", "GroupName", "IpProtocol", "SourcePrefixListId",
        "SourceSecurityGroupId", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId", "ToPort",
    ),
    EGRESS: (
        "CidrIp", "CidrIpv6", "DestinationPrefixListId", "DestinationSecurityGroupId", "FromPort", "GroupId",
        "IpProtocol", "ToPort",
    ),
}  # fmt: skip


def _rule_handler(direction: str) -> dict:
    # MiniStack keeps permissions as a plain list, so the rule itself is what is found again.
    rules: dict[str, tuple[str, dict]] = {}

    def create(logical_id, properties, stack):
        group = _group(properties["GroupId"])
        other = properties.get("SourceSecurityGroupId") or properties.get("DestinationSecurityGroupId")
        if other:
            _group(other)
        (permission,) = provisioners._ec2_sg_permissions([properties])
        if any(_same(permission, other) for other in group[direction]):
            message = f"the specified rule of {properties['GroupId']} already exists: {_what_it_admits(permission)}"
            raise Refusal("AlreadyExists", message, "InvalidPermission.Duplicate")
        rule_id = f"sgr-{len(rules):017x}"
        permission["SecurityGroupRuleId"] = rule_id
        group[direction].append(permission)
        rules[rule_id] = (properties["GroupId"], permission)
        return rule_id, {"Id": rule_id}

    def update(physical_id, old, new, stack):
        group_id, permission = rules[physical_id]
        (changed,) = provisioners._ec2_sg_permissions([new])
        permission.update(changed)
        return physical_id, {"Id": physical_id}

    def delete(physical_id, properties):
        group_id, permission = rules.get(physical_id, (None, None))
        group = ec2._security_groups.get(group_id)
        if group and permission in group[direction]:
            group[direction].remove(permission)

    return {"create": create, "update": update, "delete": delete}


def _what_it_admits(permission: dict) -> dict:
    """A rule without what may differ between two rules that are the same to EC2."""
    ignored = ("Description", "SecurityGroupRuleId", "UserId")
    return {
        key: [{k: v for k, v in peer.items() if k not in ignored} for peer in value] if isinstance(value, list) else value
        for key, value in permission.items()
        if key not in ignored and value != []
    }


def _same(one: dict, other: dict) -> bool:
    return _what_it_admits(one) == _what_it_admits(other)


def _group(group_id: str) -> dict:
    group = ec2._security_groups.get(group_id)
    if group is None:
        raise not_found(f"security group {group_id}")
    return group


def guarded_group(base: dict) -> dict:
    """MiniStack's own handler, which deletes a group that others still refer to."""

    def delete(physical_id, properties):
        for group in ec2._security_groups.values():
            pairs = (
                pair
                for permission in [*group["IpPermissions"], *group["IpPermissionsEgress"]]
                for pair in permission["UserIdGroupPairs"]
            )
            if group["GroupId"] != physical_id and any(pair.get("GroupId") == physical_id for pair in pairs):
                raise in_use(f"security group {physical_id}", f"a rule of {group['GroupId']}")
        for service in ecs._services.values():
            network = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
            if service["status"] == "ACTIVE" and physical_id in network.get("securityGroups", []):
                raise in_use(f"security group {physical_id}", f"service {service['serviceName']}")
        for balancer in alb._lbs.values():
            if physical_id in balancer["SecurityGroups"]:
                raise in_use(f"security group {physical_id}", f"load balancer {balancer['LoadBalancerName']}")
        base["delete"](physical_id, properties)

    return {**base, "delete": delete}


HANDLERS = {INGRESS: _rule_handler("IpPermissions"), EGRESS: _rule_handler("IpPermissionsEgress")}
