"""AWS::VpcLattice::*: created, checked, and read through the API.

https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/
"""

import json
import re
from uuid import uuid4

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, ec2

from . import domain_names, health_checks
from .names import as_in_api
from .refusal import already_exists, in_use, invalid, not_found
from .store import Resource, store
from .weights import check_weights, whole

NETWORK = "AWS::VpcLattice::ServiceNetwork"
VPC_ASSOCIATION = "AWS::VpcLattice::ServiceNetworkVpcAssociation"
SERVICE = "AWS::VpcLattice::Service"
SERVICE_ASSOCIATION = "AWS::VpcLattice::ServiceNetworkServiceAssociation"
LISTENER = "AWS::VpcLattice::Listener"
RULE = "AWS::VpcLattice::Rule"
TARGET_GROUP = "AWS::VpcLattice::TargetGroup"
AUTH_POLICY = "AWS::VpcLattice::AuthPolicy"
ACCESS_LOG = "AWS::VpcLattice::AccessLogSubscription"

CREATE_ONLY = {
    NETWORK: ("Name", "SharingConfig"),
    VPC_ASSOCIATION: ("ServiceNetworkIdentifier", "VpcIdentifier"),
    SERVICE: ("CustomDomainName", "Name"),
    SERVICE_ASSOCIATION: ("ServiceNetworkIdentifier", "ServiceIdentifier"),
    LISTENER: ("Name", "Port", "Protocol", "ServiceIdentifier"),
    RULE: ("ListenerIdentifier", "Name", "ServiceIdentifier"),
    TARGET_GROUP: ("Name", "Type"),
    AUTH_POLICY: ("ResourceIdentifier",),
    ACCESS_LOG: ("ResourceIdentifier",),
}

# Per type: prefix of its ids, shortest and longest name.
_IDS = {
    NETWORK: ("sn", 3, 63),
    VPC_ASSOCIATION: ("snva", None, None),
    SERVICE: ("svc", 3, 40),
    SERVICE_ASSOCIATION: ("snsa", None, None),
    LISTENER: ("listener", 3, 63),
    RULE: ("rule", 3, 63),
    TARGET_GROUP: ("tg", 3, 128),
    ACCESS_LOG: ("als", None, None),
}
_PATHS = {
    NETWORK: "servicenetwork",
    VPC_ASSOCIATION: "servicenetworkvpcassociation",
    SERVICE: "service",
    SERVICE_ASSOCIATION: "servicenetworkserviceassociation",
    TARGET_GROUP: "targetgroup",
    ACCESS_LOG: "accesslogsubscription",
}


def _check_name(resource_type: str, name: str) -> None:
    prefix, shortest, longest = _IDS[resource_type]
    if not (shortest <= len(name) <= longest and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)) or name.startswith(f"{prefix}-"):
        raise invalid(
            f"name {name}: expected {shortest} to {longest} lower-case letters, digits and single hyphens, not starting with {prefix}-"
        )


def _same_network_or_service(one: str, other: str) -> bool:
    """Whether two identifiers, each an ARN or an id, mean the same resource."""
    return one.rsplit("/", 1)[-1] == other.rsplit("/", 1)[-1]


def _within(resource_type: str, key: str, identifier: str) -> list[Resource]:
    return [r for r in store.all(resource_type) if _same_network_or_service(r.properties[key], identifier)]


def _forward_targets(action: dict) -> list[dict]:
    return (action.get("Forward") or {}).get("TargetGroups") or []


def _users_of_target_group(target_group: Resource) -> list[Resource]:
    def uses(action):
        return any(_same_network_or_service(t["TargetGroupIdentifier"], target_group.id) for t in _forward_targets(action))

    return [
        *(rule for rule in store.all(RULE) if uses(rule.properties["Action"])),
        *(listener for listener in store.all(LISTENER) if uses(listener.properties["DefaultAction"])),
    ]


def target_group(identifier: str) -> Resource | None:
    """:param identifier: its ARN or its id"""
    return store.find(TARGET_GROUP, identifier)


def is_in_use(target_group: Resource) -> bool:
    return bool(_users_of_target_group(target_group))


