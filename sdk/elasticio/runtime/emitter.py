"""The events that a component may emit, carried out for one message: where each goes, and in which form."""

import base64
import difflib
import logging
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from elasticio.broker import Delivery, Publication
from elasticio.errors import ComponentError, MessageError
from elasticio.runtime.confirms import Confirms
from elasticio.runtime.context import StepContext
from elasticio.runtime.settings import Settings
from elasticio.runtime.throttle import Throttle
from elasticio.wire import headers as envelope
from elasticio.wire.encoding import to_json
from elasticio.wire.headers import Incoming
from elasticio.wire.message import Message

log = logging.getLogger("sailor")


class Events:
    """Emits for one message. May be used by several threads at once.

    emitted   counts the events by name
    failed    whether the message is to be rejected
    confirms  what is on its way
    rebounds  what is to take the message's place once all else is confirmed
    """

    def __init__(self, context: StepContext, delivery: Delivery, incoming: Incoming) -> None:
        self._context = context
        self._delivery = delivery
        self._incoming = incoming
        self._headers = envelope.outgoing(context.settings, incoming)
        self._lock = threading.Lock()
        self.input: dict[str, Any] = {}  # the incoming message, once it is decoded
        self.emitted: Counter[str] = Counter()
        self.failed = False
        self.confirms = Confirms(context.broker)
        self.rebounds: list[Publication] = []

    def emit(self, event: str, payload: Any) -> None:
        """Carry out an event; see `Step.emit`."""
        self.send(event, payload)
        self.confirms.wait()

    def send(self, event: str, payload: Any) -> None:
        """Carry out an event; what it publishes may be on its way yet when this returns."""
        if event not in self._CARRY_OUT:
            nearest = difflib.get_close_matches(event, self._CARRY_OUT, 1, 0.4)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are: {', '.join(self._CARRY_OUT)}"
            raise ComponentError(f"there is no event {event!r}; {hint}")
        self._CARRY_OUT[event](self, payload)
        with self._lock:
            self.emitted[event] += 1

    def _data(self, payload: Any) -> None:
        settings, data = self._context.settings, self._context.data
        message = emitted_message(payload)
        headers = {**self._headers, "end": envelope.now(), "protocolVersion": settings.protocol_version}
        headers["messageId"] = message.get("id") or headers["messageId"]
        if data.is_passthrough:
            message["passthrough"] = self._incoming_passthrough()
        message["headers"] = dict(message.get("headers") or {})
        if settings.emit_lightweight_message:
            message = self._context.bodies.outsource(message, settings.object_storage_size_threshold)
        elif message.get("passthrough"):
            message["passthrough"] = self._context.bodies.fill(message["passthrough"])
        if data.is_passthrough and not settings.no_self_passtrhough:
            own = {name: value for name, value in message.items() if name != "passthrough"}
            message["passthrough"] = {**message["passthrough"], settings.step_id: own}
        routing_key, message["headers"] = envelope.split_routing_key(message["headers"])
        self._publish_message(routing_key or settings.data_routing_key, message, headers, self._context.throttles.data)

    def _incoming_passthrough(self) -> dict[str, Any]:
        passthrough = dict(self.input.get("passthrough") or {})
        if self._context.settings.no_self_passtrhough and self._incoming.step_id:
            came = {name: value for name, value in self.input.items() if name != "passthrough"}
            passthrough[self._incoming.step_id] = came
        return passthrough

    def _http_reply(self, payload: Any) -> None:
        if not self._incoming.reply_to:
            raise MessageError("Component emitted 'httpReply' event but 'reply_to' was not found in AMQP headers")
        if not isinstance(payload, Mapping):
            raise MessageError("httpReply takes an object with statusCode, headers and body")
        _, headers = envelope.split_routing_key(payload.get("headers") or {})
        reply = {**payload, "headers": headers}
        self._publish_message(self._incoming.reply_to, reply, {**self._headers, "protocolVersion": 1})

    def _publish_message(
        self, routing_key: str, message: Mapping[str, Any], headers: dict[str, Any], throttle: Throttle | None = None
    ) -> None:
        limit = self._context.settings.outgoing_message_size_limit
        payload = self._context.encryptor.encode(message, headers["protocolVersion"])
        if len(payload) > limit:
            raise MessageError(f"Outgoing message size {len(payload)} exceeds limit of {limit}.")
        if throttle:
            throttle.wait()
        self.confirms.publish(Publication(routing_key, payload, headers))

    def _error(self, error: Any) -> None:
        self.failed = True
        self._publish_error(error, {**self._headers, "end": envelope.now()}, self._context.throttles.error)

    def _publish_error(self, error: Any, headers: dict[str, Any], throttle: Throttle | None = None) -> None:
        settings = self._context.settings
        encrypted = self._context.encryptor.encode(describe(error), 1)
        payload = {"error": encrypted.decode(), "errorInput": error_input(settings, self._delivery)}
        if throttle:
            throttle.wait()
        self.confirms.publish(Publication(settings.error_routing_key, to_json(payload), headers))
        if self._incoming.reply_to and not settings.no_error_replies:
            reply_headers = {**headers, "x-eio-error-response": True}
            self.confirms.publish(Publication(self._incoming.reply_to, encrypted, reply_headers))

    def _rebound(self, reason: Any) -> None:
        settings, headers = self._context.settings, self._delivery.headers or {}
        before = headers.get("reboundIteration")
        iteration = before + 1 if isinstance(before, int | float) and before else 1
        if iteration > settings.rebound_limit:
            self._publish_error("Rebound limit exceeded", self._headers)
            self.emitted.update(error=1, rebound=-1)  # it is no rebound that anybody should wait for
            return
        publication = Publication(
            settings.rebound_routing_key,
            self._delivery.body,
            {
                **headers,
                "end": envelope.now(),
                "reboundReason": describe(reason)["message"],
                "reboundIteration": iteration,
            },
            {
                **self._delivery.properties,
                "expiration": str(2 ** (int(iteration) - 1) * settings.rebound_initial_expiration),
            },
            mandatory=False,
        )
        self.rebounds.append(publication)

    def _snapshot(self, snapshot: Any) -> None:
        payload = to_json(snapshot)
        self.confirms.wait()  # a snapshot says how far the step is: it must not be ahead of what has arrived
        self._context.data.snapshot.replace(snapshot)
        self._context.throttles.snapshot.wait()
        self._publish_snapshot("snapshot", payload)

    def _update_snapshot(self, update: Any) -> None:
        if not isinstance(update, Mapping):
            raise MessageError("updateSnapshot takes an object, whose keys are merged into the snapshot")
        if "$set" in update:
            raise MessageError("$set is not supported any more in `updateSnapshot`; emit the keys themselves")
        payload = to_json(update)
        self.confirms.wait()  # as above
        self._context.data.snapshot.merge(update)
        self._publish_snapshot("updateSnapshot", payload)

    def _publish_snapshot(self, event: str, payload: bytes) -> None:
        headers = {**self._headers, "snapshotEvent": event}
        self.confirms.publish(Publication(self._context.settings.snapshot_routing_key, payload, headers))

    def _update_keys(self, keys: Any) -> None:
        account = self._context.data.config.get("_account")
        if not account:
            raise MessageError("updateKeys needs a step with a credential: its config has no _account")
        self._context.api.update_keys(str(account), keys)

    # Of the class, not of the instance: bound methods would make a cycle, which keeps a message in memory until the
    # garbage collector comes by.
    _CARRY_OUT: ClassVar[Mapping[str, Callable[["Events", Any], None]]] = {
        "data": _data,
        "error": _error,
        "rebound": _rebound,
        "snapshot": _snapshot,
        "updateSnapshot": _update_snapshot,
        "updateKeys": _update_keys,
        "httpReply": _http_reply,
    }


