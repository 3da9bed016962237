"""The broker interface over RabbitMQ.

One thread does all input and output on an asyncio loop. It keeps one connection for consuming and one for publishing,
and reopens lost connections. Worker threads pass their publications to it. It calls back after the broker's confirm.

connection   the I/O thread, and AMQP over an asyncio stream
reconnect    one connection with one channel, kept open
reasons      descriptions of the reasons why a session ended
consumer     consumes the queue
delivery     one delivered message: ack, reject, replace
properties   incoming properties that cannot be decoded
redelivery   recognizes redeliveries of messages in flight
transaction  publications and a settlement in one commit
publisher    publishes with confirms
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from elasticio.broker import Delivery, OnFailure
from elasticio.broker.rabbitmq.connection import IoThread, parameters
from elasticio.broker.rabbitmq.consumer import Consumer
from elasticio.broker.rabbitmq.publisher import PublicationEncoder, Publisher, PublishRetry
from elasticio.broker.rabbitmq.reconnect import ReconnectPolicy, RecoveringConnection
from elasticio.runtime.settings import Settings

__all__ = ["RabbitBroker", "parameters"]

_GRACE = 1.0  # seconds for the I/O thread to return after a timeout


class RabbitBroker:
    """A step's connections to RabbitMQ. Implements `elasticio.broker.Broker`."""

    def __init__(self, io: IoThread, consumer: Consumer, publisher: Publisher) -> None:
        self._io = io
        self._consumer = consumer
        self._publisher = publisher
        self.publish = publisher.publish

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the broker for a step's settings, not yet connected."""
        io = IoThread()
        policy = ReconnectPolicy(settings.amqp_reconnect_attempts, settings.amqp_reconnect_timeout / 1000)
        retry = PublishRetry(
            settings.amqp_publish_retry_attempts,
            settings.amqp_publish_retry_delay / 1000,
            settings.amqp_publish_max_retry_delay / 1000,
        )
        reading, writing = (
            RecoveringConnection(io, name, parameters(settings.amqp_uri, name), policy) for name in ("read", "write")
        )
        encoder = PublicationEncoder(settings.publish_messages_to, settings.amqp_persistent_messages)
        consumer = Consumer(io, reading, settings.listen_messages_on, settings.rabbitmq_prefetch_sailor, encoder)
        return cls(io, consumer, Publisher(io, writing, encoder, retry))

    def connect(self, on_failure: OnFailure | None = None) -> None:
        """Open both connections; raises BrokerError."""
        self._io.on_failure = on_failure
        self._io.start()
        try:
            self._io.run(self._publisher.open())
            self._io.run(self._consumer.open())
        except BaseException:
            self.close()
            raise

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Deliver the messages of the step's queue. The I/O thread calls `on_delivery`."""
        self._io.run(self._consumer.consume(on_delivery))

    def is_healthy(self, timeout: float = 2) -> bool:
        """Return whether the I/O thread responds and both connections are open."""
        responded = threading.Event()
        self._io.do(responded.set)
        return responded.wait(timeout) and self._consumer.is_connected and self._publisher.is_connected

    def stop_consuming(self, timeout: float = 5) -> None:
        """Cancel the consumer."""
        with suppress(TimeoutError):
            self._io.run(self._consumer.stop_consuming(timeout), timeout + _GRACE)

    def close(self, timeout: float = 15) -> None:
        """Send pending settlements and close both connections. A second call does nothing."""
        if self._io.is_stopped:
            return
        with suppress(TimeoutError):
            self._io.run(self._close(timeout), timeout + _GRACE)
        self._io.stop(_GRACE)

    async def _close(self, timeout: float) -> None:
        deadline = self._io.loop.time() + timeout
        await self._consumer.finish(timeout * 2 / 3)
        rest = deadline - self._io.loop.time()
        await asyncio.gather(self._consumer.close(rest), self._publisher.close(rest))
