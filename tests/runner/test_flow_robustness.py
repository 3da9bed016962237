"""Flows with odd texts, failing polls, endless mappings and signals."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticio import BrokerError
from elasticio_runner.brokers.in_memory import MemoryBackend
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.progress import Count, Progress
from elasticio_runner.flow_file.components import BUILTIN
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.mapping.edge import Edge, compiled

from services.rabbitmq import Broker
from tests.runner.flows import COMPONENT, CONSOLE, chain, count, step
from tests.runner.recorder import PATIENCE, Recorder, Running

ENDLESS = "$match('" + "a" * 64 + "!', /(a+)+$/)"
HALF = "\ud83d"


def flaky(folder: Path, failures: int, **options: Any) -> FlowStep:
    config = {"attempts": str(folder / "attempts"), "failures": failures}
    return FlowStep("poll", COMPONENT, "flaky", config=config, options=options)


def attempts(folder: Path) -> int:
    file = folder / "attempts"
    return file.stat().st_size if file.exists() else 0


def test_a_failing_poll_is_retried_at_each_tick_of_its_schedule(amqp_uri: str, tmp_path: Path) -> None:
    # With the platform's delays of 15, 30, 60 … seconds this would take four minutes.
    display = Recorder()
    poll = flaky(tmp_path, 4, schedule={"every": 0.01, "runs": 2})
    runner = FlowRunner(chain(poll, CONSOLE), display, RunOptions(amqp_uri))
    assert runner.run()
    assert [body["attempt"] for body in display.bodies] == [5, 6]
    assert runner.progress.counts["poll"] == Count(received=6, emitted=2, rebounded=4)
    rebounds = [line for line in display.lines if "rebounded" in line and line.startswith("poll: ")]
    assert rebounds == ["poll: rebounded (retry at the next run): the server is away \x1b[2J"] * 4


def test_a_limited_number_of_runs_ends_with_the_last_reason_if_each_rebounds(tmp_path: Path) -> None:
    display = Recorder()
    poll = flaky(tmp_path, 1000, schedule={"every": 0.001, "runs": 1}, rebound={"limit": 3})
    runner = FlowRunner(chain(poll, CONSOLE), display)
    assert not runner.run()
    [failure] = runner.progress.failures
    assert failure.text == "Error: Rebound limit exceeded, last reason: the server is away \x1b[2J"
    assert attempts(tmp_path) == 4


def test_a_flow_with_a_rebounding_poll_can_end(start: Callable[..., Running], tmp_path: Path, amqp_uri: str) -> None:
    running = start(chain(flaky(tmp_path, 1000, schedule={"every": 3600}), CONSOLE), amqp_uri=amqp_uri)
    running.wait_for(lambda: any("rebounded" in line for line in running.display.lines))
    assert running.end()


def test_a_rebound_is_shown_with_its_reason_and_delay(start: Callable[..., Running], amqp_uri: str) -> None:
    act = step("act", "act", rebound={"delay": 3_600_000})
    running = start(chain(count(2), act, CONSOLE, mapping={"always": "true"}), amqp_uri=amqp_uri)
    act_count = running.runner.progress.counts["act"]
    running.wait_for(lambda: act_count.rebounded == 2 and act_count.open == 2)
    running.wait_for(lambda: running.display.lines.count("act: rebounded (retry in 3600 s): never ready") == 2)
    told = running.runner.progress.waiting_for()
    assert told in {f"act: 2 open (2 rebounded, the last returns in {seconds} s)" for seconds in range(3500, 3601)}


def test_the_limit_of_rebounds_names_the_last_reason(amqp_uri: str) -> None:
    act = step("act", "act", rebound={"delay": 1, "limit": 2})
    runner = FlowRunner(chain(count(), act, CONSOLE, mapping={"always": "true"}), Recorder(), RunOptions(amqp_uri))
    assert not runner.run()
    [failure] = runner.progress.failures
    assert failure.text.startswith("Error: Rebound limit exceeded")
    assert "never ready" in failure.text


def test_a_message_that_is_settled_twice_counts_once() -> None:
    progress = Progress.of(["a"])
    progress.sent("a", "one")
    progress.sent("a", "two")
    for _ in range(3):
        progress.settled("a", "one")
    assert progress.open == 1
    progress.rebounded("a", "two", 1.0)
    progress.settled("a", "two")
    assert progress.open == 1
    progress.settled("a", "two")
    assert progress.open == 0
    assert progress.waiting_for() == ""


def test_an_endless_mapping_fails_only_its_own_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio_runner.engine.relay.Evaluator.__init__.__defaults__", (0.2,))
    display = Recorder()
    mapping = {"id": "$string(body.number)", "x": f"body.number = 1 ? {ENDLESS} : 0"}
    runner = FlowRunner(chain(count(3), step("act", "act"), CONSOLE, mapping=mapping), display)
    assert not runner.run()
    assert [body["id"] for body in display.bodies] == ["0", "2"]
    [failure] = runner.progress.failures
    assert failure.text == "edge to act: mapping.x: takes too long. Simplify the expression."


def test_abort_ends_an_endless_mapping_at_once(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio_runner.engine.relay.Evaluator.__init__.__defaults__", (3600,))
    running = start(chain(count(3), step("act", "act"), CONSOLE, mapping=ENDLESS))
    running.wait_for(lambda: running.runner.progress.counts["begin"].emitted >= 1)
    running.runner.drain()
    running.runner.abort()
    running._thread.join(PATIENCE)
    assert running.outcome == [False]


def test_a_condition_that_counts_as_true_is_reported_once() -> None:
    display = Recorder()
    ids = ("begin", "console")
    edge = Edge(*ids, condition=compiled("'yes'", ()))
    flow = Flow("test", "Test", {}, {"begin": count(3), "console": CONSOLE}, (edge,))
    assert FlowRunner(flow, display).run()
    assert len(display.bodies) == 3
    [line] = [line for line in display.lines if "counts as true" in line]
    assert line.startswith("begin: edge to console: the condition yields a text")


def test_queues_that_cannot_be_renewed_are_renewed_later(
    start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew(_backend: MemoryBackend) -> None:
        raise BrokerError("connection refused")

    monkeypatch.setattr("elasticio_runner.engine.flow_runner._RENEWAL", 0.01)
    monkeypatch.setattr(MemoryBackend, "renew", renew)
    running = start(chain(step("hook", "hook"), CONSOLE))
    line = "flow: failed to renew the queues of the run: connection refused"
    running.wait_for(lambda: running.display.lines.count(line) >= 2)
    assert running.end()


def test_half_a_surrogate_pair_passes_a_webhook_flow(start: Callable[..., Running], amqp_uri: str) -> None:
    hook = step("hook", "hook", {"answer": True})
    running = start(chain(hook, CONSOLE, mapping={"text": "body.body.text"}), amqp_uri=amqp_uri)
    data = json.dumps({"text": f"hi {HALF}"})
    answer = requests.post(
        running.display.webhook_uri, data=data, headers={"content-type": "application/json"}, timeout=PATIENCE
    )
    assert answer.status_code == 201
    running.wait_for(lambda: bool(running.display.bodies))
    assert running.end()
    assert running.display.bodies == [{"text": f"hi {HALF}"}]


def begin_step(config: Any, **schedule: Any) -> dict[str, Any]:
    return {"id": "begin", "component": "builtin", "function": "start", "config": config, "schedule": schedule}


SHOW = {"id": "show", "component": "builtin", "function": "console"}


class Command:
    """`elasticio flow run` in a process, whose standard error the test can wait for."""

    def __init__(self, folder: Path, data: dict[str, Any]) -> None:
        file = folder / "test.flow.json"
        file.write_text(json.dumps(data))
        command = [sys.executable, "-m", "elasticio", "flow", "run", str(file)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.told: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stderr or ():
            with self._changed:
                self.told.append(line.rstrip("\n"))
                self._changed.notify_all()

    def wait_for(self, text: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(text in line for line in self.told), PATIENCE), self.told

    def end(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()
        return code


@pytest.fixture
def run_command(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], Command]]:
    started: list[Command] = []

    def begin(data: dict[str, Any]) -> Command:
        started.append(Command(tmp_path, data))
        return started[-1]

    yield begin
    for command in started:
        if command.process.poll() is None:
            command.process.kill()
            command.end()


def edge(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"from": source, "to": target, **more}


def test_half_a_surrogate_pair_does_not_end_a_run(run_command: Callable[..., Command]) -> None:
    steps = [begin_step({"text": f"half {HALF}"}, runs=2, every=0.01), SHOW]
    command = run_command({"steps": steps, "edges": [edge("begin", "show")]})
    assert command.process.stdout
    lines = command.process.stdout.read().splitlines()
    assert command.end() == 0
    assert lines == ['{"text": "half \\ud83d"}'] * 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_endless_mapping_ends_on_signals(run_command: Callable[..., Command], number: signal.Signals) -> None:
    act = {"id": "act", "component": str(COMPONENT), "function": "act"}
    edges = [edge("begin", "act"), edge("begin", "show", mapping=ENDLESS)]
    command = run_command({"steps": [begin_step({}, every=3600), act, SHOW], "edges": edges})
    command.wait_for("component: acting")  # the message has taken the first edge; the second is next
    command.process.send_signal(number)
    command.wait_for("flow: finishing open messages")
    command.process.send_signal(number)
    assert command.end() == 1
    assert any("the mapping was not evaluated: the run ends." in line for line in command.told)


def test_the_first_signal_shows_the_open_messages(run_command: Callable[..., Command]) -> None:
    act = {"id": "act", "component": str(COMPONENT), "function": "act", "rebound": {"delay": 3_600_000}}
    steps = [begin_step({"always": True}, every=3600), act]
    command = run_command({"steps": steps, "edges": [edge("begin", "act")]})
    command.wait_for("act: warning: rebounded (retry in 3600 s): never ready")
    command.process.send_signal(signal.SIGINT)
    command.wait_for("finishing open messages (act: ")
    command.wait_for("(1 rebounded, the last returns in 3")
    command.process.send_signal(signal.SIGINT)
    assert command.end() == 1
    assert "1 left unfinished" in command.told[-1]


def test_an_unlimited_schedule_with_a_failing_poll_ends_on_sigterm(
    run_command: Callable[..., Command], tmp_path: Path
) -> None:
    config = {"attempts": str(tmp_path / "attempts"), "failures": 1000}
    poll = {"id": "poll", "component": str(COMPONENT), "function": "flaky", "config": config}
    command = run_command({"steps": [{**poll, "schedule": {"every": 3600}}, SHOW], "edges": [edge("poll", "show")]})
    command.wait_for(r"poll: warning: rebounded (retry at the next run): the server is away \x1b[2J")
    command.process.send_signal(signal.SIGTERM)
    assert command.end() == 0
    assert "all messages succeeded" in command.told[-1]


def test_a_run_whose_output_cannot_be_written_ends_with_the_reason(run_command: Callable[..., Command]) -> None:
    command = run_command({"steps": [begin_step({"x": 1}, every=0.01), SHOW], "edges": [edge("begin", "show")]})
    assert command.process.stdout
    command.process.stdout.readline()
    command.process.stdout.close()
    assert command.end() == 1
    assert command.told[-1] == "standard output: cannot be written (Broken pipe)."
    assert "Exception ignored" not in "".join(command.told)


def test_prints_of_a_component_are_not_between_the_messages(run_command: Callable[..., Command]) -> None:
    odd = {"id": "odd", "component": str(COMPONENT), "function": "odd"}
    steps = [begin_step({"print": True}, runs=1), odd, SHOW]
    command = run_command({"steps": steps, "edges": [edge("begin", "odd"), edge("odd", "show")]})
    assert command.process.stdout
    assert command.process.stdout.read() == '{"number": 0, "text": null}\n'
    assert command.end() == 0
    for line in ("printed", "written to the descriptor", "printed by a child"):
        assert line in command.told


def test_the_runner_contains_the_builtin_steps() -> None:
    assert (BUILTIN / "component.json").is_file()


def test_processes_that_a_component_leaves_do_not_keep_a_run_alive(
    start: Callable[..., Running], broker: Broker
) -> None:
    flow = chain(count(), step("act", "act"), CONSOLE, mapping={"leave": "true"})
    running = start(flow, amqp_uri=broker.uri)
    running._thread.join(PATIENCE)
    assert running.outcome == [True]
    assert running.display.bodies == [{"leave": True}]
