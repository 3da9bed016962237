"""Publications on their way: how many the broker has still to confirm, and what to do when it has."""

import threading
from collections.abc import Callable

from elasticio.broker import Broker, Publication
from elasticio.errors import BrokerError, MessageError

WINDOW = 50  # publications
WINDOW_BYTES = 1_000_000


class Confirms:
    """The publications of one message. May be used by several threads at once.

    A publication need not be confirmed before the next one is made; so many may be on their way as fit into the window,
    and at least one, however large.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._changed = threading.Condition(threading.Lock())
        self._open = 0
        self._bytes = 0
        self._failure: BrokerError | MessageError | None = None
        self._at_end: Callable[[BrokerError | MessageError | None], None] | None = None

    def publish(self, publication: Publication) -> None:
        """Publish as soon as there is room.

        Raises the error of an earlier publication that failed, or MessageError if AMQP cannot carry this one.
        """
        size = len(publication.body)
        with self._changed:
            while self._open and (self._open >= WINDOW or self._bytes + size > WINDOW_BYTES):
                self._changed.wait()
            if failure := self._take_failure():
                raise failure
            self._open += 1
            self._bytes += size
        try:
            self._broker.publish(publication, lambda failure: self._ended(size, failure))
        except MessageError:
            self._ended(size, None)
            raise

    def wait(self) -> None:
        """Return when all is confirmed; raises the error of one that failed."""
        with self._changed:
            while self._open:
                self._changed.wait()
            if failure := self._take_failure():
                raise failure

    def at_end(self, call: Callable[[BrokerError | MessageError | None], None]) -> None:
        """Have `call(None)` done when all is confirmed, or `call(failure)`: now, or by the thread that hears of it.

        Nothing may be published any more until then.
        """
        with self._changed:
            if self._open:
                self._at_end = call
                return
        call(self._take_failure())

    def _take_failure(self) -> BrokerError | MessageError | None:
        failure, self._failure = self._failure, None  # it is told once: what comes of it may be published
        return failure

    def _ended(self, size: int, failure: BrokerError | MessageError | None) -> None:
        with self._changed:
            self._open -= 1
            self._bytes -= size
            self._failure = self._failure or failure
            if self._open or self._at_end is None:
                self._changed.notify_all()
                return
            call, self._at_end = self._at_end, None
        call(self._take_failure())


def publish_and_wait(broker: Broker, publication: Publication) -> None:
    """Publish and return when the broker has confirmed; raises BrokerError when it finally did not."""
    confirms = Confirms(broker)
    confirms.publish(publication)
    confirms.wait()
