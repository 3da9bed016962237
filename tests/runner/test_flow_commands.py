"""`elasticio flow check`, and the amounts of output of `elasticio flow run`: -q, -v and --json."""

import errno
import io
import json
import os
import queue
import shutil
from pathlib import Path
from typing import Any

import pytest
from elasticio.cli import main
from elasticio_runner import flow_run
from elasticio_runner.display.status_lines import StatusLines
from elasticio_runner.errors import OutputError
from elasticio_runner.mapping.edge import Edge, compiled

COMPONENT = str(Path(__file__).parent / "flow_component")
ACT = {"id": "act", "component": COMPONENT, "function": "act", "rebound": {"delay": 1}}
SHOW = {"id": "show", "component": "builtin", "function": "console"}


def write(folder: Path, body: dict[str, Any], **changes: Any) -> Path:
    begin = {"id": "begin", "component": "builtin", "function": "start", "config": body, "schedule": {"runs": 1}}
    edges = [{"from": "begin", "to": "act"}, {"from": "act", "to": "show"}]
    file = folder / "test.flow.json"
    file.write_text(json.dumps({"name": "Test", "steps": [begin, ACT, SHOW], "edges": edges, **changes}))
    return file


@pytest.fixture(autouse=True)
def signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_run, "_handle_signals", lambda *_: None)
    monkeypatch.delenv("LOG_LEVEL", raising=False)


def test_check_reports_all_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path, {})
    bad = Path(shutil.copy(good, tmp_path / "bad.flow.json"))
    bad.write_text(bad.read_text().replace('"builtin"', '"nowhere"').replace('"to": "show"', '"to": "shw"'))
    assert main(["flow", "check", str(good)]) == 0
    assert capfd.readouterr().out == f"no mistakes in {good}\n"
    (tmp_path / "latin.flow.json").write_bytes(b'{"name": "\xff"}')
    files = [str(good), str(bad), str(tmp_path / "latin.flow.json"), str(tmp_path / "none.flow.json")]
    assert main(["flow", "check", *files]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert [line.split(":")[0].rpartition("/")[2] for line in lines] == [
        "bad.flow.json",
        "bad.flow.json",
        "bad.flow.json",
        "latin.flow.json",
        "none.flow.json",
    ]
    assert any("there is no step 'shw'; did you mean 'show'?" in line for line in lines)


def test_check_runs_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "check", str(write(tmp_path, {}))]) == 0
    assert "acting" not in capfd.readouterr().err


def test_check_prints_json_for_tools(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edges = [{"from": "begin", "to": "act", "mapping": "bdy"}, {"from": "act", "to": "shw"}]
    file = write(tmp_path, {}, edges=edges)
    assert main(["flow", "check", "--json", str(file)]) == 1
    found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {(entry["place"], entry["level"]) for entry in found} == {
        ("edges[0].mapping", "warning"),
        ("edges[1].to", "error"),
    }
    assert all(entry.keys() == {"file", "line", "place", "level", "text"} for entry in found)
    assert all((entry["file"], entry["line"]) == (str(file), 1) for entry in found)


def test_warnings_alone_are_no_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edges = [{"from": "begin", "to": "act", "mapping": {"a": "hello"}}, {"from": "act", "to": "show"}]
    file = write(tmp_path, {}, edges=edges)
    assert main(["flow", "check", str(file)]) == 0
    assert "warning: edges[0].mapping.a: a message has no 'hello'" in capfd.readouterr().out
    assert main(["flow", "run", str(file)]) == 0
    assert "flow: warning: " in capfd.readouterr().err


def test_the_status_is_one_event_per_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, {"x": 1})
    assert main(["flow", "run", "--json", str(file)]) == 0
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "log"] == ["started", "ready", "message", "ended"]
    by_name = {event["event"]: event for event in events}
    assert by_name["started"]["steps"] == {"begin": "start", "act": "act", "show": "console"}
    assert by_name["ready"] == {"event": "ready", "webhook": None}
    assert by_name["message"] == {"event": "message", "step": "show", "body": {"x": 1}}
    ended = by_name["ended"]
    assert (ended["succeeded"], ended["failed"], ended["unfinished"]) == (True, 0, 0)
    assert ended["steps"]["act"] == {"received": 1, "emitted": 1, "failed": 0, "rebounded": 0, "open": 0}


