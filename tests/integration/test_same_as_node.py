"""This SDK's sailor publishes the same messages as the vendor's Node.js sailor.

Each case is a message for both sailors, each with its own queues on one broker. The test compares all publications:
routing key, AMQP properties and headers with their types, and the decrypted payload.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pprint import pformat
from typing import Any

import pytest

from services.encryption import encrypt
from services.fake_platform import Response, fake_platform
from services.node_sailor import NodeSailor
from services.rabbitmq import Broker
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import Received, StepQueues, step_queues
from tests.integration.step_process import node_step, python_step

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$")
TIMES = {"start", "end"}


@dataclass(frozen=True)
class Case:
    """The input, the settings of the step, and the expected number of messages per route."""

    body: dict[str, Any]
    expect: Mapping[str, int]
    headers: Mapping[str, Any] = field(default_factory=dict)
    message: Mapping[str, Any] = field(default_factory=dict)
    step: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    raw: bytes | None = None


def emit(*events: list[Any], **more: Any) -> dict[str, Any]:
    return {"emit": list(events), **more}


DATA = ["data", {"body": {"text": "Grüße ✓ \u2028 \ud83d\ude00", "big": 9007199254740991, "null": None, "on": True}}]
PARTS = ("error", "errorInput")
PASSTHROUGH = {"passthrough": {"step0": {"id": "m0", "body": {"from": "step0"}, "headers": {"h": "1"}}}}

CASES = {
    "data": Case(emit(DATA), {"data": 1}),
    "several share one id": Case(emit(DATA, DATA, ["data", {"id": "own id", "body": {}}]), {"data": 3}),
    "protocol version 2 in": Case(emit(DATA, tell=True), {"data": 2}, version=2),
    "protocol version 2 out": Case(emit(DATA), {"data": 1}, settings={"protocol_version": 2}),
    "what the component sees": Case(
        emit(tell=True),
        {"data": 1},
        message={"headers": {"own": "header"}, **PASSTHROUGH},
        headers={"reply_to": "reply", "stepId": "step0"},
        step={"config": {"a": 1}, "snapshot": {"b": 2}, "variables": {"v": "x"}},
    ),
    "incoming headers": Case(
        emit(DATA),
        {"data": 1},
        headers={
            "threadId": "thread",
            "parentMessageId": "parent",
            "X-EIO-Meta-Custom": "kept",
            "x-eio-meta-number": 7,
            "other": "dropped",
            "reply_to": "somebody",
            "stepId": "before",
            "execId": "another",
        },
    ),
    "thread from the trace id": Case(emit(DATA), {"data": 1}, headers={"x-eio-meta-trace-id": "trace"}),
    "headers and attachments": Case(
        emit(["data", {"body": [1], "headers": {"h": "v"}, "attachments": {"a.txt": {"url": "u"}}, "own": "key"}]),
        {"data": 1},
    ),
    "a routing key of its own": Case(
        emit(["data", {"body": {}, "headers": {"X-Eio-Routing-Key": "elsewhere", "kept": "1"}}]), {"elsewhere": 1}
    ),
    "a routing key of its own in passthrough": Case(
        emit(["data", {"body": {}, "headers": {"X-Eio-Routing-Key": "elsewhere", "kept": "1"}}]),
        {"elsewhere": 1},
        step={"is_passthrough": True},
    ),
    "additional variables": Case(
        emit(DATA),
        {"data": 1},
        settings={
            "additional_vars_for_headers": "ELASTICIO_FLOW_VERSION, ELASTICIO_OAUTH2_ID,ELASTICIO_NOT_THERE",
            "flow_version": "f1",
            "oauth2_id": "o1",
        },
    ),
    "persistent": Case(emit(DATA), {"data": 1}, settings={"amqp_persistent_messages": "true"}),
    "passthrough": Case(emit(DATA), {"data": 1}, message=PASSTHROUGH, step={"is_passthrough": True}),
    "passthrough without anything before": Case(emit(DATA), {"data": 1}, step={"is_passthrough": True}),
    "no self passthrough": Case(
        emit(DATA),
        {"data": 1},
        message=PASSTHROUGH,
        headers={"stepId": "step1b"},
        step={"is_passthrough": True},
        settings={"no_self_passtrhough": "true"},
    ),
    "passthrough that the component sets": Case(
        emit(["data", {"body": {}, "passthrough": {"x": {"body": {"y": 1}}}}]), {"data": 1}
    ),
    "error": Case(emit(["error", "it went wrong"]), {"error": 1}),
    "error as an object": Case(emit(["error", {"name": "Own", "message": "m", "stack": "s"}]), {"error": 1}),
    "error after data": Case(emit(DATA, ["error", "late"]), {"data": 1, "error": 1}),
    "error of a version 2 message": Case(emit(["error", "it went wrong"]), {"error": 1}, version=2),
    "error with somebody waiting": Case(
        emit(["error", "it went wrong"]), {"error": 1, "reply": 1}, headers={"reply_to": "reply"}
    ),
    "error without replies": Case(
        emit(["error", "it went wrong"]),
        {"error": 1},
        headers={"reply_to": "reply"},
        settings={"no_error_replies": "true"},
    ),
    "raised": Case({"raise": "on purpose"}, {"error": 1}),
    "rebound": Case(
        emit(["rebound", "not yet"]),
        {"rebound": 1},
        headers={"other": "kept"},
        properties={"correlation_id": "c1", "priority": 3, "content_type": "text/x", "message_id": "p1"},
    ),
    "second rebound": Case(
        emit(["rebound", "not yet"]),
        {"rebound": 1},
        headers={"reboundIteration": 1},
        settings={"rebound_initial_expiration": 100},
    ),
    "rebound of a version 2 message": Case(emit(["rebound", "not yet"]), {"rebound": 1}, version=2),
    "rebound limit": Case(
        emit(["rebound", "not yet"]),
        {"error": 1},
        headers={"reboundIteration": 2, "reply_to": "somebody"},
        settings={"rebound_limit": 2},
    ),
    "snapshot": Case(emit(["snapshot", {"a": {"b": [1, "ü"]}}]), {"snapshot": 1}, headers={"x-eio-meta-m": "1"}),
    "snapshot that is no object": Case(emit(["snapshot", [1]]), {"snapshot": 1}),
    "update of the snapshot": Case(
        emit(["updateSnapshot", {"a": 1}], ["updateSnapshot", {"b": 2}]), {"snapshot": 2}, step={"snapshot": {"a": 0}}
    ),
    "http reply": Case(
        emit(["httpReply", {"statusCode": 201, "headers": {"x": "y"}, "body": "done"}]),
        {"reply": 1},
        headers={"reply_to": "reply"},
        settings={"protocol_version": 2},
    ),
    "http reply without anybody waiting": Case(
        {"emit": [["httpReply", {"statusCode": 200, "body": ""}]]}, {"error": 1}
    ),
    "too large": Case(
        {"emit": [["data", {"body": "x" * 2000}]]}, {"error": 1}, settings={"outgoing_message_size_limit": 2000}
    ),
    "lightweight, small": Case(
        emit(DATA), {"data": 1}, settings={"emit_lightweight_message": "true", "object_storage_size_threshold": 500}
    ),
    "lightweight": Case(
        emit(["data", {"body": "x" * 600, "headers": {"h": "v"}}]),
        {"data": 1},
        message=PASSTHROUGH,
        step={"is_passthrough": True},
        settings={"emit_lightweight_message": "true", "object_storage_size_threshold": 500},
    ),
    "lightweight with a passthrough that is light already": Case(
        emit(["data", {"body": "x" * 600}]),
        {"data": 1},
        message={"passthrough": {"step0": {"body": {}, "headers": {"x-ipaas-object-storage-id": "stored"}}}},
        step={"is_passthrough": True},
        settings={"emit_lightweight_message": "true", "object_storage_size_threshold": 500},
    ),
    "a light message is resolved": Case(
        {},
        {"data": 1},
        message={
            "body": {},
            "headers": {"x-ipaas-object-storage-id": "stored"},
            "passthrough": {"step0": {"body": {}, "headers": {"x-ipaas-object-storage-id": "stored"}}},
        },
        step={"is_passthrough": True},
    ),
    "a light passthrough is filled though it was not resolved": Case(
        emit(DATA),
        {"data": 1},
        message={"passthrough": {"step0": {"body": {}, "headers": {"x-ipaas-object-storage-id": "stored"}}}},
        step={"is_passthrough": True},
        settings={"function": "unresolved"},
    ),
    "an error as the input": Case(
        {},
        {"data": 1},
        raw=json.dumps({part: encrypt({"tell": True, "message": part}).decode() for part in PARTS}).encode(),
        headers={"stepId": "failed", "reply_to": "somebody", "x-eio-meta-m": 1},
        settings={"input_format": "error", "function": "tell"},
    ),
    "the error of an error step": Case(
        {},
        {"error": 1},
        raw=json.dumps({part: encrypt({}).decode() for part in PARTS}).encode(),
        settings={"input_format": "error", "function": "fail"},
    ),
    "a function that is not there": Case({}, {"error": 1}, settings={"function": "nothing"}),
    "a light message whose body is gone": Case(
        {}, {"error": 1}, message={"body": {}, "headers": {"x-ipaas-object-storage-id": "gone"}}
    ),
}


class Runtime:
    """One of the two sailors. Consecutive cases with equal settings and step data use the same process."""

    def __init__(self, sailor: Callable[[Mapping[str, str]], Any], component: str, uri: str) -> None:
        self._sailor, self._component, self._uri = sailor, component, uri
        self._running = ExitStack()
        self._group = ""
        self._queues: StepQueues

    def start(self, case: Case) -> None:
        """Start a process for a case, unless the running one is suitable."""
        if group_of(case) == self._group:
            return
        self.stop()
        self._queues = self._running.enter_context(step_queues(self._uri))
        platform = self._running.enter_context(fake_platform())
        platform.objects["stored"] = Response(200, encrypt({"tell": True, "from": "storage"}, 2))
        platform.steps[FLOW, STEP] = {"config": {}, "snapshot": {}, **case.step}
        variables = step_environment(self._queues, platform, self._component, **case.settings)
        self._running.enter_context(self._sailor(variables))
        self._group = group_of(case)

    def play(self, case: Case) -> list[Any]:
        """Process one message and return its normalized publications."""
        message = {"body": case.body, **case.message}
        if case.raw is None:
            self._queues.send(message, {"messageId": "incoming", **case.headers}, case.version, **case.properties)
        else:
            self._queues.send_raw(case.raw, {"messageId": "incoming", **case.headers})
        try:
            published = [it for route, count in case.expect.items() for it in self._queues.receive(route, count)]
        except TimeoutError:
            self.stop()  # its publications could be taken for those of the next case
            raise
        seen: dict[str, str] = {}
        return [comparable(received, self._queues, seen) for received in published]

    def stop(self) -> None:
        """End the process."""
        self._group = ""
        self._running.close()


def group_of(case: Case) -> str:
    """Return a text that is equal for cases that one process can handle."""
    return json.dumps([case.settings, case.step], sort_keys=True)


def comparable(received: Received, queues: StepQueues, seen: dict[str, str]) -> dict[str, Any]:
    """Replace values that differ between runs by names: the same name for the same value."""
    message = reply(received) if received.route == "reply" else received.message
    if received.route == "error":
        message["error"].pop("stack")
    plain = {
        "route": received.route,
        "headers": {name: TIMES & {name} or value for name, value in received.headers.items()},
        "types": {name: type(value) for name, value in received.headers.items()},
        "properties": received.properties,
        "message": message,
        "is text": received.payload.isascii(),
        "rebounded as it came": received.route == "rebound" and received.payload,
    }
    renamed = rename(plain, {queues.name: "the exchange"}, seen)
    assert isinstance(renamed, dict)
    return renamed


def allow_for_python(ours: list[Any], theirs: list[Any]) -> None:
    """Remove intended differences: an error's name is its Python class, and its text may be longer."""
    for our, their in zip(ours, theirs, strict=False):
        if their["route"] == "error" and their["message"]["error"]["name"] in {"Error", "TypeError"}:
            our_error, their_error = our["message"]["error"], their["message"]["error"]
            if our_error["message"].startswith(their_error["message"]):
                our["message"]["error"] = their_error


