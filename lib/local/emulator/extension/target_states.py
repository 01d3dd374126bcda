"""What the API says of the targets of target groups, when somebody follows who checks them: what the follower has said of them last."""

import json
import re

from ministack.services import alb

from . import load_balancing, vpc_lattice

_HOST = "127.0.0.1"

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
_REASONS = {
    "initial": ("Elb.RegistrationInProgress", "Target registration is in progress"),
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
}
_NOT_IN_USE = ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer")
_NOT_REGISTERED = ("Target.NotRegistered", "Target is not registered to the target group")

_LIST_TARGETS = re.compile(r"/targetgroups/(.+)/listtargets")

# By ARN of the target group.
_targets: dict[str, list[dict]] = {}


def take(states: list[dict]) -> None:
    """:param states: as ``TargetGroupState`` has them"""
    for state in states:
        _targets[state["targetGroup"]] = state["targets"]


def _describe_target_health(params: dict):
    arn = alb._p(params, "TargetGroupArn")
    if arn not in alb._tgs:
        return alb._error("TargetGroupNotFound", f"Target group '{arn}' not found.")
    used = bool(load_balancing.users_of(arn))
    known = [(_HOST, target["port"], *_health(target["state"], used)) for target in _targets.get(arn, [])]
    asked = alb._parse_targets_param(params)
    if asked:
        known = [
            next((one for one in known if _is_meant(target, *one)), (target["Id"], target.get("Port"), "unused", _NOT_REGISTERED))
            for target in asked
        ]
    members = "".join(_member(*one) for one in known)
    return alb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>")


def _health(state: str, used: bool) -> tuple:
    # Nobody checks what gets no requests.
    return (state, _REASONS.get(state)) if used or state == "draining" else ("unused", _NOT_IN_USE)


def _is_meant(target: dict, address: str, port: int, *_) -> bool:
    return target["Id"] == address and target.get("Port", port) == port


def _member(address: str, port: int | None, state: str, reason: tuple | None) -> str:
    at = "" if port is None else f"<Port>{port}</Port>"
    checked_at = "" if port is None else f"<HealthCheckPort>{port}</HealthCheckPort>"
    why = "" if reason is None else f"<Reason>{reason[0]}</Reason><Description>{reason[1]}</Description>"
    return (
        f"<member><Target><Id>{address}</Id>{at}</Target>{checked_at}<TargetHealth><State>{state}</State>{why}</TargetHealth></member>"
    )


def list_lattice_targets(path: str, body: bytes):
    """Answers ListTargets of the VPC Lattice API: the body, or None when there is no such target group, or something else is asked."""
    asked_for = _LIST_TARGETS.fullmatch(path)
    group = asked_for and vpc_lattice.target_group(asked_for[1])
    if not group:
        return None
    asked = (json.loads(body) if body else {}).get("targets") or []
    items = [
        {"id": _HOST, "port": target["port"], "status": _lattice_status(target["state"], vpc_lattice.is_in_use(group))}
        for target in _targets.get(group.arn, [])
    ]
    return {"items": [item for item in items if not asked or any(_is_asked_for(item, target) for target in asked)]}


def _lattice_status(state: str, used: bool) -> str:
    return state.upper() if used or state == "draining" else "UNUSED"


def _is_asked_for(item: dict, target: dict) -> bool:
    return item["id"] == target["id"] and target.get("port", item["port"]) == item["port"]


def install() -> None:
    alb._ACTION_MAP["DescribeTargetHealth"] = _describe_target_health
