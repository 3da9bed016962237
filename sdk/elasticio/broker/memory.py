"""A broker in this process: what RabbitMQ does for a step, without a server.

A `Hub` stands for the server. It holds the queues and outlives the connections; a `MemoryBroker` is one step's
connection to it. What is published is routed at once, so a publish that has returned is confirmed.

One lock guards the whole hub, and each queue has a condition on it: whoever waits is woken by the event it waits for.
"""

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from elasticio.broker import Delivery, Headers, OnEnd, Publication
from elasticio.broker.topology import Queue, Topology
from elasticio.errors import BrokerError
from elasticio.runtime.settings import Settings

_UNEXPIRING = float("inf")


@dataclass(eq=False, slots=True)
class _Stored:
    """A message in one queue. `number` is its place: a message that comes back goes where it was."""

    number: int
    publication: Publication
    expires: float = _UNEXPIRING
    redelivered: bool = False


@dataclass(eq=False)
class _Line:
    """The messages of a queue that wait for a consumer."""

    queue: Queue
    exchange: str
    changed: threading.Condition
    ready: deque[_Stored] = field(default_factory=deque)

    def put_back(self, messages: Iterable[_Stored]) -> None:
        for message in messages:
            message.redelivered = True
            self.ready.append(message)
        self.ready = deque(sorted(self.ready, key=lambda message: message.number))
        self.changed.notify_all()


