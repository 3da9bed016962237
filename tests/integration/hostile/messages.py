"""Hostile AMQP messages and hostile events of a component: listed and generated cases."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.encryption import encrypt, encrypt_text
from tests.integration.hostile.attack import Target
from tests.integration.hostile.case import (
    PHONE,
    SECRET,
    SIGNED,
    UNREADABLE,
    Case,
    message,
    raw,
)
from tests.integration.odd_headers import UNREADABLE as ODD_HEADERS
from tests.integration.odd_headers import EncodedHeaders, message_id
from tests.sdk.wire.strategies import delivered_headers, json_values, nested

ODD_VALUES: list[Any] = [["list"], {"a": "table"}, -5, 2**62, b"\xff", "r" * 300, True, None]
ODD_PARTS: list[Any] = ["abc", [1], 5, None, {"a": None}, "\ud83d"]
DEPTH = 100_000
ODD_PAYLOADS: list[Any] = [None, 5, "\ud83d", [], {}, {"$set": 5}, {"statusCode": "x"}, nested(300)]
ODD_MESSAGES: list[Any] = [None, 5, "abc", [], [1], True, "\ud83d"]


def emitting(name: str, *events: tuple[str, Any], **headers: Any) -> Case:
    """Return a case whose component emits these events."""
    return message("emitted", name, {"body": {"emit": [list(event) for event in events]}}, headers)


def good(number: int) -> bytes:
    """Return a message for the action `script` that has a result."""
    return encrypt({"body": {"tell": True, "good": number}})


SCRIPT = Target("script", good)


def listed() -> Iterator[Case]:
    """Yield the inputs that have stopped a step, or that could stop one."""
    for name, odd in ODD_HEADERS.items():
        yield Case("header", name, b"x", EncodedHeaders(odd, message_id(b"hostile")))
    later = {"body": {"emit": [["httpReply", {"statusCode": 200}], ["rebound", "later"]]}}
    for header in ("messageId", "end", "reboundIteration", "reply_to", "threadId", "protocolVersion", "start"):
        for value in ODD_VALUES:
            yield message("header", f"{header}={value!r:.20}", later, {header: value})
    yield message("header", "timestamp in milliseconds", later, timestamp=1_700_000_000_000)
    yield message("header", "content type of 255 bytes", later, content_type="x" * 255, priority=255)
    yield from _payloads()
    for part in ("headers", "body", "attachments", "passthrough", "id", "snapshot"):
        for odd_part in ODD_PARTS:
            yield message("json", f"{part}={odd_part!r}", {"body": {"tell": True}, part: odd_part})
    for odd_message in ODD_MESSAGES:
        yield message("json", f"message={odd_message!r}", odd_message, expected=frozenset({UNREADABLE}))
    yield from _emitted()


def _payloads() -> Iterator[Case]:
    """Yield payloads that cannot be decrypted, and JSON that cannot be parsed."""
    deep = b'{"body":' + b"[" * DEPTH + b"]" * DEPTH + b"}"
    payloads = {
        "no base64": b"\xff\xfe",
        "empty": b"",
        "plain": b'{"body": 1}',
        "1 MB of zeros": bytes(1_000_000),
        f"{DEPTH} levels": encrypt_text(deep),
        "no JSON": encrypt_text(b"{'body': 1}"),
        "not a number": encrypt_text(b"NaN"),
        "no UTF-8": encrypt_text(b"\xff\xfe"),
    }
    for name, payload in payloads.items():
        yield raw("payload", name, payload, expected=frozenset({UNREADABLE}))
    for text in (b'{"body": NaN}', b'{"body": 1e999}', b'{"body": ' + b"9" * 5000 + b"}", b'{"body":1,"body":2}'):
        yield raw("json", f"{text!r:.20}", encrypt_text(text))
    for depth in (500, 900, 950, 980):
        yield raw("json", f"{depth} levels", encrypt_text(b'{"body":' + b"[" * depth + b"]" * depth + b"}"))


def error_input() -> Iterator[Case]:
    """Yield hostile errors of another step, for a step with INPUT_FORMAT=error."""
    part, deep = encrypt({"message": "x"}).decode(), b"[" * DEPTH + b"]" * DEPTH
    texts: dict[str, bytes] = {
        f"{DEPTH} levels": b'{"error":' + deep + b"}",
        "part of 100,000 levels": json.dumps({"error": encrypt_text(deep).decode(), "errorInput": part}).encode(),
        "no JSON": b"\xff",
        "a list": b"[]",
        "error a number": b'{"error":5}',
        "error a list": b'{"error":["x"]}',
        "error no base64": b'{"error":"?","errorInput":"\xc3\xa9"}',
        "half a surrogate pair": b'{"error":"\\ud83d"}',
        "encrypted": encrypt({"error": 1}),
    }
    for name, text in texts.items():
        yield raw("error input", name, text, expected=frozenset({UNREADABLE}))
    yield raw("error input", "empty", b"{}")
    yield raw("error input", "name is no UTF-8", b'{"error":""}', {b"\xff": 1})


def _good_error(_number: int) -> bytes:
    part = encrypt({"message": "x"}).decode()
    return json.dumps({"error": part, "errorInput": part}).encode()


ERROR_INPUT = Target("tell", _good_error, variables={"input_format": "error"})


def unhashable() -> Iterator[Case]:
    """Yield messages with identifiers that cannot be keys. The connection is lost while they are processed."""
    for header in ("messageId", "end", "reboundIteration", "threadId"):
        for value in ODD_VALUES:
            script = {"body": {"pause": 0.2, "tell": True}}
            yield message("lost connection", f"{header}={value!r:.20}", script, {header: value})


LOST_CONNECTION = Target("script", good, prefetch=20, group=8, is_cut=True)


def _emitted() -> Iterator[Case]:
    for name, identifier in {"2**70": 2**70, "surrogate": "\ud83d", "200 KB": "x" * 200_000, "list": [1]}.items():
        yield emitting(f"id {name}", ("data", {"body": 1, "id": identifier}))
    for key in (5, {"a": 1}, "k" * 300, "\ud83d", "", None):
        yield emitting(f"routing key {key!r:.20}", ("data", {"body": 1, "headers": {"x-eio-routing-key": key}}))
    for reason in ("r" * 200_000, "busy \ud83d", {"message": [1]}, 5, None, ""):
        yield emitting(f"rebound {reason!r:.20}", ("rebound", reason))
    for event in ("snapshot", "updateSnapshot", "updateKeys", "httpReply", "error", "odd", ""):
        for payload in ODD_PAYLOADS:
            yield emitting(f"{event} {payload!r:.20}", (event, payload))
    for reply in (5, {"a": 1}, "r" * 300, "\x00"):
        yield emitting(f"reply to {reply!r:.20}", ("httpReply", {"statusCode": 200, "body": 1}), reply_to=reply)
    yield message("secret", "raised", {"body": {"raise": f"cannot fetch {SIGNED}"}})
    yield message("secret", "in a body", {"body": {"text": f"{SECRET} {PHONE} {SIGNED}", "emit": 5}})
    yield message("secret", "in an id", {"body": {"emit": [["data", {"body": SECRET, "id": [PHONE, SECRET]}]]}})


def generated(count: int, number: int) -> list[Case]:
    """Return `count` generated cases of each of four classes; the same ones for the same seed."""
    events = st.sampled_from(
        ["data", "error", "rebound", "snapshot", "updateSnapshot", "httpReply", "updateKeys", "odd"]
    )
    payloads = json_values | st.fixed_dictionaries(
        {"body": json_values}, optional={"id": json_values, "headers": json_values}
    )
    scripts = st.lists(st.tuples(events, payloads), min_size=1, max_size=3)
    names = st.sampled_from(["content_type", "correlation_id", "reply_to", "message_id", "type", "app_id"])
    properties = st.dictionaries(names, st.text(max_size=60), max_size=3)
    headers = delivered_headers.map(lambda table: {n: v for n, v in table.items() if n not in {"CC", "BCC"}})
    cases: list[Case] = []

    def draw(strategy: st.SearchStrategy[Any], case: Callable[[Any], Case]) -> None:
        @seed(number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def collect(value: Any) -> None:
            cases.append(case(value))

        collect()

    draw(st.binary(max_size=200), lambda body: raw("payload", repr(body), body))
    draw(json_values, lambda value: message("json", f"{value!r:.200}", value))
    draw(scripts, lambda script: message("emitted", f"{script!r:.200}", {"body": {"emit": script}}))
    draw(
        st.tuples(headers, properties),
        lambda both: message(
            "header", f"{both!r:.200}", {"body": {"emit": [["rebound", "later"]]}}, both[0], **both[1]
        ),
    )
    return cases
