"""The command line for users and for the platform."""

import os
import subprocess
import sys

import pytest
from elasticio import __version__
from elasticio.cli import main

PATIENCE = 60


def elasticio(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICIO_")}
    command = [sys.executable, "-m", "elasticio", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=PATIENCE, env={**clean, **environ}
    )


def test_run_mode_names_missing_variables_and_fails() -> None:
    ended = elasticio("run")
    assert ended.returncode == 1
    [line] = ended.stdout.splitlines()
    assert "ELASTICIO_FLOW_ID" in line
    assert "ELASTICIO_AMQP_URI" in line
    assert ended.stderr == ""


def test_service_mode_names_missing_variables_and_fails() -> None:
    ended = elasticio("service", "verifyCredentials")
    assert ended.returncode == 1
    assert "ELASTICIO_POST_RESULT_URL" in ended.stdout


def test_service_mode_refuses_an_unknown_log_level() -> None:
    ended = elasticio("service", "verifyCredentials", LOG_LEVEL="loud")
    assert ended.returncode == 1
    assert ended.stderr.startswith("LOG_LEVEL: must be one of trace, debug")


@pytest.mark.parametrize("arguments", [(), ("fly",), ("service",), ("flow",), ("flow", "run"), ("exec",)])
def test_an_invalid_command_line_is_an_error(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: elasticio" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"elasticio-sdk {__version__}\n"


def test_run_mode_does_not_import_the_runner() -> None:
    code = (
        "import sys; from elasticio.cli import main; main(['run'])\n"
        "names = {'elasticio_runner', 'rich', 'jsonata', 'jsonschema', 'http.server'}\n"
        "sys.exit(', '.join(names & set(sys.modules)))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICIO_")}
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=PATIENCE, env=clean
    )
    assert ended.stderr.strip() == ""


@pytest.mark.parametrize("command", ["flow", "exec"])
def test_a_missing_runner_is_named(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [])
    with pytest.raises(SystemExit, match="2"):
        main([command, "any"])
    assert f"`elasticio {command}` requires the runner. Run: pip install elasticio-runner" in capsys.readouterr().err
