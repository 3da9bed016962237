"""Faults of a real RabbitMQ: frozen, out of memory, missing queue or exchange, lost login, consumer timeout."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pika
import pytest
from elasticio import BrokerError
from elasticio.broker.rabbitmq import parameters
from elasticio.broker.rabbitmq.connection import HEARTBEAT
from elasticio.runtime.emitter import publish_and_wait
from pika import frame, spec

from services.encryption import encrypt
from services.fake_platform import FakePlatform
from services.rabbitmq import PrivateBroker
from services.step_environment import step_environment
from services.step_queues import StepQueues
from tests.integration.broker_client import (
    AWAY,
    BLOCKED,
    CHANNEL_CLOSED,
    LOST,
    RESTORED,
    UNBLOCKED,
    BrokerClient,
    Log,
    publication,
)
from tests.integration.broker_faults import (
    make_quorum_queue,
    memory_alarm,
    without_exchange,
    without_queue,
)
from tests.integration.proxy import proxy
from tests.integration.step_process import python_step

pytestmark = pytest.mark.rabbitmq


@pytest.fixture
def server(faulty_broker: PrivateBroker) -> PrivateBroker:
    return faulty_broker


@contextmanager
def closing_login(code: int, reason: str) -> Iterator[str]:
    """Yield the address of a server that closes each connection during the login, with this reason."""
    start = spec.Connection.Start(0, 9, {}, b"PLAIN", b"en_US")
    answers = [frame.Method(0, method).marshal() for method in (start, spec.Connection.Close(code, reason, 0, 0))]

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    for answer in answers:
                        client.recv(65536)
                        client.sendall(answer)
                    while client.recv(65536):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def seconds_of(call: object, *arguments: object, **named: object) -> float:
    started = time.monotonic()
    assert callable(call)
    call(*arguments, **named)
    return time.monotonic() - started


def test_the_heartbeat_detects_a_frozen_broker(server: PrivateBroker, queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues, f"{queues.uri}/?heartbeat=1&stack_timeout=1")
    queues.send_raw(b"in flight", {"messageId": "m"})
    delivery = client.next()
    assert client.broker.is_healthy()
    with server.frozen():
        for line in log.wait_for(LOST):
            assert "heartbeats" in line
        assert not client.broker.is_healthy()
        for line in log.wait_for(AWAY):
            assert "no response in 1 s" in line
        delivery.ack()
    log.wait_for(RESTORED)
    assert client.broker.is_healthy()
    publish_and_wait(client.broker, publication(b"after"))
    client.broker.close()
    assert not client.broker.is_healthy()
    assert client.failures.empty()
    assert queues.waiting(queues.input) == 0


def test_a_broker_whose_io_thread_hangs_is_not_healthy(queues: StepQueues) -> None:
    client = BrokerClient(queues)
    gate = threading.Event()
    client.broker._io.do(gate.wait, 30)
    assert not client.broker.is_healthy(timeout=0.1)
    gate.set()
    assert client.broker.is_healthy(timeout=30)
    client.broker.close()


def test_the_uri_can_change_the_short_default_heartbeat() -> None:
    assert parameters("amqp://host", "read").heartbeat == HEARTBEAT
    assert parameters("amqp://host/?heartbeat=77", "read").heartbeat == 77
    assert parameters("amqp://host/?heartbeat=0", "read").heartbeat == 0


def test_all_waits_end_in_time_while_the_broker_is_frozen(server: PrivateBroker, queues: StepQueues) -> None:
    client = BrokerClient(queues, rabbitmq_prefetch_sailor=2)
    for _ in range(2):
        queues.send_raw(b"input", {})
    first, second = client.next(), client.next()
    with server.frozen():
        client.publish(b"without a confirm")
        assert not first.replace([publication(b"instead")], failed=False, timeout=0.1)
        assert seconds_of(client.broker.stop_consuming, timeout=0.1) < 5
        second.ack()
        assert seconds_of(client.broker.close, timeout=1) < 5
        (failure,) = client.ends(1).values()
        assert isinstance(failure, BrokerError)
        assert "the step is closing" in str(failure)
        assert not second.replace([publication(b"too late")], failed=False)


def test_a_memory_alarm_is_logged_once_and_nothing_is_lost(server: PrivateBroker, queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues)
    queues.send_raw(b"input", {})
    delivery = client.next()
    with memory_alarm(server):
        client.publish(b"first")
        (line,) = log.wait_for(BLOCKED, 1)
        assert client.broker.is_healthy()  # a new container would not help
        assert line.startswith("WARNING")
        assert "connection=write" in line
        assert "reason='low on memory'" in line
        client.publish(b"second")
        assert not delivery.replace([publication(b"third")], failed=False, timeout=0.1)
        (line,) = log.wait_for(BLOCKED, 1)  # the transaction publishes, too
        assert "connection=read" in line
    for line in log.wait_for(UNBLOCKED):
        assert line.startswith("INFO")
    assert client.ends(2) == {b"first": None, b"second": None}
    assert {received.payload for received in queues.receive("data", 3)} == {b"first", b"second", b"third"}
    client.broker.close()
    assert not any(text in line for line in log.rest() for text in (BLOCKED, UNBLOCKED, LOST))
    assert queues.waiting(queues.input) == 0


def test_all_waits_end_in_time_during_a_memory_alarm(server: PrivateBroker, queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues)
    queues.send_raw(b"input", {})
    delivery = client.next()
    with memory_alarm(server):
        client.publish(b"without a confirm")
        log.wait_for(BLOCKED, 1)
        assert not delivery.replace([publication(b"instead")], failed=False, timeout=0.1)
        assert seconds_of(client.broker.stop_consuming, timeout=0.1) < 5
        assert seconds_of(client.broker.close, timeout=1) < 5
        (failure,) = client.ends(1).values()
        assert isinstance(failure, BrokerError)


def test_publications_wait_for_an_exchange_that_was_deleted(queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues)
    with without_exchange(queues):
        client.publish(b"kept")
        (line,) = log.wait_for(CHANNEL_CLOSED, 1)
        assert line.startswith("WARNING")
        assert "connection=write" in line
        assert f"no exchange '{queues.name}'" in line
        (line,) = log.wait_for("Publication failed, retrying: attempt=4", 1)
        assert f"no exchange '{queues.name}'" in line
    assert client.ends(1) == {b"kept": None}
    client.broker.close()


def test_closing_does_not_wait_for_a_missing_exchange(queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues, publish_messages_to="no.such.exchange")
    client.publish(b"never")
    log.wait_for(CHANNEL_CLOSED, 1)
    assert seconds_of(client.broker.close, timeout=5) < 10
    (failure,) = client.ends(1).values()
    assert isinstance(failure, BrokerError)


def test_the_error_names_a_deleted_queue(queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues)
    with without_queue(queues):
        (line,) = log.wait_for(CHANNEL_CLOSED, 1)
        assert "connection=read" in line
        assert f"cancelled the consumer of queue '{queues.input}'" in line
        (line,) = log.wait_for(AWAY, 1)
        assert f"no queue '{queues.input}'" in line
        assert not client.broker.is_healthy()
    log.wait_for(RESTORED, 1)
    assert client.broker.is_healthy()
    queues.send_raw(b"input", {})
    client.next().ack()
    client.broker.close()


@pytest.mark.parametrize("prefix", [8, 9], ids=["at the greeting", "at the password"])
def test_a_connection_lost_during_the_login_is_not_a_wrong_password(queues: StepQueues, prefix: int) -> None:
    with proxy(queues.uri, cut_after=prefix) as cable, pytest.raises(BrokerError) as raised:
        BrokerClient(queues, cable.uri, amqp_reconnect_attempts=0)
    assert "the connection was lost during the login" in str(raised.value)
    assert "password" not in str(raised.value)


def test_a_wrong_password_and_a_wrong_virtual_host_have_different_errors(
    server: PrivateBroker, queues: StepQueues
) -> None:
    address = urlsplit(server.uri)
    for uri, text in (
        (f"amqp://guest:wrong@{address.hostname}:{address.port}", "refused the login of user 'guest'"),
        (f"{server.uri}/nowhere", "refused user 'guest' the virtual host 'nowhere'"),
    ):
        with pytest.raises(BrokerError, match=text) as raised:
            BrokerClient(queues, uri, amqp_reconnect_attempts=0)
        assert "wrong" not in str(raised.value)


def test_a_restart_during_the_login_is_not_a_wrong_password(queues: StepQueues) -> None:
    with closing_login(320, "CONNECTION_FORCED - broker forced connection closure") as uri:
        with pytest.raises(BrokerError, match="320 CONNECTION_FORCED") as raised:
            BrokerClient(queues, uri, amqp_reconnect_attempts=0)
        assert "password" not in str(raised.value)


def test_a_quorum_queue_is_consumed_like_any_other(server: PrivateBroker, queues: StepQueues, log: Log) -> None:
    make_quorum_queue(queues)
    with proxy(queues.uri) as cable:
        client = BrokerClient(queues, cable.uri, rabbitmq_prefetch_sailor=3)
        for name in ("acked", "rejected", "replaced"):
            queues.send_raw(name.encode(), {"messageId": name})
        acked, rejected, replaced = client.next(), client.next(), client.next()
        cable.cut()
        log.wait_for(RESTORED)
        acked.ack()
        rejected.reject()
        if not replaced.replace([publication(b"instead")], failed=False):  # its redelivery has not arrived yet
            replaced = client.next()
            assert replaced.redelivered
            assert replaced.replace([publication(b"instead")], failed=False)
        client.broker.close()
    assert queues.receive("data")[0].payload == b"instead"
    assert queues.waiting(queues.input) == 0


def test_the_step_continues_after_a_restart_of_the_broker(server: PrivateBroker, queues: StepQueues, log: Log) -> None:
    client = BrokerClient(queues, amqp_persistent_messages=True)
    queues.send_raw(b"input", {"messageId": "m"})
    delivery = client.next()
    queues.disconnect()
    server.restart()
    delivery.ack()
    client.publish(b"output")
    log.wait_for(RESTORED)
    assert client.ends(1) == {b"output": None}
    client.broker.close()
    queues.connect()
    assert queues.waiting(queues.input) == 0
    assert queues.receive("data")[0].payload == b"output"


def test_the_step_reconnects_to_a_broker_that_was_unavailable(queues: StepQueues, log: Log) -> None:
    with proxy(queues.uri) as cable:
        client = BrokerClient(queues, cable.uri)
        cable.shut()
        for line in log.wait_for(LOST):
            assert line.startswith("WARNING")
        log.wait_for(AWAY)
        client.publish(b"output")
        cable.open()
        for line in log.wait_for(RESTORED):
            assert line.startswith("INFO")
        assert client.ends(1) == {b"output": None}
        client.broker.close()


def test_a_message_of_another_user_of_the_broker_can_be_rebounded(
    server: PrivateBroker, queues: StepQueues, platform: FakePlatform
) -> None:
    """RabbitMQ closes the channel if the property user_id is not the login's user."""
    server.control("add_user", "neighbour", "secret")
    server.control("set_permissions", "neighbour", ".*", ".*", ".*")
    address = urlsplit(server.uri)
    neighbour = pika.URLParameters(f"amqp://neighbour:secret@{address.hostname}:{address.port}")
    properties = pika.BasicProperties(headers={"messageId": "m"}, user_id="neighbour", correlation_id="kept")
    with pika.BlockingConnection(neighbour) as connection:
        body = encrypt({"body": {"emit": [["rebound", "later"]]}})
        connection.channel().basic_publish("", queues.input, body, properties)
    with python_step(step_environment(queues, platform)) as step:
        (rebound,) = queues.receive("rebound")
        assert step.end() == 0
    assert rebound.properties["correlation_id"] == "kept"
    assert queues.waiting(queues.input) == 0
    assert not any(CHANNEL_CLOSED in line for line in step.lines)
