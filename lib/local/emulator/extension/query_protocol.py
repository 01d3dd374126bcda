"""Requests of the oldest protocol of CloudWatch, whose fields are flat, in the form of the others; and answers back.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
"""

from collections.abc import Callable
from xml.sax.saxutils import escape

from ministack.services import cloudwatch


class RefusedRequest(ValueError):
    """A request that CloudWatch refuses with an error code of its own."""

    def __init__(self, code: str, message: str):
        """:param code: such as ``InvalidParameterValue``"""
        super().__init__(message)
        self.code = code


def refusing(operation: Callable) -> Callable:
    """An operation that answers a ``ValueError`` of its own in the protocol of the request: as ``ValidationError``, if it has no code."""

    def answered(params, data, is_cbor, is_json=False):
        try:
            return operation(params, data, is_cbor, is_json)
        except ValueError as problem:
            code = problem.code if isinstance(problem, RefusedRequest) else "ValidationError"
            return cloudwatch._error(code, str(problem), 400, use_json=is_json, use_cbor=is_cbor)

    return answered


def structured(params: dict) -> dict:
    """``{"Statistics.member.1": ["Sum"]}`` as ``{"Statistics": ["Sum"]}``. Values stay texts, but for ``true`` and ``false``."""
    tree: dict = {}
    for name, values in params.items():
        value = values[0] if isinstance(values, list) else values
        *way, last = name.split(".")
        branch = tree
        for step in way:
            branch = branch.setdefault(step, {})
        branch[last] = {"true": True, "false": False}.get(value, value)
    return _with_lists(tree)


def _with_lists(value):
    if not isinstance(value, dict):
        return value
    members = value.get("member")
    if isinstance(members, dict):
        return [_with_lists(members[number]) for number in sorted(members, key=int)]
    return {name: _with_lists(one) for name, one in value.items()}


def answer(action: str, body: dict):
    """An answer in XML."""
    return cloudwatch._xml(200, f"{action}Response", f"<{action}Result>{_elements(body)}</{action}Result>")


def _elements(value) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_elements(one)}</{name}>" for name, one in value.items() if one is not None)
    if isinstance(value, (list, tuple)):
        return "".join(f"<member>{_elements(one)}</member>" for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))
