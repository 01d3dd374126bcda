"""Weights that somebody changes with the API of a traffic plane itself: the requests follow them, and the stack does not know.

What else the API of a plane changes is not done here, and refused in words.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html
https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_UpdateRule.html
https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_UpdateRoute.html
"""

import json

from ministack.services import alb

from . import app_mesh, load_balancing, vpc_lattice
from .journal import journal
from .names import as_in_template
from .query_protocol import structured
from .refusal import Refusal, invalid
from .store import Resource, store
from .weights import whole

# Per type: the property in which the weights stand, and what gives the properties that are in force.
ROUTES = {
    load_balancing.RULE: ("Actions", load_balancing.properties_of_rule),
    vpc_lattice.RULE: ("Action", lambda arn: store.get(vpc_lattice.RULE, arn).properties),
    app_mesh.ROUTE: ("Spec", lambda arn: store.get(app_mesh.ROUTE, arn).properties),
}

# As CloudFormation changes them, but for the journal.
_handlers: dict[str, dict] = {}

_REST = {
    "vpc-lattice": ("PATCH", vpc_lattice.RULE, vpc_lattice.find, vpc_lattice.read, {"action": "Action"}),
    "appmesh": ("PUT", app_mesh.ROUTE, app_mesh.find, app_mesh.read, {"spec": "Spec", "clientToken": None}),
}


def changes_weights(service: str, method: str, path: str) -> bool:
    """Whether this is UpdateRule of VPC Lattice or UpdateRoute of App Mesh."""
    if service not in _REST or method != _REST[service][0]:
        return False
    _, resource_type, find, _, _ = _REST[service]
    found = find(path)
    return isinstance(found, Resource) and found.type == resource_type


def update(service: str, path: str, body: bytes) -> dict:
    """Changes a rule or a route, which is there, and waits until its weights are in force.

    :raises Refusal: when AWS refuses it, or something else than weights is to change
    """
    _, resource_type, find, read, known = _REST[service]
    resource, asked = find(path), json.loads(body)
    _check_names(asked, known)
    changed = {known[name]: as_in_template(value) for name, value in asked.items() if known[name]}
    _change(resource_type, resource.arn, resource.properties, {**resource.properties, **changed})
    return read(path)


def modify_rule(form: dict):
    """Answers ModifyRule of a load balancer when the weights are in force."""
    asked = {name: value for name, value in structured(form).items() if name not in ("Action", "Version")}
    rule = alb._rules.get(asked.get("RuleArn"))
    if rule is None:
        return alb._error("RuleNotFound", f"Rule '{asked.get('RuleArn')}' not found.", 400)
    try:
        _check_names(asked, {"RuleArn": None, "Actions": "Actions"})
        properties = load_balancing.properties_of_rule(rule["RuleArn"])
        changed = {**properties, "Actions": [_with_numbers(action) for action in asked["Actions"]]}
        _change(load_balancing.RULE, rule["RuleArn"], properties, changed)
    except Refusal as refusal:
        return alb._error("ValidationError", str(refusal), 400)
    return alb._xml(200, "ModifyRule", f"<Rules>{alb._rule_xml(rule)}</Rules>")


def _check_names(asked: dict, known: dict) -> None:
    others = sorted(set(asked) - set(known))
    if others:
        changeable = ", ".join(name for name, changes in known.items() if changes)
        raise invalid(f"got {', '.join(others)}, expected {changeable}; change the rest through CloudFormation")


def _with_numbers(action: dict) -> dict:
    config = action.get("ForwardConfig") or {}
    groups = [{**group, "Weight": whole(group.get("Weight", 1))} for group in config.get("TargetGroups") or []]
    return {**action, "ForwardConfig": {**config, "TargetGroups": groups}} if groups else action


def _change(resource_type: str, arn: str, old: dict, new: dict) -> None:
    stack, _ = journal.live[resource_type, arn, ""]
    _handlers[resource_type]["update"](arn, old, new, stack)


def install(table: dict) -> None:
    for resource_type in ROUTES:
        _handlers[resource_type] = table[resource_type]
