"""The order in which CloudFormation works through a template.

AWS works on everything at once whose dependencies are done, so that of two resources without a dependency either may come first.
MiniStack takes one after the other, by logical id. Here it takes the order that is worst for this app: what carries requests as
early as its dependencies let it, an ECS service as late, then a custom resource, so that whatever is to wait for it has to say so, and
what a service needs in order to be found last of all. A route that comes after the services does so because it must.
"""

import heapq

from ministack.services.cloudformation import stacks
from ministack.services.cloudformation.engine import _extract_deps, _topological_sort

from .custom_resources import is_custom

_EARLY = {
    "AWS::AppMesh::Route",
    "AWS::AppMesh::GatewayRoute",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::VpcLattice::Listener",
    "AWS::VpcLattice::Rule",
}
_LATE = {"AWS::ECS::Service"}


def _is_of_one_slot(resource: dict) -> bool:
    """Whether this is a rule for the requests that name a slot in a header: it makes the slot's target group one that is in use."""
    properties = resource.get("Properties") or {}
    http_match = (properties.get("Match") or {}).get("HttpMatch") or {}
    fields = [condition.get("Field") for condition in properties.get("Conditions") or []]
    return "HeaderMatches" in http_match or "http-header" in fields


def worst_order(resources: dict, conditions: dict) -> list[str]:
    """The resources of a template, each after those that it depends on.

    :raises ValueError: when the dependencies go round in a circle
    """
    names = set(_topological_sort(resources, conditions))
    waits_for = {name: set(_extract_deps(resources[name], names)) & names - {name} for name in names}

    def rank(name):
        resource_type = resources[name]["Type"]
        if _is_of_one_slot(resources[name]):
            return (4, name)
        if is_custom(resource_type):
            return (3, name)
        return (0 if resource_type in _EARLY else 2 if resource_type in _LATE else 1, name)

    ready = [rank(name) for name in names if not waits_for[name]]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, name = heapq.heappop(ready)
        ordered.append(name)
        for other, others in waits_for.items():
            if name in others:
                others.remove(name)
                if not others:
                    heapq.heappush(ready, rank(other))
    return ordered


def install() -> None:
    stacks._topological_sort = worst_order
