"""Creates components with `elasticio new` and runs their commands as an author does."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from elasticio_runner.check.examine import Importer, examine
from elasticio_runner.check.modules import ImportedModule
from elasticio_runner.new import api_component, description
from elasticio_runner.new.command import write


def created(folder: Path, root: Any, name: str = "Example") -> Path:
    """Create a component from the content of a description."""
    write(folder, api_component.files(name, description.of(root)))
    return folder


def schema(folder: Path, action: str, side: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"schemas/{action}.{side}.json").read_text())
    return found


def component(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "component.json").read_text())
    return found


def not_imported(_folder: Path, mains: Sequence[str]) -> Mapping[str, ImportedModule]:
    """Return modules that export what they need, without importing them."""
    return {main: ImportedModule(frozenset({"process", "verify"})) for main in mains}


def problems(folder: Path, importer: Importer = not_imported) -> list[str]:
    return list(examine(folder, importer).texts())


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a module of Python in a component's folder."""
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    arguments = (sys.executable, "-P", "-m", *command)
    return subprocess.run(arguments, cwd=folder, check=False, capture_output=True, text=True, timeout=120, env=environ)
