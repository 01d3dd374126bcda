"""Serves MiniStack with the extension on 127.0.0.1, until standard input ends or a signal comes.

Standard input is the leash: whoever starts this holds the other end, and when that process is gone, however it went, this one goes.

    python -m extension ACCOUNT REGION FOLDER [DESCRIPTOR]

FOLDER is for its temporary files, and for nothing else: it is removed at the end. DESCRIPTOR is of an open pipe to whoever follows what
CloudFormation makes.

Prints the port that it found free, in one line, when it is ready to be asked.
"""

import asyncio
import os
import shutil
import signal
import socket
import sys
import threading

from .follower import follower

HOST = "127.0.0.1"


def main() -> None:
    account, region, folder, *descriptor = sys.argv[1:]
    listener = socket.create_server((HOST, 0))
    port = listener.getsockname()[1]
    # Before the first import of MiniStack, which reads them then.
    os.environ |= {
        "TMPDIR": folder,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "MINISTACK_ACCOUNT_ID": account,
        "MINISTACK_REGION": region,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"),
    }
    # No task is ever to run here, not even where there is a Docker.
    os.environ["DOCKER_HOST"] = f"unix:///nonexistent/docker-{port}.sock"
    sys.addaudithook(_stay_on_this_machine)
    for pipe in descriptor:
        follower.attach(int(pipe))
    asyncio.run(_serve(listener, port, folder))


async def _serve(listener: socket.socket, port: int, folder: str) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.core import lambda_runtime

    from . import handlers, measured_minutes, service_states, target_states
    from .control import app

    handlers.install()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ended.set)
    states = {
        "services": service_states.take,
        "targetGroups": target_states.take,
        "minute": lambda minute: loop.call_soon_threadsafe(measured_minutes.take, minute),
    }
    threading.Thread(target=_wait_for_the_leash, args=(states, loop, ended), daemon=True).start()

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.loglevel = "ERROR"
    config.accesslog = None
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    print(port, flush=True)
    try:
        await serve(app, config, shutdown_trigger=ended.wait)
    finally:
        # The processes of functions first: they have files there.
        lambda_runtime.reset()
        shutil.rmtree(folder, ignore_errors=True)
    # Held operations wait in threads of their own, which would keep the process.
    os._exit(0)


def _stay_on_this_machine(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not address[0].startswith(("127.", "::1", "localhost")):
            with open(os.environ["REFUSED_CONNECTIONS"], "a") as refused:
                refused.write(f"{address[0]}\n")
            raise PermissionError(f"connection to {address[0]} refused: the emulator stays on this machine")


def _wait_for_the_leash(states: dict, loop, ended: asyncio.Event) -> None:
    try:
        follower.listen(states)
    finally:
        loop.call_soon_threadsafe(ended.set)


if __name__ == "__main__":
    main()
