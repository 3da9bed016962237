"""Run mode with a real broker: start, hooks, settlement, prefetch and end."""

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from services.encryption import encrypt
from services.fake_platform import API_KEY, FakePlatform
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import PATIENCE, StepQueues
from tests.integration.step_process import StepProcess, python_step


def settled(record: dict[str, Any]) -> bool:
    return record.get("msg") == "message settled"


def fatal(step: StepProcess) -> str:
    """Wait for the end and return the one line with the reason."""
    assert step.exit_code() == 1
    lines = [json.loads(line) for line in step.lines]
    (message,) = [line["msg"] for line in lines if line["level"] == 60]
    assert "Traceback" not in "".join(step.lines)
    return str(message)


class TestStartUpThatFails:
    def test_missing_variables_are_all_named(self) -> None:
        with python_step({"ELASTICIO_FLOW_ID": "flow1"}) as step:
            message = fatal(step)
        assert "ELASTICIO_EXEC_ID" in message
        assert "ELASTICIO_MESSAGE_CRYPTO_PASSWORD" in message
        assert "ELASTICIO_FLOW_ID" not in message

    def test_a_wrong_password(self, queues: StepQueues, platform: FakePlatform) -> None:
        wrong = queues.uri.replace("guest:guest@", "guest:a-wrong-secret@")
        assert wrong != queues.uri
        with python_step(step_environment(queues, platform, amqp_uri=wrong, amqp_reconnect_attempts=1)) as step:
            message = fatal(step)
            assert "a-wrong-secret" not in "".join(step.lines)
        assert "refused the login of user 'guest'" in message

    def test_an_unreachable_broker(self, queues: StepQueues, platform: FakePlatform) -> None:
        nowhere = "amqp://guest:guest@127.0.0.1:1/"
        with python_step(step_environment(queues, platform, amqp_uri=nowhere)) as step:
            message = fatal(step)
        assert "RabbitMQ at 127.0.0.1:1 cannot be reached" in message
        assert "refused" in message

    def test_an_unknown_virtual_host(self, queues: StepQueues, platform: FakePlatform) -> None:
        with python_step(step_environment(queues, platform, amqp_uri=queues.uri.rstrip("/") + "/no-such-host")) as step:
            message = fatal(step)
        assert "no-such-host" in message

    def test_an_invalid_amqp_uri(self, queues: StepQueues, platform: FakePlatform) -> None:
        with python_step(step_environment(queues, platform, amqp_uri="http://example.org")) as step:
            assert "ELASTICIO_AMQP_URI" in fatal(step)

    @pytest.mark.parametrize(
        ("function", "told"),
        [
            ("nothing", 'Trigger or action "nothing" is not found in component.json!'),
            ("absent", "Failed to load file './lib/absent.py'"),
            ("broken", "ModuleNotFoundError: No module named 'no_such_module'"),
        ],
    )
    def test_a_function_that_cannot_be_loaded(
        self, queues: StepQueues, platform: FakePlatform, function: str, told: str
    ) -> None:
        queues.send({"body": {}})
        with python_step(step_environment(queues, platform, function=function)) as step:
            assert told in fatal(step)
        (error,) = queues.receive("error")
        assert error.message["error"]["name"] == "ComponentError"
        assert told in error.message["error"]["message"]
        assert "errorInput" not in error.message
        assert error.headers["taskId"] == FLOW
        assert error.headers["stepId"] == STEP
        assert queues.waiting(queues.input) == 1  # nothing is lost

    def test_a_missing_queue(self, queues: StepQueues, platform: FakePlatform) -> None:
        with python_step(step_environment(queues, platform, listen_messages_on="no.such.queue")) as step:
            assert "no.such.queue" in fatal(step)
        assert "no.such.queue" in queues.receive("error")[0].message["error"]["message"]

    def test_an_api_that_refuses(self, queues: StepQueues, platform: FakePlatform) -> None:
        variables = step_environment(queues, platform, flow_id="another")
        with python_step(variables) as step:
            assert "404" in fatal(step)
            assert API_KEY not in "".join(step.lines)
        assert len(platform.asked("GET", "/v1/tasks")) == 1  # a 4xx is not repeated
        assert "404" in queues.receive("error")[0].message["error"]["message"]

    def test_a_temporary_failure_of_the_api(self, queues: StepQueues, platform: FakePlatform) -> None:
        platform.fail(2, path="/v1/tasks")
        with python_step(step_environment(queues, platform)) as step:
            step.ready()

    @pytest.mark.parametrize("hook", ["init", "startup"])
    def test_a_hook_that_raises(self, queues: StepQueues, platform: FakePlatform, hook: str) -> None:
        platform.steps[FLOW, STEP] = {"config": {f"{hook}_error": "no luck"}}
        with python_step(step_environment(queues, platform, startup_required="true")) as step:
            assert re.search(
                r"RuntimeError \(.*scripted/lib/script\.py:\d+\)", fatal(step)
            )  # no text: it may be secret
        published = queues.receive("error")[0].message["error"]
        assert (published["name"], published["message"]) == ("RuntimeError", "no luck")


