"""The pauses between attempts to reconnect, and their log lines."""

import asyncio
from collections.abc import Iterator
from queue import SimpleQueue
from types import SimpleNamespace

import pytest
from elasticio import BrokerError
from elasticio.broker import Publication
from elasticio.broker.rabbitmq import reconnect
from elasticio.broker.rabbitmq.consumer import Consumer
from elasticio.runtime.emitter import publish_and_wait

from services.step_queues import PATIENCE, StepQueues
from tests.integration.broker_client import AWAY, LOST, RESTORED, BrokerClient, Log, publication
from tests.integration.proxy import Proxy, proxy


@pytest.fixture
def cable(queues: StepQueues) -> Iterator[Proxy]:
    with proxy(queues.uri) as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[float]:
    """Record the pauses of this module only, and do not sleep. Servers of other tests sleep in this process, too."""
    noted: SimpleQueue[float] = SimpleQueue()

    async def note(seconds: float) -> None:
        noted.put(seconds)
        await asyncio.sleep(0.001)

    without_pauses = SimpleNamespace(**{**vars(asyncio), "sleep": note})
    monkeypatch.setattr("elasticio.broker.rabbitmq.reconnect.asyncio", without_pauses)
    return noted


def cut(cable: Proxy, log: Log) -> None:
    cable.cut()
    log.wait_for(RESTORED)


def test_pauses_grow_and_log_lines_become_rare_without_a_broker(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    client = BrokerClient(queues, cable.uri)
    cable.shut()
    seen = [pauses.get(timeout=PATIENCE) for _ in range(100)]
    lines = log.rest()
    cable.open()
    log.wait_for(RESTORED)
    client.broker.close()
    of_one = sorted(set(seen))
    assert of_one[:4] == [0, pytest.approx(0.1), pytest.approx(0.15), pytest.approx(0.225)]
    assert of_one[-1] == 60
    assert all(seen.count(pause) <= 2 for pause in of_one[:-1])  # one line per connection, without repetition
    assert 2 * 4 <= sum(AWAY in line for line in lines) <= 2 * 8
    assert sum(LOST in line for line in lines) == 2


def test_attempts_at_the_start_are_limited_and_logged(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    cable.shut()
    with pytest.raises(BrokerError, match="the connection was lost during the login"):
        BrokerClient(queues, cable.uri, amqp_reconnect_attempts=5)
    assert [pauses.get() for _ in range(pauses.qsize())] == [pytest.approx(0.1)] * 5
    lines = log.rest()
    assert len(lines) == 3
    for attempt, line in zip((1, 2, 4), lines, strict=True):
        assert line.startswith("WARNING Failed to connect to RabbitMQ, retrying: connection=write broker=127.0.0.1:")
        assert f" attempt={attempt} next_in=0.1s reason='RabbitMQ at 127.0.0.1:" in line


def test_reopening_does_not_reset_the_pause(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    client = BrokerClient(queues, cable.uri)
    for _ in range(5):
        cut(cable, log)
    client.broker.close()
    seen = sorted(pauses.get(timeout=PATIENCE) for _ in range(10))
    assert seen == [pytest.approx(pause) for one in (0, 0.1, 0.15, 0.225, 0.3375) for pause in (one, one)]


def test_a_confirm_resets_the_pause(queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]) -> None:
    client = BrokerClient(queues, cable.uri)
    for _ in range(4):
        publish_and_wait(client.broker, publication(b"m"))
        cut(cable, log)
    client.broker.close()
    seen = sorted(pauses.get(timeout=PATIENCE) for _ in range(8))
    assert seen == [pytest.approx(pause) for pause in (0, 0, 0.1, 0.1, 0.1, 0.1, 0.15, 0.225)]


def test_a_connection_that_was_open_for_some_time_resets_the_pause(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reconnect._STABLE_AFTER >= 5
    monkeypatch.setattr(reconnect, "_STABLE_AFTER", 0)
    client = BrokerClient(queues, cable.uri)
    for _ in range(3):
        cut(cable, log)
    client.broker.close()
    assert [pauses.get(timeout=PATIENCE) for _ in range(6)] == [0] * 6


def test_a_commit_resets_the_pause_of_the_reading_connection(
    queues: StepQueues, cable: Proxy, log: Log, pauses: SimpleQueue[float]
) -> None:
    client = BrokerClient(queues, cable.uri)
    for _ in range(3):
        queues.send_raw(b"input", {})
        assert client.next().replace([publication(b"instead")], failed=False)
        cut(cable, log)
    client.broker.close()
    seen = sorted(pauses.get(timeout=PATIENCE) for _ in range(6))
    assert seen == [pytest.approx(pause) for pause in (0, 0, 0.1, 0.1, 0.1, 0.15)]


def test_log_lines_name_connection_broker_and_reason(queues: StepQueues, cable: Proxy, log: Log) -> None:
    client = BrokerClient(queues, cable.uri)
    address = cable.uri.rpartition("@")[2].rstrip("/")
    cable.cut()
    for name, line in zip(("read", "write"), log.wait_for(LOST), strict=True):
        assert f"connection={name} broker={address} reason=" in line
    client.broker.close()


def test_a_connection_task_that_ends_is_reported(
    queues: StepQueues, cable: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_consumer: Consumer, reason: Exception) -> None:
        raise TypeError("unhashable type: 'list'")

    monkeypatch.setattr(Consumer, "session_lost", fail)
    client = BrokerClient(queues, cable.uri)
    cable.cut()
    assert isinstance(client.failures.get(timeout=PATIENCE), TypeError)
    client.broker.close()


def test_invalid_amqp_data_closes_only_the_connection(queues: StepQueues, cable: Proxy, log: Log) -> None:
    client = BrokerClient(queues, cable.uri)
    session = client.broker._publisher._connection.session
    assert session
    client.broker._io.do(session.connection.data_received, b"\x01\x00\x01\x00\x00\x00\x04\xff\xff\xff\xff\xce")
    (line,) = log.wait_for(LOST, 1)
    assert "RabbitMQ sent invalid data" in line
    publish_and_wait(client.broker, publication(b"after"))
    client.broker.close()
    assert client.failures.empty()
    assert queues.receive("data")[0].payload == b"after"


def test_a_missing_queue_at_the_start_is_not_a_lost_connection(queues: StepQueues, cable: Proxy, log: Log) -> None:
    queues.delete_input()
    with pytest.raises(BrokerError, match=f"no queue '{queues.input}'"):
        BrokerClient(queues, cable.uri)
    assert log.rest() == []
    queues.declare_input()


def test_many_refused_publications_have_few_log_lines(queues: StepQueues, log: Log) -> None:
    refused = "WARNING Publication failed, retrying: attempt=1 reason='the broker refused the message'"
    queues.refuse("data")
    client = BrokerClient(queues, amqp_publish_retry_attempts=3, amqp_publish_retry_delay=1)
    for _ in range(2):
        for number in range(100):
            client.publish(b"%d" % number)
        assert all(isinstance(failure, BrokerError) for failure in client.ends(100).values())
        lines = [line for line in log.rest() if "Publication failed" in line]
        assert lines[0] == refused
        assert len(lines) == 8  # the refusals 1, 2, 4 … 128 of 200
        publish_and_wait(client.broker, Publication("error", b"", {}))  # is accepted, so the count starts again
    client.broker.close()
