"""Consuming a queue and settling what came of it."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import pika
from pika import exceptions
from pika.channel import Channel
from pika.spec import Basic

from elasticio.broker import Delivery, Publication
from elasticio.broker.rabbitmq.delivery import RabbitDelivery
from elasticio.broker.rabbitmq.io import IoThread
from elasticio.broker.rabbitmq.link import Link, Session
from elasticio.broker.rabbitmq.outgoing import Outlet
from elasticio.broker.rabbitmq.redelivery import InHand
from elasticio.broker.rabbitmq.transaction import Transactions
from elasticio.errors import BrokerError

_PATIENCE = 10.0  # seconds to wait at closing for redeliveries of work that is done


class Reader:
    """Consumes one queue over one channel."""

    def __init__(self, io: IoThread, link: Link, queue: str, prefetch: int, outlet: Outlet) -> None:
        self._io = io
        self._link = link
        self._outlet = outlet
        link.on_up, link.on_down = self._up, self._down
        self._queue = queue
        self._prefetch = prefetch
        self._in_hand = InHand()
        self._transactions: Transactions | None = None  # of the present session, once there was one
        self._nothing_lost = asyncio.Event()
        self._nothing_lost.set()
        self._on_delivery: Callable[[Delivery], None] | None = None
        self._consumer: str | None = None

    async def open(self) -> None:
        """Connect."""
        await self._link.open()

    async def consume(self, on_delivery: Callable[[Delivery], None]) -> None:
        """Begin to consume; raises BrokerError where the queue is not there or may not be read."""
        self._on_delivery = on_delivery
        session = self._link.session
        if session is None:
            return  # just lost: the next session consumes
        try:
            await self._consume(session)
        except Exception as error:
            raise BrokerError(f"the queue {self._queue!r} cannot be consumed: {error}") from error

    async def stop_consuming(self) -> None:
        """Cancel the consumer, unless redeliveries of what is, or was, in hand are still to come."""
        self._on_delivery = None
        if self._in_hand.awaits_redelivery:
            return
        session, consumer, self._consumer = self._link.session, self._consumer, None
        if session and session.is_up and consumer:
            with contextlib.suppress(exceptions.AMQPError, BrokerError):  # it was lost meanwhile: nothing to cancel
                await session.answer(lambda done: session.channel.basic_cancel(consumer, callback=done))

    async def close(self) -> None:
        """Settle what was done while the connection was lost, if the broker is back in time, and close."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._nothing_lost.wait(), _PATIENCE)
            if self._transactions:
                await asyncio.wait_for(self._transactions.all_done.wait(), _PATIENCE)
        await self._link.close()

    def settle(self, delivery: RabbitDelivery, outcome: bool) -> None:
        """Ack or reject a delivery; from any thread."""
        self._io.do(self._settle, delivery, outcome)

    def replace(self, delivery: RabbitDelivery, publications: Sequence[Publication], outcome: bool) -> bool:
        """Settle a delivery and publish, in one transaction; from any thread but the loop's, which carries it out."""
        is_done: Future[bool] = Future()
        self._io.do(self._replace, delivery, publications, outcome, is_done.set_result)
        return is_done.result()

    async def _up(self, session: Session) -> None:
        session.channel.add_on_cancel_callback(
            lambda _: session.end(BrokerError(f"the broker cancelled the consumer of queue {self._queue!r}"))
        )
        await session.answer(lambda done: session.channel.basic_qos(prefetch_count=self._prefetch, callback=done))
        if self._on_delivery or self._in_hand.awaits_redelivery:
            await self._consume(session)

    async def _consume(self, session: Session) -> None:
        def deliver(_: Channel, method: Basic.Deliver, properties: pika.BasicProperties, body: bytes) -> None:
            self._deliver(RabbitDelivery(self, session, method, properties, body))

        answer = await session.answer(lambda done: session.channel.basic_consume(self._queue, deliver, callback=done))
        self._consumer = answer.method.consumer_tag

    def _down(self, _reason: Exception) -> None:
        self._consumer = None
        transactions, self._transactions = self._transactions, None
        if transactions:
            transactions.lost()
        self._in_hand.connection_lost()
        self._note_lost()

    def _note_lost(self) -> None:
        if self._in_hand.awaits_redelivery:
            self._nothing_lost.clear()
        else:
            self._nothing_lost.set()

    def _deliver(self, delivery: RabbitDelivery) -> None:
        known = self._in_hand.recognise(delivery)
        if isinstance(known, RabbitDelivery):
            known.session, known.tag = delivery.session, delivery.tag
            self._in_hand.take(known)
            if known.outcome is not None:
                self._settle(known, known.outcome)
        elif known is not None:
            self._send(delivery, known)
        elif self._on_delivery:
            self._in_hand.take(delivery)
            self._on_delivery(delivery)
        # else: we have stopped, and closing gives it back to the queue
        self._note_lost()

    def _settle(self, delivery: RabbitDelivery, outcome: bool) -> None:
        delivery.outcome = outcome
        if delivery.session.is_up:
            self._send(delivery, outcome)
            self._in_hand.settled(delivery, outcome)
        # else: the outcome waits for the redelivery

    def _replace(
        self,
        delivery: RabbitDelivery,
        publications: Sequence[Publication],
        outcome: bool,
        on_end: Callable[[bool], None],
    ) -> None:
        self._in_hand.forget(delivery)  # if it comes again, none of this was done
        self._note_lost()
        session = delivery.session
        if not session.is_up:
            on_end(False)
            return
        if self._transactions is None:
            self._transactions = Transactions(session)

        def work() -> None:
            for publication in publications:
                self._outlet.write(session.channel, publication)
            _settle(delivery, outcome)

        self._transactions.do(work, on_end)

    def _send(self, delivery: RabbitDelivery, outcome: bool) -> None:
        if self._transactions:
            self._transactions.do(lambda: _settle(delivery, outcome))
        else:
            _settle(delivery, outcome)


def _settle(delivery: RabbitDelivery, outcome: bool) -> None:
    channel = delivery.session.channel
    if outcome:
        channel.basic_ack(delivery.tag)
    else:
        channel.basic_reject(delivery.tag, requeue=False)
