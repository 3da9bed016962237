"""A step's broker in this process. It records deliveries, confirms and log lines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import Any

from elasticio.broker import Delivery, Publication
from elasticio.broker.rabbitmq import RabbitBroker

from services.step_queues import PATIENCE, StepQueues
from tests.sdk.settings import settings

LOST, RESTORED = "Connection to RabbitMQ lost, reconnecting", "Connection to RabbitMQ restored"
CHANNEL_CLOSED, AWAY = "Channel closed by RabbitMQ, reconnecting", "Failed to reconnect to RabbitMQ, retrying"
BLOCKED, UNBLOCKED = "RabbitMQ has blocked the connection", "RabbitMQ has unblocked the connection"


class BrokerClient:
    """A connected broker that consumes. `failures` contains the errors passed to `on_failure`."""

    def __init__(self, queues: StepQueues, uri: str | None = None, **more: Any) -> None:
        names = {"listen_messages_on": queues.input, "publish_messages_to": queues.name}
        self.broker = RabbitBroker.of(replace(settings(), **{"amqp_uri": uri or queues.uri, **names, **more}))
        self.failures: SimpleQueue[BaseException] = SimpleQueue()
        self._inbox: SimpleQueue[Delivery] = SimpleQueue()
        self._ends: SimpleQueue[tuple[bytes, Exception | None]] = SimpleQueue()
        self.broker.connect(self.failures.put)
        self.broker.consume(self._inbox.put)

    def next(self) -> Delivery:
        """Wait for a delivery."""
        return self._inbox.get(timeout=PATIENCE)

    def publish(self, body: bytes, **properties: Any) -> None:
        """Publish without waiting for the end."""

        def ended(failure: Exception | None) -> None:
            self._ends.put((body, failure))

        self.broker.publish(publication(body, **properties), ended)

    def ends(self, count: int) -> dict[bytes, Exception | None]:
        """Wait for the ends of `count` publications; returns their errors by body."""
        return dict(self._ends.get(timeout=PATIENCE) for _ in range(count))


def publication(body: bytes, **properties: Any) -> Publication:
    return Publication("data", body, {"messageId": body.decode()}, properties)


class Log(logging.Handler):
    """The log lines that the test has not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: SimpleQueue[str] = SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.put(f"{record.levelname} {record.getMessage()}")

    def wait_for(self, text: str, connections: int = 2) -> list[str]:
        """Wait for lines with this text, one for each connection; returns them, those of `read` first."""
        found: list[str] = []
        while len(found) < connections:
            line = self._lines.get(timeout=PATIENCE)
            if text in line:
                found.append(line)
        return sorted(found)

    def rest(self) -> list[str]:
        """Return all lines that are not read yet."""
        return [self._lines.get() for _ in range(self._lines.qsize())]


@contextmanager
def sailor_log() -> Iterator[Log]:
    """Collect what the sailor logs, from level info."""
    logger, handler = logging.getLogger("sailor"), Log()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)
