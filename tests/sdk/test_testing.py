"""The fake step for authors of components: it records events and raises the runtime's errors."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
from elasticio import ComponentError, Incoming, Message, MessageError, Rebound, Step
from elasticio.testing import FakeStep, MemoryAttachments, run


def greet(step: Step, message: Message, config: Mapping[str, Any], snapshot: Any) -> Iterator[Message]:
    for name in message.body["names"]:
        yield Message(body={"text": f"{config['greeting']}, {name}!"})
    step.emit("snapshot", {"greeted": snapshot.get("greeted", 0) + 1})


def test_yielded_and_emitted_messages_are_recorded() -> None:
    step = FakeStep()
    messages = run(greet, {"body": {"names": ["Ada", "Bob"]}}, {"greeting": "Hello"}, {"greeted": 1}, step=step)
    assert [message.body["text"] for message in messages] == ["Hello, Ada!", "Hello, Bob!"]
    assert step.emitted[-1] == ("snapshot", {"greeted": 2})


def test_config_and_snapshot_are_copies() -> None:
    def change(_step: Step, _message: Message, config: Any, snapshot: Any) -> None:
        config["list"].append(1)
        snapshot["page"] = 2

    config: dict[str, Any] = {"list": []}
    snapshot = {"page": 1}
    assert run(change, {"body": {}}, config, snapshot) == []
    assert (config, snapshot) == ({"list": []}, {"page": 1})


def test_a_rebound_is_raised() -> None:
    def tired(*_: Any) -> None:
        raise Rebound("later")

    with pytest.raises(Rebound, match="later"):
        run(tired, {"body": {}})


@pytest.mark.parametrize(
    ("event", "payload", "error"),
    [
        ("dta", {"body": {}}, ComponentError),
        ("data", {"text": "no body"}, ComponentError),
        ("data", {"body": {1, 2}}, MessageError),
        ("updateSnapshot", [1], MessageError),
        ("httpReply", {"statusCode": 200}, MessageError),
    ],
)
def test_an_emit_that_the_runtime_refuses_raises(event: str, payload: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        FakeStep().emit(event, payload)  # type: ignore[call-overload]


def test_a_reply_is_recorded_if_a_request_waits() -> None:
    step = FakeStep(incoming=Incoming(thread_id="t", reply_to="queue"))
    step.emit("httpReply", {"statusCode": 200, "headers": {}, "body": "ok"})
    assert step.emitted == [("httpReply", {"statusCode": 200, "headers": {}, "body": "ok"})]


def test_attachments_are_kept_in_memory() -> None:
    step = FakeStep(attachments=MemoryAttachments({"in.txt": (b"hello", "text/plain")}))
    message = Message(body={}, attachments={"in.txt": {"url": "memory:in.txt"}})
    with step.attachments.open(message, "in.txt") as stream:
        assert (stream.read(), stream.content_type, stream.size) == (b"hello", "text/plain", 5)
    entry = step.attachments.add("out.txt", b"bye")
    assert entry["size"] == 3
    assert step.attachments.files["out.txt"][0] == b"bye"
    with pytest.raises(MessageError):
        step.attachments.open(message, "other.txt")


def test_an_async_process_is_refused() -> None:
    async def process(*_: Any) -> None: ...

    async def streams(*_: Any) -> AsyncIterator[Any]:
        yield {"body": {}}

    for refused in (process, streams):
        with pytest.raises(ComponentError, match="process is an async function"):
            run(refused, {"body": {}})
