"""Hostile files and arguments: each is accepted or is an error in one line."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner import json_input
from elasticio_runner.engine.state_file import State
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.flow_file.locations import locate
from elasticio_runner.flow_file.reader import read
from hypothesis import given, settings
from hypothesis import strategies as st

PATIENCE = 60
STEPS = {"steps": [{"id": "begin", "component": "builtin", "function": "start", "schedule": {"runs": 1}}]}
BRACKETS = "[" * 100_000 + "]" * 100_000
HOSTILE = {
    "brackets": (BRACKETS, "nested more than 20. levels deep"),
    "objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested more than 20. levels deep"),
    "open brackets": ("[" * 100_000, "."),
    "just too deep": ("[" * 1000 + "]" * 1000, "nested more than 20. levels deep"),
    "digits": ("9" * 10_000, "a number has too many digits"),
    "infinite": ("1e999", "a number is too large"),
    "not a number": ("NaN", "NaN is not a JSON value"),
    "escapes": ('"\x1b[2J', "."),
}


def elasticio(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "elasticio", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize(("text", "reason"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("frame", ["%s", '{"steps": %s}', '{"version": 1, "snapshots": %s}'])
def test_a_hostile_file_is_an_error_in_one_line(tmp_path: Path, text: str, reason: str, frame: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(frame % text)
    with pytest.raises(FlowError, match=reason) as error:
        read(file, {})
    assert len(str(error.value)) < 500
    with pytest.raises(FlowError, match=reason) as error:
        State(file)
    assert len(str(error.value)) < 500
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize("text", [BRACKETS, "9" * 10_000, "1e999"])
def test_a_hostile_argument_is_an_error_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "body.json"
    file.write_text(text)
    ended = elasticio("exec", "start", "--body", f"@{file}")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "body.json, line 1: not valid JSON" in ended.stderr


def test_a_byte_order_mark_is_accepted_everywhere(tmp_path: Path) -> None:
    flow, state = tmp_path / "marked.flow.json", tmp_path / "state.json"
    flow.write_text("\ufeff" + json.dumps(STEPS), encoding="utf-8")
    assert read(flow, {}).trigger.id == "begin"
    state.write_text('\ufeff{"version": 1, "snapshots": {"begin": 7}}', encoding="utf-8")
    assert State(state).snapshot("begin") == 7
    body = tmp_path / "body.json"
    body.write_text('\ufeff{"x": 1}', encoding="utf-8")
    component = Path(sys.modules[Flow.__module__].__file__ or "").parents[1] / "builtin"
    ended = elasticio("exec", "console", "--component", str(component), "--body", f"@{body}")
    assert (ended.returncode, ended.stdout) == (0, '{"event": "data", "body": {"x": 1}}\n'), ended.stderr


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(json_input.InvalidJsonError):
        assert json.dumps(json_input.parse(text))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@settings(deadline=None)
@given(VALUES, st.sampled_from([None, 0, 2]))
def test_any_json_is_read_and_every_value_has_its_line(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert json_input.parse(text) == value
    lines = locate(text).lines
    assert lines.keys() == set(places(value, ()))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


def places(value: Any, place: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(inner for key, item in members for inner in places(item, (*place, key)))]


def test_a_large_file_is_located_in_linear_time() -> None:
    small, large = (locate("[" + ",\n".join(["1"] * count) + "]") for count in (10, 200_000))
    assert (len(small.lines), len(large.lines)) == (11, 200_001)  # with quadratic work this takes minutes
    assert large.lines[199_999,] == 200_000


def test_a_snapshot_that_is_nested_too_deeply_is_refused_and_the_state_stays_readable(tmp_path: Path) -> None:
    state = State(tmp_path / "state.json")
    deep: Any = 1
    for level in range(1, 300):
        deep = [deep]
        if level == 200:
            state.replace_snapshot("begin", deep)
    with pytest.raises(FlowError, match="nested more than 200 levels deep"):
        state.replace_snapshot("begin", deep)
    with pytest.raises(FlowError, match="nested more than 200 levels deep"):
        state.update_snapshot("begin", {"a": deep})
    assert isinstance(State(tmp_path / "state.json").snapshot("begin"), list)
