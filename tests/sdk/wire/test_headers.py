"""The AMQP headers of messages."""

import uuid
from typing import Any

import pytest
from elasticio.wire.headers import identity, outgoing, split_routing_key
from elasticio.wire.incoming import Incoming

NOW = 1_700_000_000_123
IDENTITY = {
    "execId": "exec_id",
    "taskId": "flow_id",
    "workspaceId": "workspace_id",
    "containerId": "container_id",
    "userId": "user_id",
    "stepId": "step_id",
    "compId": "comp_id",
    "function": "function",
}


def is_uuid(text: str) -> bool:
    return str(uuid.UUID(text)) == text


class TestIncoming:
    @pytest.mark.parametrize("value", ["2", None, True, [2]])
    def test_a_count_that_is_no_number_counts_as_none(self, value: object) -> None:
        incoming = Incoming.read({"threadId": "t", "reboundIteration": value, "start": value})
        assert (incoming.rebounds, incoming.started) == (0, None)

    def test_all_that_a_delivery_tells(self) -> None:
        headers = {
            "threadId": "thread",
            "messageId": "message",
            "parentMessageId": "parent",
            "stepId": "step_1",
            "reply_to": "queue",
            "X-EIO-Meta-Lowercase": 1,
            "x-eio-meta-trace-id": "trace",
            "x-eio-other": "not kept",
            "userId": "not kept",
            "reboundIteration": 2,
            "start": 1700000000000,
            "end": 1700000000001,
        }
        assert Incoming.read(headers, redelivered=True) == Incoming(
            thread_id="thread",
            message_id="message",
            parent_message_id="parent",
            step_id="step_1",
            reply_to="queue",
            redelivered=True,
            rebounds=2,
            started=1700000000000,
            published=1700000000001,
            meta={"x-eio-meta-lowercase": 1, "x-eio-meta-trace-id": "trace"},
        )

    def test_a_delivery_that_tells_nothing(self) -> None:
        incoming = Incoming.read({})
        assert is_uuid(incoming.thread_id)
        assert incoming == Incoming(thread_id=incoming.thread_id)
        assert incoming.thread_id != Incoming.read({}).thread_id

    @pytest.mark.parametrize(
        "told", [{"X-EIO-META-TRACE-ID": "trace"}, {"threadId": "", "x-eio-meta-trace-id": "trace"}]
    )
    def test_the_trace_stands_in_for_the_thread(self, told: dict[str, Any]) -> None:
        assert Incoming.read(told).thread_id == "trace"

    def test_an_empty_reply_to_is_none(self) -> None:
        assert Incoming.read({"reply_to": ""}).reply_to is None


class TestOutgoing:
    def test_all_headers(self) -> None:
        incoming = Incoming("thread", "message", "parent", "step_1", "queue", meta={"x-eio-meta-a": "b"})
        headers = outgoing(incoming, IDENTITY, {"flowVersion": "v1"}, NOW)
        assert headers.pop("start") == NOW
        assert is_uuid(headers.pop("messageId"))
        assert headers == {
            **IDENTITY,
            "x-eio-meta-a": "b",
            "reply_to": "queue",
            "flowVersion": "v1",
            "parentMessageId": "message",
            "threadId": "thread",
        }

    def test_what_is_not_known_is_left_out(self) -> None:
        headers = outgoing(Incoming("thread"), IDENTITY, {}, NOW)
        assert headers.keys() == IDENTITY.keys() | {"threadId", "messageId", "start"}

    def test_each_incoming_message_has_its_own_id(self) -> None:
        incoming = Incoming("thread")
        ids = {outgoing(incoming, IDENTITY, {}, NOW)["messageId"] for _ in range(2)}
        assert len(ids) == 2

    def test_additional_variables_do_not_replace_what_a_step_is(self) -> None:
        additional = {"stepId": "forged", "threadId": "forged", "reply_to": "own"}
        headers = outgoing(Incoming("thread", reply_to="queue"), IDENTITY, additional, NOW)
        assert (headers["stepId"], headers["threadId"], headers["reply_to"]) == ("step_id", "thread", "own")


def test_who_publishes() -> None:
    names = ("exec_id", "flow_id", "workspace_id", "container_id", "user_id", "step_id", "comp_id", "function")
    assert identity(**{name: name for name in names}) == IDENTITY


@pytest.mark.parametrize(
    ("headers", "key", "rest"),
    [
        ({}, None, {}),
        ({"a": 1}, None, {"a": 1}),
        ({"x-eio-routing-key": "own", "a": 1}, "own", {"a": 1}),
        ({"X-EIO-Routing-Key": "own"}, "own", {}),
        ({"x-eio-routing-key": ""}, None, {}),
        ({"x-eio-routing-key": None}, None, {}),
    ],
)
def test_the_routing_key_of_a_message(headers: dict[str, Any], key: str | None, rest: dict[str, Any]) -> None:
    assert split_routing_key(headers) == (key, rest)
