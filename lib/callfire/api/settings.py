"""What the credentials and the form say about the connection, checked once and named by their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lib.callfire.api.errors import InvalidSettings

DEFAULT_SERVER = "https://api.callfire.com/v2"
DEFAULT_TIMEOUT = 60.0
LONGEST_TIMEOUT = 600.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where CallFire is, who asks and how long an answer may take (seconds)."""

    username: str
    password: str = field(repr=False)
    server: str = DEFAULT_SERVER
    timeout: float = DEFAULT_TIMEOUT

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Settings":
        """Read the connection's part of a step's configuration; `InvalidSettings` names the field that is wrong."""
        return cls(
            username=_credential(config, "username", "API login"),
            password=_credential(config, "password", "API password"),
            server=_server(config.get("server")),
            timeout=seconds(config.get("timeout"), "timeout", DEFAULT_TIMEOUT, LONGEST_TIMEOUT),
        )


def seconds(value: Any, name: str, default: float, longest: float) -> float:
    """Cast a number of seconds given in a form; None and the empty text stand for `default`."""
    if value is None or value == "":
        return default
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InvalidSettings(f"{name}: give a number of seconds, or leave it empty for {default:g}") from error
    if not 0 < number <= longest:
        raise InvalidSettings(f"{name}: give more than 0 and at most {longest:g} seconds")
    return number


def whole(value: Any, name: str, default: int, low: int, high: int) -> int:
    """Cast a whole number given in a form; None and the empty text stand for `default`."""
    if value is None or value == "":
        return default
    try:
        number = int(str(value))
    except ValueError as error:
        raise InvalidSettings(f"{name}: give a whole number, or leave it empty for {default}") from error
    if not low <= number <= high:
        raise InvalidSettings(f"{name}: give a number from {low} to {high}")
    return number


def choice(value: Any, name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Take one of the values a form offers; None and the empty text stand for `default`."""
    if value is None or value == "":
        return default
    if value not in allowed:
        raise InvalidSettings(f"{name}: choose one of {', '.join(allowed)}")
    return str(value)


def _credential(config: Mapping[str, Any], name: str, label: str) -> str:
    value = config.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidSettings(f"{name}: the {label} is missing from the credentials")
    return value


def _server(value: Any) -> str:
    if value is None or value == "":
        return DEFAULT_SERVER
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        host, _ = parts.hostname, parts.port
    except ValueError:  # whose text may show a login that was written into the address
        raise InvalidSettings("server: not a web address; leave it empty for CallFire's own") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidSettings("server: give scheme, host and path only, without a login, a query or a fragment")
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        return str(value).rstrip("/")
    raise InvalidSettings("server: give an https:// address (http:// is taken for this machine only)")