def reply(received: Received) -> Any:
    message = (
        received.message
        if "protocolVersion" in received.headers
        else Received("data", {}, {}, received.payload).message
    )
    message.pop("stack", None)
    return message


def rename(value: Any, names: Mapping[str, str], seen: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: rename(item, names, seen) for name, item in value.items()}
    if isinstance(value, list):
        return [rename(item, names, seen) for item in value]
    if isinstance(value, str) and UUID.match(value):
        return seen.setdefault(value, f"uuid {len(seen)}")
    return names.get(value, value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def runtimes(broker: Broker, node_sailor: NodeSailor) -> Iterator[list[Runtime]]:
    both = [
        Runtime(python_step, "scripted", broker.uri),
        Runtime(partial(node_step, node_sailor), "scripted_node", broker.uri),
    ]
    yield both
    for runtime in both:
        runtime.stop()


BY_GROUP = sorted(CASES, key=lambda name: group_of(CASES[name]))


@pytest.mark.parametrize("name", BY_GROUP)
def test_both_runtimes_publish_the_same(name: str, runtimes: list[Runtime]) -> None:
    case = CASES[name]
    for runtime in runtimes:
        runtime.start(case)
    ours, theirs = (runtime.play(case) for runtime in runtimes)
    allow_for_python(ours, theirs)
    assert pformat(ours, width=150).splitlines() == pformat(theirs, width=150).splitlines()
