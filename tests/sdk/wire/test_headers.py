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

    def test_missing_values_are_left_out(self) -> None:
        headers = outgoing(Incoming("thread"), IDENTITY, {}, NOW)
        assert headers.keys() == IDENTITY.keys() | {"threadId", "messageId", "start"}

    def test_each_incoming_message_has_its_own_id(self) -> None:
        incoming = Incoming("thread")
        ids = {outgoing(incoming, IDENTITY, {}, NOW)["messageId"] for _ in range(2)}
        assert len(ids) == 2

    def test_additional_variables_do_not_replace_the_identity_of_a_step(self) -> None:
        additional = {"stepId": "forged", "threadId": "forged", "reply_to": "own"}
        headers = outgoing(Incoming("thread", reply_to="queue"), IDENTITY, additional, NOW)
        assert (headers["stepId"], headers["threadId"], headers["reply_to"]) == ("step_id", "thread", "own")


def test_the_identity_of_a_step() -> None:
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
