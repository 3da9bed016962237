"""The order of events that are emitted for one message."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from elasticio import BrokerError, ComponentError
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


class HeldBroker(FullBroker):
    """A broker in which a publication waits until the test lets it pass."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.gate = threading.Event(), threading.Event()

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        self.entered.set()
        assert self.gate.wait(30)
        on_end(None)


def test_close_waits_for_events_of_other_threads_and_refuses_later_ones() -> None:
    broker = HeldBroker()
    events, _ = events_of(broker)
    emitting = threading.Thread(target=events.emit, args=("data", {"body": 1}))
    emitting.start()
    assert broker.entered.wait(30)
    closing = threading.Thread(target=events.close)
    closing.start()
    while events._is_open:
        pass
    with pytest.raises(ComponentError, match="data was emitted after process had ended"):
        events.emit("data", {"body": 1})
    assert closing.is_alive()
    broker.gate.set()
    for thread in (closing, emitting):
        thread.join(30)
        assert not thread.is_alive()
    assert events.emitted["data"] == 1