def _check_action(action: dict, service: Resource, where: str) -> None:
    fixed = action.get("FixedResponse")
    if fixed:
        if whole(fixed["StatusCode"]) not in (404, 500):
            raise invalid(f"{where}: got status code {fixed['StatusCode']}, expected 404 or 500")
        return
    targets = _forward_targets(action)
    check_weights([whole(t.get("Weight", 100)) for t in targets], where=where, most_targets=10, highest=999)
    for target in targets:
        target_group = store.get(TARGET_GROUP, target["TargetGroupIdentifier"])
        for user in _users_of_target_group(target_group):
            if not _same_network_or_service(user.properties["ServiceIdentifier"], service.id):
                raise in_use(f"target group {target_group.name}", "another service: it can have one only")


def _check(resource_type: str, properties: dict, own_arn: str | None = None) -> None:
    if resource_type == VPC_ASSOCIATION:
        store.get(NETWORK, properties["ServiceNetworkIdentifier"])
        if properties["VpcIdentifier"] not in ec2._vpcs:
            raise not_found(f"VPC {properties['VpcIdentifier']}")
        groups = properties.get("SecurityGroupIds") or []
        if len(groups) > 5:
            raise invalid(f"VPC association: got {len(groups)} security groups, expected at most 5")
        for group in groups:
            if group not in ec2._security_groups:
                raise not_found(f"security group {group}")
        others = [r for r in store.all(VPC_ASSOCIATION, VpcIdentifier=properties["VpcIdentifier"]) if r.arn != own_arn]
        if others:
            raise in_use(f"VPC {properties['VpcIdentifier']}", f"{others[0].id}: it can be in one service network only")
    if resource_type == SERVICE:
        _check_certificate(properties)
    if resource_type == SERVICE_ASSOCIATION:
        network = store.get(NETWORK, properties["ServiceNetworkIdentifier"])
        _check_domain(store.get(SERVICE, properties["ServiceIdentifier"]), network)
    if resource_type == LISTENER:
        service = store.get(SERVICE, properties["ServiceIdentifier"])
        if properties["Protocol"] not in ("HTTP", "HTTPS", "TLS_PASSTHROUGH"):
            raise invalid(f"listener: got protocol {properties['Protocol']}, expected HTTP, HTTPS or TLS_PASSTHROUGH")
        for listener in _within(LISTENER, "ServiceIdentifier", service.id):
            if listener.arn != own_arn and listener.properties.get("Port") == properties.get("Port"):
                raise in_use(f"port {properties.get('Port')}", listener.id)
        _check_action(properties["DefaultAction"], service, f"listener on port {properties.get('Port')}")
    if resource_type == RULE:
        service = store.get(SERVICE, properties["ServiceIdentifier"])
        listener = store.get(LISTENER, properties["ListenerIdentifier"])
        priority = whole(properties["Priority"])
        if not isinstance(priority, int) or not 1 <= priority <= 2000:
            raise invalid(f"rule: got priority {priority}, expected 1 to 2000")
        for rule in _within(RULE, "ListenerIdentifier", listener.id):
            if rule.arn != own_arn and whole(rule.properties["Priority"]) == priority:
                raise in_use(f"priority {priority}", rule.id)
        _check_action(properties["Action"], service, f"rule with priority {priority}")
    if resource_type == TARGET_GROUP:
        if properties["Type"] not in ("IP", "INSTANCE", "LAMBDA", "ALB"):
            raise invalid(f"target group: got type {properties['Type']}, expected IP, INSTANCE, LAMBDA or ALB")
        config = properties.get("Config") or {}
        health_checks.check_lattice_target_group(config)
        vpc = config.get("VpcIdentifier")
        if properties["Type"] != "LAMBDA" and vpc not in ec2._vpcs:
            raise not_found(f"VPC {vpc}")
    if resource_type in (AUTH_POLICY, ACCESS_LOG):
        identifier = properties.get("ResourceIdentifier")
        if not (store.find(NETWORK, identifier) or store.find(SERVICE, identifier)):
            raise not_found(f"service network or service {identifier}")
    if resource_type == ACCESS_LOG:
        destination = properties["DestinationArn"].removesuffix(":*")
        if ":logs:" in destination and destination.rsplit(":log-group:", 1)[-1] not in cloudwatch_logs._log_groups:
            raise not_found(f"log group {destination}")


