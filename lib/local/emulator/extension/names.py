"""Property names of CloudFormation as the services' own APIs spell them."""

# Where lower-casing the first letter is not enough.
_IRREGULAR = {"AWSCloudMap": "awsCloudMap", "DNS": "dns", "TLS": "tls", "HTTP": "http", "HTTP2": "http2", "GRPC": "grpc", "TCP": "tcp"}


def as_in_api(value):
    """``{"VirtualNode": …}`` as ``{"virtualNode": …}``, all the way down."""
    if isinstance(value, list):
        return [as_in_api(item) for item in value]
    if isinstance(value, dict):
        return {_IRREGULAR.get(key, key[:1].lower() + key[1:]): as_in_api(item) for key, item in value.items()}
    return value


_IN_TEMPLATE = {in_api: in_template for in_template, in_api in _IRREGULAR.items()}


def as_in_template(value):
    """The other way round."""
    if isinstance(value, list):
        return [as_in_template(item) for item in value]
    if isinstance(value, dict):
        return {_IN_TEMPLATE.get(key, key[:1].upper() + key[1:]): as_in_template(item) for key, item in value.items()}
    return value
