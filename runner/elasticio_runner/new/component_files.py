"""The files that every new component has."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from elasticio_runner.new import naming
from elasticio_runner.new.logo import logo

_TEMPLATES = Path(__file__).parent / "templates"
_COPIED = {
    "Dockerfile": "Dockerfile.txt",
    ".dockerignore": "dockerignore.txt",
    ".gitignore": "gitignore.txt",
    "pyproject.toml": "pyproject.toml.txt",
    "requirements.txt": "requirements.txt",
    "requirements-dev.txt": "requirements-dev.txt",
}
VERSION = "1.0.0"


def template(name: str, **values: str) -> str:
    """Return the text of a template with its $NAMES replaced."""
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return Template(text).substitute(values) if values else text


def shared_module(name: str) -> str:
    """Return the text of a module that each component from a description has, without marks for our own linter."""
    text = re.sub(r"  # noqa: .*", "", template(name))
    return text.replace("from . import", "from lib import").replace("from .encoding", "from lib.encoding")


def common(component: Mapping[str, Any], name: str, text: str, command: str) -> dict[str, str | bytes]:
    """Return {path: content} of component.json, README.md, the logo and the files of tools.

    `text` describes the component in the README; `command` is an example of a run.
    """
    files: dict[str, str | bytes] = {path: template(source) for path, source in _COPIED.items()}
    files["component.json"] = to_json(component)
    files["logo.png"] = logo(name)
    files["README.md"] = template(
        "README.md.txt",
        title=name,
        text=text,
        exec=command,
        credentials="\n".join(_field_line(entry) for entry in component["credentials"]["fields"].values()),
        actions="\n\n".join(_section(entry) for entry in component["actions"].values()),
    )
    return files


def help_link(name: str, title: str) -> str:
    """Return the address of a function's section in the README, as the platform publishes it."""
    return f"/components/{naming.slug(name)}/index.html#{naming.slug(title)}"


def to_json(value: Any) -> str:
    """Return JSON with an indent of two."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _field_line(entry: Mapping[str, Any]) -> str:
    text = entry.get("note") or entry["help"]["description"]
    return f"* **{entry['label']}** - ({'required' if entry.get('required') else 'optional'}): {text}"


def _section(entry: Mapping[str, Any]) -> str:
    state = "\n\nThis action is deprecated." if entry.get("deprecated") else ""
    return f"### {entry['title']}\n\n{entry['help']['description']}{state}"
