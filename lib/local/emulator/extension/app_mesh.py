"""AWS::AppMesh::*: created, checked, and read through the API.

https://docs.aws.amazon.com/app-mesh/latest/APIReference/
"""

from datetime import datetime

from ministack.core.responses import get_account_id, get_region

from . import health_checks
from .names import as_in_api
from .refusal import already_exists, in_use, invalid, not_found
from .store import Resource, store
from .weights import check_weights, whole

MESH = "AWS::AppMesh::Mesh"
NODE = "AWS::AppMesh::VirtualNode"
ROUTER = "AWS::AppMesh::VirtualRouter"
ROUTE = "AWS::AppMesh::Route"
SERVICE = "AWS::AppMesh::VirtualService"
GATEWAY = "AWS::AppMesh::VirtualGateway"
GATEWAY_ROUTE = "AWS::AppMesh::GatewayRoute"

# Per type: its part of an ARN and of an API path, the property that names it, and the types and properties that it lies in.
_KINDS = {
    MESH: ("mesh", "meshes", "MeshName", ()),
    NODE: ("virtualNode", "virtualNodes", "VirtualNodeName", ((MESH, "MeshName"),)),
    ROUTER: ("virtualRouter", "virtualRouters", "VirtualRouterName", ((MESH, "MeshName"),)),
    SERVICE: ("virtualService", "virtualServices", "VirtualServiceName", ((MESH, "MeshName"),)),
    GATEWAY: ("virtualGateway", "virtualGateways", "VirtualGatewayName", ((MESH, "MeshName"),)),
    ROUTE: ("route", "routes", "RouteName", ((MESH, "MeshName"), (ROUTER, "VirtualRouterName"))),
    GATEWAY_ROUTE: ("gatewayRoute", "gatewayRoutes", "GatewayRouteName", ((MESH, "MeshName"), (GATEWAY, "VirtualGatewayName"))),
}

# Per type: the property that names it.
NAMES = {resource_type: name for resource_type, (_, _, name, _) in _KINDS.items()}

# A change of these makes a new resource; the specification changes in place.
CREATE_ONLY = {
    resource_type: (name, "MeshOwner", *(parent_name for _, parent_name in parents))
    for resource_type, (_, _, name, parents) in _KINDS.items()
}


def _arn(resource_type: str, properties: dict) -> str:
    _, _, name, parents = _KINDS[resource_type]
    path = [(_KINDS[parent][0], properties[parent_name]) for parent, parent_name in parents]
    path.append((_KINDS[resource_type][0], properties[name]))
    return f"arn:aws:appmesh:{get_region()}:{get_account_id()}:" + "/".join(f"{kind}/{value}" for kind, value in path)


def _label(resource_type: str, name: str) -> str:
    return f"{resource_type.rsplit('::', 1)[1]} {name}"


def _exists(resource_type: str, mesh: str, name: str) -> bool:
    key = _KINDS[resource_type][2]
    return bool(store.all(resource_type, **({key: name} if resource_type == MESH else {"MeshName": mesh, key: name})))


def _require(resource_type: str, mesh: str, name: str) -> None:
    if not _exists(resource_type, mesh, name):
        raise not_found(_label(resource_type, name))


def _check_references(resource_type: str, properties: dict) -> None:
    mesh = properties.get("MeshName")
    spec = properties.get("Spec") or {}
    for parent, parent_name in _KINDS[resource_type][3]:
        _require(parent, mesh, properties[parent_name])
    if resource_type == NODE:
        health_checks.check_virtual_node(spec)
    if resource_type == ROUTE:
        if not 0 <= whole(spec.get("Priority", 0)) <= 1000:
            raise invalid(f"Route {properties['RouteName']}: got priority {spec['Priority']}, expected 0 to 1000")
        targets = _weighted_targets(properties)
        check_weights(
            [whole(target.get("Weight")) for target in targets],
            where=f"Route {properties['RouteName']}",
            most_targets=10,
            highest=100,
            highest_sum=100,
        )
        for target in targets:
            _require(NODE, mesh, target["VirtualNode"])
    if resource_type == SERVICE:
        provider = spec.get("Provider") or {}
        if "VirtualRouter" in provider:
            _require(ROUTER, mesh, provider["VirtualRouter"]["VirtualRouterName"])
        if "VirtualNode" in provider:
            _require(NODE, mesh, provider["VirtualNode"]["VirtualNodeName"])
    if resource_type == GATEWAY_ROUTE:
        _require(SERVICE, mesh, _gateway_route_target(properties))


def _weighted_targets(route: dict) -> list[dict]:
    spec = route["Spec"]
    for protocol in ("HttpRoute", "Http2Route", "GrpcRoute", "TcpRoute"):
        if protocol in spec:
            return spec[protocol]["Action"]["WeightedTargets"]
    raise invalid(f"Route {route['RouteName']}: got no route, expected one of HttpRoute, Http2Route, GrpcRoute, TcpRoute")


def _gateway_route_target(gateway_route: dict) -> str:
    route = next(route for key, route in gateway_route["Spec"].items() if key.endswith("Route"))
    return route["Action"]["Target"]["VirtualService"]["VirtualServiceName"]


