"""The publication of a rebounded message, and its delay."""

from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.publication import LONGEST_EXPIRATION
from elasticio.wire.rebound import delay, rebound
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.wire.amqp import round_trip
from tests.sdk.wire.strategies import delivered_headers, nested, text

short_text = st.text(max_size=60) | st.binary(max_size=255)
delivered_properties = st.fixed_dictionaries(
    {},
    optional={
        "content_type": short_text,
        "correlation_id": short_text,
        "reply_to": short_text,
        "message_id": short_text,
        "user_id": short_text,
        "cluster_id": short_text,
        "expiration": short_text,
        "priority": st.integers(0, 255),
        "timestamp": st.integers(0, 2**64 - 1),
    },
)


def rebounded(headers: Any = None, properties: Any = None, **more: Any) -> Any:
    options = {"routing_key": "rebound", "reason": "later", "iteration": 1, "initial_delay": 15_000, "now": 5, **more}
    return rebound(b"body", headers or {}, properties or {}, **options)


@pytest.mark.parametrize(
    ("iteration", "milliseconds"),
    [
        (1, 15_000),
        (2, 30_000),
        (3, 60_000),
        (19, 15_000 * 2**18),
        (20, LONGEST_EXPIRATION),
        (10**6, LONGEST_EXPIRATION),
    ],
)
def test_the_delay_doubles_up_to_what_rabbitmq_accepts(iteration: int, milliseconds: int) -> None:
    assert delay(iteration, 15_000) == milliseconds
    assert rebounded(iteration=iteration).properties["expiration"] == str(milliseconds)


def test_the_content_of_the_message_does_not_change() -> None:
    properties = {"content_type": "text/x", "priority": 3, "expiration": "7"}
    publication = rebounded({"other": [1], "reboundIteration": 1}, properties, iteration=2)
    assert publication.body == b"body"
    assert publication.headers == {"other": [1], "end": 5, "reboundReason": "later", "reboundIteration": 2}
    assert publication.properties == {"content_type": "text/x", "priority": 3, "expiration": "30000"}
    assert not publication.mandatory


def test_instructions_for_the_first_delivery_are_left_out() -> None:
    publication = rebounded({"CC": ["a"], "BCC": 5}, {"user_id": "another", "cluster_id": "x"})
    assert publication.headers.keys() == {"end", "reboundReason", "reboundIteration"}
    assert publication.properties.keys() == {"expiration"}


def test_a_reason_is_valid_text_of_limited_length() -> None:
    reason = rebounded(reason="busy \ud83d" + "x" * 200_000).headers["reboundReason"]
    assert reason.startswith("busy \ufffd")
    assert len(reason) == 1024


def test_bytes_that_are_not_utf_8_become_text() -> None:
    publication = rebounded({b"\xff" * 255: 1}, {"correlation_id": b"\xff" * 255})
    assert publication.headers["\ufffd" * 85] == 1
    assert publication.properties["correlation_id"] == "\ufffd" * 85


@given(delivered_headers, delivered_properties, text, st.integers(1, 10**9), st.integers(1, 10**9))
def test_any_delivery_is_rebounded_or_refused(
    headers: Any, properties: Any, reason: str, iteration: int, initial_delay: int
) -> None:
    try:
        publication = rebounded(headers, properties, reason=reason, iteration=iteration, initial_delay=initial_delay)
    except MessageError:
        return
    key, read_headers, read_properties = round_trip(publication)
    assert key == "rebound"
    assert read_headers == publication.headers
    assert read_properties == publication.properties


@pytest.mark.parametrize("headers", [{"a": nested(200)}, {"a": "x" * 131_000}])
def test_headers_that_cannot_be_published_again_are_refused(headers: Any) -> None:
    with pytest.raises(MessageError, match="headers"):
        rebounded(headers)
