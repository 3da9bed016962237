"""Generated messages and components: each message ends in exactly one way, and the next one is processed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from elasticio import ComponentError, Message, MessageError, Rebound, Step
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.hostile.attacked_step import AttackedStep, echo
from tests.sdk.hostile.cases import cases
from tests.sdk.hostile.values import SIGNED, exceptions, made, payloads, secret_json
from tests.sdk.wire.strategies import any_values, delivered_headers, text

Steps = Callable[..., AttackedStep]
VARIANTS = st.fixed_dictionaries(
    {},
    optional={
        "is_passthrough": st.just(True),
        "input_format": st.just("error"),
        "emit_lightweight_message": st.just(True),
        "no_self_passtrhough": st.just(True),
        "protocol_version": st.just(2),
        "outgoing_message_size_limit": st.just(200),
        "rebound_limit": st.just(1),
    },
)


@pytest.fixture(scope="module")
def steps() -> Iterator[Steps]:
    """Return a running step for a variant of the settings; one for each variant."""
    running: dict[str, AttackedStep] = {}
    with ExitStack() as stack:

        def step(**options: Any) -> AttackedStep:
            key = repr(sorted(options.items()))
            if key not in running:
                data = {"is_passthrough": options.pop("is_passthrough", False), "config": {"_account": "account"}}
                running[key] = stack.enter_context(AttackedStep(data, **options))
            return running[key]

        yield step


properties = st.dictionaries(
    st.sampled_from(["content_type", "correlation_id", "reply_to", "message_id", "expiration", "priority", "user_id"]),
    text | st.binary(max_size=20) | st.integers(0, 255) | st.just("9" * 30),
    max_size=4,
)
headers = delivered_headers | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("messageId", "reply_to", "reboundIteration", "x-eio-meta-a", "end"), any_values)
)
depths = st.integers(1, 100_000)
deep_json = depths.map(lambda depth: "[" * depth) | depths.map(lambda depth: '{"body":' * depth)


@cases(0.25)
@given(
    st.binary(max_size=300) | secret_json | st.fixed_dictionaries({"body": secret_json}) | deep_json,
    headers | st.none(),
    properties,
    VARIANTS,
)
def test_any_message(steps: Steps, payload: Any, table: Any, given_properties: Any, variant: dict[str, Any]) -> None:
    step = steps(**variant)
    step.process = echo
    if isinstance(payload, str):
        body = step.encryptor.encrypt(payload.encode())
    elif isinstance(payload, bytes):
        body = payload
    else:
        try:
            body = step.encryptor.encode(payload, 1)
        except MessageError:
            body = b""
        table = {**(table or {}), "protocolVersion": 1}
    step.attack(body, table, given_properties)


@cases(0.25)
@given(delivered_headers | headers, properties, st.sampled_from(["rebound", "httpReply", "error"]), VARIANTS)
def test_any_headers(steps: Steps, table: Any, given_properties: Any, event: Any, variant: dict[str, Any]) -> None:
    """Each kind of publication copies other headers of the message."""
    step = steps(**{**variant, "input_format": "default"})

    def process(given_step: Step, _message: Message, *_: object) -> Any:
        given_step.emit(event, {"statusCode": 200, "message": "later"})

    step.process = process
    end = step.attack(step.encryptor.encode({"body": 1}, 1), {**table, "protocolVersion": 1}, given_properties)
    assert end in {"rebound": ("rebound", "ack", "reject"), "httpReply": ("ack", "reject"), "error": ("reject",)}[event]


emits = st.lists(
    st.tuples(st.sampled_from(["data", "snapshot", "updateSnapshot", "updateKeys", "httpReply"]) | text, payloads),
    max_size=3,
)
results = st.none() | payloads | st.lists(payloads, max_size=3).map(tuple)
endings = st.none() | exceptions | st.sampled_from([Rebound("later"), Rebound()])


@cases(0.3)
@given(emits, results, endings, st.booleans(), VARIANTS)
def test_any_component(
    steps: Steps, emitted: Any, result: Any, ending: Any, is_swallowing: bool, variant: dict[str, Any]
) -> None:
    step = steps(**{**variant, "input_format": "default"})

    def process(given_step: Step, message: Message, *_: object) -> Iterator[Any]:
        for event, payload in emitted:
            try:
                given_step.emit(event, made(payload))
            except BaseException:
                if not is_swallowing:
                    raise
        message.body = message.headers = message.passthrough = made(result)
        yield from made(result) if isinstance(result, tuple) else (made(result),)
        if ending:
            raise made(ending)

    step.process = process
    step.attack(step.encryptor.encode({"body": 1}, 1), {"messageId": "m", "reply_to": "reply"})


@cases(0.1)
@given(st.sampled_from(["error", "rebound"]), exceptions | any_values | st.just(f"see {SIGNED}"), exceptions, VARIANTS)
def test_any_error(steps: Steps, event: Any, payload: Any, cause: Any, variant: dict[str, Any]) -> None:
    """The texts of causes and the queries of URLs are not shown."""
    step = steps(**{**variant, "input_format": "default"})

    def process(given_step: Step, *_: object) -> Any:
        error = made(payload)
        if isinstance(error, BaseException):
            with suppress(TypeError):
                error.__cause__ = made(cause)
        given_step.emit(event, error)

    step.process = process
    step.attack(step.encryptor.encode({"body": 1}, 1), {"messageId": "m"})


@cases(0.05)
@given(payloads)
def test_any_text_of_a_component(steps: Steps, payload: Any) -> None:
    """An error of the component is published with its text, but the log does not contain it."""
    step = steps()

    def process(given_step: Step, *_: object) -> Any:
        given_step.emit("error", made(payload))

    step.process = process
    step.attack(step.encryptor.encode({"body": 1}, 1), {"messageId": "m"}, owns_text=True)


@cases(0.05)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["data", "error", "snapshot", "rebound"])), max_size=4))
def test_any_threads(steps: Steps, plan: list[tuple[int, Any]]) -> None:
    """Threads that emit while and after process ends: each emit returns or raises, and the message ends once."""
    step = steps()
    threads: list[threading.Thread] = []

    def process(given_step: Step, *_: object) -> Any:
        def emit(event: Any) -> None:
            with suppress(ComponentError):
                given_step.emit(event, {"body": 1})

        for count, event in plan:
            threads.extend(threading.Thread(target=emit, args=(event,)) for _ in range(count))
        for thread in threads:
            thread.start()
        return {"body": 2}

    step.process = process
    step.attack(step.encryptor.encode({"body": 1}, 1), {"messageId": "m"})
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
