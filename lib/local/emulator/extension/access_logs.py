"""Whether a load balancer may write its access log to a bucket.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

import json

from ministack.services import s3

from .refusal import invalid

_WRITERS = ("logdelivery.elasticloadbalancing.amazonaws.com", "delivery.logs.amazonaws.com")


def check(attributes: list[dict] | None) -> None:
    """Refuses a bucket that does not exist, or whose policy lets no load balancer write."""
    values = {attribute["Key"]: attribute["Value"] for attribute in attributes or []}
    if values.get("access_logs.s3.enabled") != "true":
        return
    bucket = values.get("access_logs.s3.bucket")
    if not bucket:
        raise invalid("The value of 'access_logs.s3.bucket' cannot be empty", "InvalidConfigurationRequest")
    if bucket not in s3._buckets or not any(writer in _writers(bucket) for writer in _WRITERS):
        message = f"Access Denied for bucket: {bucket}. Please check S3bucket permission"
        raise invalid(message, "InvalidConfigurationRequest")


def _writers(bucket: str) -> list[str]:
    policy = json.loads(s3._bucket_policies.get(bucket) or "{}")
    services = [
        statement["Principal"].get("Service", [])
        for statement in policy.get("Statement", [])
        if statement["Effect"] == "Allow" and isinstance(statement["Principal"], dict)
    ]
    return [name for service in services for name in ([service] if isinstance(service, str) else service)]
