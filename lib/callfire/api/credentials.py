"""Credentials: their form, and reading them from a step's configuration."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lib.callfire.api.errors import InvalidSettings
from lib.callfire.form import Config

DEFAULT_SERVER = "https://api.callfire.com/v2"
API_ACCESS = "https://www.callfire.com/ui/manage/access"
"""The page on which CallFire creates API credentials."""
CREDENTIALS: Mapping[str, Any] = {
    "help": {
        "link": API_ACCESS,
        "description": "Create an API login and password in CallFire: Settings, API Access. The login of the CallFire "
        "web site does not work for the API.",
    },
    "fields": {
        "username": {
            "viewClass": "TextFieldView",
            "label": "API Login",
            "required": True,
            "order": 30,
            "placeholder": "1a2b3c4d5e6f",
            "note": f'Login of an API credential, not your e-mail address. Create it under <a href="{API_ACCESS}" '
            'target="_blank">Settings, API Access</a>.',
        },
        "password": {
            "viewClass": "PasswordFieldView",
            "label": "API Password",
            "required": True,
            "order": 20,
            "placeholder": "Paste your API password",
            "help": {"description": "Password of the API login. CallFire shows the password only once."},
        },
        "server": {
            "viewClass": "TextFieldView",
            "label": "Server",
            "required": False,
            "order": 10,
            "placeholder": DEFAULT_SERVER,
            "note": f"Default: {DEFAULT_SERVER}. Other servers must use https; http is allowed for localhost only.",
        },
    },
}
_PASTED = string.whitespace + "\xa0\u200b\u200e\u200f\u2028\u2029\u2060\ufeff"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API login and the address of the server that accepts it."""

    username: str
    password: str = field(repr=False)
    server: str = DEFAULT_SERVER

    @classmethod
    def from_config(cls, config: Config) -> "Credentials":
        """Read and check the credentials. Raises `InvalidSettings`, which names the invalid field."""
        return cls(
            username=_username(config),
            password=_login(config, "password", "API password"),
            server=_server(config.get("server")),
        )


def _login(config: Config, name: str, label: str) -> str:
    value = _trimmed(config.get(name))
    if not isinstance(value, str) or not value:
        raise InvalidSettings(f"{name}: the {label} is missing. Enter it in the credentials.")
    return value


def _username(config: Config) -> str:
    username = _login(config, "username", "API login")
    if ":" in username:
        raise InvalidSettings(
            "username: must not contain a colon, because Basic authentication cannot transmit it. Create another API "
            "login in CallFire under Settings, API Access."
        )
    return username


def _trimmed(value: Any) -> Any:
    """Return a text without spaces, line breaks and invisible characters at its ends, as from a paste."""
    return value.strip(_PASTED) if isinstance(value, str) else value


def _server(value: Any) -> str:
    value = _trimmed(value)
    if value is None or value == "":
        return DEFAULT_SERVER
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        host, _ = parts.hostname, parts.port
    except ValueError:  # its text may contain a login within the address
        raise InvalidSettings("server: must be a web address. Leave it empty for CallFire's server.") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidSettings("server: must have a scheme, host and path only, without a login, query or fragment.")
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        return str(value).rstrip("/")
    raise InvalidSettings("server: must be an https:// address. http:// is allowed for localhost only.")
