"""Every command that README.md and CONTRIBUTING.md list is run by a test, here or elsewhere.

A command that no test runs completely is in CONTRIBUTING.md, with the reason.
"""

import importlib.util
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from elasticio.cli import main

from tests.contract.commands import named_modules, started, starts, subcommands
from tests.contract.repository import ROOT
from tests.contract.test_docs import TARGETS, table

STARTED = started()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
# The test that runs the recipe of a target, and a text of this test.
RUN_BY_TESTS = {
    "help": ("tests/contract/test_commands.py", '"help"'),
    "format": ("tests/contract/test_commands.py", '"format"'),
    "clean": ("tests/contract/test_commands.py", '"clean"'),
    "check": (".ci/run", "make check"),
    "test": (".ci/run", "make test"),
    "demo": ("tests/integration/test_demo.py", '"-m", "demo"'),
    "sandbox": ("tests/sandbox/test_server.py", '"-m", "sandbox"'),
    "build": ("tests/tools/test_build.py", "build.main"),
    "docs": ("tests/tools/test_site.py", '"mkdocs", "build", "--strict"'),
    "dist": ("tests/contract/test_distributions.py", '"hatchling", "build"'),
    "release": ("tests/tools/test_release.py", "prepare"),
}
# Modules whose functions a test calls.
CALLED_BY_TESTS = {"tools.site": "tests/tools/test_site.py", "bench.trace": "tests/bench/test_trace.py"}
# The others are started here, in this process: that takes less time than a process for each of them.
STARTED_HERE = sorted(
    module
    for module in named_modules() - CALLED_BY_TESTS.keys()
    if not any(starts(run, ("-m", module)) for run in STARTED)
)


def not_run() -> dict[str, str]:
    """Return the targets that no test runs completely, with the reasons from CONTRIBUTING.md."""
    return {row[0].strip("`").removeprefix("make "): row[1] for row in table(CONTRIBUTING, "Commands without a test")}


def make(*arguments: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ("make", "--no-print-directory", "--assume-old=.venv/installed", *arguments)
    return subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the Makefile, the settings of the tools and the installed packages."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return tmp_path


def test_every_target_is_run_by_a_test_or_has_a_reason() -> None:
    assert RUN_BY_TESTS.keys() | not_run().keys() == TARGETS
    assert not RUN_BY_TESTS.keys() & not_run().keys()
    assert all(len(reason) > 20 for reason in not_run().values())


@pytest.mark.parametrize("target", sorted(RUN_BY_TESTS))
def test_the_named_test_runs_the_target(target: str) -> None:
    path, text = RUN_BY_TESTS[target]
    assert text in (ROOT / path).read_text()


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_make_accepts_the_target(target: str) -> None:
    planned = make("--dry-run", target)
    assert planned.returncode == 0, planned.stderr
    for module in re.findall(r"python -m (\w+(?:\.\w+)*)", planned.stdout):
        assert importlib.util.find_spec(module), module


def test_help_lists_every_target() -> None:
    listed = make("help")
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines()} == TARGETS


def test_format_formats(copy: Path) -> None:
    (copy / "odd.py").write_text('"""Odd."""\n\nimport sys\nx  =  1\n')
    done = make("format", folder=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (copy / "odd.py").read_text() == '"""Odd."""\n\nx = 1\n'


def test_clean_removes_what_other_commands_create(copy: Path) -> None:
    for folder in ("build/site", "dist", ".mypy_cache", "lib/__pycache__"):
        (copy / folder).mkdir(parents=True)
    done = make("clean", folder=copy)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in copy.iterdir()} == {"Makefile", "pyproject.toml", "lib"}
    assert not list((copy / "lib").iterdir())


@pytest.mark.parametrize("command", sorted(subcommands()), ids=" ".join)
def test_a_test_runs_the_subcommand(command: tuple[str, ...]) -> None:
    assert any(starts(run, ("elasticio", *command)) for run in STARTED), f"no test starts elasticio {' '.join(command)}"


@pytest.mark.parametrize("command", sorted(subcommands()), ids=" ".join)
def test_the_subcommand_has_help(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert " ".join(command) in capsys.readouterr().out


def test_the_examples_have_no_mistakes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(map(str, (ROOT / "examples").glob("*.flow.json")))
    for name in re.findall(r"\$\{(\w+)", "".join(Path(file).read_text() for file in files)):
        monkeypatch.setenv(name, "http://127.0.0.1:1/v2")
    assert main(["flow", "check", *files]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("module", STARTED_HERE)
def test_a_named_module_starts(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [module, "--help"])
    for loaded in (module, f"{module}.__main__"):  # runpy warns about modules that other tests have imported
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize("module", sorted(CALLED_BY_TESTS))
def test_a_test_calls_the_functions_of_the_module(module: str) -> None:
    package, _, name = module.rpartition(".")
    assert f"from {package} import {name}" in (ROOT / CALLED_BY_TESTS[module]).read_text()


def test_starts_finds_commands() -> None:
    assert starts(("", "-m", "elasticio", "flow", "run", ""), ("elasticio", "flow", "run"))
    assert not starts(("", "-m", "elasticio", "flow"), ("elasticio", "flow", "run"))
