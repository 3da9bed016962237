"""The README matches the code: options, controls and switches."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from callfire_sandbox.__main__ import parser
from callfire_sandbox.switches import PROFILES, Switches
from callfire_sandbox.web.admin_commands import READS, WRITES

from tests.contract.test_docs import table

README = (Path(__file__).parents[2] / "sandbox" / "README.md").read_text()


def shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_options() -> None:
    options = [action for action in parser()._actions if action.dest != "help"]
    expected = [
        [f"`{action.option_strings[0]}`", "" if action.default in (None, []) else shown(action.default), action.help]
        for action in options
    ]
    assert table(README, "Command line") == expected


def test_controls() -> None:
    named = {cells[0].strip("`") for cells in table(README, "Controls")}
    assert named == {"GET /sandbox/events", *(f"GET {path}" for path in READS), *map(" ".join, WRITES)}


def test_switches() -> None:
    harsh = PROFILES["harsh"]
    expected = [
        [f"`{entry.name}`", shown(entry.default), shown(getattr(harsh, entry.name)), entry.metadata["about"]]
        for entry in fields(Switches)
    ]
    assert table(README, "Switches") == expected


def test_every_folder_is_named() -> None:
    root = Path(__file__).parents[2] / "sandbox" / "callfire_sandbox"
    folders = {f"{path.parent.relative_to(root)}" for path in root.rglob("__init__.py") if path.parent != root}
    assert folders <= set(re.findall(r"\]\(callfire_sandbox/([\w/]+)\)", README))
