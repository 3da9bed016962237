"""Whole flows in the real runtime: with the memory broker, and with each step in a process over RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticio_runner.brokers import rabbitmq_queues
from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.progress import Count
from elasticio_runner.engine.queues import IN_MEMORY, FlowRun
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.flow_file.reader import read
from elasticio_runner.mapping.edge import Edge, compiled
from elasticio_runner.mapping.expression import Expression

from services.rabbitmq import PrivateBroker
from tests.runner.flows import COMPONENT, CONSOLE, chain, count, step
from tests.runner.recorder import PATIENCE, Recorder, Running


def run(flow: Flow, amqp_uri: str = IN_MEMORY, **options: Any) -> tuple[bool, Recorder, FlowRunner]:
    display = Recorder()
    runner = FlowRunner(flow, display, RunOptions(amqp_uri, **options))
    return runner.run(), display, runner


def test_messages_pass_from_step_to_step(amqp_uri: str) -> None:
    flow = chain(
        count(3, secret="s"),
        step("act", "act", prefetch=4),
        CONSOLE,
        mapping={"number": "body.number", "city": "body.variables.city & $variables.city"},
        variables={"city": "Berlin"},
    )
    went_well, display, runner = run(flow, amqp_uri)
    assert went_well
    assert sorted(body["number"] for body in display.bodies) == [0, 1, 2]
    assert display.bodies[0]["city"] == "BerlinBerlin"
    assert runner.progress.counts["begin"] == Count(received=1, emitted=3)
    assert runner.progress.counts["act"] == runner.progress.counts["console"] == Count(received=3, emitted=3)
    assert "act: acting" in display.lines or "component: acting" in display.lines


def test_messages_pass_every_edge_whose_condition_is_true() -> None:
    flow = chain(count(4), step("act", "act"), CONSOLE)
    skip = Edge("begin", "console", compiled({"skipped": "body.number"}, ()), compiled("body.number > 1", ()))
    _, display, _ = run(Flow(flow.id, flow.name, {}, flow.steps, (*flow.edges, skip)))
    assert sorted(body["skipped"] for body in display.bodies if "skipped" in body) == [2, 3]
    assert len(display.bodies) == 6


def test_later_steps_receive_the_passthrough(amqp_uri: str) -> None:
    flow = chain(count(), step("act", "act", passthrough=True), CONSOLE, mapping={"new": "1"})
    last = Edge("act", "console", compiled("passthrough.begin.body.number", ()))
    _, display, _ = run(Flow(flow.id, flow.name, {}, flow.steps, (flow.edges[0], last)), amqp_uri)
    assert display.bodies == [0]


def test_a_failed_message_fails_the_run_and_is_shown(amqp_uri: str) -> None:
    flow = chain(count(2), step("act", "act"), CONSOLE, mapping={"fail": "body.number = 1 ? 'number one is bad'"})
    went_well, display, runner = run(flow, amqp_uri)
    assert not went_well
    [failure] = runner.progress.failures
    assert (failure.step_id, failure.text) == ("act", "ValueError: number one is bad")
    assert failure.message_id
    assert any("number one is bad" in line for line in display.lines)
    assert runner.progress.counts["act"] == Count(received=2, emitted=1, failed=1)
    assert display.bodies == [{}]


def test_a_message_that_cannot_be_mapped_fails() -> None:
    went_well, _, runner = run(chain(count(2), step("act", "act"), CONSOLE, mapping="body.nothing"))
    assert not went_well
    assert [failure.step_id for failure in runner.progress.failures] == ["begin", "begin"]
    assert "edge to act: the mapping yields nothing" in runner.progress.failures[0].text


def test_a_rebounded_message_is_redelivered(amqp_uri: str, tmp_path: Path) -> None:
    mapping = {"rebound": f"'{tmp_path}/' & body.number"}
    went_well, display, runner = run(
        chain(count(2), step("act", "act", rebound={"delay": 10}), CONSOLE, mapping=mapping), amqp_uri
    )
    assert went_well
    assert len(display.bodies) == 2
    assert runner.progress.counts["act"] == Count(received=2, emitted=2, rebounded=2)


def test_a_message_fails_after_its_maximum_number_of_rebounds(amqp_uri: str) -> None:
    act = step("act", "act", rebound={"delay": 1, "limit": 2})
    went_well, _, runner = run(chain(count(), act, CONSOLE, mapping={"always": "true"}), amqp_uri)
    assert not went_well
    assert [failure.text for failure in runner.progress.failures] == [
        "Error: Rebound limit exceeded, last reason: never ready"
    ]
    assert runner.progress.counts["act"] == Count(received=1, failed=1, rebounded=2)


def test_snapshots_are_kept_between_runs(amqp_uri: str, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    numbers = []
    for _ in range(2):
        _, display, _ = run(chain(count(2, runs=2), CONSOLE), amqp_uri, state=file)
        numbers += [body["number"] for body in display.bodies]
    assert numbers == list(range(8))
    assert json.loads(file.read_text())["snapshots"] == {"begin": {"next": 8}}


@pytest.mark.parametrize(
    ("function", "reason"),
    [("broken", "the component does not contain this file"), ("nothing", 'Trigger or action "nothing" is not found')],
)
def test_a_step_that_cannot_start_ends_the_run(amqp_uri: str, function: str, reason: str) -> None:
    with pytest.raises(FlowError, match="failed to start step begin") as error:
        run(chain(step("begin", function), CONSOLE), amqp_uri)
    assert reason in str(error.value)


def test_two_components_with_a_package_of_the_same_name_need_their_own_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "shared_name").mkdir(parents=True)
        (tmp_path / name / f"shared_name/of_{name}.py").write_text("def process(*_): pass\n")
        descriptor = {"actions": {"act": {"main": f"shared_name/of_{name}.py"}}}
        (tmp_path / name / "component.json").write_text(json.dumps(descriptor))
    monkeypatch.setattr(sys, "path", sys.path[:])
    steps = [FlowStep(name, tmp_path / name, "act") for name in ("one", "two")]
    with pytest.raises(FlowError, match=r"has the same module name shared_name\. Rename one .* with --broker$"):
        run(chain(*steps), IN_MEMORY)
    sys.modules.pop("shared_name")


@pytest.mark.rabbitmq
def test_a_dead_process_is_restarted_and_its_message_redelivered(broker: Any, tmp_path: Path) -> None:
    mapping = {"die": f"body.number % 10 = 3 ? '{tmp_path}/' & body.number", "id": "$string(body.number)"}
    act = step("act", "act", prefetch=5)
    went_well, display, runner = run(chain(count(30), act, CONSOLE, mapping=mapping), broker.uri)
    assert went_well
    assert {body["id"] for body in display.bodies} == {str(number) for number in range(30)}
    assert sum("restarting the process, which ended with code -9" in line for line in display.lines) == 3
    assert runner.progress.counts["act"].open == 0


@pytest.mark.rabbitmq
def test_a_process_that_dies_repeatedly_ends_the_run(broker: Any) -> None:
    mapping = {"die": "'always'"}
    with pytest.raises(FlowError, match="step act: the process ended with code -9"):
        run(chain(count(), step("act", "act"), CONSOLE, mapping=mapping), broker.uri)


@pytest.mark.rabbitmq
def test_a_run_deletes_its_queues(broker: Any) -> None:
    flow = chain(count(), CONSOLE)
    display = Recorder()
    runner = FlowRunner(flow, display, RunOptions(broker.uri))
    this_run: FlowRun = runner._run
    runner.run()
    for queue in this_run.topology().queues:
        with pytest.raises(Exception, match="NOT_FOUND"):
            rabbitmq_queues.waiting(broker.uri, queue.name)


def test_a_request_passes_through_a_flow(amqp_uri: str, start: Callable[..., Running], tmp_path: Path) -> None:
    log = tmp_path / "hooks.log"
    hook = step("hook", "hook", {"log": str(log)})
    running = start(chain(hook, CONSOLE), amqp_uri=amqp_uri)
    answer = requests.post(f"{running.display.webhook_uri}?a=1", json={"x": 1}, timeout=PATIENCE)
    assert (answer.status_code, answer.json()) == (200, {})
    running.wait_for(lambda: bool(running.display.bodies))
    assert running.end()
    [body] = running.display.bodies
    assert (body["body"], body["query"], body["method"]) == ({"x": 1}, {"a": "1"}, "POST")
    assert log.read_text() == f"startup {running.display.webhook_uri}\nshutdown 7\n"


def test_the_reply_of_the_trigger_is_the_response(amqp_uri: str, start: Callable[..., Running]) -> None:
    running = start(chain(step("hook", "hook", {"answer": True}), CONSOLE), amqp_uri=amqp_uri)
    answer = requests.post(running.display.webhook_uri, json={"x": 1}, timeout=PATIENCE)
    assert (answer.status_code, answer.headers["x-by"], answer.json()) == (201, "trigger", {"got": {"x": 1}})
    assert running.end()


def test_the_reply_of_a_later_step_is_the_response(amqp_uri: str, start: Callable[..., Running]) -> None:
    hook = step("hook", "hook", webhook={"answeredBy": "reply"})
    running = start(chain(hook, step("reply", "reply")), amqp_uri=amqp_uri)
    answer = requests.post(running.display.webhook_uri, timeout=PATIENCE)
    assert (answer.status_code, answer.text) == (202, "from the last step")
    assert running.end()


def test_the_response_to_a_failed_request_is_500(amqp_uri: str, start: Callable[..., Running]) -> None:
    running = start(chain(step("hook", "hook"), CONSOLE), amqp_uri=amqp_uri)
    answer = requests.post(f"{running.display.webhook_uri}?fail=1", timeout=PATIENCE)
    assert answer.status_code == 500
    assert "asked to fail" not in answer.text
    assert not running.end()
    assert running.runner.progress.failures[0].text == "ValueError: asked to fail"


def test_a_request_whose_message_cannot_be_mapped_fails_at_once(start: Callable[..., Running]) -> None:
    hook = step("hook", "hook", webhook={"answeredBy": "reply"})
    running = start(chain(hook, step("reply", "reply"), mapping="$number('a word')"))
    answer = requests.post(running.display.webhook_uri, timeout=PATIENCE)
    assert (answer.status_code, "shows the error" in answer.text) == (500, True)
    assert not running.end()
    assert "cannot be evaluated for this message" in running.runner.progress.failures[0].text


def test_a_request_without_a_reply_is_refused_at_the_end(start: Callable[..., Running]) -> None:
    hook, reply = step("hook", "hook", webhook={"answeredBy": "reply"}), step("reply", "reply")
    edge = Edge("hook", "reply", condition=Expression("false", ()))
    running = start(Flow("f", "F", {}, {"hook": hook, "reply": reply}, (edge,)))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(requests.post, running.display.webhook_uri, timeout=PATIENCE)
        running.wait_for(lambda: running.runner.progress.counts["hook"].emitted == 1)
        assert running.end()
        assert (waiting.result().status_code, "without a reply" in waiting.result().text) == (503, True)


def test_drain_waits_for_all_messages(start: Callable[..., Running]) -> None:
    forever = step("begin", "count", {"items": 5}, schedule={"every": 0.01})
    running = start(chain(forever, step("act", "act", rates={"data": 1, "interval": 20}), CONSOLE))
    running.wait_for(lambda: len(running.display.bodies) >= 2)
    assert running.end()
    assert len(running.display.bodies) == running.runner.progress.counts["begin"].emitted
    assert running.display.left == 0


def test_abort_reports_unfinished_messages(start: Callable[..., Running]) -> None:
    act = step("act", "act", rebound={"delay": 3_600_000})
    running = start(chain(count(3), act, CONSOLE, mapping={"always": "true"}))
    running.wait_for(lambda: running.runner.progress.counts["act"].rebounded == 3)
    running.runner.drain()
    running.runner.abort()
    running._thread.join()
    assert running.outcome == [False]
    assert running.display.left == 3


def test_the_command_ends_with_code_0_on_sigterm(tmp_path: Path) -> None:
    file = tmp_path / "forever.flow.json"
    steps = [
        {"id": "begin", "component": "builtin", "function": "start", "config": {"x": 1}, "schedule": {"every": 0.01}},
        {"id": "show", "component": "builtin", "function": "console"},
    ]
    file.write_text(json.dumps({"steps": steps, "edges": [{"from": "begin", "to": "show"}]}))
    command = [sys.executable, "-m", "elasticio", "flow", "run", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline()) == {"x": 1}
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "flow: finishing open messages" in told
    assert "all messages succeeded" in told


@pytest.mark.parametrize("arguments", [["--broker", "localhost"], ["--state", "/nowhere/state.json"]])
def test_invalid_options_are_errors_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "once.flow.json"
    steps = [
        {
            "id": "begin",
            "component": str(COMPONENT),
            "function": "count",
            "config": {"items": 1},
            "schedule": {"runs": 1},
        }
    ]
    file.write_text(json.dumps({"steps": steps}))
    read(file, os.environ)
    command = [sys.executable, "-m", "elasticio", "flow", "run", str(file), *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert arguments[1] in ended.stderr or "--broker" in ended.stderr


@pytest.mark.rabbitmq
def test_a_restart_of_the_broker_loses_nothing(own_broker: PrivateBroker, start: Callable[..., Running]) -> None:
    act = step("act", "act", rates={"data": 1, "interval": 20}, prefetch=5)
    running = start(chain(count(200), act, CONSOLE, mapping={"id": "$string(body.number)"}), amqp_uri=own_broker.uri)
    running.wait_for(lambda: len(running.display.bodies) >= 20)
    own_broker.restart()
    running._thread.join(PATIENCE)
    assert running.outcome == [True]
    assert {body["id"] for body in running.display.bodies} == {str(number) for number in range(200)}