def _check_certificate(properties: dict) -> None:
    # https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-byoc.html
    domain, arn = properties.get("CustomDomainName"), properties.get("CertificateArn")
    if arn is None:
        return
    certificate = domain_names.certificate_of(arn)
    if domain is None or not domain_names.holds_for(certificate, domain):
        raise invalid(f"certificate {arn} does not match the custom domain name {domain}")


def _check_domain(service: Resource, network: Resource) -> None:
    # https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-custom-domain-name.html
    domain = service.properties.get("CustomDomainName")
    for association in _within(SERVICE_ASSOCIATION, "ServiceNetworkIdentifier", network.id):
        other = store.find(SERVICE, association.properties["ServiceIdentifier"])
        if domain and other and other.id != service.id and other.properties.get("CustomDomainName") == domain:
            raise in_use(f"custom domain name {domain} in {network.id}", other.id)


def _users(resource: Resource) -> list[Resource]:
    """Whatever keeps a resource from being deleted."""
    if resource.type == TARGET_GROUP:
        return _users_of_target_group(resource)
    if resource.type == SERVICE:
        return _within(SERVICE_ASSOCIATION, "ServiceIdentifier", resource.id)
    if resource.type == NETWORK:
        return [
            *_within(SERVICE_ASSOCIATION, "ServiceNetworkIdentifier", resource.id),
            *_within(VPC_ASSOCIATION, "ServiceNetworkIdentifier", resource.id),
        ]
    return []


def _arn(resource_type: str, identifier: str, properties: dict) -> str:
    base = f"arn:aws:vpc-lattice:{get_region()}:{get_account_id()}:"
    if resource_type == LISTENER:
        service = store.get(SERVICE, properties["ServiceIdentifier"])
        return f"{base}service/{service.id}/listener/{identifier}"
    if resource_type == RULE:
        return f"{store.get(LISTENER, properties['ListenerIdentifier']).arn}/rule/{identifier}"
    return f"{base}{_PATHS[resource_type]}/{identifier}"


def _domain(service: Resource) -> dict:
    name = service.address or f"{service.name}-{service.id[4:]}.7d67968.vpc-lattice-svcs.{get_region()}.on.aws"
    return {"DomainName": name, "HostedZoneId": "Z09127221KTH2CEXAMPLE"}


def give_address(physical_id: str, address: str) -> dict:
    """Has a service answer under an address, and gives the attribute that says so."""
    service = store.by_arn(physical_id)
    service.address = address
    return {"DnsEntry.DomainName": _domain(service)["DomainName"]}


def _attributes(resource: Resource) -> dict:
    properties = resource.properties
    attributes = {
        "Id": resource.id,
        "Arn": resource.arn,
        "Status": "ACTIVE",
        "CreatedAt": resource.created,
        "LastUpdatedAt": resource.updated,
    }
    if "ServiceNetworkIdentifier" in properties:
        network = store.get(NETWORK, properties["ServiceNetworkIdentifier"])
        attributes |= {"ServiceNetworkId": network.id, "ServiceNetworkArn": network.arn, "ServiceNetworkName": network.name}
    service = resource if resource.type == SERVICE else store.find(SERVICE, properties.get("ServiceIdentifier"))
    if service:
        domain = _domain(service)
        attributes |= {
            "ServiceId": service.id, "ServiceArn": service.arn, "ServiceName": service.name,
            "DnsEntry.DomainName": domain["DomainName"], "DnsEntry.HostedZoneId": domain["HostedZoneId"],
        }  # fmt: skip
    if resource.type == VPC_ASSOCIATION:
        attributes["VpcId"] = properties["VpcIdentifier"]
    if resource.type == ACCESS_LOG:
        attributes |= {"ResourceId": properties["ResourceIdentifier"], "ResourceArn": properties["ResourceIdentifier"]}
    return attributes


