"""How often a step reconnects, and what it says of that"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue
from typing import Any

import pytest
from elasticio import BrokerError
from elasticio.broker import Delivery, Publication
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.broker.rabbitmq.consumer import Consumer
from elasticio.runtime.confirms import publish_and_wait

from services.step_queues import PATIENCE, StepQueues
from tests.integration.proxy import Proxy, proxy
from tests.sdk.settings import settings

LOST, RESTORED = "Connection to RabbitMQ lost, reconnecting", "Connection to RabbitMQ restored"
AWAY = "RabbitMQ is not back yet"


class Log(logging.Handler):
    """The log lines that the test has not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: SimpleQueue[str] = SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put(record.getMessage())

    def wait_for(self, text: str, connections: int = 2) -> list[str]:
        """Return the lines with this text, one for each connection."""
        found: list[str] = []
        while len(found) < connections:
            line = self.lines.get(timeout=PATIENCE)
            if text in line:
                found.append(line)
        return sorted(found)

    def rest(self) -> list[str]:
        """Return all lines that are not read yet."""
        return [self.lines.get() for _ in range(self.lines.qsize())]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    caplog.set_level(logging.INFO, "sailor")
    handler = Log()
    logging.getLogger("sailor").addHandler(handler)
    yield handler
    logging.getLogger("sailor").removeHandler(handler)


@pytest.fixture
def cable(queues: StepQueues) -> Iterator[Proxy]:
    with proxy(queues.uri) as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[float]:
    """Note the pauses instead of making them."""
    noted: SimpleQueue[float] = SimpleQueue()
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        noted.put(seconds)
        await sleep(0.001)

    monkeypatch.setattr("elasticio.broker.rabbitmq.reconnect.asyncio.sleep", note)
    return noted


def connected(queues: StepQueues, cable: Proxy, failures: list[BaseException] | None = None) -> RabbitBroker:
    facts: dict[str, Any] = {
        "amqp_uri": cable.uri,
        "listen_messages_on": queues.input,
        "publish_messages_to": queues.name,
    }
    broker = RabbitBroker.of(replace(settings(), **facts))
    broker.connect(None if failures is None else failures.append)
    broker.consume(ignore)
    return broker


def ignore(_delivery: Delivery) -> None:
    pass


def cut(cable: Proxy, log: Log) -> None:
    cable.cut()
    log.wait_for(RESTORED)


def test_pauses_grow_while_the_broker_is_away_and_log_lines_get_rare(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    broker = connected(queues, cable)
    cable.shut()
    seen = [pauses.get(timeout=PATIENCE) for _ in range(100)]
    lines = log.rest()
    cable.open()
    log.wait_for(RESTORED)
    broker.close()
    of_one = sorted(set(seen))
    assert of_one[:4] == [0, pytest.approx(0.1), pytest.approx(0.15), pytest.approx(0.225)]
    assert of_one[-1] == 60
    assert all(seen.count(pause) <= 2 for pause in of_one[:-1])  # one for each connection: none is repeated
    assert 2 * 4 <= sum(AWAY in line for line in lines) <= 2 * 8
    assert sum(LOST in line for line in lines) == 2


def test_reopening_does_not_reset_the_pause(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    broker = connected(queues, cable)
    for _ in range(5):
        cut(cable, log)
    broker.close()
    seen = sorted(pauses.get(timeout=PATIENCE) for _ in range(10))
    assert seen == [pytest.approx(pause) for one in (0, 0.1, 0.15, 0.225, 0.3375) for pause in (one, one)]


def test_a_confirm_resets_the_pause(queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]) -> None:
    broker = connected(queues, cable)
    for _ in range(4):
        publish_and_wait(broker, Publication("data", b"", {"messageId": "m"}))
        cut(cable, log)
    broker.close()
    seen = sorted(pauses.get(timeout=PATIENCE) for _ in range(8))
    assert seen == [pytest.approx(pause) for pause in (0, 0, 0.1, 0.1, 0.1, 0.1, 0.15, 0.225)]


def test_log_lines_name_connection_broker_and_reason(queues: StepQueues, cable: Proxy, log: Log) -> None:
    broker = connected(queues, cable)
    address = cable.uri.rpartition("@")[2].rstrip("/")
    cable.cut()
    for name, line in zip(("read", "write"), log.wait_for(LOST), strict=True):
        assert f"connection={name} broker={address} reason=" in line
    broker.close()


def test_a_connection_task_that_ends_is_reported(
    queues: StepQueues, cable: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: SimpleQueue[BaseException] = SimpleQueue()

    def fail(_consumer: Consumer, reason: Exception) -> None:
        raise TypeError("unhashable type: 'list'")

    monkeypatch.setattr(Consumer, "session_lost", fail)
    broker = connected(queues, cable)
    broker._io.on_failure = failures.put
    cable.cut()
    assert isinstance(failures.get(timeout=PATIENCE), TypeError)
    broker.close()


def test_data_that_is_no_amqp_costs_only_the_connection(queues: StepQueues, cable: Proxy, log: Log) -> None:
    failures: list[BaseException] = []
    broker = connected(queues, cable, failures)
    session = broker._publisher._connection.session
    assert session
    broker._io.do(session.connection.data_received, b"\x01\x00\x01\x00\x00\x00\x04\xff\xff\xff\xff\xce")
    (line,) = log.wait_for(LOST, 1)
    assert "RabbitMQ sent invalid data" in line
    publish_and_wait(broker, Publication("data", b"after", {"messageId": "m"}))
    broker.close()
    assert failures == []
    assert queues.receive("data")[0].payload == b"after"


def test_a_queue_that_is_missing_at_the_start_is_no_lost_connection(queues: StepQueues, cable: Proxy, log: Log) -> None:
    queues.delete_input()
    with pytest.raises(BrokerError, match=f"no queue '{queues.input}'"):
        connected(queues, cable)
    assert log.rest() == []
    queues.declare_input()
