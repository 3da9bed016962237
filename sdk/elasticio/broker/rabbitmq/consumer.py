"""Consumes a queue, and distinguishes redeliveries of messages in flight from new messages."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pika
from pika import exceptions
from pika.channel import Channel
from pika.spec import Basic

from elasticio.broker import Delivery
from elasticio.broker.rabbitmq.connection import IoThread
from elasticio.broker.rabbitmq.delivery import DeliveryContext, RabbitDelivery
from elasticio.broker.rabbitmq.publisher import PublicationEncoder, returned
from elasticio.broker.rabbitmq.reasons import describe, is_known_to_broker
from elasticio.broker.rabbitmq.reconnect import RecoveringConnection, Session
from elasticio.broker.rabbitmq.redelivery import InFlight
from elasticio.broker.rabbitmq.transaction import Suspects
from elasticio.errors import BrokerError
from elasticio.wire.incoming import Incoming

log = logging.getLogger("sailor")

_LOOK = 0.2  # seconds between two questions whether a redelivery can still arrive


class Consumer:
    """Consumes one queue over one channel."""

    def __init__(
        self, io: IoThread, connection: RecoveringConnection, queue: str, prefetch: int, encoder: PublicationEncoder
    ) -> None:
        self._io = io
        self._connection = connection
        connection.user = self
        self._queue = queue
        self._prefetch = prefetch
        self._in_flight: InFlight[RabbitDelivery] = InFlight()
        self._deliveries = DeliveryContext(io, self._in_flight, Suspects(), encoder)
        self._on_delivery: Callable[[Delivery], None] | None = None
        self._consumer_tag: str | None = None
        self._all_requeued = True  # whether the broker has requeued the messages of all lost sessions

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open and its channel can be used."""
        return self._connection.is_up

    async def open(self) -> None:
        """Connect."""
        await self._connection.open()

    async def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Start to consume; raises BrokerError if the queue does not exist or refuses the consumer.

        The connection is kept open only from then on. A missing queue is therefore an error and not a lost connection.
        """
        self._on_delivery = on_delivery
        session = self._connection.session
        try:
            if session and session.is_up:
                await self._consume(session)
            else:
                await self._connection.open()  # the connection was lost since the start
        except Exception as error:
            raise BrokerError(
                f"ELASTICIO_LISTEN_MESSAGES_ON: the queue {self._queue!r} cannot be consumed ({describe(error)}). "
                "Check that it exists and that the user may read it."
            ) from error
        self._connection.keep_open()

    async def stop_consuming(self, timeout: float) -> None:
        """Cancel the consumer, unless it must still receive redeliveries of messages in flight."""
        self._on_delivery = None
        if self._in_flight.awaits_redelivery:
            return
        session, consumer_tag, self._consumer_tag = self._connection.session, self._consumer_tag, None
        if session and session.is_up and consumer_tag:
            session.connection.on_delivery = None  # pika rejects deliveries until the broker has confirmed the end
            with contextlib.suppress(exceptions.AMQPError, BrokerError, TimeoutError):  # lost, or no response
                await asyncio.wait_for(session.call(session.channel.basic_cancel, consumer_tag), timeout)

    async def finish(self, timeout: float) -> None:
        """Wait for pending commits, and for redeliveries of messages that were settled without a connection."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._in_flight.awaits_redelivery and not await self._others_have_redeliveries():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._in_flight.none_lost.wait(), _LOOK)
                session = self._connection.session
                if session and session.transactions:
                    await session.transactions.all_done.wait()

        for delivery in self._in_flight.lost:
            if delivery.outcome is not None:
                identifiers = Incoming.read(delivery.headers or {}, delivery.redelivered).identifiers
                log.warning(
                    "Leaving a processed message unsettled: its connection was lost; the broker will redeliver it",
                    extra={"context": identifiers},
                )

    async def close(self, timeout: float) -> None:
        """Close within `timeout` seconds. Unsettled messages return to the queue."""
        await self._connection.close(timeout)

    async def session_opened(self, session: Session) -> None:
        """Set the prefetch, and consume if deliveries are expected."""
        session.channel.add_on_cancel_callback(partial(self._cancelled_by_broker, session))
        session.channel.add_on_return_callback(returned)
        await session.call(session.channel.basic_qos, prefetch_count=self._prefetch)
        if self._on_delivery or self._in_flight.awaits_redelivery:
            await self._consume(session)

    def session_lost(self, reason: Exception) -> None:
        """Expect redeliveries."""
        self._consumer_tag = None
        self._all_requeued = is_known_to_broker(reason) and (
            self._all_requeued or not self._in_flight.awaits_redelivery
        )
        self._in_flight.connection_lost()

    def reconnect_failed(self, reason: Exception) -> None:
        """Do nothing: the processing of messages in flight continues."""

    async def _consume(self, session: Session) -> None:
        def deliver(method: Basic.Deliver, properties: pika.BasicProperties, body: bytes) -> None:
            self._deliver(RabbitDelivery(self._deliveries, session, method, properties, body))

        def deliver_from_channel(_: Channel, *delivery: Any) -> None:
            deliver(*delivery)

        session.connection.on_delivery = deliver
        response = await session.call(session.channel.basic_consume, self._queue, deliver_from_channel)
        self._consumer_tag = response.method.consumer_tag

    async def _others_have_redeliveries(self) -> bool:
        """Return whether no redelivery will arrive because other containers have received all of them.

        This is known if the broker itself has ended the lost sessions, and no message waits in the queue. The broker
        sends its deliveries to this consumer before its response.
        """
        session = self._connection.session
        if not (self._all_requeued and self._consumer_tag and session and session.is_up):
            return False
        try:
            response = await session.call(session.channel.queue_declare, self._queue, passive=True)
        except (exceptions.AMQPError, BrokerError):
            return False
        return bool(response.method.message_count == 0)

    def _cancelled_by_broker(self, session: Session, _frame: object) -> None:
        session.end(BrokerError(f"the broker cancelled the consumer of queue {self._queue!r}"))

    def _deliver(self, delivery: RabbitDelivery) -> None:
        repeated = self._in_flight.recognize(delivery) if delivery.redelivered else None
        if isinstance(repeated, RabbitDelivery):
            repeated.session, repeated.tag = delivery.session, delivery.tag
            self._in_flight.add(repeated)
            if repeated.outcome is not None:
                repeated.settle(repeated.outcome)
        elif repeated is not None:
            delivery.send(repeated)
        elif self._on_delivery:
            self._in_flight.add(delivery)
            try:
                self._on_delivery(delivery)
            except Exception as error:  # noqa: BLE001 (a failing callback must not break the connection)
                self._io.fail(error)
        # else: consuming has stopped, and closing returns the message to the queue
