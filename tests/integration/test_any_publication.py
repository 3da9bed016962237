"""Generated publications: each is confirmed or is an error of its message. None closes the connection."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from typing import Any

import pytest
from elasticio import MessageError
from elasticio.broker import Publication
from elasticio.runtime.emitter import publish_and_wait
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.step_queues import StepQueues
from tests.integration.broker_client import CHANNEL_CLOSED, LOST, BrokerClient, publication, sailor_log

HALF = st.characters(categories=["Cs"])  # half of a surrogate pair, which UTF-8 cannot encode
TEXT = st.text(max_size=300) | HALF
SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), TEXT, st.binary(max_size=300)),
    *(st.decimals(), st.datetimes(timezones=st.just(UTC))),
)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)


NAMES = st.sampled_from(["messageId", "end", "reboundIteration", "CC", "BCC", "x-death", "x-delay"]) | TEXT
HEADERS = st.dictionaries(NAMES, st.recursive(SCALARS, containers, max_leaves=10), max_size=5)
KEYS = st.just("data") | TEXT | st.none() | st.integers() | st.dictionaries(TEXT, TEXT, max_size=1)
PROPERTY_NAMES = [
    "content_type",
    "content_encoding",
    "priority",
    "correlation_id",
    "reply_to",
    "expiration",
    "message_id",
    "timestamp",
    "type",
    "app_id",
    "cluster_id",
    "unknown",
]  # not user_id: RabbitMQ compares it to the login
PROPERTIES = st.dictionaries(
    st.sampled_from(PROPERTY_NAMES),
    TEXT | st.none() | st.integers(-10, 2**70) | st.floats() | st.binary(max_size=300),
    max_size=3,
)
PARTS = st.tuples(KEYS, st.binary(max_size=50), HEADERS, PROPERTIES, st.booleans())


@pytest.fixture
def client(queues: StepQueues) -> Iterator[BrokerClient]:
    client = BrokerClient(queues)
    yield client
    client.broker.close()
    assert client.failures.empty()


@given(parts=PARTS)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
def test_a_publication_is_confirmed_or_an_error_of_its_message(client: BrokerClient, parts: tuple[Any, ...]) -> None:
    with sailor_log() as log:
        with suppress(MessageError):
            publish_and_wait(client.broker, Publication(*parts))
        publish_and_wait(client.broker, publication(b"good"))
    assert not [line for line in log.rest() if LOST in line or CHANNEL_CLOSED in line]