class TestHooks:
    def test_startup_receives_the_url_of_the_webhook(self, queues: StepQueues, platform: FakePlatform) -> None:
        platform.steps[FLOW, STEP] = {"config": {"startup": "webhook"}}
        more = {"startup_required": "true", "flow_webhook_uri": "https://hooks.example.org/1"}
        with python_step(step_environment(queues, platform, **more)) as step:
            step.ready()
        assert platform.startup[FLOW] == {"uri": "https://hooks.example.org/1", "flow": FLOW, "step": STEP}

    @pytest.mark.parametrize(("config", "stored"), [({"startup": {"id": 7}}, {"id": 7}), ({}, {})])
    def test_startup_data_replaces_earlier_data(
        self, queues: StepQueues, platform: FakePlatform, config: dict[str, Any], stored: dict[str, Any]
    ) -> None:
        platform.steps[FLOW, STEP] = {"config": config}
        platform.startup[FLOW] = {"left": "behind"}
        with python_step(step_environment(queues, platform, startup_required="true")) as step:
            step.ready()
        assert platform.startup[FLOW] == stored

    def test_the_shutdown_hook_needs_no_broker(self, platform: FakePlatform, tmp_path: Path) -> None:
        platform.startup[FLOW] = {"id": 7}
        variables = step_environment(None, platform, hook_shutdown="true")
        with python_step({**variables, "MARKS": str(tmp_path / "marks")}) as step:
            assert step.exit_code() == 0
        assert (tmp_path / "marks").read_text() == "shutdown {'id': 7}\n"
        assert FLOW not in platform.startup


class TestSettlement:
    def test_a_message_that_cannot_be_read_is_rejected(self, queues: StepQueues, platform: FakePlatform) -> None:
        corrupt = [b"no base64!", encrypt({"body": {}})[:-8], b"", encrypt([1]), encrypt({"body": {}}, 2)]
        for payload in corrupt:
            queues.send_raw(payload, {"messageId": "corrupt"})
        queues.send_raw(encrypt({"body": {}}), None)
        queues.send({"body": {"tell": True}})
        with python_step(step_environment(queues, platform)) as step:
            assert queues.receive("data")[0].message["body"]["message"]["body"] == {"tell": True}
            assert step.end() == 0
        assert queues.waiting(queues.input) == 0
        assert sum("Rejected an unreadable message" in line for line in step.lines) == len(corrupt) + 1

    @pytest.mark.parametrize(
        ("script", "outcome"),
        [
            ({"emit": [["data", {"body": 1}]]}, "ack"),
            ({}, "ack"),
            ({"emit": [["rebound", "later"]]}, "ack"),
            ({"emit": [["error", "wrong"]]}, "reject"),
            ({"raise": "wrong"}, "reject"),
            ({"emit": [["data", {"no": "body"}]]}, "reject"),
            ({"emit": [["dta", {"body": 1}]]}, "reject"),
            ({"emit": [["updateSnapshot", [1]]]}, "reject"),
            ({"emit": [["updateSnapshot", {"$set": {"a": 1}}]]}, "reject"),
            ({"emit": [["updateKeys", {"a": 1}]]}, "reject"),
        ],
    )
    def test_outcomes(self, queues: StepQueues, platform: FakePlatform, script: dict[str, Any], outcome: str) -> None:
        queues.send({"body": script}, {"messageId": None})  # settled although it has no ID
        with python_step({**step_environment(queues, platform), "LOG_LEVEL": "debug"}) as step:
            assert step.wait_for_line(settled)["outcome"] == outcome
            assert step.end() == 0
        assert queues.waiting(queues.input) == 0
        if outcome == "reject":
            (error,) = queues.receive("error")
            assert error.message["errorInput"]["body"] == script
            assert queues.waiting(queues.queue("error")) == 0  # exactly one

    def test_the_log_contains_neither_secrets_nor_data(self, queues: StepQueues, platform: FakePlatform) -> None:
        queues.send({"body": {"raise": "the text 12135551234"}})
        with python_step({**step_environment(queues, platform), "LOG_LEVEL": "trace"}) as step:
            step.wait_for_line(settled)
            assert step.end() == 0
        log = "".join(step.lines)
        assert "script failed with ValueError" in log
        for secret in ("12135551234", API_KEY, "a password for tests", "guest:guest"):
            assert secret not in log

    def test_the_next_message_receives_the_snapshot(self, queues: StepQueues, platform: FakePlatform) -> None:
        platform.steps[FLOW, STEP] = {"config": {}, "snapshot": {"n": 0}}
        queues.send({"body": {"emit": [["updateSnapshot", {"m": 1}]], "tell": True}})
        queues.send({"body": {"emit": [["snapshot", {"n": 2}]], "tell": True}})
        queues.send({"body": {"tell": True}})
        with python_step(step_environment(queues, platform)):
            snapshots = [received.message["body"]["snapshot"] for received in queues.receive("data", 3)]
        assert snapshots == [{"n": 0}, {"n": 0, "m": 1}, {"n": 2}]

    def test_keys_are_updated_at_the_platform(self, queues: StepQueues, platform: FakePlatform) -> None:
        platform.steps[FLOW, STEP] = {"config": {"_account": "account1"}}
        queues.send({"body": {"emit": [["updateKeys", {"token": "new"}]], "tell": True}})
        with python_step(step_environment(queues, platform)):
            queues.receive("data")
        assert platform.accounts["account1"] == {"token": "new"}


