"""Finding an installed browser, and what a machine without one is told"""

from pathlib import Path

import pytest

from services.browser import BrowserMissingError, find_chromium


def test_an_installed_browser_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "google-chrome"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(program)


def test_a_machine_without_a_browser_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserMissingError, match="Install Chromium or Chrome"):
        find_chromium()
