"""The ways to log in to an API, as fields of the credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.new import naming
from elasticio_runner.new.description import Description
from elasticio_runner.new.plain_text import sentence
from elasticio_runner.new.python_code import literal

_PLACES = ("header", "query", "cookie")


@dataclass(frozen=True)
class Login:
    """One way to log in.

    declaration  the Python expression that declares it in lib/server.py
    fields       the fields of the credentials, without an order
    parameter    place and name of the parameter that contains the key; inputs must not repeat it
    """

    declaration: str
    fields: Mapping[str, dict[str, Any]]
    parameter: tuple[str, str] = ("", "")


def logins(description: Description) -> tuple[list[Login], list[str]]:
    """Return the logins of an API, and the names of schemes that components cannot use."""
    root = description.root
    place: Place = ("securityDefinitions",) if description.is_swagger else ("components", "securitySchemes")
    parts = description.mapping(root.get("components"), ("components",))
    given = root.get("securityDefinitions") if description.is_swagger else parts.get("securitySchemes")
    schemes = {name: scheme for name, scheme, _ in description.members(given, place)}
    used = [name for name in _used(description) if name in schemes] or list(schemes)
    keys = [name for name in used if schemes[name].get("type") == "apiKey"]
    found: dict[str, Login] = {}
    unknown = []
    for name in used:
        login = _login(name, schemes[name], is_only_key=len(keys) == 1)
        if login:
            found.setdefault(login.declaration, login)
        else:
            unknown.append(name)
    return list(found.values()), unknown


def _used(description: Description) -> list[str]:
    """Return the names of the schemes that the API requires, in order."""
    names: dict[str, None] = {}
    place: Place = ("security",)
    for requirement in description.listed(description.root.get("security"), place):
        names |= dict.fromkeys(description.mapping(requirement, place))
    for path, item, at in description.members(description.root.get("paths"), ("paths",)):
        if not path.startswith("/"):
            continue
        for method, operation in item.items():
            if isinstance(operation, dict) and isinstance(operation.get("security"), list):
                for requirement in operation["security"]:
                    names |= dict.fromkeys(description.mapping(requirement, (*at, method, "security")))
    return list(names)


def _login(name: str, scheme: Mapping[str, Any], *, is_only_key: bool) -> Login | None:
    kind, text = scheme.get("type"), sentence(scheme.get("description"))
    http = str(scheme.get("scheme", "")).lower()
    if kind == "apiKey" and scheme.get("in") in _PLACES and isinstance(scheme.get("name"), str):
        field = "apiKey" if is_only_key else naming.field(name)
        place, key = str(scheme["in"]), str(scheme["name"])
        shown = "API Key" if is_only_key else naming.title(name) or "API Key"
        entry = _secret(shown, "Paste your API key", text or f"Sent as {key} in the {place}.")
        declaration = f"ApiKey({literal(field)}, {literal(place)}, {literal(key)})"
        return Login(declaration, {field: entry}, (place, key))
    if kind == "basic" or (kind == "http" and http == "basic"):
        user = {"viewClass": "TextFieldView", "label": "Username", "placeholder": "ada", "note": text or "User name."}
        fields = {"username": user, "password": _secret("Password", "Paste your password", "Password of the user.")}
        return Login("BasicLogin()", fields)
    if kind in ("oauth2", "openIdConnect") or (kind == "http" and http == "bearer"):
        help_ = text or "Token that the API issued. Sent in the header Authorization."
        return Login("BearerToken()", {"accessToken": _secret("Access Token", "Paste your access token", help_)})
    if kind == "http" and http:
        entry = _secret("Authorization", f"{http} …", "Complete value of the header Authorization.")
        return Login('ApiKey("authorization", "header", "Authorization")', {"authorization": entry})
    return None


def _secret(label: str, placeholder: str, text: str) -> dict[str, Any]:
    help_ = {"description": text}
    return {"viewClass": "PasswordFieldView", "label": label, "placeholder": placeholder, "help": help_}
