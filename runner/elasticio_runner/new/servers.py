"""The server of an API, as a default address and fields of the credentials."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticio_runner.new import naming, swagger2
from elasticio_runner.new.description import Description
from elasticio_runner.new.plain_text import plain, sentence

_MAY_BE_MOVED = re.compile(r"[0-9]+")  # options that are numbers change their order in the designer


@dataclass(frozen=True)
class ServerFields:
    """The default address, its variables {name: default}, and their fields without an order."""

    url: str
    variables: Mapping[str, str]
    fields: Mapping[str, dict[str, Any]]


def read(description: Description, taken: set[str]) -> ServerFields:
    """Return the server. `taken` has the names of the other fields, in lower case."""
    root = description.root
    given = swagger2.servers(description) if description.is_swagger else root.get("servers")
    servers = [
        description.mapping(server, ("servers", index))
        for index, server in enumerate(description.listed(given, ("servers",)))
    ]
    urls = [str(server.get("url", "")).strip() for server in servers]
    chosen = next((index for index, url in enumerate(urls) if re.match(r"https?://[^/]", url)), None)
    taken.add("server")
    if chosen is None:
        path = next(iter(urls), "").rstrip("/")
        return ServerFields("", {}, {"server": _field("", [], path)})
    url = re.sub(r"\s", "", urls[chosen]).rstrip("/")
    variables: dict[str, str] = {}
    fields: dict[str, dict[str, Any]] = {}
    at = ("servers", chosen, "variables")
    for name, variable, _ in description.members(servers[chosen].get("variables"), at):
        if f"{{{name}}}" in url:
            field = naming.unique(naming.field(name), taken)
            url = url.replace(f"{{{name}}}", f"{{{field}}}")
            variables[field] = str(variable.get("default", ""))
            fields[field] = _variable(name, variable)
    for name in re.findall(r"\{([^{}]+)\}", url):
        if name not in variables:
            field = naming.unique(naming.field(name), taken)
            url = url.replace(f"{{{name}}}", f"{{{field}}}")
            variables[field] = ""
            fields[field] = _variable(name, {}) | {"required": True}
    others = [other for index, other in enumerate(urls) if index != chosen and other.startswith("http")]
    return ServerFields(url, variables, {"server": _field(url, others, ""), **fields})


def _field(url: str, others: list[str], path: str) -> dict[str, Any]:
    notes = (
        [f"Default: {plain(url)}."]
        if url
        else [f"Address of the API{f', with the path {plain(path)}' if path else ''}."]
    )
    if others:
        notes.append(f"Other servers: {', '.join(map(plain, others[:3]))}.")
    return {
        "viewClass": "TextFieldView",
        "label": "Server",
        "required": not url,
        "placeholder": plain(url) or f"https://api.example.com{plain(path)}",
        "note": " ".join(notes),
    }


def _variable(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field of a variable: a select if the description lists its values."""
    default = plain(str(given.get("default", "")))
    text = " ".join(filter(None, (sentence(given.get("description")), f"Default: {default}." if default else "")))
    label = naming.title(name) or "Variable"
    help_ = text or "Part of the address of the server."
    enum = given.get("enum")
    values = [str(value) for value in enum if str(value).strip()] if isinstance(enum, list) else []
    if values and not any(map(_MAY_BE_MOVED.fullmatch, values)):
        prompt = f"Default: {default}" if default else f"Select the {label}"
        model = {value: plain(value) or value for value in values}
        return {
            "viewClass": "SelectView",
            "label": label,
            "model": model,
            "prompt": prompt,
            "help": {"description": help_},
        }
    return {"viewClass": "TextFieldView", "label": label, "placeholder": default or naming.field(name), "note": help_}
