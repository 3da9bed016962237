"""A broker that reports publications and settlements."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elasticio.broker import Broker, Delivery, Headers, OnEnd, Publication
from elasticio.errors import BrokerError, MessageError
from elasticio.runtime.settings import Settings

from elasticio_runner.engine.queues import REPLY
from elasticio_runner.hosts import TRACKING_ID, ReboundNotice, SettledNotice


class ObservedBroker:
    """Forwards to a broker. Calls `on_publish` with each confirmed publication, and `on_settled` after settlements.

    All publications of a message are reported before the message counts as settled.
    """

    def __init__(
        self, broker: Broker, on_publish: Callable[[Publication], None], on_settled: Callable[[Headers], None]
    ) -> None:
        self._broker = broker
        self._on_publish = on_publish
        self._on_settled = on_settled
        self.connect = broker.connect
        self.is_healthy = broker.is_healthy
        self.stop_consuming = broker.stop_consuming
        self.close = broker.close

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Deliver messages, and report how each one is settled."""
        self._broker.consume(
            lambda delivery: on_delivery(_ObservedDelivery(delivery, self._on_publish, self._on_settled))
        )

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish, and report the confirm."""

        def ended(failure: BrokerError | MessageError | None) -> None:
            if failure is None:
                self._on_publish(publication)
            on_end(failure)

        self._broker.publish(publication, ended)


class _ObservedDelivery:
    def __init__(
        self, delivery: Delivery, on_publish: Callable[[Publication], None], on_settled: Callable[[Headers], None]
    ) -> None:
        self._delivery = delivery
        self._on_publish = on_publish
        self._on_settled = on_settled
        self.body: bytes = delivery.body
        self.headers: Headers | None = delivery.headers
        self.properties: Mapping[str, Any] = delivery.properties
        self.redelivered: bool = delivery.redelivered
        self.unreadable: str | None = delivery.unreadable

    def ack(self) -> None:
        self._delivery.ack()
        self._on_settled(self.headers or {})

    def reject(self) -> None:
        self._delivery.reject()
        self._on_settled(self.headers or {})

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        done = self._delivery.replace(publications, failed=failed, timeout=timeout)
        if done:
            for publication in publications:
                self._on_publish(publication)
            self._on_settled(self.headers or {})
        return done


class MessageObserver:
    """Converts a step's publications and settlements to the notices `rebounded` and `settled`."""

    def __init__(
        self,
        settings: Settings,
        on_rebounded: Callable[[ReboundNotice], None],
        on_settled: Callable[[SettledNotice], None],
    ) -> None:
        self._rebound_key = settings.rebound_routing_key
        self._on_rebounded = on_rebounded
        self._on_settled = on_settled
        self._lock = threading.Lock()
        self._replied: set[str] = set()

    def published(self, publication: Publication) -> None:
        """Record a publication that the broker has confirmed."""
        if publication.routing_key == self._rebound_key:
            delay = int(publication.properties.get("expiration", 0)) / 1000
            reason = str(publication.headers.get("reboundReason"))
            self._on_rebounded(ReboundNotice(str(publication.headers.get(TRACKING_ID)), reason, delay))
        elif publication.routing_key == REPLY:
            with self._lock:
                self._replied.add(str(publication.headers.get("threadId")))

    def settled(self, headers: Headers) -> None:
        """Report a message that was acknowledged or rejected."""
        thread_id = str(headers.get("threadId"))
        with self._lock:
            replied = thread_id in self._replied
            self._replied.discard(thread_id)
        self._on_settled(SettledNotice(str(headers.get(TRACKING_ID)), thread_id, replied))
