"""RabbitMQ below the broker interface.

One thread does all input and output, on an asyncio loop: it keeps one connection for reading and one for writing, each
opened again when it is lost. Worker threads hand it their publications; it calls them back when the broker has
confirmed.

io           the thread and its loop
connection   AMQP over a stream of asyncio's
link         one connection with one channel that comes back by itself
writer       publishing with confirms
reader       consuming and settling
transaction  settling and publishing as one
delivery     one message that came in
outgoing     one message that goes out
redelivery   messages in hand when a connection is lost
"""

import socket
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

import pika

from elasticio.broker import Delivery, OnEnd, Publication
from elasticio.broker.rabbitmq.io import IoThread
from elasticio.broker.rabbitmq.link import Link, Reconnect
from elasticio.broker.rabbitmq.outgoing import Outlet
from elasticio.broker.rabbitmq.reader import Reader
from elasticio.broker.rabbitmq.writer import PublishRetry, Writer
from elasticio.errors import SettingsError
from elasticio.runtime.settings import Settings


class RabbitBroker:
    """A step's connection to RabbitMQ; see `elasticio.broker.Broker` for what its methods promise."""

    def __init__(self, io: IoThread, reader: Reader, writer: Writer) -> None:
        self._io = io
        self._reader = reader
        self._writer = writer

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make the broker that a step's settings describe, not yet connected."""
        io = IoThread()
        reconnect = Reconnect(settings.amqp_reconnect_attempts, settings.amqp_reconnect_timeout / 1000)
        retry = PublishRetry(
            settings.amqp_publish_retry_attempts,
            settings.amqp_publish_retry_delay / 1000,
            settings.amqp_publish_max_retry_delay / 1000,
        )
        outlet = Outlet(settings.publish_messages_to, settings.amqp_persistent_messages)
        return cls(
            io,
            Reader(
                io,
                Link(io.loop, parameters(settings.amqp_uri, "read"), reconnect),
                settings.listen_messages_on,
                settings.rabbitmq_prefetch_sailor,
                outlet,
            ),
            Writer(io, Link(io.loop, parameters(settings.amqp_uri, "write"), reconnect), outlet, retry),
        )

    def connect(self) -> None:
        """Open both connections."""
        self._io.start()
        try:
            self._io.run(self._writer.open())
            self._io.run(self._reader.open())
        except BaseException:
            self.close()
            raise

    def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Deliver the messages of the step's queue; `on_delivery` is called on the I/O thread."""
        self._io.run(self._reader.consume(on_delivery))

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        """Publish to the step's exchange."""
        self._writer.publish(publication, on_end)

    def stop_consuming(self) -> None:
        """Cancel the consumer."""
        self._io.run(self._reader.stop_consuming())

    def close(self) -> None:
        """Settle what can be settled and close both connections."""
        self._io.run(self._reader.close())
        self._io.run(self._writer.close())
        self._io.stop()


def parameters(uri: str, purpose: str) -> pika.URLParameters:
    """Read an AMQP address, whose password no error shows, and name the connection for the broker's lists."""
    try:
        if urlsplit(uri).scheme not in {"amqp", "amqps"}:
            raise ValueError("the scheme is neither amqp nor amqps")
        result = pika.URLParameters(uri)
    except (ValueError, TypeError, IndexError) as error:
        raise SettingsError(
            "ELASTICIO_AMQP_URI is no AMQP address; it should look like amqp://user:password@host:5672/vhost"
        ) from error
    result.connection_attempts = 1
    result.client_properties = {"connection_name": f"{socket.gethostname()}-{purpose}"}
    return result