def test_failures_and_rebounds_are_events(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    act = {**ACT, "rebound": {"delay": 1, "limit": 1}}
    file = write(tmp_path, {"always": True})
    file.write_text(file.read_text().replace(json.dumps(ACT), json.dumps(act)))
    assert main(["flow", "run", "--json", str(file)]) == 1
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    [rebounded] = [event for event in events if event["event"] == "rebounded"]
    assert rebounded == {"event": "rebounded", "step": "act", "reason": "never ready", "retry_in": 0.001}
    [failed] = [event for event in events if event["event"] == "failed"]
    assert failed["step"] == "act"
    assert failed["text"].startswith("Error: Rebound limit exceeded")
    assert failed["message"]
    assert not events[-1]["succeeded"]


def test_a_flow_that_cannot_run_is_an_event(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "run", "--json", str(write(tmp_path, {}, stepz=1))]) == 1
    out, err = capfd.readouterr()
    [event] = map(json.loads, out.splitlines())
    assert event["event"] == "error"
    assert "stepz: unknown field" in event["text"]
    assert "stepz: unknown field" in err


def test_an_output_without_a_reader_ends_the_run() -> None:
    class Pipe(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    failures: queue.SimpleQueue[OutputError] = queue.SimpleQueue()
    shown = StatusLines(Pipe())
    shown.on_failure = failures.put
    shown.ready(None)
    shown.ready(None)
    assert str(failures.get(timeout=30)) == "standard output: cannot be written (Broken pipe)."
    with pytest.raises(OutputError):
        shown.body("show", {})
    assert failures.empty()


def test_quiet_shows_messages_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "run", "-q", str(write(tmp_path, {"x": 1}))]) == 0
    out, err = capfd.readouterr()
    assert out == '{"x": 1}\n'
    assert err == ""


def test_quiet_status_has_no_log_lines_of_the_component(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "run", "-q", "--json", str(write(tmp_path, {"x": 1}))]) == 0
    assert "acting" not in capfd.readouterr().out


def test_quiet_shows_failures(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "run", "-q", str(write(tmp_path, {"fail": "no good"}))]) == 1
    err = capfd.readouterr().err
    assert "act: error: ValueError: no good (message " in err
    assert "Traceback" not in err
    assert "component: acting" not in err
    assert err.splitlines()[-1].endswith("1 failed")
    assert "received" not in err


def test_verbose_shows_tracebacks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "run", "-v", str(write(tmp_path, {"fail": "no good"}))]) == 1
    err = capfd.readouterr().err
    assert "Traceback (most recent call last):" in err
    assert "flowtest_act.py" in err
    assert "execution.py" not in err
    assert "sailor: message settled" in err  # a line of level debug


def test_the_level_of_the_environment_is_used(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, {})
    assert main(["flow", "run", str(file)]) == 0
    assert "component: acting" in capfd.readouterr().err
    monkeypatch.setitem(os.environ, "LOG_LEVEL", "error")
    assert main(["flow", "run", str(file)]) == 0
    assert "component: acting" not in capfd.readouterr().err
    monkeypatch.setitem(os.environ, "LOG_LEVEL", "loud")
    assert main(["flow", "run", str(file)]) == 1
    assert capfd.readouterr().err.startswith("LOG_LEVEL: must be one of trace")


def test_all_expressions_of_an_edge_have_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(1_700_000_000_000, 1_700_000_005_000))
    monkeypatch.setattr("jsonata.timebox.Timebox.current_milli_time", lambda: next(times))
    edge = Edge("a", "b", compiled({"a": "$millis()", "b": ["$millis()", "$toMillis($now())"]}, ()))
    bodies = [carried["body"] for _ in range(2) if (carried := edge.carry({"body": {}}, {}))]
    for body in bodies:
        assert [body["a"]] * 2 == body["b"]
    assert bodies[1]["a"] > bodies[0]["a"]
