"""Every function exists in every runtime. The three Node.js runtimes differ only as documented."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench import report
from bench.runtimes import AWAITED, AWAITED_NO_NAGLE, NOT_AWAITED, PEER, PYTHON, ROOT, RUNTIMES, Runtime
from services.node_sailor import NodeSailor
from tools.markdown import replace_section

FUNCTIONS = ("getCall", "sendTexts", "echo", "newInboundTexts")
NODE = NodeSailor("node", PEER / "node_modules")


def module_of(runtime: Runtime, function: str) -> Path:
    """Return the module that the runtime's component.json names for a function."""
    root = ROOT / runtime.component(function)
    component: dict[str, Any] = json.loads((root / "component.json").read_text())
    functions = {**component.get("actions", {}), **component.get("triggers", {})}
    return root / str(functions[runtime.function(function)]["main"])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.key)
def test_each_function_exists_in_each_runtime(runtime: Runtime, function: str) -> None:
    assert module_of(runtime, function).is_file()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_modules_with_the_suffix_awaited_await_their_emits(function: str) -> None:
    awaited, dropped = (module_of(runtime, function).read_text() for runtime in (AWAITED, NOT_AWAITED))
    assert "await this.emit" in awaited or "= awaited(" in awaited
    assert "await this.emit" not in dropped
    assert "awaited(" not in dropped
    emits = (PEER / "lib" / "emits.js").read_text()
    assert re.findall(r"exports\.(\w+) =(?:(?!exports).)*?\n  ((?:await )?this\.emit)", emits, re.DOTALL) == [
        ("dropped", "this.emit"),
        ("awaited", "await this.emit"),
    ]
    assert module_of(AWAITED_NO_NAGLE, function) == module_of(AWAITED, function)


def test_every_module_of_the_peer_is_used() -> None:
    named = {module_of(runtime, function).name for runtime in RUNTIMES if runtime.is_node for function in FUNCTIONS}
    sources = [path.read_text() for path in (PEER / "lib").iterdir()]
    required = {f"{name}.js" for text in sources for name in re.findall(r"require\('\./(\w+)'\)", text)}
    assert {path.name for path in (PEER / "lib").iterdir()} == named | required


def test_the_commands_differ_only_in_the_preload() -> None:
    assert AWAITED.command(NODE) == NOT_AWAITED.command(NODE)
    program, require, preload, run = AWAITED_NO_NAGLE.command(NODE)
    assert (program, run) == AWAITED.command(NODE)
    assert require == "--require"
    assert "setNoDelay" in Path(preload).read_text()
    assert PYTHON.command(NODE)[1:] == ("-m", "elasticio", "run")


def test_the_peer_is_locked_without_a_registry() -> None:
    wanted = json.loads((PEER / "package.json").read_text())["dependencies"]
    packages = json.loads((PEER / "package-lock.json").read_text())["packages"]
    assert wanted["elasticio-sailor-nodejs"] == "2.7.8"
    assert wanted["swagger-client"].startswith("3.")
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all(entry["integrity"] for name, entry in packages.items() if name)


@pytest.mark.parametrize("section", [report.SUMMARY, report.DETAILS])
def test_the_page_has_a_section_for_the_tables(section: str) -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert "anything new" in replace_section(page, section, "anything new\n")
