"""Web sites, whose requests are refused: any page that somebody reads has their browser send what it likes to this machine.

A browser says where a request comes from in headers that no page can change.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
"""

import json
import re

# S3 puts the name of a bucket in front. No site can have a name that ends so.
_THIS_MACHINE = re.compile(r"(.+\.)?(127\.0\.0\.1|localhost)(:\d+)?", re.IGNORECASE)


def problem(headers: dict[str, str]) -> str | None:
    """Why a request with these headers is refused; nothing, if it comes from a program."""
    sent = [f"origin: got {headers['origin']}, expected none"] if "origin" in headers else []
    site = headers.get("sec-fetch-site", "none")
    if site in ("cross-site", "same-site"):
        sent.append(f"sec-fetch-site: got {site}, expected none")
    # A name that leads here makes a site one of this machine.
    host = headers.get("host", "127.0.0.1")
    if not _THIS_MACHINE.fullmatch(host):
        sent.append(f"host: got {host}, expected 127.0.0.1 or localhost")
    return f"{'; '.join(sent)}; the emulator answers programs on this machine, and no web site" if sent else None


async def refuse(scope, send, why: str) -> None:
    if scope["type"] == "websocket":
        # Before it is accepted: the answer is 403.
        await send({"type": "websocket.close"})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps({"message": why}).encode()})


def without_permission(send):
    """Sends what MiniStack answers, which lets every site read it, without saying so."""

    async def send_without(message):
        if message["type"] == "http.response.start":
            headers = [header for header in message.get("headers", []) if not header[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": headers}
        await send(message)

    return send_without