def _users(resource: Resource):
    """Whatever keeps a resource from being deleted."""
    mesh = resource.properties.get("MeshName")
    name = resource.name
    if resource.type == MESH:
        return [r for kind in _KINDS if kind != MESH for r in store.all(kind, MeshName=name)]
    if resource.type == NODE:
        return [
            *(
                route
                for route in store.all(ROUTE, MeshName=mesh)
                if any(target["VirtualNode"] == name for target in _weighted_targets(route.properties))
            ),
            *(s for s in store.all(SERVICE, MeshName=mesh) if _provider(s) == ("VirtualNode", name)),
        ]
    if resource.type == ROUTER:
        return [
            *store.all(ROUTE, MeshName=mesh, VirtualRouterName=name),
            *(s for s in store.all(SERVICE, MeshName=mesh) if _provider(s) == ("VirtualRouter", name)),
        ]
    if resource.type == SERVICE:
        return [r for r in store.all(GATEWAY_ROUTE, MeshName=mesh) if _gateway_route_target(r.properties) == name]
    if resource.type == GATEWAY:
        return store.all(GATEWAY_ROUTE, MeshName=mesh, VirtualGatewayName=name)
    return []


def _provider(service: Resource):
    for kind, provider in ((service.properties.get("Spec") or {}).get("Provider") or {}).items():
        return kind, provider[f"{kind}Name"]
    return None


def _attributes(resource: Resource) -> dict:
    _, _, name, parents = _KINDS[resource.type]
    return {
        "Arn": resource.arn,
        "Id": resource.arn,
        "Uid": resource.uid,
        "MeshOwner": get_account_id(),
        "ResourceOwner": get_account_id(),
        name: resource.name,
        **{parent_name: resource.properties[parent_name] for _, parent_name in parents},
    }


def handler(resource_type: str) -> dict:
    name_property = NAMES[resource_type]

    def named(logical_id: str, properties: dict, stack: str) -> dict:
        return {name_property: f"{stack}-{logical_id}", **properties}

    def create(logical_id, properties, stack):
        properties = named(logical_id, properties, stack)
        arn = _arn(resource_type, properties)
        if store.by_arn(arn):
            raise already_exists(_label(resource_type, properties[name_property]))
        _check_references(resource_type, properties)
        resource = store.add(Resource(resource_type, arn, arn, properties[name_property], properties))
        return arn, _attributes(resource)

    def update(physical_id, old, new, stack):
        kept = store.by_arn(physical_id)
        if kept is None:
            raise not_found(physical_id)
        properties = {name_property: kept.name, **new}
        _check_references(resource_type, properties)
        return physical_id, _attributes(store.change(physical_id, properties))

    def delete(physical_id, properties):
        resource = store.by_arn(physical_id)
        if resource is None:
            return
        users = _users(resource)
        if users:
            raise in_use(_label(resource_type, resource.name), _label(users[0].type, users[0].name))
        store.remove(physical_id)

    return {"create": create, "update": update, "delete": delete}


HANDLERS = {resource_type: handler(resource_type) for resource_type in _KINDS}


def read(path: str):
    """Answers a GET of the App Mesh API: the body, or None when there is nothing under this path."""
    found = find(path)
    if isinstance(found, list):
        return {_plural(path): [{**_summary(resource), **_times(resource)} for resource in found]}
    return found and {**_summary(found), **_details(found)}


def find(path: str) -> Resource | list[Resource] | None:
    """What is under a path: a resource, or several; None when there is nothing."""
    parts = _parts(path)
    # /meshes[/MESH[/KIND[/NAME]]] or /meshes/MESH/virtualRouter/ROUTER/routes[/ROUTE], and the same for a gateway.
    properties = {}
    if len(parts) > 1:
        properties["MeshName"] = parts[1]
    if len(parts) > 3 and parts[2] in ("virtualRouter", "virtualGateway"):
        properties["VirtualRouterName" if parts[2] == "virtualRouter" else "VirtualGatewayName"] = parts[3]
        kind, name = parts[4], parts[5:]
    elif len(parts) > 2:
        kind, name = parts[2], parts[3:]
    else:
        kind, name = parts[0], parts[1:]
        properties = {}
    resource_type = next((t for t, (_, plural, _, _) in _KINDS.items() if plural == kind), None)
    if resource_type is None:
        return None
    found = store.all(resource_type, **properties)
    return next((r for r in found if r.name == name[0]), None) if name else found


def _parts(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return parts[1:] if parts and parts[0] == "v20190125" else parts


def _plural(path: str) -> str:
    return _parts(path)[-1]


def _summary(resource: Resource) -> dict:
    names = [_KINDS[resource.type][2], *(parent_name for _, parent_name in _KINDS[resource.type][3])]
    values = {"arn": resource.arn, "meshOwner": get_account_id(), "resourceOwner": get_account_id(), "version": resource.version}
    return {**{name[:1].lower() + name[1:]: resource.properties.get(name, resource.name) for name in names}, **values}


def _times(resource: Resource) -> dict:
    # This API speaks of seconds since 1970.
    seconds = (datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() for moment in (resource.created, resource.updated))
    return dict(zip(("createdAt", "lastUpdatedAt"), seconds))


def _details(resource: Resource) -> dict:
    return {
        "spec": as_in_api(resource.properties.get("Spec") or {}),
        "status": {"status": "ACTIVE"},
        "metadata": {
            "arn": resource.arn,
            "uid": resource.uid,
            "version": resource.version,
            "meshOwner": get_account_id(),
            "resourceOwner": get_account_id(),
            **_times(resource),
        },
    }
