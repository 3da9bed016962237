"""The output of a flow for the user."""

import io
import logging
import threading
from pathlib import Path

import pytest
from elasticio_runner.display import Display, outline
from elasticio_runner.display.live import LiveDisplay
from elasticio_runner.display.log_lines import is_shown_otherwise
from elasticio_runner.display.pace import Pace
from elasticio_runner.display.plain import PlainDisplay
from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.mapping.edge import Edge
from rich.console import Console

STEPS = {"a": FlowStep("a", Path(), "find"), "b": FlowStep("b", Path(), "send")}
FLOW = Flow("f", "My flow", {}, STEPS, (Edge("a", "b"),))


def play(display: Display, *, fails: bool = False, is_complete: bool = True) -> None:
    progress = Progress.of(FLOW.steps)
    progress.on_change = display.changed
    display.started(FLOW, progress, "some broker")
    display.ready("http://hook")
    for _ in range(3):
        progress.sent("a", "token")
        progress.settled("a", "token")
        progress.emitted("a")
    display.body("b", {"text": "[bold]ünicode[/]"})
    display.line("b", logging.WARNING, "look out [x]")
    if fails:
        progress.failed(Failure("b", "it broke", "m1"))
        progress.sent("b", "other")
    display.finished(progress, 1.25, is_complete)


def test_plain_lines_separate_messages_from_events(capsys: pytest.CaptureFixture[str]) -> None:
    play(PlainDisplay())
    out, err = capsys.readouterr()
    assert out == '{"text": "[bold]ünicode[/]"}\n'
    assert err.splitlines() == [
        "flow My flow: a → b, on some broker",
        "waiting for requests at http://hook",
        "b: warning: look out [x]",
        "a: 3 received, 3 emitted, 0 failed, 0 rebounded",
        "b: 0 received, 0 emitted, 0 failed, 0 rebounded",
        "ended after 1.2 s: all messages succeeded",
    ]


def test_changed_counts_are_printed_at_most_once_a_second(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elasticio_runner.display.plain._PAUSE", 0)
    play(PlainDisplay())
    assert "a: 3 received, 3 emitted | b: 0 received, 0 emitted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fails", "is_complete", "told"),
    [
        (True, True, "ended after 1.2 s: 1 failed, 1 left unfinished"),
        (True, False, "aborted after 1.2 s, 1 failed, 1 left unfinished"),
        (False, False, "aborted after 1.2 s"),
    ],
)
def test_the_last_line_contains_the_result(
    fails: bool, is_complete: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    play(PlainDisplay(), fails=fails, is_complete=is_complete)
    assert capsys.readouterr().err.splitlines()[-1] == told


def test_the_live_table_shows_counts_and_events() -> None:
    screen = io.StringIO()
    play(LiveDisplay(Console(file=screen, force_terminal=True, width=100, color_system=None)), fails=True)
    shown = screen.getvalue()
    assert "My flow on some broker" in shown
    assert "Waiting for requests at http://hook" in shown
    assert 'b {"text": "[bold]ünicode[/]"}' in shown
    assert "b look out [x]" in shown
    rows = [
        [cell.strip() for cell in line.strip("│ ").split("│")] for line in shown.splitlines() if line.startswith("│")
    ]
    assert rows[-2:] == [["a", "find", "3", "3", "0", "0", "0"], ["b", "send", "1", "0", "1", "0", "1"]]
    assert "1 failed" in shown.splitlines()[-1]


def test_the_first_line_contains_all_paths() -> None:
    steps = {name: FlowStep(name, Path(), "act") for name in "abcde"}
    edges = tuple(Edge(*ends) for ends in ("ab", "bc", "ad", "dc", "be"))
    assert outline(Flow("f", "F", {}, steps, edges)) == "a → b → c; a → d → c; b → e"
    assert outline(Flow("f", "F", {}, {"a": steps["a"]})) == "a"


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ({}, "a runs every 60 s, until Ctrl-C"),
        ({"every": 1.5, "runs": 3}, "a runs every 1.5 s, 3 times"),
        ({"every": 5, "runs": 1}, "a runs once"),
    ],
)
def test_the_schedule_is_shown(schedule: dict[str, float], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    flow = Flow("f", "F", {}, {"a": FlowStep("a", Path(), "find", options={"schedule": schedule})})
    for display in (PlainDisplay(), PlainDisplay(is_quiet=True)):
        display.started(flow, Progress.of(flow.steps), "some broker")
        display.ready(None)
    assert capsys.readouterr().err.splitlines()[1:] == [text]


def test_the_last_counts_are_shown_after_a_pause() -> None:
    shown = threading.Semaphore(0)
    pace = Pace(0.01, shown.release)
    pace.changed()
    pace.changed()
    assert shown.acquire(timeout=10)
    pace.stop()
    pace.changed()
    assert not shown.acquire(blocking=False)


def test_equal_counts_are_printed_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio_runner.display.plain._PAUSE", 0)
    play(PlainDisplay())
    lines = [line for line in capsys.readouterr().err.splitlines() if " | " in line]
    assert len(lines) == len(set(lines)) > 1


@pytest.mark.parametrize(
    ("line", "is_hidden"),
    [
        ("Rebounded: no answer", True),
        ("sendTexts failed with InvalidInput: message: is required. (/lib/x.py:1)", True),
        ("act failed with KeyError (/lib/x.py:1)", False),
        ("the connection failed", False),
    ],
)
def test_an_event_is_shown_once(line: str, is_hidden: bool) -> None:
    assert is_shown_otherwise("sailor", line) is is_hidden
    assert not is_shown_otherwise("component", line)
