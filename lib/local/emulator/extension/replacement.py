"""When CloudFormation replaces a resource, and when it refuses to.

MiniStack replaces as CloudFormation does: it makes the new resource, lets what refers to it follow, and deletes the old one in the
clean-up. Here it learns of the properties of this app's types that it does not know, of properties within properties, and of the types
that cannot be replaced while they keep the name that the template gives them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from ministack.services.cloudformation import provisioners, stacks

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
CREATE_ONLY = {
    "AWS::EC2::SecurityGroup": ("GroupDescription", "GroupName", "VpcId"),
    "AWS::EC2::VPC": ("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl"),
    "AWS::ECS::Cluster": ("ClusterName",),
    "AWS::Lambda::Permission": (
        "Action", "EventSourceToken", "FunctionName", "FunctionUrlAuthType", "InvokedViaFunctionUrl", "Principal",
        "PrincipalOrgID", "SourceAccount", "SourceArn",
    ),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::Logs::MetricFilter": ("FilterName", "LogGroupName"),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": ("Name", "Vpc"),
    "AWS::ServiceDiscovery::Service": ("HealthCheckCustomConfig", "Name", "NamespaceId", "Type"),
}  # fmt: skip

# Per type: the property, and those within it whose change makes a new resource.
_CREATE_ONLY_WITHIN = {
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-vpclattice-targetgroup-targetgroupconfig.html
    "AWS::VpcLattice::TargetGroup": (
        "Config",
        ("IpAddressType", "LambdaEventStructureVersion", "Port", "Protocol", "ProtocolVersion", "VpcIdentifier"),
    ),
    "AWS::ServiceDiscovery::Service": ("DnsConfig", ("NamespaceId",)),
}

# Types that have create-only properties beside a name, which nothing else may have; MiniStack knows those of load balancers itself.
_NAMED = {
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ServiceDiscovery::Service": "Name",
    "AWS::VpcLattice::Service": "Name",
    "AWS::VpcLattice::ServiceNetwork": "Name",
    "AWS::VpcLattice::TargetGroup": "Name",
}


def _changes_within(resource_type: str, old: dict, new: dict) -> bool:
    name, within = _CREATE_ONLY_WITHIN.get(resource_type, ("", ()))
    before, after = old.get(name) or {}, new.get(name) or {}
    return any(before.get(key) != after.get(key) for key in within)


def install() -> None:
    provisioners._REPLACING_PROPERTIES.update(CREATE_ONLY)
    provisioners._CONDITIONALLY_REPLACING_PROPERTIES.update(
        {resource_type: (name,) for resource_type, (name, _) in _CREATE_ONLY_WITHIN.items()}
    )
    provisioners._CUSTOM_NAME_REPLACEMENT.update({resource_type: {"name": name} for resource_type, name in _NAMED.items()})
    replacing_change = provisioners._replacing_change

    def replacing_change_within(resource_type, old, new):
        return replacing_change(resource_type, old, new) or _changes_within(resource_type, old, new)

    for module in (provisioners, stacks):
        module._replacing_change = replacing_change_within