class Hub:
    """The server: exchanges, queues, and the clock that ends the life of expiring messages."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._lines: dict[str, _Line] = {}
        self._bindings: dict[str, dict[str, list[_Line]]] = {}  # exchange → routing key → queues
        self._numbers = itertools.count()
        self._connections: list[MemoryBroker] = []
        self._expiring: list[tuple[float, int, _Line, _Stored]] = []
        self._expiry_changed = threading.Condition(self.lock)
        self._reaper: threading.Thread | None = None

    def declare(self, topology: Topology) -> None:
        """Create the exchange and the queues that are not there yet."""
        with self.lock:
            bindings = self._bindings.setdefault(topology.exchange, {})
            for queue in topology.queues:
                if queue.name in self._lines:
                    continue
                line = _Line(queue, topology.exchange, threading.Condition(self.lock))
                self._lines[queue.name] = line
                for key in queue.routing_keys:
                    bindings.setdefault(key, []).append(line)

    def line(self, name: str) -> _Line:
        """Return the queue of that name, or raise BrokerError."""
        with self.lock:
            if name not in self._lines:
                raise BrokerError(f"there is no queue {name!r}")
            return self._lines[name]

    def publish(self, exchange: str, publication: Publication) -> None:
        """Put a message into all queues bound to its routing key; without any it is dropped."""
        with self.lock:
            if exchange not in self._bindings:
                raise BrokerError(f"there is no exchange {exchange!r}")
            for line in self._bindings[exchange].get(publication.routing_key, []):
                self._store(line, publication)

    def lose_connections(self) -> None:
        """Break all connections, as a restart of the server would; they are opened again at once."""
        with self.lock:
            for connection in self._connections:
                connection.lose()

    def attach(self, connection: "MemoryBroker") -> None:
        """Note a connection that can be lost."""
        with self.lock:
            self._connections.append(connection)

    def detach(self, connection: "MemoryBroker") -> None:
        """Forget a connection."""
        with self.lock:
            self._connections.remove(connection)

    def _store(self, line: _Line, publication: Publication) -> None:
        message = _Stored(next(self._numbers), publication)
        line.ready.append(message)
        line.changed.notify_all()
        expiration = publication.properties.get("expiration")
        if expiration is not None:
            message.expires = time.monotonic() + int(expiration) / 1000
            self._expire_later(line, message)

    def _expire_later(self, line: _Line, message: _Stored) -> None:
        heapq.heappush(self._expiring, (message.expires, message.number, line, message))
        self._expiry_changed.notify()
        if self._reaper is None:
            self._reaper = threading.Thread(target=self._reap, name="memory-broker-expiry", daemon=True)
            self._reaper.start()

    def _reap(self) -> None:
        """Wait for the next message to expire, for ever. A message in hand does not expire."""
        with self.lock:
            while True:
                if not self._expiring:
                    self._expiry_changed.wait()
                    continue
                expires, _, line, message = self._expiring[0]
                remaining = expires - time.monotonic()
                if remaining > 0:
                    self._expiry_changed.wait(remaining)
                    continue
                heapq.heappop(self._expiring)
                if message in line.ready:
                    line.ready.remove(message)
                    self._bury(line, message.publication)

    def _bury(self, line: _Line, publication: Publication) -> None:
        if line.queue.expired_to is None:
            return
        properties = {name: value for name, value in publication.properties.items() if name != "expiration"}
        self.publish(line.exchange, replace(publication, routing_key=line.queue.expired_to, properties=properties))


class _InHand:
    """A message that the step works on, over however many connections it takes."""

    def __init__(self, broker: "MemoryBroker", stored: _Stored) -> None:
        self.number = stored.number
        self.body = stored.publication.body
        self.headers: Headers | None = dict(stored.publication.headers)
        self.properties: Mapping[str, Any] = dict(stored.publication.properties)
        self.redelivered = stored.redelivered
        self.settled = False
        self._broker = broker

    def ack(self) -> None:
        self._broker.settle(self)

    def reject(self) -> None:
        self._broker.settle(self)  # without requeue, and with nowhere to go: for the queue it is the same

    def replace(self, publications: Sequence[Publication], *, failed: bool) -> bool:  # noqa: ARG002 (as above)
        return self._broker.replace(self, publications)


class MemoryBroker:
    """One step's connection to a hub. Implements `elasticio.broker.Broker`."""

    def __init__(self, hub: Hub, exchange: str, queue: str, prefetch: int = 1) -> None:
        self._hub = hub
        self._exchange = exchange
        self._queue = queue
        self._prefetch = prefetch
        self._line: _Line | None = None
        self._unsettled: dict[int, _Stored] = {}  # handed out on the present connection
        self._work: dict[int, _InHand] = {}  # what the step has not finished, or finished while the connection was lost
        self._consumer: threading.Thread | None = None
        self._stopping = False

    @classmethod
    def of(cls, settings: Settings, hub: Hub) -> Self:
        """Make the connection of a step."""
        return cls(hub, settings.publish_messages_to, settings.listen_messages_on, settings.rabbitmq_prefetch_sailor)

    def connect(self) -> None:
        """Open the connection."""
        self._hub.attach(self)

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Begin to deliver in a thread of its own."""
        self._line = self._hub.line(self._queue)
        self._stopping = False
        self._consumer = threading.Thread(
            target=self._deliver, args=(self._line, on_delivery), name=f"consume-{self._queue}", daemon=True
        )
        self._consumer.start()

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Route a message; it is confirmed when this returns."""
        try:
            self._route(publication)
        except BrokerError as error:
            on_end(error)
        else:
            on_end(None)

    def stop_consuming(self) -> None:
        """Stop delivering; what is in hand stays in hand."""
        if self._line is None or self._consumer is None:
            return
        with self._hub.lock:
            self._stopping = True
            self._line.changed.notify_all()
        if self._consumer is not threading.current_thread():
            self._consumer.join()
        self._consumer = None

    def close(self) -> None:
        """Close the connection; what was not settled goes back to the queue."""
        self.stop_consuming()
        with self._hub.lock:
            self.lose()
            self._work.clear()
            self._hub.detach(self)

    def lose(self) -> None:
        """Give back what is in hand, as if the connection had broken."""
        if self._line is not None:
            self._line.put_back(self._unsettled.values())
            self._unsettled.clear()

    def settle(self, delivery: _InHand) -> None:
        """Take the message of a delivery from the queue for good; while it is lost, as soon as it comes again."""
        with self._hub.lock:
            delivery.settled = True
            if delivery.number in self._unsettled:
                self._finish(delivery.number)

    def replace(self, delivery: _InHand, publications: Sequence[Publication]) -> bool:
        """Settle a delivery and publish, unless it is lost: then it comes again, as good as new."""
        with self._hub.lock:
            if delivery.number not in self._unsettled:
                self._work.pop(delivery.number, None)
                return False
            for publication in publications:
                self._route(publication)
            self._finish(delivery.number)
            return True

    def _route(self, publication: Publication) -> None:
        self._hub.publish(self._exchange, replace(publication, headers=dict(publication.headers)))

    def _deliver(self, line: _Line, on_delivery: Callable[[Delivery], None]) -> None:
        while True:
            with self._hub.lock:
                while not self._stopping and (not line.ready or len(self._unsettled) >= self._prefetch):
                    line.changed.wait()
                if self._stopping:
                    return
                delivery = self._take(line.ready.popleft())
            if delivery is not None:
                on_delivery(delivery)

    def _take(self, stored: _Stored) -> _InHand | None:
        """Hand a message out, unless it is one that the step still has in hand or finished while it was lost."""
        self._unsettled[stored.number] = stored
        known = self._work.get(stored.number)
        if known is None:
            self._work[stored.number] = _InHand(self, stored)
            return self._work[stored.number]
        if known.settled:
            self._finish(stored.number)
        return None

    def _finish(self, number: int) -> None:
        del self._unsettled[number], self._work[number]
        if self._line is not None:
            self._line.changed.notify_all()
