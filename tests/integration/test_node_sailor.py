"""The vendor's sailor is installed in its locked version, and runs."""

import json
import subprocess
from pathlib import Path

import pytest

from services.node_sailor import FOLDER, NodeMissingError, NodeSailor, install_sailor


def test_the_pinned_sailor_runs(node_sailor: NodeSailor) -> None:
    package = json.loads((node_sailor.modules / "elasticio-sailor-nodejs" / "package.json").read_text())
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]["elasticio-sailor-nodejs"]
    assert package["version"] == wanted
    done = subprocess.run(node_sailor.run, env={}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ELASTICIO_FLOW_ID" in done.stdout + done.stderr  # its own error text


def test_a_second_installation_does_nothing(
    node_sailor: NodeSailor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_sailor().modules == node_sailor.modules


def test_the_error_without_node_names_the_package_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeMissingError, match=r"Install Node\.js 18 or newer"):
        install_sailor()


def test_the_error_of_npm_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'npm error no such package' >&2; exit 1\n")
        program.chmod(0o755)
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeMissingError, match="npm error no such package"):
        install_sailor(tmp_path)
