"""The order of events that are emitted for one message."""

from types import SimpleNamespace
from typing import Any

import pytest
from elasticio import BrokerError
from elasticio.broker import OnEnd, Publication
from elasticio.runtime.context import StepData, Throttles
from elasticio.runtime.emitter import Emitter
from elasticio.wire.encryption import Encryptor
from elasticio.wire.incoming import Incoming

from tests.sdk.settings import settings


class FullBroker:
    """A broker that refuses data and accepts other publications."""

    def __init__(self) -> None:
        self.routes: list[str] = []

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        refused = publication.routing_key == settings().data_routing_key
        self.routes += [] if refused else [publication.routing_key]
        on_end(BrokerError("the broker refused the message") if refused else None)


def events_of(broker: FullBroker) -> tuple[Emitter, StepData]:
    data = StepData.read({"snapshot": {"page": 1}})
    context: Any = SimpleNamespace(
        settings=settings(),
        broker=broker,
        data=data,
        encryptor=Encryptor("password", "0123456789abcdef"),
        throttles=Throttles.of(settings()),
        identity={},
        bodies=None,
    )
    return Emitter(context, SimpleNamespace(headers={}), Incoming(thread_id="t")), data


@pytest.mark.parametrize("event", ["snapshot", "updateSnapshot"])
def test_a_snapshot_is_not_published_before_earlier_results_are_confirmed(event: str) -> None:
    broker = FullBroker()
    events, data = events_of(broker)
    events.send("data", {"body": "an item"})  # the test does not wait for the result
    with pytest.raises(BrokerError, match="refused"):
        events.emit(event, {"page": 2})
    assert data.snapshot.value == {"page": 1}
    assert broker.routes == []


@pytest.mark.parametrize("event", ["snapshot", "updateSnapshot"])
def test_a_snapshot_after_confirmed_results_is_published(event: str) -> None:
    broker = FullBroker()
    events, data = events_of(broker)
    events.emit(event, {"page": 2})
    assert data.snapshot.value == {"page": 2}
    assert broker.routes == [settings().snapshot_routing_key]