class TestSideBySide:
    def test_a_step_that_works_touches_its_health_file(
        self, queues: StepQueues, platform: FakePlatform, tmp_path: Path
    ) -> None:
        file = tmp_path / "health"
        with python_step(step_environment(queues, platform, health_file=file)) as step:
            step.ready()
            deadline = time.monotonic() + PATIENCE
            while not file.exists():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert step.end() == 0

    def test_the_prefetch_sets_the_number_of_messages_in_progress(
        self, queues: StepQueues, platform: FakePlatform
    ) -> None:
        variables = {
            **step_environment(queues, platform, rabbitmq_prefetch_sailor=4, function="meet"),
            "LOG_LEVEL": "debug",
        }
        for _ in range(4):
            queues.send({"body": {"parties": 4}})  # each waits for the other three
        with python_step(variables) as step:
            queues.receive("data", 4)
            assert step.end() == 0

    def test_messages_that_share_an_id_are_all_processed(self, queues: StepQueues, platform: FakePlatform) -> None:
        for number in range(20):
            queues.send({"body": {"emit": [["data", {"body": number}]]}}, {"messageId": "shared"})
        with python_step(step_environment(queues, platform, rabbitmq_prefetch_sailor=10)) as step:
            numbers = {received.message["body"] for received in queues.receive("data", 20)}
            assert step.end() == 0
        assert numbers == set(range(20))
        assert queues.waiting(queues.input) == 0


class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_messages_in_flight_are_finished_and_no_new_ones_consumed(
        self, queues: StepQueues, platform: FakePlatform, number: signal.Signals, tmp_path: Path
    ) -> None:
        gate = tmp_path / "gate"
        variables = {**step_environment(queues, platform, function="gated"), "GATE": str(gate)}
        queues.send({"body": {"n": 1}})
        queues.send({"body": {"n": 2}})
        with python_step(variables) as step:
            step.wait_for_line(lambda record: record["msg"] == "at the gate")
            step.process.send_signal(number)
            step.wait_for_line(lambda record: record["msg"].startswith("Shutting down: no new messages"))
            gate.touch()
            assert step.exit_code() == 0
        assert [received.message["body"] for received in queues.receive("data")] == [{"n": 1}]
        assert queues.waiting(queues.input) == 1

    def test_a_thread_of_the_component_does_not_keep_the_process_alive(
        self, queues: StepQueues, platform: FakePlatform
    ) -> None:
        queues.send({"body": {}})
        with python_step(step_environment(queues, platform, function="lingering")) as step:
            queues.receive("data")
            assert step.end() == 0
        assert "lingering" in step.lines[-1]
