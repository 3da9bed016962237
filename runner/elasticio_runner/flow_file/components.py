"""The components of a flow's steps, as component.json describes them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticio.runtime.component import Component

from elasticio_runner.json_input import read_text

BUILTIN = Path(__file__).parents[1] / "builtin"
KINDS = ("triggers", "actions")


def root(step: Mapping[str, Any], folder: Path) -> Path:
    """Return a component's folder, relative to the flow file's folder. Default: the working directory."""
    name = step.get("component")
    if name == "builtin":
        return BUILTIN
    return (folder / name).resolve() if name else Path.cwd()


def descriptor(component: Path) -> Mapping[str, Any]:
    """Return the content of component.json; raises ComponentError."""
    return Component.load(path_for_settings(component)).descriptor


def path_for_settings(component: Path) -> str:
    """Return a folder for COMPONENT_PATH: relative to the working directory."""
    return os.path.relpath(component)


def entries(component: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a component's functions by name, each with its `kind`: triggers or actions.

    If a trigger and an action have the same name, the trigger is returned.
    """
    return {
        name: {**entry, "kind": kind} for kind in reversed(KINDS) for name, entry in component.get(kind, {}).items()
    }


def is_webhook(entry: Mapping[str, Any]) -> bool:
    """Return whether a function is a webhook trigger."""
    return bool(entry["kind"] == "triggers" and entry.get("type", "webhook") == "webhook")


def input_schema(entry: Mapping[str, Any], component: Path) -> Mapping[str, Any]:
    """Return the static schema of a function's input; {} if it is missing or cannot be read."""
    schema = (entry.get("metadata") or {}).get("in")
    if isinstance(schema, str):
        try:
            schema = json.loads(read_text(component / schema))
        except (OSError, ValueError):
            return {}
    return schema if isinstance(schema, dict) else {}
