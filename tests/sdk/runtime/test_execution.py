"""Each message ends in exactly one way, whatever it contains and whatever the component does."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from elasticio import BrokerError, Message, MessageError, PlatformError, Rebound, Step
from elasticio.broker import Publication
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.runtime.step_in_memory import FakeDelivery, MemoryStep
from tests.sdk.wire.strategies import any_values, delivered_headers, json_values, nested, text

SECRET = "s3cret"


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise ValueError(SECRET)


class FarAway(BaseException):
    """Not even an Exception."""


def echo(_step: Step, message: Message, *_: object) -> Any:
    return {"body": message.body}


def script(step: Step, message: Message, *_: object) -> Iterator[Any]:
    """Do what the message says."""
    for event, payload in message.body.get("emit", ()):
        step.emit(event, payload)
    yield from message.body.get("yield", ())
    if "rebound" in message.body:
        raise Rebound(message.body["rebound"])
    if "raise" in message.body:
        raise ValueError(message.body["raise"])


async def waits(*_: object) -> None: ...


async def streams(*_: object) -> AsyncIterator[Any]:
    yield {"body": {}}


@pytest.mark.parametrize("process", [waits, streams])
def test_an_async_process_is_an_error(process: Any) -> None:
    step = MemoryStep(process)
    assert step.send({"body": {}}).ends == ["reject"]
    [error] = step.errors()
    assert error["message"] == "process is an async function; it must be a plain function or a generator"


class TestTheFourEnds:
    def test_ack_after_the_results(self) -> None:
        step = MemoryStep(echo)
        assert step.send({"body": {"a": 1}}).ends == ["ack"]
        assert len(step.published("data")) == 1
        assert step.errors() == []

    def test_reject_after_the_error(self) -> None:
        step = MemoryStep(script)
        assert step.send({"body": {"yield": [{"body": 1}], "raise": "wrong"}}).ends == ["reject"]
        assert len(step.published("data")) == 1
        [error] = step.errors()
        assert (error["name"], error["message"]) == ("ValueError", "wrong")

    def test_replaced_by_its_rebound(self, caplog: pytest.LogCaptureFixture) -> None:
        step = MemoryStep(script)
        delivery = step.send({"body": {"yield": [{"body": 1}], "rebound": "not yet"}}, {"reboundIteration": 2})
        assert delivery.ends == ["rebound"]
        assert delivery.rebound
        assert delivery.rebound.headers["reboundIteration"] == 3
        assert step.errors() == []
        assert caplog.messages == ["Rebounded: not yet (delay=60 s, rebounds=3)"]

    def test_rejected_as_unreadable(self, caplog: pytest.LogCaptureFixture) -> None:
        step = MemoryStep(echo)
        assert step.deliver(FakeDelivery(b"noise", {"messageId": "m"})).ends == ["reject"]
        assert step.broker.published == []
        [record] = caplog.records
        assert record.getMessage().startswith("Rejected an unreadable message: the payload cannot be decrypted")
        assert record.context["messageId"] == "m"  # type: ignore[attr-defined]

    def test_what_the_broker_could_not_decode_is_unreadable(self) -> None:
        step = MemoryStep(echo)
        delivery = FakeDelivery(step.encryptor.encode({"body": 1}, 1), {}, unreadable="its properties are odd")
        assert step.deliver(delivery).ends == ["reject"]
        assert step.broker.published == []


class TestErrorsPrevail:
    @pytest.mark.parametrize(
        "emit",
        [
            [["rebound", "later"], ["error", "wrong"]],
            [["error", "wrong"], ["rebound", "later"]],
        ],
    )
    def test_over_a_rebound(self, emit: Any) -> None:
        step = MemoryStep(script)
        assert step.send({"body": {"emit": emit}}).ends == ["reject"]
        assert [error["message"] for error in step.errors()] == ["wrong"]

    def test_raised_after_a_rebound(self) -> None:
        step = MemoryStep(script)
        assert step.send({"body": {"emit": [["rebound", "later"]], "raise": "wrong"}}).ends == ["reject"]
        assert len(step.errors()) == 1


def test_several_rebounds_are_one() -> None:
    step = MemoryStep(script)
    delivery = step.send({"body": {"emit": [["rebound", "first"], ["rebound", "last"]]}})
    assert delivery.ends == ["rebound"]
    assert delivery.rebound
    assert delivery.rebound.headers["reboundReason"] == "last"


def test_the_last_of_all_rebounds_tells_its_reason() -> None:
    step = MemoryStep(script, rebound_limit=2)
    assert step.send({"body": {"rebound": "still busy"}}, {"reboundIteration": 2}).ends == ["ack"]
    assert [error["message"] for error in step.errors()] == ["Rebound limit exceeded, last reason: still busy"]


def test_a_rebound_at_the_limit_is_a_rebound() -> None:
    step = MemoryStep(script, rebound_limit=2)
    delivery = step.send({"body": {"rebound": "still busy"}}, {"reboundIteration": 1})
    assert delivery.ends == ["rebound"]
    assert delivery.rebound
    assert delivery.rebound.headers["reboundIteration"] == 2
    assert step.errors() == []


def test_a_rebound_that_meets_a_lost_connection_is_left_to_the_broker(caplog: pytest.LogCaptureFixture) -> None:
    step = MemoryStep(script)
    assert step.send({"body": {"rebound": "later"}}, is_lost=True).ends == ["lost"]
    assert caplog.messages == ["Connection lost during a rebound; the broker will redeliver the message"]


def test_a_rebound_that_the_broker_refuses_is_the_messages_error() -> None:
    step = MemoryStep(script)
    delivery = step.send({"body": {"rebound": "later"}}, refusal=MessageError("the broker does not accept it"))
    assert delivery.ends == ["reject"]
    assert [error["message"] for error in step.errors()] == ["the broker does not accept it"]


RAISED: dict[str, BaseException] = {
    "a text that cannot be had": UnspeakableError(),
    "no Exception": FarAway("far"),
    "the end of the process": SystemExit(0),
    "Ctrl-C": KeyboardInterrupt(),
    "half a character": ValueError("busy \ud83d"),
    "a large text": ValueError("x" * 3_000_000),
    "a group": ExceptionGroup("several", [ValueError(SECRET), TypeError(SECRET)]),
    "a rebound with half a character": Rebound("busy \ud83d"),
    "a rebound with a large reason": Rebound("x" * 200_000),
    "a rebound without a reason": Rebound(),
    "too deep": RecursionError("too deep"),
}


@pytest.mark.parametrize("name", RAISED)
def test_whatever_is_raised_ends_the_message_once(name: str) -> None:
    def fail(*_: object) -> None:
        raise RAISED[name]

    step = MemoryStep(fail)
    delivery = step.send({"body": 1})
    assert delivery.ends == ["rebound" if isinstance(RAISED[name], Rebound) else "reject"]
    assert len(step.errors()) == (0 if isinstance(RAISED[name], Rebound) else 1)
    assert step.workers.failures == []


def test_a_text_that_cannot_be_had_has_a_placeholder() -> None:
    def fail(*_: object) -> None:
        raise UnspeakableError

    step = MemoryStep(fail)
    step.send({"body": 1})
    [error] = step.errors()
    assert error["name"] == "UnspeakableError"
    assert error["message"] == "(the text of this UnspeakableError cannot be read: ValueError)"
    assert SECRET not in json.dumps(error["message"])


EMITTED: dict[str, Any] = {
    "a large id": {"body": 1, "id": "x" * 200_000},
    "a huge number as id": {"body": 1, "id": 2**70},
    "half a character in the id": {"body": 1, "id": "\ud83d"},
    "a number as routing key": {"body": 1, "headers": {"x-eio-routing-key": 5}},
    "an object as routing key": {"body": 1, "headers": {"x-eio-routing-key": {"a": 1}}},
    "a long routing key": {"body": 1, "headers": {"X-EIO-Routing-Key": "k" * 300}},
    "an object": {"body": object()},
    "a deep body": {"body": nested(10_000)},
    "no body": {"headers": {}},
    "a text": "text",
}


@pytest.mark.parametrize("name", EMITTED)
def test_what_cannot_be_sent_is_the_messages_error(name: str) -> None:
    step = MemoryStep(lambda *_: EMITTED[name])
    assert step.send({"body": 1}).ends == ["reject"]
    assert len(step.errors()) == 1
    assert step.published("data") == []


@pytest.mark.parametrize("odd", [5, {"a": "table"}, ["list"], "r" * 300])
def test_a_reply_to_an_odd_address_is_the_messages_error(odd: Any) -> None:
    step = MemoryStep(script)
    delivery = step.send({"body": {"emit": [["httpReply", {"statusCode": 200}]]}}, {"reply_to": odd})
    assert delivery.ends == ["reject"]
    assert len(step.errors()) == 1


@pytest.mark.parametrize("odd", [-5, -(2**63), {"a": "table"}, ["list"], True, "two", b"\xff"])
def test_an_odd_count_of_rebounds_counts_as_none(odd: Any) -> None:
    step = MemoryStep(script)
    delivery = step.send({"body": {"rebound": "later"}}, {"reboundIteration": odd})
    assert delivery.ends == ["rebound"]
    assert delivery.rebound
    assert delivery.rebound.headers["reboundIteration"] == 1


@pytest.mark.parametrize("headers", ["abc", [1], 5])
def test_odd_headers_of_the_message_are_the_components_matter(headers: Any) -> None:
    step = MemoryStep(lambda _step, message, *_: {"body": 1, "headers": message.headers})
    assert step.send({"body": 1, "headers": headers}).ends == ["ack"]
    [publication] = step.published("data")
    assert step.encryptor.decode(publication.body, 1)["headers"] == headers


@pytest.mark.parametrize("passthrough", ["abc", [1], 5])
def test_an_odd_passthrough_is_the_messages_error(passthrough: Any) -> None:
    step = MemoryStep(echo, {"is_passthrough": True})
    assert step.send({"body": 1, "passthrough": passthrough}).ends == ["reject"]
    assert [error["name"] for error in step.errors()] == ["MessageError"]


class TestRefusedByTheBroker:
    def test_a_result(self) -> None:
        step = MemoryStep(echo)
        step.broker.refuses = lambda publication: (
            BrokerError("the queue is full") if publication.routing_key == "data_routing_key" else None
        )
        assert step.send({"body": 1}).ends == ["reject"]
        assert [error["message"] for error in step.errors()] == ["the queue is full"]

    def test_an_error_with_its_input(self) -> None:
        """RabbitMQ refuses messages above its maximum size. The error is then published without its input."""

        def fail(*_: object) -> None:
            raise ValueError("x" * 5000)

        def refuses(publication: Publication) -> MessageError | None:
            return MessageError("too large") if len(publication.body) > 5000 else None

        step = MemoryStep(fail)
        step.broker.refuses = refuses
        assert step.send({"body": "y" * 5000}).ends == ["reject"]
        [error] = step.errors()
        assert error["name"] == "ValueError"
        assert error["message"].startswith("xxx")
        assert step.workers.failures == []

    def test_every_error(self) -> None:
        """The process ends with this reason, and the message stays unsettled for the next process."""
        step = MemoryStep(script)
        step.broker.refuses = lambda _: BrokerError("closing")
        delivery = FakeDelivery(step.encryptor.encode({"body": {"raise": "wrong"}}, 1), {})
        with pytest.raises(AssertionError):
            step.deliver(delivery)
        assert delivery.ends == []
        assert [str(failure) for failure in step.workers.failures] == ["closing"]


def test_nothing_is_emitted_after_the_end() -> None:
    steps: list[Step] = []
    step = MemoryStep(lambda given, *_: steps.append(given))
    step.send({"body": 1})
    with pytest.raises(Exception, match="after process had ended"):
        steps[0].emit("data", {"body": 2})
    assert step.published("data") == []


def test_each_message_has_its_own_variables() -> None:
    def process(given: Step, *_: object) -> Any:
        result = {"body": dict(given.variables)}
        given.variables["odd"] = 1  # type: ignore[index]
        return result

    step = MemoryStep(process, {"variables": {"a": "1"}})
    for _ in range(2):
        step.send({"body": 1})
        [publication] = step.published("data")
        assert step.encryptor.decode(publication.body, 1)["body"] == {"a": "1"}


class TestReasonsOfRebounds:
    @staticmethod
    def line(reason: Any, caplog: pytest.LogCaptureFixture) -> str:
        step = MemoryStep(lambda given, *_: given.emit("rebound", reason))
        assert step.send({"body": 1}).ends == ["rebound"]
        return caplog.messages[-1]

    def test_the_text_of_a_foreign_exception_is_not_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        assert self.line(ValueError(SECRET), caplog) == "Rebounded: ValueError (delay=15 s, rebounds=1)"

    def test_the_query_of_a_url_is_not_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        assert SECRET not in self.line(f"busy: https://host/a?key={SECRET}", caplog)


def test_a_generator_is_closed_when_its_result_cannot_be_sent() -> None:
    closed = []

    def process(*_: object) -> Iterator[Any]:
        try:
            yield {"body": object()}
        finally:
            closed.append(True)

    assert MemoryStep(process).send({"body": 1}).ends == ["reject"]
    assert closed == [True]


class TestLogLines:
    @staticmethod
    def raised(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
        def fail(*_: object) -> None:
            raise error

        MemoryStep(fail).send({"body": 1})
        [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        return line

    def test_an_error_of_the_sdk_has_its_reason(self, caplog: pytest.LogCaptureFixture) -> None:
        line = self.raised(PlatformError("the API answered 503", 503), caplog)
        assert line.startswith("function failed with PlatformError: the API answered 503 (")

    def test_another_error_has_class_and_place_only(self, caplog: pytest.LogCaptureFixture) -> None:
        line = self.raised(ValueError(SECRET), caplog)
        assert line.startswith("function failed with ValueError (")
        assert "test_execution.py:" in line
        assert SECRET not in line


# Generated

events = st.sampled_from(["data", "error", "rebound", "snapshot", "updateSnapshot", "httpReply", "updateKeys", "odd"])
actions = st.lists(
    st.tuples(events, any_values | json_values | st.fixed_dictionaries({"body": json_values})), max_size=3
)
exceptions = st.sampled_from(
    [None, Rebound("later"), ValueError("wrong"), UnspeakableError(), FarAway(), SystemExit(1)]
)


@given(actions, any_values | st.none(), exceptions, delivered_headers)
def test_whatever_the_component_does_a_message_ends_once(
    emitted: list[tuple[Any, Any]], returned: Any, error: BaseException | None, headers: Any
) -> None:
    def process(step: Step, *_: object) -> Any:
        for event, payload in emitted:
            step.emit(event, payload)
        if error:
            raise error
        return returned

    step = MemoryStep(process)
    delivery = step.send({"body": 1}, {**headers, "protocolVersion": 1})
    assert step.workers.failures == []
    if delivery.ends == ["reject"]:
        assert step.errors()
    step.context.data.snapshot.replace({})
    good = MemoryStep(echo).send({"body": 1})
    assert good.ends == ["ack"]


@given(
    st.binary() | st.dictionaries(text, json_values),
    delivered_headers | st.none(),
    st.sampled_from(["default", "error"]),
    st.booleans(),
)
def test_whatever_is_delivered_ends_once(payload: Any, headers: Any, input_format: str, is_passthrough: bool) -> None:
    step = MemoryStep(echo, {"is_passthrough": is_passthrough}, input_format=input_format)
    try:
        body = payload if isinstance(payload, bytes) else step.encryptor.encode(payload, 1)
    except MessageError:
        return
    step.deliver(FakeDelivery(body, headers))
    assert step.workers.failures == []
    assert step.deliver(FakeDelivery(step.encryptor.encode({"body": 1}, 1), {"messageId": "good"})).ends in (
        ["ack"],
        ["reject"],  # an error's input is not a message, and the other way round
    )
