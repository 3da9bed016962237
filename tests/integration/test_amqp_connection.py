"""The connection to the broker: TLS, a silent server, and a failed transaction."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import quote

import pytest
from elasticio import BrokerError
from elasticio.broker import Delivery, Publication
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.runtime.emitter import publish_and_wait

from services.step_queues import StepQueues
from tests.integration.proxy import Proxy
from tests.lib.certificates import certificate
from tests.sdk.settings import settings


def step(queues: StepQueues, uri: str, **more: Any) -> RabbitBroker:
    names = {"listen_messages_on": queues.input, "publish_messages_to": queues.name, **more}
    return RabbitBroker.of(replace(settings(), amqp_uri=uri, amqp_reconnect_attempts=0, **names))


@contextmanager
def secured(uri: str, server_side: ssl.SSLContext) -> Iterator[str]:
    """Yield the address of a TLS proxy in front of the broker."""
    tls_proxy = Proxy(uri, server_side)
    try:
        yield tls_proxy.uri.replace("amqp://", "amqps://")
    finally:
        tls_proxy.close()


def trusting(uri: str, authority: Path) -> str:
    options = {"ca_certs": str(authority), "cert_reqs": int(ssl.CERT_REQUIRED)}
    return f"{uri}?ssl_options={quote(repr(options))}"


def test_messages_are_exchanged_over_tls(queues: StepQueues, tmp_path: Path) -> None:
    authority, server_side = certificate(tmp_path)
    with secured(queues.uri, server_side) as uri:
        client = step(queues, trusting(uri, authority))
        client.connect()
        body = bytes(range(256)) * 4000  # more than a socket takes at once
        publish_and_wait(client, Publication("data", body, {"messageId": "m"}))
        client.close()
    assert queues.receive("data")[0].payload == body


def test_an_untrusted_certificate_is_refused(queues: StepQueues, tmp_path: Path) -> None:
    (stranger := tmp_path / "stranger").mkdir()
    authority, _ = certificate(stranger)
    _, server_side = certificate(tmp_path)
    with secured(queues.uri, server_side) as uri, pytest.raises(BrokerError, match="certificate verify failed"):
        step(queues, trusting(uri, authority)).connect()


def test_a_silent_server_times_out(queues: StepQueues) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"amqp://guest:guest@127.0.0.1:{silent.getsockname()[1]}/?stack_timeout=1"
        with pytest.raises(BrokerError, match="no response in 1 s"):
            step(queues, uri).connect()


def test_a_message_whose_replacement_fails_stays_in_the_queue(queues: StepQueues) -> None:
    client = step(queues, queues.uri, publish_messages_to="no.such.exchange", rabbitmq_prefetch_sailor=2)
    client.connect()
    inbox: SimpleQueue[Delivery] = SimpleQueue()
    client.consume(inbox.put)
    for number in (1, 2):
        queues.send({"body": number}, {"messageId": f"m{number}"})
    first, second = inbox.get(timeout=30), inbox.get(timeout=30)
    assert not first.replace([Publication("rebound", b"", {})], failed=False)
    again = inbox.get(timeout=30)
    assert (again.body, again.redelivered) == (first.body, True)
    again.ack()
    second.ack()  # the message stayed in flight
    client.close()
    assert queues.waiting(queues.input) == 0


def test_a_dropped_replacement_is_logged(queues: StepQueues, caplog: pytest.LogCaptureFixture) -> None:
    client = step(queues, queues.uri)
    inbox: SimpleQueue[Delivery] = SimpleQueue()
    client.connect()
    client.consume(inbox.put)
    queues.send_raw(b"input", {})
    assert inbox.get(timeout=30).replace([Publication("unbound", b"", {})], failed=False)
    client.close()
    assert "Dropped a message: no queue is bound to its routing key 'unbound'" in caplog.messages
