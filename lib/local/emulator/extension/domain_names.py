"""Certificates that a hosted zone proves, and records in it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from ministack.services import acm, alb, route53

from .refusal import Refusal, invalid, not_found
from .store import store

CERTIFICATE = "AWS::CertificateManager::Certificate"
RECORD = "AWS::Route53::RecordSet"

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
CREATE_ONLY = {RECORD: ("HostedZoneId", "HostedZoneName", "Name")}

# https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
_LONGEST_DOMAIN = 64


def check_zone(zone_id: str, domain: str) -> None:
    """Refuses a zone that does not exist, and a domain that is not in it."""
    zone = route53._zones.get(zone_id.removeprefix("/hostedzone/"))
    if zone is None:
        raise Refusal("NotFound", f"No hosted zone found with ID: {zone_id}", "NoSuchHostedZone")
    name = f"{domain.rstrip('.')}."
    if name != zone["name"] and not name.endswith(f".{zone['name']}"):
        message = f"[RRSet with DNS name {name} is not permitted in zone {zone['name']}]"
        raise invalid(message, "InvalidChangeBatch")


def certificate_of(arn: str) -> dict:
    certificate = acm._certificates.get(arn)
    if certificate is None:
        raise not_found(f"certificate {arn}")
    return certificate


def holds_for(certificate: dict, domain: str) -> bool:
    """Whether a certificate holds for a domain, by its name or by a wildcard for the first part."""
    names = certificate["SubjectAlternativeNames"]
    return domain in names or f"*.{domain.partition('.')[2]}" in names


def guarded_certificate(base: dict) -> dict:
    def create(logical_id, properties, stack):
        _check(properties)
        return base["create"](logical_id, properties, stack)

    def delete(physical_id, properties):
        on_listener = any(physical_id in (listener.get("Certificates") or []) for listener in alb._listeners.values())
        on_service = store.all("AWS::VpcLattice::Service", CertificateArn=physical_id)
        if on_listener or on_service:
            raise Refusal("ResourceConflict", f"Certificate {physical_id} in account is in use", "ResourceInUseException")
        base["delete"](physical_id, properties)

    return {**base, "create": create, "delete": delete}


def _check(properties: dict) -> None:
    domain = properties["DomainName"]
    if len(domain) > _LONGEST_DOMAIN:
        raise invalid(f"The first domain name can be no longer than {_LONGEST_DOMAIN} characters, got {domain}")
    for option in properties.get("DomainValidationOptions") or []:
        if option.get("HostedZoneId"):
            check_zone(option["HostedZoneId"], option["DomainName"])


def guarded_record(base: dict) -> dict:
    def check(properties):
        check_zone(properties["HostedZoneId"], properties["Name"])
        alias = properties.get("AliasTarget")
        if alias and properties.get("TTL"):
            raise invalid("a record with an AliasTarget takes no TTL", "InvalidInput")

    def create(logical_id, properties, stack):
        check(properties)
        name, kind = f"{properties['Name'].rstrip('.')}.", properties["Type"]
        zone = properties["HostedZoneId"].removeprefix("/hostedzone/")
        if any(record["Name"] == name and record["Type"] == kind for record in route53._records.get(zone, [])):
            message = f"[Tried to create resource record set [name='{name}', type='{kind}'] but it already exists]"
            raise Refusal("AlreadyExists", message, "InvalidChangeBatch")
        return base["create"](logical_id, properties, stack)

    def update(physical_id, old, new, stack):
        check(new)
        return base["update"](physical_id, old, new, stack)

    return {**base, "create": create, "update": update}
