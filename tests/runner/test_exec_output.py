"""`elasticio exec` with an output that cannot be written, and with components that break their contract."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.errors import AbandonedError, OutputError
from elasticio_runner.exec import Call, execute

COMPONENT = Path(__file__).parent / "flow_component"
PATIENCE = 120
FULL = Path("/dev/full")  # a file on a disk without space


def command(function: str, body: Any, *more: str) -> list[str]:
    arguments = [function, "--component", str(COMPONENT), "--body", json.dumps(body), *more]
    return [sys.executable, "-m", "elasticio", "exec", *arguments]


def run(function: str, body: Any, *more: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, **environ}
    encoding = environ.get("PYTHONIOENCODING", "utf-8")
    return subprocess.run(
        command(function, body, *more), check=False, capture_output=True, encoding=encoding, timeout=PATIENCE, env=env
    )


def test_prints_of_a_component_go_to_standard_error() -> None:
    ended = run("odd", {"print": True})
    assert ended.returncode == 0
    assert ended.stdout == '{"event": "data", "body": {"number": 0, "text": null}}\n'
    for line in ("printed", "written to the descriptor", "printed by a child"):
        assert line in ended.stderr.splitlines()


def test_an_error_that_cannot_be_printed_ends_as_an_error() -> None:
    ended = run("odd", {"unprintable": True})
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["event"] == "data"
    assert "UnprintableError" in ended.stderr


def test_a_closed_pipe_ends_the_command_and_reports_the_emitted_events() -> None:
    with subprocess.Popen(
        command("odd", {"emit": 3, "text": "x", "stay": True}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait(PATIENCE) == 1
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert "standard output: cannot be written (Broken pipe)." in told
    assert "Emitted and written before: nothing. The function may have had further effects." in told
    assert 'Emitted but not written: {"event": "data", "body": {"number": 0, "text": "x"}}' in told


def test_a_full_disk_ends_the_command_at_once() -> None:
    with FULL.open("w") as full:
        ended = subprocess.run(
            command("odd", {"emit": 2, "stay": True}),
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
    assert ended.returncode == 1
    assert "standard output: cannot be written (No space left on device)." in ended.stderr
    assert '"number": 0' in ended.stderr
    assert "Exception ignored" not in ended.stderr


class Breaking(io.StringIO):
    """A stream that breaks after some lines."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._left = lines

    def write(self, text: str) -> int:
        if not self._left:
            raise BrokenPipeError(32, "Broken pipe")
        self._left -= 1
        return super().write(text)


def test_the_report_counts_written_events() -> None:
    call = Call("odd", COMPONENT, body={"emit": 5})
    with pytest.raises(AbandonedError) as error:
        execute(call, {}, Breaking(3), io.StringIO())
    assert "Emitted and written before: 3 data." in str(error.value)
    assert 'Emitted but not written: {"event": "data", "body": {"number": 3, "text": null}}' in str(error.value)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("text", ["☎ 😀", "\ud83d", "a\u202eb\x9bc", "ü"])
def test_characters_that_cannot_be_encoded_are_escaped(encoding: str, text: str) -> None:
    ended = run("odd", {"text": text}, PYTHONIOENCODING=encoding)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["body"]["text"] == text
    assert not set(ended.stdout) & {"\u202e", "\x9b"}


def test_a_closed_stream_is_an_error() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(OutputError, match="standard output: cannot be written"):
        JsonLines(stream).write(1)


def test_files_that_cannot_be_saved_end_the_command(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("content")
    (tmp_path / "folder").write_text("a file in the way")
    ended = run("copy", {}, "--file", str(tmp_path / "file.txt"), "--save", str(tmp_path / "folder"))
    assert ended.returncode == 1
    assert f"--save {tmp_path / 'folder'}: files cannot be saved (File exists)." in ended.stderr


def test_requests_to_the_local_platform_use_no_proxy() -> None:
    proxy = "http://127.0.0.1:9"  # no server listens on this port
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    environ = {**dict.fromkeys(names, proxy), "NO_PROXY": "", "no_proxy": ""}
    ended = run("odd", {}, **environ)
    assert ended.returncode == 0, ended.stderr


def test_escape_sequences_of_a_component_are_shown_as_text() -> None:
    ended = run("act", {"fail": "\x1b[31mred\x07 \x9b2J \u202e"})
    assert ended.returncode == 1
    assert r"ValueError: \x1b[31mred\x07 \x9b2J \u202e" in ended.stderr
    assert not set(ended.stderr) & {"\x1b", "\x07", "\x9b", "\u202e"}
