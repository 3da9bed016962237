"""RabbitMQ behind the broker interface.

One thread does all input and output on an asyncio loop. It keeps one connection for consuming and one for publishing,
and reopens each when it is lost. Worker threads pass it their publications; it calls back when the broker has
confirmed.

connection   the I/O thread, and AMQP over an asyncio stream
reconnect    one connection with one channel, kept open
consumer     deliveries in
delivery     one message that was delivered: ack, reject, replace
redelivery   messages in flight when a connection is lost
transaction  publications and a settlement in one commit
publisher    publications out, with confirms
"""

from collections.abc import Callable
from typing import Self

from elasticio.broker import Delivery
from elasticio.broker.rabbitmq.connection import IoThread, parameters
from elasticio.broker.rabbitmq.consumer import Consumer
from elasticio.broker.rabbitmq.publisher import PublicationEncoder, Publisher, PublishRetry
from elasticio.broker.rabbitmq.reconnect import ReconnectPolicy, RecoveringConnection
from elasticio.runtime.settings import Settings

__all__ = ["RabbitBroker", "parameters"]


class RabbitBroker:
    """A step's connections to RabbitMQ; see `elasticio.broker.Broker` for what its methods promise."""

    def __init__(self, io: IoThread, consumer: Consumer, publisher: Publisher) -> None:
        self._io = io
        self._consumer = consumer
        self._publisher = publisher
        self.publish = publisher.publish

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Create the broker that a step's settings describe, not yet connected."""
        io = IoThread()
        policy = ReconnectPolicy(settings.amqp_reconnect_attempts, settings.amqp_reconnect_timeout / 1000)
        retry = PublishRetry(
            settings.amqp_publish_retry_attempts,
            settings.amqp_publish_retry_delay / 1000,
            settings.amqp_publish_max_retry_delay / 1000,
        )
        reading, writing = (
            RecoveringConnection(io.loop, parameters(settings.amqp_uri, purpose), policy)
            for purpose in ("read", "write")
        )
        encoder = PublicationEncoder(settings.publish_messages_to, settings.amqp_persistent_messages)
        consumer = Consumer(io, reading, settings.listen_messages_on, settings.rabbitmq_prefetch_sailor, encoder)
        return cls(io, consumer, Publisher(io, writing, encoder, retry))

    def connect(self) -> None:
        """Open both connections."""
        self._io.start()
        try:
            self._io.run(self._publisher.open())
            self._io.run(self._consumer.open())
        except BaseException:
            self.close()
            raise

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Deliver the messages of the step's queue; `on_delivery` is called on the I/O thread."""
        self._io.run(self._consumer.consume(on_delivery))

    def stop_consuming(self) -> None:
        """Cancel the consumer."""
        self._io.run(self._consumer.stop_consuming())

    def close(self) -> None:
        """Settle what can be settled and close both connections."""
        self._io.run(self._consumer.close())
        self._io.run(self._publisher.close())
        self._io.stop()
