"""What is measured exists on every side, and the three ways to run the vendor's sailor differ in what they say"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench import report
from bench.sides import AWAITED, NO_NAGLE_SIDE, NOT_AWAITED, OURS, PEER, ROOT, SIDES, Side
from services.node_sailor import NodeSailor

FUNCTIONS = ("getCall", "sendTexts", "echo", "newInboundTexts")
NODE = NodeSailor("node", PEER / "node_modules")


def module_of(side: Side, function: str) -> Path:
    """Return the module behind a function, as the side's component.json names it."""
    root = ROOT / side.component(function)
    component: dict[str, Any] = json.loads((root / "component.json").read_text())
    functions = {**component.get("actions", {}), **component.get("triggers", {})}
    return root / str(functions[side.function(function)]["main"])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.key)
def test_each_function_is_there_on_each_side(side: Side, function: str) -> None:
    assert module_of(side, function).is_file()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_peers_modules_await_where_they_say_so(function: str) -> None:
    awaited, dropped = (module_of(side, function).read_text() for side in (AWAITED, NOT_AWAITED))
    assert "await this.emit" in awaited or "= awaited(" in awaited
    assert "await this.emit" not in dropped
    assert "awaited(" not in dropped
    emits = (PEER / "lib" / "emits.js").read_text()
    assert re.findall(r"exports\.(\w+) =(?:(?!exports).)*?\n  ((?:await )?this\.emit)", emits, re.DOTALL) == [
        ("dropped", "this.emit"),
        ("awaited", "await this.emit"),
    ]
    assert module_of(NO_NAGLE_SIDE, function) == module_of(AWAITED, function)


def test_every_module_of_the_peer_is_named_or_required() -> None:
    named = {module_of(side, function).name for side in SIDES if side.is_node for function in FUNCTIONS}
    sources = [path.read_text() for path in (PEER / "lib").iterdir()]
    required = {f"{name}.js" for text in sources for name in re.findall(r"require\('\./(\w+)'\)", text)}
    assert {path.name for path in (PEER / "lib").iterdir()} == named | required


def test_the_commands_differ_by_the_preload_alone() -> None:
    assert AWAITED.command(NODE) == NOT_AWAITED.command(NODE)
    program, require, preload, run = NO_NAGLE_SIDE.command(NODE)
    assert (program, run) == AWAITED.command(NODE)
    assert require == "--require"
    assert "setNoDelay" in Path(preload).read_text()
    assert OURS.command(NODE)[1:] == ("-m", "elasticio", "run")


def test_the_peer_is_pinned_and_names_no_registry() -> None:
    wanted = json.loads((PEER / "package.json").read_text())["dependencies"]
    packages = json.loads((PEER / "package-lock.json").read_text())["packages"]
    assert wanted["elasticio-sailor-nodejs"] == "2.7.8"
    assert wanted["swagger-client"].startswith("3.")
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all(entry["integrity"] for name, entry in packages.items() if name)


@pytest.mark.parametrize("document", ["README.md", "docs/performance.md"])
def test_the_documents_have_a_place_for_the_tables(document: str) -> None:
    assert len(report.MARKED.findall((ROOT / document).read_text())) == 1
