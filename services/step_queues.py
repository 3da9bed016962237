"""The exchange and the queues of one step, declared like on the platform.

Tests and measurements publish messages to the step's queue and read the publications of the step.
"""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika

from services.encryption import IV, PASSWORD, decrypt, encrypt

PATIENCE = 60  # seconds; only a failing test waits this long
ROUTES = ("data", "error", "rebound", "snapshot", "reply", "elsewhere")


@dataclass(frozen=True)
class Received:
    """A message that a step has published."""

    route: str
    headers: dict[str, Any]
    properties: dict[str, Any]
    payload: bytes

    @property
    def message(self) -> Any:
        """The message, decrypted if the platform's protocol encrypts it."""
        if self.route == "snapshot":
            return json.loads(self.payload)
        if self.route == "error":
            return {name: _error_part(text) for name, text in json.loads(self.payload).items()}
        return decrypt(self.payload, self.headers.get("protocolVersion", 1))


def _error_part(text: str) -> Any:
    """Decrypt `error` or `errorInput`; the `errorInput` of a step with INPUT_FORMAT=error is plain JSON."""
    return json.loads(text) if text.startswith("{") else decrypt(text)


class StepQueues:
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
        """Connect, or reconnect after a restart of the broker."""
        self._connection = pika.BlockingConnection(pika.URLParameters(self.uri))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()

    def disconnect(self) -> None:
        """Close the connection. Must be called before the broker is stopped."""
        self._connection.close()

    def queue(self, route: str) -> str:
        return f"{self.name}.{route}"

    def follow(self, step: "StepQueues", route: str = "data") -> None:
        """Bind this step's input queue to a route of another step, like an edge of a flow."""
        self._channel.queue_bind(self.input, step.name, route)

    def environ(self) -> dict[str, str]:
        """Return the environment variables with which a step uses these queues."""
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
        """Encrypt a message and publish it to the step's input queue."""
        sent = {"messageId": str(uuid.uuid4()), "protocolVersion": version, **(headers or {})}
        self.send_raw(encrypt(message, version), {k: v for k, v in sent.items() if v is not None}, **properties)

    def send_raw(self, payload: bytes, headers: Mapping[str, Any] | None, **properties: Any) -> None:
        """Publish any bytes to the step's input queue."""
        basic = pika.BasicProperties(
            headers=dict(headers) if headers is not None else None, delivery_mode=2, **properties
        )
        self.send_encoded(payload, basic)

    def send_encoded(self, payload: bytes, properties: pika.BasicProperties) -> None:
        """Publish any bytes with any properties to the step's input queue."""
        self._channel.basic_publish("", self.input, payload, properties)

    def receive(self, route: str, count: int = 1) -> list[Received]:
        """Wait for `count` messages of one route. Raises TimeoutError after PATIENCE seconds."""
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
                raise TimeoutError(f"received {got} of {count} messages on {route}")
        self._channel.cancel()

    def available(self, route: str) -> Iterator[Received]:
        """Yield the messages of one route that are waiting now, and remove them."""
        while (got := self._channel.basic_get(self.queue(route), auto_ack=True))[0]:
            _, properties, payload = got
            rest = {name: value for name, value in vars(properties).items() if value is not None}
            yield Received(route, rest.pop("headers", {}), rest, payload)

    def waiting(self, queue: str) -> int:
        """Return the number of waiting messages in a queue, without messages in flight."""
        count: int = self._channel.queue_declare(queue, passive=True).method.message_count
        return count

    def sleep(self, seconds: float) -> None:
        """Wait and keep the connection alive."""
        self._connection.sleep(seconds)

    def take_input(self) -> list[Any]:
        """Wait until a message is in the input queue, then remove and return all of them."""
        deadline = time.monotonic() + PATIENCE
        while not self.waiting(self.input):
            if time.monotonic() > deadline:
                raise TimeoutError("no message is in the step's input queue")
            self.sleep(0.05)
        messages = []
        while (got := self._channel.basic_get(self.input, auto_ack=True))[0]:
            messages.append(decrypt(got[2]))
        return messages

    def refuse(self, route: str) -> None:
        """Make the broker refuse messages of a route: bind a second queue, which is always full."""
        full = {"x-max-length": 0, "x-overflow": "reject-publish"}
        name = self._channel.queue_declare("", arguments=full, exclusive=True).method.queue
        self._channel.queue_bind(name, self.name, route)

    def delete_input(self) -> None:
        """Delete the step's input queue. The broker then cancels the step's consumer."""
        self._channel.queue_delete(self.input)

    def declare_input(self) -> None:
        """Declare the step's input queue."""
        self._channel.queue_declare(self.input, durable=True)

    def delete(self) -> None:
        """Delete the exchange and all queues, and close the connection."""
        for queue in (self.input, *map(self.queue, ROUTES)):
            self._channel.queue_delete(queue)
        self._channel.exchange_delete(self.name)
        self._connection.close()


@contextmanager
def step_queues(uri: str) -> Iterator[StepQueues]:
    """Declare the queues of one step and delete them at the end."""
    queues = StepQueues(uri)
    try:
        yield queues
    finally:
        queues.delete()
