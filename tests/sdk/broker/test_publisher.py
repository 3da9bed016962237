"""Encodes publications; the broker refuses some of them."""

import traceback
from typing import Any

import pika
import pytest
from elasticio import MessageError
from elasticio.broker import Publication
from elasticio.broker.rabbitmq.publisher import PublicationEncoder, PublishRetry
from pika import frame

SECRET = "s3cret"
DEEP: Any = {}
for _ in range(20_000):  # more than any library sets the recursion limit to
    DEEP = {"a": DEEP}


def encoder() -> PublicationEncoder:
    return PublicationEncoder("exchange", persistent=True)


def test_an_encoded_publication_decodes_to_the_same_values() -> None:
    publication = Publication("key", b"body", {"messageId": "m", "list": [1, {"deep": None}]}, {"expiration": "100"})
    head = encoder().encode(publication, failures=2).head
    size, method = frame.decode_frame(head)
    _, header = frame.decode_frame(head[size:])
    assert (method.method.exchange, method.method.routing_key, method.method.mandatory) == ("exchange", "key", True)
    assert header.body_size == 4
    assert header.properties.headers == {"messageId": "m", "list": [1, {"deep": None}], "retry": 2}
    assert (header.properties.expiration, header.properties.delivery_mode) == ("100", 2)


TOO_MUCH_FOR_AMQP: dict[str, tuple[Any, ...]] = {
    "long routing key": ("k" * 300, b"", {}),
    "routing key with half a character": ("half \ud83d", b"", {}),
    "routing key that is no text": ({"not": "text"}, b"", {}),
    "header with half a character": ("key", b"", {"messageId": SECRET + "\ud83d"}),
    "large number": ("key", b"", {"messageId": 2**70}),
    "long name": ("key", b"", {"n" * 300: SECRET}),
    "large headers": ("key", b"", {"reason": SECRET * 40_000}),
    "deep table": ("key", b"", {"odd": DEEP}),
    "unknown type": ("key", b"", {"odd": object()}),
    "expiration that is no text": ("key", b"", {}, {"expiration": 5}),
    "body that is no bytes": ("key", "text", {}),
    "expiration with a sign": ("key", b"", {}, {"expiration": "-5"}),
    "expiration in other digits": ("key", b"", {}, {"expiration": "\u0665"}),
    "expiration beyond the maximum": ("key", b"", {}, {"expiration": "4294967296"}),
    "expiration of many digits": ("key", b"", {}, {"expiration": "9" * 5000}),
    "CC that is no list": ("key", b"", {"CC": SECRET}),
    "unknown property": ("key", b"", {}, {"no such property": "x"}),
}


@pytest.mark.parametrize("parts", TOO_MUCH_FOR_AMQP.values(), ids=TOO_MUCH_FOR_AMQP)
def test_content_that_amqp_cannot_carry_is_a_message_error(parts: tuple[Any, ...]) -> None:
    with pytest.raises(MessageError) as raised:
        encoder().encode(Publication(*parts))
    assert SECRET not in "".join(traceback.format_exception(raised.value))  # pika's own errors quote the value


def test_headers_may_fill_one_frame() -> None:
    one = encoder()
    one.frame_max = 4096  # the broker may allow less than the default
    properties = pika.BasicProperties(headers={"reason": ""}, delivery_mode=2)
    rest = one.frame_max - len(frame.Header(1, 0, properties).marshal())
    one.encode(Publication("key", b"", {"reason": "x" * rest}, {}))
    with pytest.raises(MessageError, match="the headers have 4097 bytes in AMQP, the maximum is 4096"):
        one.encode(Publication("key", b"", {"reason": "x" * (rest + 1)}, {}))


def test_the_pause_between_attempts_grows_up_to_a_limit() -> None:
    retry = PublishRetry(attempts=5, pause=0.1, longest_pause=1)
    assert [retry.pause_after(failures) for failures in (1, 2, 3, 4, 5, 10**6)] == [0.1, 0.2, 0.4, 0.8, 1, 1]
