"""The platform's side of the wire: queues as the platform declares them, messages in and out"""

import hashlib
import json
import time
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

PASSWORD, IV = "a password for tests", "0123456789abcdef"
PATIENCE = 60  # seconds; only a failing test waits so long
ROUTES = ("data", "error", "rebound", "snapshot", "reply", "elsewhere")


def _cipher() -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(hashlib.sha256(PASSWORD.encode()).digest()), modes.CBC(IV.encode()))


def encrypt(value: Any, version: int = 1) -> bytes:
    """Encrypt as the platform does; written apart from the SDK's own code on purpose."""
    padder, encryptor = PKCS7(128).padder(), _cipher().encryptor()
    padded = padder.update(json.dumps(value).encode()) + padder.finalize()
    raw = encryptor.update(padded) + encryptor.finalize()
    return b64encode(raw) if version < 2 else raw


def decrypt(payload: bytes | str, version: int = 1) -> Any:
    """The reverse."""
    raw = b64decode(payload) if version < 2 else payload
    assert isinstance(raw, bytes)
    unpadder, decryptor = PKCS7(128).unpadder(), _cipher().decryptor()
    padded = decryptor.update(raw) + decryptor.finalize()
    return json.loads(unpadder.update(padded) + unpadder.finalize())


def opened(text: str) -> Any:
    """Decrypt a part of an error; the input of an error step's error is plain."""
    return json.loads(text) if text.startswith("{") else decrypt(text)


@dataclass(frozen=True)
class Received:
    """A message that a step has published."""

    route: str
    headers: dict[str, Any]
    properties: dict[str, Any]
    payload: bytes

    @property
    def message(self) -> Any:
        """What it says: decrypted where it is encrypted."""
        if self.route in {"snapshot", "error"}:
            plain = json.loads(self.payload)
            return {name: opened(text) for name, text in plain.items()} if self.route == "error" else plain
        return decrypt(self.payload, self.headers.get("protocolVersion", 1))


class Wire:
    """The exchange and the queues of one step."""

    def __init__(self, uri: str) -> None:
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.uri = uri
        self.input = f"{self.name}.input"
        self.connect()
        self._channel.exchange_declare(self.name, "direct", durable=True)
        self.declare_input()
        for route in ROUTES:
            self._channel.queue_declare(self.queue(route), durable=True)
            self._channel.queue_bind(self.queue(route), self.name, route)

    def connect(self) -> None:
        """Connect, anew after the broker was restarted."""
        self._connection = pika.BlockingConnection(pika.URLParameters(self.uri))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()

    def disconnect(self) -> None:
        """Close the connection, before the broker is stopped."""
        self._connection.close()

    def queue(self, route: str) -> str:
        return f"{self.name}.{route}"

    def follow(self, step: "Wire", route: str = "data") -> None:
        """Put what another step publishes on a route into this step's queue too, as the platform does for a flow."""
        self._channel.queue_bind(self.input, step.name, route)

    def environ(self) -> dict[str, str]:
        """Return the variables that lead a step to these queues."""
        routes = {f"ELASTICIO_{route.upper()}_ROUTING_KEY": route for route in ("data", "error", "rebound", "snapshot")}
        return {
            **routes,
            "ELASTICIO_AMQP_URI": self.uri,
            "ELASTICIO_LISTEN_MESSAGES_ON": self.input,
            "ELASTICIO_PUBLISH_MESSAGES_TO": self.name,
            "ELASTICIO_MESSAGE_CRYPTO_PASSWORD": PASSWORD,
            "ELASTICIO_MESSAGE_CRYPTO_IV": IV,
        }

    def send(self, message: Any, headers: Mapping[str, Any] | None = None, version: int = 1, **properties: Any) -> None:
        """Put a message into the step's queue."""
        sent = {"messageId": str(uuid.uuid4()), "protocolVersion": version, **(headers or {})}
        self.send_raw(encrypt(message, version), {k: v for k, v in sent.items() if v is not None}, **properties)

    def send_raw(self, payload: bytes, headers: Mapping[str, Any] | None, **properties: Any) -> None:
        """Put any bytes into the step's queue."""
        basic = pika.BasicProperties(
            headers=dict(headers) if headers is not None else None, delivery_mode=2, **properties
        )
        self._channel.basic_publish("", self.input, payload, basic)

    def receive(self, route: str, count: int = 1) -> list[Received]:
        """Wait for so many messages of one route."""
        return list(self._receive(route, count))

    def _receive(self, route: str, count: int) -> Iterator[Received]:
        deadline = time.monotonic() + PATIENCE
        got = 0
        for method, properties, payload in self._channel.consume(self.queue(route), inactivity_timeout=0.5):
            if method is not None:
                self._channel.basic_ack(method.delivery_tag)
                rest = {name: value for name, value in vars(properties).items() if value is not None}
                yield Received(route, rest.pop("headers", {}), rest, payload)
                got += 1
            if got == count:
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"{got} of {count} messages came on {route}")
        self._channel.cancel()

    def waiting(self, queue: str) -> int:
        """Return how many messages wait in a queue, those in hand not counted."""
        count: int = self._channel.queue_declare(queue, passive=True).method.message_count
        return count

    def sleep(self, seconds: float) -> None:
        """Keep the connection alive for a while."""
        self._connection.sleep(seconds)

    def take_input(self) -> list[Any]:
        """Wait for a message that waits for the step, and return all of them."""
        deadline = time.monotonic() + PATIENCE
        while not self.waiting(self.input):
            if time.monotonic() > deadline:
                raise TimeoutError("no message waits for the step")
            self.sleep(0.05)
        messages = []
        while (got := self._channel.basic_get(self.input, auto_ack=True))[0]:
            messages.append(decrypt(got[2]))
        return messages

    def refuse(self, route: str) -> None:
        """Have the broker refuse what is published on a route: a second queue takes it, too, and is always full."""
        full = {"x-max-length": 0, "x-overflow": "reject-publish"}
        name = self._channel.queue_declare("", arguments=full, exclusive=True).method.queue
        self._channel.queue_bind(name, self.name, route)

    def delete_input(self) -> None:
        """Remove the step's queue: the broker cancels its consumer."""
        self._channel.queue_delete(self.input)

    def declare_input(self) -> None:
        """Declare the step's queue."""
        self._channel.queue_declare(self.input, durable=True)

    def delete(self) -> None:
        """Remove everything."""
        for queue in (self.input, *map(self.queue, ROUTES)):
            self._channel.queue_delete(queue)
        self._channel.exchange_delete(self.name)
        self._connection.close()


@contextmanager
def wire(uri: str) -> Iterator[Wire]:
    """Yield the queues of one step and remove them at the end."""
    queues = Wire(uri)
    try:
        yield queues
    finally:
        queues.delete()
