"""A broker that tells what passes through it, for a step that runs in this process."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elasticio.broker import Broker, Delivery, Headers, OnEnd, Publication
from elasticio.errors import BrokerError, MessageError


class Watched:
    """A broker like the one behind it. `on_publish` hears of what is confirmed, `on_settled` of acks and rejects.

    What came of a message is always told before its settlement.
    """

    def __init__(
        self, broker: Broker, on_publish: Callable[[Publication], None], on_settled: Callable[[Headers], None]
    ) -> None:
        self._broker = broker
        self._on_publish = on_publish
        self._on_settled = on_settled
        self.connect = broker.connect
        self.stop_consuming = broker.stop_consuming
        self.close = broker.close

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Deliver, and watch what becomes of it."""
        self._broker.consume(lambda delivery: on_delivery(_Watched(delivery, self._on_publish, self._on_settled)))

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish and tell."""

        def ended(failure: BrokerError | MessageError | None) -> None:
            if failure is None:
                self._on_publish(publication)
            on_end(failure)

        self._broker.publish(publication, ended)


class _Watched:
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