def emitted_message(payload: Any) -> dict[str, Any]:
    """Return what a component emitted as a message of its own; raises ComponentError where it is none."""
    if isinstance(payload, Message):
        return payload.to_dict()
    if isinstance(payload, Mapping) and "body" in payload:
        return dict(payload)
    what = "a dict without body" if isinstance(payload, Mapping) else f"a value of type {type(payload).__name__}"
    raise ComponentError(f"the component emitted {what}; it must be an elasticio.Message or a dict with body")


def describe(error: Any) -> dict[str, Any]:
    """Return an error in the form in which the platform shows it: name, message and stack."""
    if isinstance(error, BaseException):
        stack = "".join(traceback.format_exception(error))
        return {"name": type(error).__name__, "message": str(error), "stack": stack}
    if isinstance(error, Mapping) and "message" in error:
        return {
            "name": error.get("name") or "Error",
            "message": error["message"],
            "stack": error.get("stack") or "Not Available",
        }
    return {"name": "Error", "message": error or "Not Available", "stack": "Not Available"}


def error_input(settings: Settings, delivery: Delivery) -> str:
    """Return the incoming message as it goes with an error: always base64 text of its ciphertext."""
    if settings.input_format == "error" or protocol_version(delivery.headers or {}) < 2:
        return delivery.body.decode(errors="replace")
    return base64.b64encode(delivery.body).decode()


def protocol_version(headers: Mapping[str, Any]) -> float:
    """Return the protocol version that AMQP headers name; what is no number counts as the newest, as in Node."""
    try:
        return float(headers.get("protocolVersion") or 1)
    except (TypeError, ValueError):
        return float("inf")
