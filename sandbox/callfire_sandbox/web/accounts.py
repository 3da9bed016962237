"""The accounts of a sandbox: each has its own logins, numbers, switches, faults and state."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from callfire_sandbox.api.callfire import read_login
from callfire_sandbox.errors import BadRequestError, NotFoundError
from callfire_sandbox.web.control import Control

MAX_ACCOUNTS = 90
PREFIX = "/sandbox/accounts/"
PUBLIC_MEDIA = "/media/public/"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


class Accounts:
    """All accounts by name. The first one serves every request that names no other account."""

    def __init__(self, create: Callable[[str, int], Control]) -> None:
        self._create = create
        self._controls: dict[str, Control] = {}

    def __iter__(self) -> Iterator[Control]:
        return iter(self._controls.values())

    def add(self, name: str) -> Control:
        """Add an account. Raises BadRequestError if the name cannot be used."""
        if not _NAME.fullmatch(name):
            raise BadRequestError("name: use 1 to 30 lower-case letters, digits and hyphens.")
        if name in self._controls or self._has_login(name):
            raise BadRequestError(f"name: {name!r} is the name or a user name of another account. Use another name.")
        if len(self._controls) >= MAX_ACCOUNTS:
            raise BadRequestError(f"A sandbox has at most {MAX_ACCOUNTS} accounts.")
        try:
            control = self._create(name, len(self._controls))
        except ValueError as error:  # the state file cannot be used
            raise BadRequestError(str(error)) from error
        control.accounts = self
        self._controls[name] = control
        return control

    def named(self, name: str) -> Control:
        """Return the account with that name. Raises NotFoundError."""
        if name not in self._controls:
            raise NotFoundError("There is no account with this name.")
        return self._controls[name]

    def serving(self, authorization: str, path: str) -> Control:
        """Return the account that a request to the API belongs to: by its user name, or by the key of public media."""
        first, *others = self._controls.values()
        if not others:
            return first
        if path.startswith(PUBLIC_MEDIA):
            key = path.removeprefix(PUBLIC_MEDIA).partition(".")[0]
            return next((control for control in others if control.world["media"].count("key", key)), first)
        login = read_login(authorization)
        return next((control for control in others if login and _knows(control, login[0])), first)

    def of_admin_request(self, scope: dict[str, Any]) -> tuple[Control, dict[str, Any]]:
        """Return the account of a request to the admin API, and the request without the account in its path.

        Raises NotFoundError.
        """
        if not scope["path"].startswith(PREFIX):
            return next(iter(self)), scope
        name, _, rest = scope["path"].removeprefix(PREFIX).partition("/")
        path = f"/sandbox/{rest}"
        return self.named(name), {**scope, "path": path, "raw_path": path.encode("utf-8", "surrogatepass")}

    def _has_login(self, username: str) -> bool:
        return any(_knows(control, username) for control in self)


def _knows(control: Control, username: str) -> bool:
    return control.world["credentials"].count("username", username) > 0
