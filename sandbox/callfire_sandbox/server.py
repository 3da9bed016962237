"""Starts a sandbox: in the foreground, or in a thread for tests and demos.

with callfire_sandbox.server.start() as callfire:
    requests.get(f"{callfire.url}/texts", auth=(callfire.username, callfire.password))
"""

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from callfire_sandbox.switches import Switches
from callfire_sandbox.web.app import Application
from callfire_sandbox.web.connections import connection_class
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.hosts import AllowedHosts
from callfire_sandbox.web.limits import Limits
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.logins import password_of
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_file import StateFile

USERNAME, PASSWORD = "sandbox", "sandbox-password"
ACCOUNT_USERNAME, ACCOUNT_PASSWORD = "account", "account-password"


@dataclass(frozen=True)
class Options:
    """Start options. `username` and `password` are the API credentials. Port 0 selects a free port.

    Without `data` the state is in memory only. The logins of an existing state file override `username` and
    `password`. Given switches override the switches in the file. `allowed_hosts` are further names for the Host header.
    """

    host: str = "127.0.0.1"
    port: int = 0
    username: str = USERNAME
    password: str = PASSWORD
    account_username: str = ACCOUNT_USERNAME
    account_password: str = ACCOUNT_PASSWORD
    switches: Switches | None = None
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    data: Path | None = None
    allowed_hosts: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)


class Server(uvicorn.Server):
    """A uvicorn server for one sandbox. Its socket is bound when it is created."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.ready = threading.Event()
        state_file = StateFile(options.data) if options.data else None
        self.socket = socket.create_server((options.host, options.port), backlog=2048)
        self.root = f"http://{_shown(options.host)}:{self.socket.getsockname()[1]}"
        super().__init__(
            uvicorn.Config(
                self._application(state_file),
                http=connection_class(self.service.connections, options.limits),
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
            )
        )

    def _application(self, state_file: StateFile | None) -> Application:
        options = self.options
        world = World(seed=options.seed, clock=options.clock, switches=options.switches)
        world.base_url = f"{self.root}/v2"
        logins = (options.username, options.password, options.account_username, options.account_password)
        self.control = Control(world, lambda fresh: populate(fresh, *logins), state_file)
        if options.switches:
            world.switches = options.switches
        self.service = Application(self.control, AllowedHosts(options.host, options.allowed_hosts), options.limits)
        return self.service

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `ready`."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once: only requests that hang on purpose take long."""
        for transport in list(self.service.connections.values()):
            transport.abort()
        await super().shutdown(sockets)
        self.control.close()

    def login(self, kind: str) -> tuple[str, str]:
        """Return user name and password of the first `api` credentials, or of the `account` login."""
        found = [login for login in self.control.world["credentials"] if login["_"]["kind"] == kind]
        return (found[0]["username"], password_of(found[0])) if found else ("", "")

    def serve_here(self) -> None:
        """Serve until stopped."""
        self.run(sockets=[self.socket])


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class Running:
    """A sandbox that runs in a thread of this process. Leaving its `with` block stops it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_here, name="sandbox", daemon=True)
        self.url = f"{server.root}/v2"
        self.admin_url = f"{server.root}/sandbox"
        self.username, self.password = server.login("api")
        self.account_username, self.account_password = server.login("account")
        self._thread.start()
        if not server.ready.wait(30):
            raise RuntimeError("The sandbox did not start within 30 s.")

    def stop(self) -> None:
        """Stop serving and close all connections."""
        self._server.should_exit = True
        self._thread.join(30)
        self._server.socket.close()

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start(**options: Any) -> Running:
    """Start a sandbox in a thread and return it when it is ready. Accepts the fields of `Options`."""
    return Running(Server(Options(**options)))
