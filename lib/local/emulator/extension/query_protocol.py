"""Requests of the oldest protocol of CloudWatch, whose fields are flat, in the form of the others; and answers back.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
"""

from xml.sax.saxutils import escape

from ministack.services import cloudwatch


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
