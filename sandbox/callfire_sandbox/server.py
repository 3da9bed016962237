"""Starts a sandbox: in the foreground, or in a thread for tests and demos.

with callfire_sandbox.server.start() as callfire:
    requests.get(f"{callfire.url}/texts", auth=(callfire.username, callfire.password))
"""

import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from callfire_sandbox.admin_client import AdminClient
from callfire_sandbox.errors import ApiError
from callfire_sandbox.switches import Switches
from callfire_sandbox.web.accounts import Accounts
from callfire_sandbox.web.app import Application
from callfire_sandbox.web.connections import connection_class
from callfire_sandbox.web.control import Control
from callfire_sandbox.web.hosts import AllowedHosts
from callfire_sandbox.web.limits import Limits
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.logins import first_login
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_file import StateFile

USERNAME, PASSWORD = "sandbox", "sandbox-password"
FIRST = "sandbox"
"""The name of the first account."""
ACCOUNT_USERNAME, ACCOUNT_PASSWORD = "account", "account-password"


@dataclass(frozen=True)
class Options:
    """Start options. `username` and `password` are the API credentials. Port 0 selects a free port.

    Without `data` the state is in memory only. The logins of an existing state file override `username` and
    `password`. Given switches override the switches in the file. `allowed_hosts` are further names for the Host header.
    Each name in `accounts` adds an account: the name is its user name. `faults` apply to the first account.
    """

    host: str = "127.0.0.1"
    port: int = 0
    username: str = USERNAME
    password: str = field(default=PASSWORD, repr=False)
    account_username: str = ACCOUNT_USERNAME
    account_password: str = field(default=ACCOUNT_PASSWORD, repr=False)
    switches: Switches | None = None
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    data: Path | None = None
    allowed_hosts: Sequence[str] = ()
    accounts: Sequence[str] = ()
    faults: Sequence[Mapping[str, Any]] = ()
    limits: Limits = field(default_factory=Limits)


class Server(uvicorn.Server):
    """A uvicorn server for one sandbox. Its socket is bound when it is created."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.ready = threading.Event()
        # A state file that cannot be used is found before the port is bound.
        self._state_files = {name: self._state_file(name) for name in (FIRST, *options.accounts)}
        self.socket = socket.create_server((options.host, options.port), backlog=2048)
        self.root = f"http://{_shown(options.host)}:{self.socket.getsockname()[1]}"
        try:
            application = self._application()
        except ApiError as error:
            self.socket.close()
            raise ValueError(str(error)) from error
        super().__init__(
            uvicorn.Config(
                application,
                http=connection_class(application.connections, options.limits),
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
            )
        )

    def _application(self) -> Application:
        options = self.options
        accounts = Accounts(self._create)
        for name in (FIRST, *options.accounts):
            accounts.add(name)
        self.control = accounts.named(FIRST)
        for fault in options.faults:
            self.control.faults.add(dict(fault))
        self.accounts = accounts
        self.service = Application(accounts, AllowedHosts(options.host, options.allowed_hosts), options.limits)
        return self.service

    def _state_file(self, name: str) -> StateFile | None:
        """Open the state file of an account. Raises ValueError."""
        data = self.options.data
        if data is None:
            return None
        return StateFile(data if name == FIRST else data.with_name(f"{data.stem}.{name}{data.suffix}"))

    def _create(self, name: str, number: int) -> Control:
        """Create an account; `number` counts them from 0."""
        options, offset = self.options, self.options.clock.offset
        world = World(seed=options.seed, clock=options.clock, switches=options.switches, account_number=number)
        world.base_url = f"{self.root}/v2"
        logins = (options.username, options.password, options.account_username, options.account_password)
        if number:
            logins = (name, f"{name}-password", f"{name}-account", f"{name}-account-password")
        state_file = self._state_files.pop(name, None) or self._state_file(name)
        control = Control(world, lambda fresh: populate(fresh, *logins), state_file, name)
        options.clock.offset = max(options.clock.offset, offset)
        if options.switches:
            world.switches = options.switches
        return control

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `ready`."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once: only requests that hang on purpose take long."""
        for listener in self.servers:  # first: a page in a browser connects again at once
            listener.close()
        for transport in list(self.service.connections.values()):
            transport.abort()
        await super().shutdown(sockets)
        for control in self.accounts:
            control.close()

    def login(self, kind: str) -> tuple[str, str]:
        """Return user name and password of the first `api` credentials, or of the `account` login."""
        return first_login(self.control.world, kind)

    def serve_here(self) -> None:
        """Serve until stopped."""
        self.run(sockets=[self.socket])


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class Running(AdminClient):
    """A sandbox that runs in a thread of this process. Leaving its `with` block stops it.

    `url`, `username` and `password` are for clients of the API. The methods control the first account.
    """

    def __init__(self, server: Server) -> None:
        super().__init__(f"{server.root}/sandbox")
        self._server = server
        self._thread = threading.Thread(target=server.serve_here, name="sandbox", daemon=True)
        self.url = f"{server.root}/v2"
        self.username, self.password = server.login("api")
        self.account_username, self.account_password = server.login("account")
        self._thread.start()
        if not server.ready.wait(30):
            raise RuntimeError("The sandbox did not start within 30 s.")

    def account(self, name: str) -> "AccountAccess":
        """Return address, logins and helpers of another account."""
        found = [entry for entry in self.admin("GET", "/accounts") if entry["name"] == name]
        if not found:
            raise ValueError(f"name: there is no account {name!r}. Start the sandbox with accounts=[{name!r}].")
        return AccountAccess(found[0])

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


class AccountAccess(AdminClient):
    """An account of a running sandbox: address and logins for clients, and methods that control it."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        super().__init__(entry["adminUrl"])
        self.url: str = entry["url"]
        self.username, self.password = entry["username"], entry["password"]
        self.account_username, self.account_password = entry["accountUsername"], entry["accountPassword"]
        self.numbers: list[str] = entry["numbers"]


def start(**options: Any) -> Running:
    """Start a sandbox in a thread and return it when it is ready. Accepts the fields of `Options`."""
    return Running(Server(Options(**options)))
