"""The HTTP surface: everything that comes in is written down, then answered by the extension or passed on to MiniStack.

It answers programs. What a web site has a browser ask is refused before anything is done.

Below ``/_extension`` a test reads what happened and gives orders:

- ``GET events``, ``GET requests``: the journal;
- ``GET resources``: what was created and not deleted;
- ``POST interventions`` with ``{"effect", "type", "verb", "name"?, "reason"?}``; ``GET`` them; ``DELETE`` them all.
"""

import asyncio
import json
import re
from urllib.parse import parse_qs, unquote

from ministack.app import app as ministack
from ministack.services.cloudformation import _stacks

from . import app_mesh, busy_stacks, by_hand, target_states, vpc_lattice, web_sites
from .journal import Intervention, journal
from .refusal import Refusal

_PATIENCE_SECONDS = 2

_READERS = {"appmesh": app_mesh.read, "vpc-lattice": vpc_lattice.read}


async def app(scope, receive, send):
    """The ASGI application."""
    if scope["type"] not in ("http", "websocket"):
        return await ministack(scope, receive, send)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if problem := web_sites.problem(headers):
        return await web_sites.refuse(scope, send, problem)
    if scope["type"] == "websocket":
        return await ministack(scope, receive, send)
    send = web_sites.without_permission(send)
    path, method = unquote(scope["path"]), scope["method"]
    if path.startswith("/_extension/"):
        status, body = _control(method, path.removeprefix("/_extension/"), await _body(receive))
        return await _answer(send, status, body)
    if path.startswith("/_ministack/"):
        return await ministack(scope, receive, send)

    service = _service(headers, path)
    if service in _READERS:
        journal.add_request(service, f"{method} {path}", method, path)
        return await _of_plane(send, service, method, path, await _body(receive) if method != "GET" else b"")
    if "x-amz-target" not in headers and headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body = await _body(receive)
        form = parse_qs(body.decode())
        action = form.get("Action", [""])[0]
        journal.add_request(service, action, method, path)
        if action == "DescribeStacks" and "aws-cdk" in headers.get("user-agent", ""):
            await _until_done(form.get("StackName", [""])[0])
        if action == "ModifyRule":
            return await _answer_as_is(send, *await asyncio.to_thread(by_hand.modify_rule, form))
        receive = _replayed(body, receive)
    else:
        journal.add_request(service, headers.get("x-amz-target", "").rsplit(".", 1)[-1], method, path)
    return await ministack(scope, receive, send)


async def _until_done(name: str) -> None:
    """Gives a stack at work a moment: who is told that it is not done asks again after five seconds only, longer than it takes here."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while loop.time() < deadline and any(
        name in (stack["StackName"], stack["StackId"]) and busy_stacks.is_at_work(stack) for stack in list(_stacks.values())
    ):
        await asyncio.sleep(0.05)


def _service(headers: dict, path: str) -> str:
    """The service that a request is signed for."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", headers.get("authorization", ""))
    if scope:
        return scope[1]
    return "appmesh" if path.startswith("/v20190125/") else ""


async def _of_plane(send, service: str, method: str, path: str, asked: bytes):
    if by_hand.changes_weights(service, method, path):
        try:
            # Whoever follows takes its time.
            return await _answer(send, 200, await asyncio.to_thread(by_hand.update, service, path, asked))
        except Refusal as refusal:
            return await _answer(send, 400, {"message": str(refusal)}, "BadRequestException" if service == "appmesh" else "ValidationException")
    lists_targets = service == "vpc-lattice" and method == "POST" and path.endswith("/listtargets")
    if method != "GET" and not lists_targets:
        message = f"{service} can be read here, and but for weights changed through CloudFormation only: got {method} {path}"
        return await _answer(send, 501, {"message": message}, "NotImplementedException")
    body = target_states.list_lattice_targets(path, asked) if lists_targets else _READERS[service](path)
    if body is None:
        name = "NotFoundException" if service == "appmesh" else "ResourceNotFoundException"
        return await _answer(send, 404, {"message": f"{path} does not exist"}, name)
    return await _answer(send, 200, body)


def _control(method: str, what: str, body: bytes):
    if method == "GET" and what in ("events", "requests", "interventions"):
        return 200, journal.as_json(what)
    if method == "GET" and what == "resources":
        return 200, [
            {"type": resource_type, "physicalId": physical_id, "stack": stack, "logicalId": logical_id}
            for (resource_type, physical_id, _), (stack, logical_id) in list(journal.live.items())
        ]
    if method == "POST" and what == "interventions":
        try:
            journal.interventions.append(Intervention(**json.loads(body)))
        except (TypeError, ValueError) as problem:
            return 400, {"message": f"intervention: {problem}"}
        return 201, journal.as_json("interventions")
    if method == "DELETE" and what == "interventions":
        journal.interventions.clear()
        return 200, []
    return 404, {"message": f"{method} {what}: expected GET events, requests, resources or interventions, POST or DELETE interventions"}


async def _body(receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


def _replayed(body: bytes, receive):
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay():
        return messages.pop() if messages else await receive()

    return replay


async def _answer_as_is(send, status: int, headers: dict, body: bytes):
    names = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": names})
    await send({"type": "http.response.body", "body": body})


async def _answer(send, status: int, body, error: str | None = None):
    headers = [(b"content-type", b"application/json")]
    if error:
        headers.append((b"x-amzn-errortype", error.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
