"""A broker in this process. It behaves like RabbitMQ for a step, without a server.

A `Hub` is the server: it contains the queues and outlives the connections. A `MemoryBroker` is one step's connection to
the hub. The hub routes a message at once, so a publish that has returned is confirmed.

One lock guards the whole hub. Each queue has a condition on this lock, on which its consumer waits.
"""

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from elasticio.broker import Delivery, Headers, OnEnd, OnFailure, Publication
from elasticio.broker.topology import Queue, Topology
from elasticio.errors import BrokerError
from elasticio.runtime.settings import Settings

_NEVER = float("inf")


@dataclass(eq=False, slots=True)
class _StoredMessage:
    """A message in one queue. `number` is its position, to which a requeued message returns."""

    number: int
    publication: Publication
    expires: float = _NEVER
    redelivered: bool = False


@dataclass(eq=False)
class _ReadyMessages:
    """The messages of a queue that wait for a consumer."""

    queue: Queue
    exchange: str
    changed: threading.Condition
    messages: deque[_StoredMessage] = field(default_factory=deque)

    def requeue(self, messages: Iterable[_StoredMessage]) -> None:
        for message in messages:
            message.redelivered = True
            self.messages.append(message)
        self.messages = deque(sorted(self.messages, key=_number))
        self.changed.notify_all()


def _number(message: _StoredMessage) -> int:
    return message.number


class Hub:
    """The server: exchanges, queues, and the thread that removes expired messages."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._queues: dict[str, _ReadyMessages] = {}
        self._bindings: dict[str, dict[str, list[_ReadyMessages]]] = {}  # exchange → routing key → queues
        self._numbers = itertools.count()
        self._connections: list[MemoryBroker] = []
        self._expiring: list[tuple[float, int, _ReadyMessages, _StoredMessage]] = []
        self._expiry_changed = threading.Condition(self.lock)
        self._expiry_thread: threading.Thread | None = None

    def declare(self, topology: Topology) -> None:
        """Create the exchange and its queues, unless they exist."""
        with self.lock:
            bindings = self._bindings.setdefault(topology.exchange, {})
            for queue in topology.queues:
                if queue.name in self._queues:
                    continue
                ready = _ReadyMessages(queue, topology.exchange, threading.Condition(self.lock))
                self._queues[queue.name] = ready
                for key in queue.routing_keys:
                    bindings.setdefault(key, []).append(ready)

    def queue(self, name: str) -> _ReadyMessages:
        """Return the queue of that name; raises BrokerError if it does not exist."""
        with self.lock:
            if name not in self._queues:
                raise BrokerError(f"unknown queue {name!r}")
            return self._queues[name]

    def publish(self, exchange: str, publication: Publication) -> None:
        """Put a message into all queues bound to its routing key; without such a queue, drop the message.

        Raises BrokerError if the exchange does not exist.
        """
        with self.lock:
            if exchange not in self._bindings:
                raise BrokerError(f"unknown exchange {exchange!r}")
            for ready in self._bindings[exchange].get(publication.routing_key, []):
                self._store(ready, publication)

    def lose_connections(self) -> None:
        """Break all connections, like a restart of the server. They reconnect at once."""
        with self.lock:
            for connection in self._connections:
                connection.lose()

    def attach(self, connection: "MemoryBroker") -> None:
        """Add a connection to those that `lose_connections` breaks."""
        with self.lock:
            self._connections.append(connection)

    def detach(self, connection: "MemoryBroker") -> None:
        """Remove a closed connection."""
        with self.lock:
            self._connections.remove(connection)

    def _store(self, ready: _ReadyMessages, publication: Publication) -> None:
        message = _StoredMessage(next(self._numbers), publication)
        ready.messages.append(message)
        ready.changed.notify_all()
        expiration = publication.properties.get("expiration")
        if expiration is not None:
            message.expires = time.monotonic() + int(expiration) / 1000
            self._expire_later(ready, message)

    def _expire_later(self, ready: _ReadyMessages, message: _StoredMessage) -> None:
        heapq.heappush(self._expiring, (message.expires, message.number, ready, message))
        self._expiry_changed.notify()
        if self._expiry_thread is None:
            self._expiry_thread = threading.Thread(target=self._expire, name="memory-broker-expiry", daemon=True)
            self._expiry_thread.start()

    def _expire(self) -> None:
        """Remove each message when it expires, without end. A message in flight does not expire."""
        with self.lock:
            while True:
                if not self._expiring:
                    self._expiry_changed.wait()
                    continue
                expires, _, ready, message = self._expiring[0]
                remaining = expires - time.monotonic()
                if remaining > 0:
                    self._expiry_changed.wait(remaining)
                    continue
                heapq.heappop(self._expiring)
                if message in ready.messages:
                    ready.messages.remove(message)
                    self._publish_expired(ready, message.publication)

    def _publish_expired(self, ready: _ReadyMessages, publication: Publication) -> None:
        if ready.queue.expired_to is None:
            return
        properties = {name: value for name, value in publication.properties.items() if name != "expiration"}
        self.publish(ready.exchange, replace(publication, routing_key=ready.queue.expired_to, properties=properties))


class MemoryDelivery:
    """A message in flight. It survives lost connections."""

    def __init__(self, broker: "MemoryBroker", stored: _StoredMessage) -> None:
        self.number = stored.number
        self.body = stored.publication.body
        self.headers: Headers | None = dict(stored.publication.headers)
        self.properties: Mapping[str, Any] = dict(stored.publication.properties)
        self.redelivered = stored.redelivered
        self.unreadable: str | None = None
        self.is_settled = False
        self._broker = broker

    def ack(self) -> None:
        """Settle the message."""
        self._broker.settle(self)

    def reject(self) -> None:
        """Settle the message like `ack`: the hub does not store rejected messages."""
        self._broker.settle(self)

    def replace(
        self,
        publications: Sequence[Publication],
        *,
        failed: bool,  # noqa: ARG002 (see reject)
        timeout: float | None = None,  # noqa: ARG002 (the hub never blocks)
    ) -> bool:
        """Settle the message and publish, under the hub's lock."""
        return self._broker.replace(self, publications)


