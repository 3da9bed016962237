"""component.json as the page shows it: functions and fields in the designer's order, and every text as a text.

The content of component.json may have any form: a value of another type than the platform's is shown as JSON, and an
entry that is not an object is a problem that the page names.
"""

import base64
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file import components

_LARGEST_LOGO = 512 * 1024  # bytes
_PNG = b"\x89PNG\r\n\x1a\n"
_KINDS = {"triggers": "trigger", "actions": "action"}

Data = Mapping[str, Any]


def description(root: Path) -> dict[str, Any]:
    """Return what the page shows of a component.

    {title, description, version, logo, verifies, credentials, functions, problems}: `logo` is a data URL or empty,
    `credentials` is {help, link, fields} or None, `functions` are in the designer's order. Raises ComponentError.
    """
    descriptor = components.descriptor(root)
    problems: list[str] = []
    functions = [
        _function(name, entry, kind, f"{group}.{name}", problems)
        for group, kind in _KINDS.items()
        for name, entry in _objects(descriptor.get(group), group, problems)
    ]
    return {
        "title": _text(descriptor.get("title")) or root.resolve().name,
        "description": _text(descriptor.get("description")),
        "version": _text(descriptor.get("version")),
        "logo": _logo(root),
        "verifies": (root / "verify_credentials.py").exists(),
        "credentials": _credentials(descriptor, problems),
        "functions": sorted(functions, key=lambda entry: (-entry["order"], entry["title"].casefold())),
        "problems": _with_advice([f"component.json: {problem}." for problem in problems]),
    }


def _with_advice(problems: list[str]) -> list[str]:
    return [*problems, 'The command "elasticio check" lists all mistakes.'] if problems else []


def _credentials(descriptor: Data, problems: list[str]) -> dict[str, Any] | None:
    given = descriptor.get("credentials")
    if given is None:
        return None
    if not isinstance(given, dict):
        problems.append("credentials: must be an object")
        return None
    return {**_help(given), "fields": _fields(given.get("fields"), "credentials.fields", problems)}


def _function(name: str, entry: Data, kind: str, place: str, problems: list[str]) -> dict[str, Any]:
    metadata = entry.get("metadata")
    is_dynamic = entry.get("dynamicMetadata") is True
    return {
        "id": name,
        "kind": kind,
        "title": _text(entry.get("title")) or name,
        **_help(entry, also="description"),
        "type": (_text(entry.get("type")) or "webhook") if kind == "trigger" else "",
        "deprecated": bool(entry.get("deprecated")),
        "order": _order(entry),
        "fields": _fields(entry.get("fields"), f"{place}.fields", problems),
        "dynamicMetadata": is_dynamic,
        "hasMetadata": is_dynamic or bool(metadata),
    }


def _fields(given: Any, place: str, problems: list[str]) -> list[dict[str, Any]]:
    """Return the fields of a form, highest `order` first; fields without `order` keep the order of the file."""
    fields = [_field(name, entry) for name, entry in _objects(given, place, problems)]
    return sorted(fields, key=lambda field: -field["order"])


def _field(name: str, entry: Data) -> dict[str, Any]:
    model, required = entry.get("model"), entry.get("require")
    return {
        "id": name,
        "label": _text(entry.get("label")) or name,
        "viewClass": _text(entry.get("viewClass")) or "TextFieldView",
        "required": bool(entry.get("required")),
        **{key: _text(entry.get(key)) for key in ("placeholder", "prompt", "note", "prefix", "suffix")},
        **_help(entry),
        "options": {key: _text(label) for key, label in model.items()} if isinstance(model, dict) else None,
        "method": model if isinstance(model, str) else "",
        "requires": [_text(each) for each in (required if isinstance(required, list) else [required]) if each],
        "order": _order(entry),
    }


def _help(entry: Data, also: str = "") -> dict[str, str]:
    """Return {help, link}. `also` is an older key for the text of the help."""
    given = entry.get("help")
    found = given if isinstance(given, dict) else {"description": given}
    return {
        "help": _text(found.get("description")) or _text(entry.get(also)),
        "link": _text(found.get("link")),
    }


def _objects(given: Any, place: str, problems: list[str]) -> Iterator[tuple[str, Data]]:
    """Yield the entries of an object that are objects, too. All others are problems."""
    if given is not None and not isinstance(given, dict):
        problems.append(f"{place}: must be an object")
        return
    for name, entry in (given or {}).items():
        if isinstance(entry, dict):
            yield name, entry
        else:
            problems.append(f"{place}.{name}: must be an object")


def _order(entry: Data) -> float:
    """Return `order`: a number, also as a text. Entries without it follow all others."""
    try:
        number = float(entry["order"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return -1e308
    return number if math.isfinite(number) else -1e308


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _logo(root: Path) -> str:
    """Return logo.png as a data URL; empty if the file is missing, too large or no PNG."""
    try:
        with (root / "logo.png").open("rb") as file:
            content = file.read(_LARGEST_LOGO + 1)
    except OSError:
        return ""
    if len(content) > _LARGEST_LOGO or not content.startswith(_PNG):
        return ""
    return "data:image/png;base64," + base64.b64encode(content).decode()
