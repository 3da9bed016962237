"""Publications: AMQP can carry each one; other content raises MessageError."""

import datetime
import decimal
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.publication import LONGEST_EXPIRATION, Publication
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.wire.amqp import round_trip
from tests.sdk.wire.strategies import any_values, delivered_headers, nested, text

UTC = datetime.UTC
TEXTS = ["content_type", "correlation_id", "reply_to", "expiration", "message_id", "type", "user_id", "app_id"]
PROPERTIES = [*TEXTS, "priority", "timestamp", "cluster_id", "content_encoding", "delivery_mode", "headers", "odd"]
property_values = (
    text | st.integers(-1, 2**65) | st.none() | st.binary() | st.just("9" * 30) | st.integers(0, 300).map(str)
)


def assert_carried(publication: Publication) -> None:
    key, headers, properties = round_trip(publication)
    assert key == publication.routing_key
    assert headers == publication.headers
    assert properties == dict(publication.properties)


@given(
    st.just("key") | text | any_values,
    st.binary() | any_values,
    st.dictionaries(text | st.sampled_from(["CC", "messageId"]), any_values, max_size=6) | any_values,
    st.dictionaries(st.sampled_from(PROPERTIES), property_values, max_size=4),
)
def test_any_input_is_carried_unchanged_or_refused(key: Any, body: Any, headers: Any, properties: Any) -> None:
    try:
        publication = Publication(key, body, headers, properties)
    except MessageError:
        return
    assert_carried(publication)


@given(delivered_headers)
def test_headers_of_every_type_are_carried_or_refused(headers: Any) -> None:
    try:
        publication = Publication("key", b"", headers)
    except MessageError:
        return
    assert_carried(publication)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, 1),
        (-0.0, 0),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        ((1, 2.0), [1, 2]),
        ({"a": [1.0, {"b": 2.5}]}, {"a": [1, {"b": "2.5"}]}),
        (bytearray(b"x"), b"x"),
        (datetime.datetime(2024, 1, 2, 3, 4, 5, 6), datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),  # noqa: DTZ001
        (decimal.Decimal("1.50"), decimal.Decimal("1.5")),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
    ],
)
def test_values_take_the_form_that_amqp_has(value: Any, written: Any) -> None:
    publication = Publication("key", b"", {"a": value, "b": "x"})
    assert publication.headers == {"a": written, "b": "x"}
    assert type(publication.headers["a"]) is type(written)
    assert_carried(publication)


def test_the_given_headers_are_not_changed() -> None:
    given_headers = {"a": [1.0, {"b": 2.5}], "c": 1}
    Publication("key", b"", given_headers)
    assert given_headers == {"a": [1.0, {"b": 2.5}], "c": 1}


def test_unchanged_headers_are_not_copied() -> None:
    headers = {"a": [1, {"b": "x"}], "c": 1}
    assert Publication("key", b"", headers).headers is headers


LIMITS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...], str]] = {  # valid content, invalid content, the named part
    "routing key": (("é" * 127 + "k", b"", {}), ("é" * 128, b"", {}), "routing key: 256 bytes"),
    "header name": (("k", b"", {"n" * 255: 1}), ("k", b"", {"n" * 256: 1}), "headers, a name: 256 bytes"),
    "property": (
        ("k", b"", {}, {"correlation_id": "c" * 255}),
        ("k", b"", {}, {"correlation_id": "c" * 256}),
        "property correlation_id: 256 bytes",
    ),
    "frame": (("k", b"", {"n": "x" * 130_900}), ("k", b"", {"n": "x" * 131_100}), "headers: 131111 bytes"),
    "integer": (("k", b"", {"n": 2**63 - 1}), ("k", b"", {"n": 2**63}), "headers.n: a whole number beyond 64 bits"),
    "tables": (("k", b"", nested(64)), ("k", b"", nested(66)), "nested more than 64 levels"),
    "lists": (("k", b"", {"n": nested(64, lists=True)}), ("k", b"", {"n": nested(65, lists=True)}), "more than 64"),
    "expiration": (
        ("k", b"", {}, {"expiration": str(LONGEST_EXPIRATION)}),
        ("k", b"", {}, {"expiration": str(LONGEST_EXPIRATION + 1)}),
        "property expiration: must be whole milliseconds",
    ),
    "priority": (("k", b"", {}, {"priority": 255}), ("k", b"", {}, {"priority": 256}), "property priority"),
    "timestamp": (("k", b"", {}, {"timestamp": 2**64 - 1}), ("k", b"", {}, {"timestamp": 2**64}), "property timestamp"),
    "decimal": (
        ("k", b"", {"n": decimal.Decimal(2**31 - 1)}),
        ("k", b"", {"n": decimal.Decimal(2**31)}),
        "headers.n: a decimal",
    ),
    "time": (
        ("k", b"", {"n": datetime.datetime(1970, 1, 1, tzinfo=UTC)}),
        ("k", b"", {"n": datetime.datetime(1969, 12, 31, tzinfo=UTC)}),
        "headers.n: a time",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits(name: str) -> None:
    carried, refused, told = LIMITS[name]
    assert_carried(Publication(*carried))
    with pytest.raises(MessageError) as caught:
        Publication(*refused)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((5, b"", {}), "routing key: must be text, not int"),
        (("k\ud83d", b"", {}), "routing key: half of a surrogate pair"),
        (("k", "text", {}), "body: must be bytes, not str"),
        (("k", b"", {"a": {"b": ["\ud83d"]}}), "headers.a.b[0]: half of a surrogate pair"),
        (("k", b"", {"a": object()}), "headers.a: a value of type object"),
        (("k", b"", None), "headers: must be a table, not NoneType"),
        (("k", b"", {5: 1}), "headers, a name: must be text, not int"),
        (("k", b"", {}, {"expiration": "-1"}), "property expiration"),
        (("k", b"", {}, {"expiration": 5}), "property expiration"),
        (("k", b"", {}, {"delivery_mode": 2}), "property delivery_mode: AMQP has no such property"),
        (("k", b"", nested(3000)), "nested"),
    ],
)
def test_the_error_names_the_part_that_amqp_cannot_carry(parts: tuple[Any, ...], told: str) -> None:
    with pytest.raises(MessageError) as caught:
        Publication(*parts)
    assert told in str(caught.value)


def test_the_place_in_an_error_has_a_limited_length() -> None:
    with pytest.raises(MessageError) as caught:
        Publication("k", b"", {"n" * 200: {"m" * 200: {"o" * 200: object()}}})
    assert len(str(caught.value)) < 400