class MemoryBroker:
    """One step's connection to a hub. Implements `elasticio.broker.Broker`."""

    def __init__(self, hub: Hub, exchange: str, queue: str, prefetch: int = 1) -> None:
        self._hub = hub
        self._exchange = exchange
        self._queue = queue
        self._prefetch = prefetch
        self._ready: _ReadyMessages | None = None
        self._unsettled: dict[int, _StoredMessage] = {}  # delivered on the current connection
        self._in_flight: dict[int, MemoryDelivery] = {}  # being processed, or settled while the connection was lost
        self._consumer: threading.Thread | None = None
        self._is_stopping = False
        self._on_failure: OnFailure | None = None

    @classmethod
    def of(cls, settings: Settings, hub: Hub) -> Self:
        """Return the connection for a step's settings."""
        return cls(hub, settings.publish_messages_to, settings.listen_messages_on, settings.rabbitmq_prefetch_sailor)

    def connect(self, on_failure: OnFailure | None = None) -> None:
        """Open the connection."""
        self._on_failure = on_failure
        self._hub.attach(self)

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Start the thread that delivers messages."""
        self._ready = self._hub.queue(self._queue)
        self._is_stopping = False
        self._consumer = threading.Thread(
            target=self._deliver, args=(self._ready, on_delivery), name=f"consume-{self._queue}", daemon=True
        )
        self._consumer.start()

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Route a message at once; it is confirmed when this method returns."""
        try:
            self._route(publication)
        except BrokerError as error:
            on_end(error)
        else:
            on_end(None)

    def is_healthy(self, timeout: float = 2) -> bool:  # noqa: ARG002 (the interface)
        """Return True: the memory of this process has no connection to lose."""
        return True

    def stop_consuming(self, timeout: float = 5) -> None:
        """Stop the thread that delivers messages. Messages in flight stay in flight."""
        if self._ready is None or self._consumer is None:
            return
        with self._hub.lock:
            self._is_stopping = True
            self._ready.changed.notify_all()
        if self._consumer is not threading.current_thread():
            self._consumer.join(timeout)
        self._consumer = None

    def close(self, timeout: float = 15) -> None:
        """Close the connection. Unsettled messages return to the queue."""
        self.stop_consuming(timeout)
        with self._hub.lock:
            self.lose()
            self._in_flight.clear()
            self._hub.detach(self)

    def lose(self) -> None:
        """Requeue the unsettled messages, as if the connection had broken."""
        if self._ready is not None:
            self._ready.requeue(self._unsettled.values())
            self._unsettled.clear()

    def settle(self, delivery: MemoryDelivery) -> None:
        """Remove a delivery's message from the queue: at once, or at its redelivery after a lost connection."""
        with self._hub.lock:
            delivery.is_settled = True
            if delivery.number in self._unsettled:
                self._remove(delivery.number)

    def replace(self, delivery: MemoryDelivery, publications: Sequence[Publication]) -> bool:
        """Settle a delivery and publish. Returns False if its connection was lost: its redelivery is a new message."""
        with self._hub.lock:
            if delivery.number not in self._unsettled:
                self._in_flight.pop(delivery.number, None)
                return False
            for publication in publications:
                self._route(publication)
            self._remove(delivery.number)
            return True

    def _route(self, publication: Publication) -> None:
        self._hub.publish(self._exchange, replace(publication, headers=dict(publication.headers)))

    def _deliver(self, ready: _ReadyMessages, on_delivery: Callable[[Delivery], None]) -> None:
        while True:
            with self._hub.lock:
                while not self._is_stopping and (not ready.messages or len(self._unsettled) >= self._prefetch):
                    ready.changed.wait()
                if self._is_stopping:
                    return
                delivery = self._next_delivery(ready.messages.popleft())
            if delivery is not None:
                try:
                    on_delivery(delivery)
                except Exception as error:
                    if self._on_failure is None:
                        raise
                    self._on_failure(error)

    def _next_delivery(self, stored: _StoredMessage) -> MemoryDelivery | None:
        """Return the message's delivery, or None for a redelivery of a message that is in flight or settled."""
        self._unsettled[stored.number] = stored
        known = self._in_flight.get(stored.number)
        if known is None:
            self._in_flight[stored.number] = MemoryDelivery(self, stored)
            return self._in_flight[stored.number]
        if known.is_settled:
            self._remove(stored.number)
        return None

    def _remove(self, number: int) -> None:
        del self._unsettled[number], self._in_flight[number]
        if self._ready is not None:
            self._ready.changed.notify_all()