def handler(resource_type: str) -> dict:
    def create(logical_id, properties, stack):
        _check(resource_type, properties)
        prefix = _IDS[resource_type][0]
        identifier = f"{prefix}-{uuid4().hex[:17]}"
        # CloudFormation names what the template does not, as unique as an id.
        name = properties.get("Name") or f"{stack}-{logical_id}-{identifier[-12:]}".lower()[-_longest(resource_type):].lstrip("-")
        if properties.get("Name"):
            _check_name(resource_type, name)
            if resource_type in (NETWORK, SERVICE, TARGET_GROUP) and any(r.name == name for r in store.all(resource_type)):
                raise already_exists(f"{resource_type.rsplit('::', 1)[1]} {name}")
        arn = _arn(resource_type, identifier, properties)
        resource = store.add(Resource(resource_type, arn, identifier, name, properties))
        return arn, _attributes(resource)

    def update(physical_id, old, new, stack):
        _check(resource_type, new, physical_id)
        return physical_id, _attributes(store.change(physical_id, new))

    def delete(physical_id, properties):
        resource = store.by_arn(physical_id)
        if resource is None:
            return
        users = _users(resource)
        if users:
            raise in_use(resource.id, users[0].id)
        # A listener goes with its rules, and a service with its listeners.
        for listener in _within(LISTENER, "ServiceIdentifier", resource.id) if resource_type == SERVICE else []:
            delete_within(listener)
        if resource_type == LISTENER:
            delete_within(resource)
        store.remove(physical_id)

    def delete_within(listener):
        for rule in _within(RULE, "ListenerIdentifier", listener.id):
            store.remove(rule.arn)
        store.remove(listener.arn)

    return {"create": create, "update": update, "delete": delete}


def _longest(resource_type: str) -> int:
    return _IDS[resource_type][2] or 63


def _auth_policy_handler() -> dict:
    """An auth policy has no ARN: it is known by the resource that it guards."""

    def create(logical_id, properties, stack):
        _check(AUTH_POLICY, properties)
        identifier = properties["ResourceIdentifier"]
        if store.by_arn(f"auth-policy:{identifier}"):
            raise already_exists(f"auth policy of {identifier}")
        store.add(Resource(AUTH_POLICY, f"auth-policy:{identifier}", identifier, identifier, properties))
        return identifier, {"State": "Active"}

    def update(physical_id, old, new, stack):
        store.change(f"auth-policy:{physical_id}", new)
        return physical_id, {"State": "Active"}

    def delete(physical_id, properties):
        store.remove(f"auth-policy:{physical_id}")

    return {"create": create, "update": update, "delete": delete}


HANDLERS = {
    **{resource_type: handler(resource_type) for resource_type in CREATE_ONLY if resource_type != AUTH_POLICY},
    AUTH_POLICY: _auth_policy_handler(),
}

_LISTS = {
    "servicenetworks": NETWORK,
    "services": SERVICE,
    "targetgroups": TARGET_GROUP,
    "servicenetworkvpcassociations": VPC_ASSOCIATION,
    "servicenetworkserviceassociations": SERVICE_ASSOCIATION,
    "accesslogsubscriptions": ACCESS_LOG,
}


def read(path: str):
    """Answers a GET of the VPC Lattice API: the body, or None when there is nothing under this path."""
    parts = path.strip("/").split("/")
    if parts[0] == "authpolicy" and len(parts) > 1:
        found = store.by_arn(f"auth-policy:{'/'.join(parts[1:])}")
        return found and {"policy": json.dumps(found.properties["Policy"]), "state": "Active"}
    found = find(path)
    if isinstance(found, list):
        return {"items": [_read(resource) for resource in found]}
    return found and _read(found)


def find(path: str) -> Resource | list[Resource] | None:
    """What is under a path: a resource, or several; None when there is nothing."""
    parts = path.strip("/").split("/")
    resource_type = _LISTS.get(parts[0])
    if resource_type is None:
        return None
    if len(parts) == 1:
        return store.all(resource_type)
    resource = store.find(resource_type, parts[1])
    if resource is None or len(parts) == 2:
        return resource
    listeners = _within(LISTENER, "ServiceIdentifier", resource.id)
    if len(parts) == 3:
        return listeners
    listener = next((entry for entry in listeners if parts[3] in (entry.id, entry.arn)), None)
    if listener is None or len(parts) == 4:
        return listener
    rules = _within(RULE, "ListenerIdentifier", listener.id)
    if len(parts) == 5:
        return rules
    return next((entry for entry in rules if parts[5] in (entry.id, entry.arn)), None)


def _read(resource: Resource) -> dict:
    return {
        **as_in_api(resource.properties),
        "id": resource.id,
        "arn": resource.arn,
        "name": resource.name,
        "status": "ACTIVE",
        "createdAt": resource.created,
        "lastUpdatedAt": resource.updated,
        **({"dnsEntry": as_in_api(_domain(resource))} if resource.type == SERVICE else {}),
    }
