"""The components of a flow's steps, as component.json describes them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticio.runtime.component import Component

from elasticio_runner.errors import UnknownNameError
from elasticio_runner.flow_file.problems import nearest

BUILTIN = Path(__file__).parents[1] / "builtin"
KINDS = ("triggers", "actions")


def root(step: Mapping[str, Any], folder: Path) -> Path:
    """Return a component's folder, relative to the flow file's folder. Default: the working directory."""
    name = step.get("component")
    if name == "builtin":
        return BUILTIN
    return (folder / name).resolve() if name else Path.cwd()


def load(component: Path) -> Component:
    """Return the component in a folder; raises ComponentError."""
    return Component.load(path_for_settings(component))


def descriptor(component: Path) -> Mapping[str, Any]:
    """Return the content of component.json; raises ComponentError."""
    return load(component).descriptor


def path_for_settings(component: Path) -> str:
    """Return a folder for COMPONENT_PATH: relative to the working directory."""
    return os.path.relpath(component)


def entries(component: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a component's functions by name, each with its `kind`: triggers or actions.

    If a trigger and an action have the same name, the trigger is returned. Malformed entries are left out.
    """
    return {
        name: {**entry, "kind": kind}
        for kind in reversed(KINDS)
        for name, entry in members(component, kind).items()
        if isinstance(entry, dict)
    }


def entry(component: Mapping[str, Any], function: str) -> dict[str, Any]:
    """Return the function of that name, see `entries`. Raises UnknownNameError."""
    functions = entries(component)
    if function not in functions:
        hint = nearest(function, functions)
        raise UnknownNameError(f"the component has no trigger or action {function!r}; {hint}")
    return functions[function]


def members(owner: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object `name` of a part of component.json, {} if it is missing or no object."""
    found = owner.get(name)
    return found if isinstance(found, dict) else {}


def form(owner: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the form fields of a function's entry or of the credentials. Malformed fields have no properties."""
    return {name: field if isinstance(field, dict) else {} for name, field in members(owner, "fields").items()}


def credential_form(component: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the form fields of a component's credentials, see `form`."""
    return form(members(component, "credentials"))


def is_webhook(entry: Mapping[str, Any]) -> bool:
    """Return whether a function is a webhook trigger."""
    return bool(entry["kind"] == "triggers" and entry.get("type", "webhook") == "webhook")
