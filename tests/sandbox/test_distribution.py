"""The distribution: its wheel, its command, its pytest fixture, and the examples in docs/sandbox.md."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from callfire_sandbox.server import Running

from services.node_sailor import NodeSailor
from tests.contract.repository import ROOT

TEXT = (ROOT / "docs" / "sandbox.md").read_text()
ADDRESS = "http://127.0.0.1:8080"


def block(heading: str, language: str) -> str:
    """Return the first code block under a heading of the page."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    found: list[str] = re.findall(rf"(?ms)^```{language}\n(.*?)^```", section)
    return found[0]


def run(*command: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    built = run(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", ".", str(ROOT / "sandbox"), cwd=folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("callfire_sandbox-*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_contains_one_package_with_its_page_and_types(unpacked: Path) -> None:
    assert {path.name for path in unpacked.iterdir() if path.suffix != ".dist-info"} == {"callfire_sandbox"}
    package = unpacked / "callfire_sandbox"
    own = {
        str(path.relative_to(ROOT / "sandbox" / "callfire_sandbox"))
        for path in (ROOT / "sandbox" / "callfire_sandbox").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()} == own
    assert {"page/static/index.html", "py.typed", "pytest_plugin.py"} <= own


def test_the_wheel_declares_its_command_its_plugin_and_its_dependencies(unpacked: Path) -> None:
    (about,) = unpacked.glob("*.dist-info")
    points = (about / "entry_points.txt").read_text()
    assert "callfire-sandbox = callfire_sandbox.__main__:main" in points
    assert "callfire_sandbox = callfire_sandbox.pytest_plugin" in points
    declared = set(re.findall(r"(?m)^Requires-Dist: ([\w-]+)", (about / "METADATA").read_text()))
    imported = set()
    for path in (unpacked / "callfire_sandbox").rglob("*.py"):
        if path.name != "pytest_plugin.py":  # pytest itself imports this one
            imported |= set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", path.read_text()))
    names = {name.replace("_", "-") for name in imported - sys.stdlib_module_names - {"callfire_sandbox"}}
    assert names == declared
    (sdk,) = re.findall(r'(?m)^version = "(.+)"', (ROOT / "sdk" / "pyproject.toml").read_text())
    assert f"\nVersion: {sdk}\n" in (about / "METADATA").read_text()


def test_the_examples_in_python_run_with_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    """The wheel's plugin is loaded from the folder, as pytest loads it where the wheel is installed."""
    (tmp_path / "test_example.py").write_text(block("A test in Python", "python"))
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py")
    done = run(*command, cwd=tmp_path, PYTHONPATH=str(unpacked))
    assert "4 passed" in done.stdout, done.stdout + done.stderr
    where = "import callfire_sandbox; print(callfire_sandbox.__file__)"
    assert run(sys.executable, "-c", where, cwd=tmp_path, PYTHONPATH=str(unpacked)).stdout.startswith(str(unpacked))


def test_the_example_in_node_runs(callfire: Running, node_sailor: NodeSailor, tmp_path: Path) -> None:
    script = block("A test in Node.js", "js").replace(ADDRESS, callfire.admin_url.removesuffix("/sandbox"))
    (tmp_path / "example.test.js").write_text(script)
    done = run(node_sailor.node, "--test", "example.test.js", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"# pass [23]\b", done.stdout), done.stdout


def test_the_example_with_curl_runs(callfire: Running, tmp_path: Path) -> None:
    script = block("A test with curl", "sh").replace(ADDRESS, callfire.admin_url.removesuffix("/sandbox"))
    done = run("/bin/sh", "-ec", script, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    failing = script.replace('grep \'"message":"hello"\'', "grep goodbye")
    assert run("/bin/sh", "-ec", failing, cwd=tmp_path).returncode == 1


@pytest.mark.callfire_sandbox(accounts=["second"])
def test_the_fixture_accepts_start_options(callfire_sandbox: Running) -> None:
    assert callfire_sandbox.account("second").username == "second"


def test_the_helpers_of_the_fixture(callfire_sandbox: Running) -> None:
    call = callfire_sandbox.receive_call(recordingSeconds=2)
    assert call["records"][0]["duration"] == 2
    assert callfire_sandbox.sent_calls("12135550177") == []
    callfire_sandbox.set_outcome("12135550177", finalTextResult="CARRIER_ERROR")
    assert callfire_sandbox.deliveries() == callfire_sandbox.requests() == []
    callfire_sandbox.reset()
    assert callfire_sandbox.admin("GET", "/overview")["calls"] == []


def test_the_image_runs_what_the_distribution_has() -> None:
    lines = (ROOT / "sandbox" / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert all((ROOT / "sandbox" / name).exists() for names in copied for name in names)
    (entry,) = [line for line in lines if line.startswith("ENTRYPOINT ")]
    assert entry.startswith('ENTRYPOINT ["callfire-sandbox", "--host", "0.0.0.0"')
    assert lines[-2] == "ENV PYTHONUNBUFFERED=1"
    assert "USER sandbox" in lines
