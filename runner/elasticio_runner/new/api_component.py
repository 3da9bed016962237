"""A new component from the description of an HTTP API: one action for each operation."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from elasticio_runner.new import security, servers
from elasticio_runner.new.component_files import VERSION, common, help_link, shared_module, template, to_json
from elasticio_runner.new.description import Description, DescriptionError
from elasticio_runner.new.operations import ApiOperation, Operations
from elasticio_runner.new.plain_text import plain
from elasticio_runner.new.python_code import call, docstring, literal, rows

_ABOUT_LOGINS = "https://spec.openapis.org/oas/latest.html"  # for APIs that name no page of their own
_OWN_DATA = re.compile(r"/(me|self|user|account|whoami|profile)\b", re.IGNORECASE)


def files(name: str, description: Description) -> dict[str, str | bytes]:
    """Return {path: content} of the component. Raises DescriptionError if the description cannot be used."""
    logins, unknown = security.logins(description)
    hidden = frozenset(login.parameter for login in logins)
    operations = list(Operations(description, hidden).read())
    if not operations:
        raise DescriptionError(("paths",), "there are no operations", "Add a path with an operation, for example get")
    required = {"required": True} if _is_login_required(description, logins) else {}
    fields = {key: entry | required for login in logins for key, entry in login.fields.items()}
    server = servers.read(description, {key.lower() for key in fields})
    component = _component(name, description, {**fields, **server.fields}, operations)
    written = common(
        component, name, _about(description, unknown), _command(operations[0], component["credentials"]["fields"])
    )
    written |= {
        "lib/__init__.py": "",
        "lib/actions/__init__.py": "",
        "lib/api.py": shared_module("api.py"),
        "lib/encoding.py": shared_module("encoding.py"),
        "lib/server.py": _server_module(server, logins),
        "verify_credentials.py": template("api_verify.py.txt", path=literal(_verified_path(operations))),
        "tests/test_actions.py": template("api_test.py.txt"),
    }
    for operation in operations:
        written[f"lib/actions/{operation.module}.py"] = _module(operation)
        written[f"schemas/{operation.id}.in.json"] = to_json(operation.schema_in)
        written[f"schemas/{operation.id}.out.json"] = to_json(operation.out)
    return written


def _component(
    name: str, description: Description, fields: Mapping[str, dict[str, Any]], operations: Sequence[ApiOperation]
) -> dict[str, Any]:
    info = description.mapping(description.root.get("info"), ("info",))
    in_order = sorted(operations, key=lambda operation: operation.is_deprecated)
    count = len(in_order)
    return {
        "title": name,
        "description": plain(info.get("summary"), 120) or plain(info.get("title"), 120) or f"Operations of {name}",
        "version": VERSION,
        "credentials": {
            "help": {
                "description": "Create the credentials in your account with the provider of the API.",
                "link": _link(description, info),
            },
            "fields": {
                key: {**entry, "order": 10 * (len(fields) - index)} for index, (key, entry) in enumerate(fields.items())
            },
        },
        "actions": {
            operation.id: _action(name, operation, 10 * (count - index)) for index, operation in enumerate(in_order)
        },
    }


def _action(name: str, operation: ApiOperation, order: int) -> dict[str, Any]:
    link = operation.link or help_link(name, operation.title)
    entry: dict[str, Any] = {
        "main": f"./lib/actions/{operation.module}.py",
        "title": operation.title,
        "help": {"description": operation.text, "link": link},
        "order": order,
    }
    if operation.is_deprecated:
        entry["deprecated"] = True
    return entry | {"metadata": {side: f"./schemas/{operation.id}.{side}.json" for side in ("in", "out")}}


def _link(description: Description, info: Mapping[str, Any]) -> str:
    """Return the first https address that the description names for its users."""
    contact, docs = info.get("contact"), description.root.get("externalDocs")
    given = (
        docs.get("url") if isinstance(docs, dict) else None,
        contact.get("url") if isinstance(contact, dict) else None,
        info.get("termsOfService"),
    )
    links = (url for url in given if isinstance(url, str) and re.fullmatch(r"https://[^\s\"<>]+", url))
    return next(links, _ABOUT_LOGINS)


def _about(description: Description, unknown: Sequence[str]) -> str:
    info = description.mapping(description.root.get("info"), ("info",))
    title = plain(info.get("title"), 120) or "an HTTP API"
    version = plain(str(info.get("version", "")), 40) or "unknown"
    made = "`elasticio new` created this component from the description of the API. You can change all files."
    texts = [f"Actions for {title}, version {version}. {made}"]
    if unknown:
        names = ", ".join(f"`{plain(name)}`" for name in unknown)
        texts.append(f"These ways to log in are not supported: {names}.")
    return "\n\n".join(texts)


def _command(operation: ApiOperation, fields: Mapping[str, Any]) -> str:
    """Return a command that runs an operation, with … in the place of values."""
    body = {each.name: each.node.get("enum", ["…"])[0] for each in operation.inputs if each.is_required}
    config = {key: "…" for key, entry in fields.items() if entry.get("required") or key != "server"}
    options = "".join(
        f" {option} {shlex.quote(json.dumps(value, ensure_ascii=False))}"
        for option, value in (("--body", body), ("--config", config))
        if value
    )
    return f".venv/bin/elasticio exec {operation.id}{options}"


def _is_login_required(description: Description, logins: Sequence[security.Login]) -> bool:
    """Return whether all requests need the one login that the API has."""
    given = description.root.get("security")
    return len(logins) == 1 and isinstance(given, list) and bool(given) and all(given)


def _verified_path(operations: Sequence[ApiOperation]) -> str:
    """Return the path of a GET that needs no inputs but a login, preferably about the account. Default: the root."""
    candidates = [one for one in operations if one.method == "GET" and not any(i.is_required for i in one.inputs)]
    needs_login = [one for one in candidates if not one.is_public] or candidates
    paths = [one.path for one in needs_login]
    return min(paths, key=lambda path: (not _OWN_DATA.search(path), path.count("/"), len(path)), default="/")


def _server_module(server: servers.ServerFields, logins: Sequence[security.Login]) -> str:
    names = sorted({"Api", *(login.declaration.partition("(")[0] for login in logins)})
    declarations = [login.declaration for login in logins]
    variables = ", ".join(f"{literal(name)}: {literal(default)}" for name, default in server.variables.items())
    keywords = {"server": literal(server.url), "variables": f"{{{variables}}}"}
    if declarations:
        keywords["logins"] = rows(declarations, 4)
    return (
        docstring("The server of the API, and the ways to log in.")
        + f"\nfrom lib.api import {', '.join(names)}\n\nAPI = {call('Api', (), keywords)}\n"
    )


def _module(operation: ApiOperation) -> str:
    names = "Input, Operation" if operation.inputs else "Operation"
    inputs = []
    for each in operation.inputs:
        keywords = {
            "sent_as": literal(each.key) if each.key != each.name else "",
            "required": "True" if each.is_required else "",
            "kind": literal(each.kind) if each.kind != "text" else "",
            "style": literal(each.style) if each.style != "comma" and each.kind in ("list", "json") else "",
            "lists": literal(each.lists) if each.lists else "",
        }
        given = {key: value for key, value in keywords.items() if value}
        inputs.append(call("Input", (literal(each.name), literal(each.place)), given, 8))
    keywords = {
        "inputs": rows(inputs, 4) if inputs else "",
        "content_type": literal(operation.content_type) if operation.content_type else "",
        "whole_body": literal(operation.whole_body) if operation.whole_body else "",
    }
    given = {key: value for key, value in keywords.items() if value}
    declared = call("Operation", ("API", literal(operation.method), literal(operation.path)), given)
    return (
        docstring(operation.title, operation.text)
        + f"\nfrom lib.api import {names}\nfrom lib.server import API\n\noperation = {declared}\n"
        + "process = operation.process\n"
    )
