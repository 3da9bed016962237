"""Recognizes redeliveries after a lost connection of messages that are in flight or were settled.

The broker redelivers every unsettled message. The processing of a message in flight continues without a connection, so
its redelivery must not start the processing again. The redelivery replaces the lost delivery and gets its outcome.

The same applies to a message whose ack was lost. The network can lose an ack. The broker can lose an ack, too: it
writes acks to disk in batches. After a crash it redelivers messages that were settled seconds before.

A message is recognized by its message ID, number of rebounds, time of emission and content. The ID is not sufficient:
messages that a step emits for one input share their ID, and all of them must be processed.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from elasticio.broker import Delivery

Key = tuple[Any, Any, Any, int]
AnyDelivery = TypeVar("AnyDelivery", bound=Delivery)
Entry = TypeVar("Entry")

_REMEMBERED = 10_000  # settled messages; their keys take about 3 MB


class InFlight(Generic[AnyDelivery]):
    """The unsettled deliveries, and those that the broker may redeliver. Used on the I/O thread only.

    `none_lost` is cleared while a redelivery is expected.
    """

    def __init__(self) -> None:
        self.none_lost = asyncio.Event()
        self.none_lost.set()
        self._current: set[AnyDelivery] = set()
        self._settled: deque[tuple[Key, bool]] = deque(maxlen=_REMEMBERED)
        self._lost: dict[Key, list[AnyDelivery]] = {}
        self._maybe_settled: dict[Key, list[bool]] = {}

    @property
    def awaits_redelivery(self) -> bool:
        """Whether the broker will redeliver a message whose processing started before the connection was lost."""
        return bool(self._lost)

    @property
    def lost(self) -> list[AnyDelivery]:
        """The deliveries whose redelivery has not arrived."""
        return [delivery for deliveries in self._lost.values() for delivery in deliveries]

    def add(self, delivery: AnyDelivery) -> None:
        """Add a delivery that will be processed."""
        self._current.add(delivery)

    def settled(self, delivery: AnyDelivery, outcome: bool) -> None:
        """Record that an ack (True) or a reject (False) was sent."""
        self._current.discard(delivery)
        key = message_key(delivery.headers, delivery.body)
        if key[0] is not None:  # without an ID, an equal message of another consumer could be mistaken for this one
            self._settled.append((key, outcome))

    def forget(self, delivery: AnyDelivery) -> None:
        """Remove a delivery that is no longer processed. Its redelivery counts as a new message."""
        self._current.discard(delivery)
        key = message_key(delivery.headers, delivery.body)
        if delivery in self._lost.get(key, ()):
            self._lost[key].remove(delivery)
            if not self._lost[key]:
                del self._lost[key]
        self._note_lost()

    def connection_lost(self) -> None:
        """Record that the broker will redeliver all deliveries in flight, and that acks may be lost."""
        for delivery in self._current:
            self._lost.setdefault(message_key(delivery.headers, delivery.body), []).append(delivery)
        self._current.clear()
        self._maybe_settled = {}
        for key, outcome in self._settled:
            self._maybe_settled.setdefault(key, []).append(outcome)
        self._note_lost()

    def recognize(self, delivery: AnyDelivery) -> AnyDelivery | bool | None:
        """Return the lost delivery that a redelivery repeats, or the outcome of a settled one, or None."""
        if not delivery.redelivered:
            return None
        key = message_key(delivery.headers, delivery.body)
        if key not in self._lost:
            return _pop(self._maybe_settled, key)
        lost = _pop(self._lost, key)
        self._note_lost()
        return lost

    def _note_lost(self) -> None:
        if self._lost:
            self.none_lost.clear()
        else:
            self.none_lost.set()


def message_key(headers: Mapping[str, Any] | None, body: bytes) -> Key:
    """Return the key that identifies a message. A list or a table counts as a missing header: it has no hash."""
    headers = headers or {}
    message_id, iteration, end = (_hashable(headers.get(name)) for name in ("messageId", "reboundIteration", "end"))
    return message_id, iteration, end, hash(body)


def _hashable(value: Any) -> Any:
    return None if isinstance(value, dict | list) else value


def _pop(entries: dict[Key, list[Entry]], key: Key) -> Entry | None:
    found = entries.get(key)
    if not found:
        return None
    first = found.pop(0)
    if not found:
        del entries[key]
    return first
