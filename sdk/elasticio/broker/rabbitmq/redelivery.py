"""What happens to messages in hand when the connection is lost.

The broker takes back every message that was not settled and delivers it again, marked as redelivered. The work on it
is still going on here, so the redelivery must not start a second one: it replaces the lost delivery, and the work in
hand settles it. The same holds for a message whose ack was sent but got lost: on its way, where it can be one of the
last `prefetch`, or in the broker, which writes acks to its disk in bulk and after a crash hands out again whatever it
had not written, be it settled seconds ago.

A message is recognised by its messageId, its rebound iteration, the time it was emitted and its content. The id alone
is not enough: messages that a step emits for one input share it, and all of them have to be processed.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, TypeVar

from elasticio.broker.rabbitmq.delivery import RabbitDelivery

Key = tuple[Any, Any, Any, int]
T = TypeVar("T")

_REMEMBERED = 10_000  # settled messages; their keys take some 3 MB


class InHand:
    """The deliveries that are not settled, and those that may come again. Used on the I/O thread only."""

    def __init__(self) -> None:
        self._current: set[RabbitDelivery] = set()
        self._sent: deque[tuple[Key, bool]] = deque(maxlen=_REMEMBERED)
        self._lost: dict[Key, list[RabbitDelivery]] = {}
        self._maybe_settled: dict[Key, list[bool]] = {}

    @property
    def awaits_redelivery(self) -> bool:
        """Whether the broker still has to deliver something again that is, or was, worked on here."""
        return bool(self._lost)

    def take(self, delivery: RabbitDelivery) -> None:
        """Note a delivery that somebody will work on."""
        self._current.add(delivery)

    def settled(self, delivery: RabbitDelivery, outcome: bool) -> None:
        """Note that an ack (True) or a reject (False) was sent for a delivery."""
        self._current.discard(delivery)
        key = _key(delivery.headers, delivery.body)
        if key[0] is not None:  # without an id, an equal message of another consumer could be taken for this one
            self._sent.append((key, outcome))

    def forget(self, delivery: RabbitDelivery) -> None:
        """Note that nobody works on a delivery any more: if it comes again, it is as good as new."""
        self._current.discard(delivery)
        key = _key(delivery.headers, delivery.body)
        if delivery in self._lost.get(key, ()):
            self._lost[key].remove(delivery)
            if not self._lost[key]:
                del self._lost[key]

    def connection_lost(self) -> None:
        """Note that all deliveries will come again, and that acks may have been lost."""
        for delivery in self._current:
            self._lost.setdefault(_key(delivery.headers, delivery.body), []).append(delivery)
        self._current.clear()
        self._maybe_settled = {}
        for key, outcome in self._sent:
            self._maybe_settled.setdefault(key, []).append(outcome)

    def recognise(self, delivery: RabbitDelivery) -> RabbitDelivery | bool | None:
        """Find what a delivery repeats: a lost delivery, the outcome of one that was settled, or nothing."""
        if not delivery.redelivered:
            return None
        key = _key(delivery.headers, delivery.body)
        return _pop(self._lost, key) if key in self._lost else _pop(self._maybe_settled, key)


def _key(headers: Mapping[str, Any] | None, body: bytes) -> Key:
    headers = headers or {}
    return headers.get("messageId"), headers.get("reboundIteration"), headers.get("end"), hash(body)


def _pop(entries: dict[Key, list[T]], key: Key) -> T | None:
    found = entries.get(key)
    if not found:
        return None
    first = found.pop(0)
    if not found:
        del entries[key]
    return first
