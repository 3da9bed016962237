"""Logins: API credentials, and the login of the account."""

import hmac

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

SHOWN = 4


def add_login(world: World, kind: str, name: str, username: str, password: str) -> Record:
    """Add a login of kind `api` or `account`. Responses show only the end of its password."""
    shown = f"****{password[-SHOWN:]}"
    login = {"name": name, "username": username, "password": shown, "enabled": True}
    return world["credentials"].add({"id": world.new_id(), **login, "_": {"kind": kind, "password": password}})


def first_login(world: World, kind: str) -> tuple[str, str]:
    """Return user name and password of the first login of kind `api` or `account`; empty texts if there is none."""
    found = [login for login in world["credentials"] if login["_"]["kind"] == kind]
    return (found[0]["username"], password_of(found[0])) if found else ("", "")


def password_of(login: Record) -> str:
    """Return the password of a login. Logins of older state files have it in another place."""
    return str(login["_"].get("password", login["password"]))


def matches_password(login: Record, password: str) -> bool:
    """Return whether a password is the one of the login, in a time that does not depend on it."""
    return hmac.compare_digest(password_of(login).encode(), password.encode())
