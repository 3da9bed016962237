"""Emits the events of one message: creates their publications, applies the rate limits and tracks the confirms.

`elasticio.wire.events` defines the wire format of the events.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from elasticio.broker import Broker, Delivery, Headers, OnEnd, Publication
from elasticio.errors import BrokerError, ComponentError, MessageError
from elasticio.runtime import forks
from elasticio.runtime.context import StepContext
from elasticio.runtime.failure import describe, reason_in_log, reason_of, shortened
from elasticio.wire import events, passthrough
from elasticio.wire.headers import outgoing, without_outside
from elasticio.wire.incoming import Incoming, protocol_version
from elasticio.wire.message import is_light
from elasticio.wire.rebound import rebound

log = logging.getLogger("sailor")

WINDOW = 200  # publications
WINDOW_BYTES = 1_000_000


class Confirms:
    """The unconfirmed publications of one message. Threads may share it.

    The window limits unconfirmed publications to 200 or 1 MB. One publication of any size is always allowed. A thread
    that finds 200 waits until fewer than 100 are left: a wait for each publication would be slower.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._changed = threading.Condition(threading.Lock())
        self._open = 0
        self._bytes = 0
        self._failure: BrokerError | MessageError | None = None
        self._at_end: OnEnd | None = None

    def publish(self, publication: Publication) -> None:
        """Wait for room in the window, then publish.

        Raises the error of an earlier publication that failed, or MessageError if AMQP cannot carry this one.
        """
        size = len(publication.body)
        with self._changed:
            while self._open and (self._open >= WINDOW or self._bytes + size > WINDOW_BYTES):
                self._changed.wait()
            self._raise_failure()
            self._open += 1
            self._bytes += size
        try:
            self._broker.publish(publication, partial(self._ended, size))
        except BaseException:  # not only MessageError: an open publication without an end would block the message
            self._ended(size, None)
            raise

    def wait(self, timeout: float | None = None) -> None:
        """Return when all publications are confirmed.

        Raises the error of a publication that failed, or BrokerError after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: not self._open, timeout):
                raise BrokerError(f"the broker did not confirm within {timeout:g} s")
            self._raise_failure()

    def at_end(self, call: OnEnd) -> None:
        """Call `call(None)` when all publications are confirmed, or `call(failure)` if one failed.

        The call happens at once or on the thread that receives the last confirm. Do not publish before that.
        """
        with self._changed:
            if self._open:
                self._at_end = call
                return
            failure, self._failure = self._failure, None
        call(failure)

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None  # raised only once: the resulting error must be publishable
        if failure:
            raise failure

    def _ended(self, size: int, failure: BrokerError | MessageError | None) -> None:
        with self._changed:
            self._open -= 1
            self._bytes -= size
            self._failure = self._failure or failure
            if self._open < WINDOW // 2:
                self._changed.notify_all()
            if self._open or self._at_end is None:
                return
            call, self._at_end = self._at_end, None
            failure, self._failure = self._failure, None
        call(failure)


def publish_and_wait(broker: Broker, publication: Publication, timeout: float | None = None) -> None:
    """Publish and return after the broker's confirm. Raises BrokerError or MessageError on failure or timeout."""
    confirms = Confirms(broker)
    confirms.publish(publication)
    confirms.wait(timeout)


class Emitter:
    """Emits events for one message. Threads may share it.

    message    the incoming message, for the passthrough
    confirms   the unconfirmed publications
    emitted    the number of events by name
    failed     whether the message must be rejected
    rebound    the publication that replaces the message; an error takes precedence over a rebound
    reason     the reason of the rebound for a log line
    """

    def __init__(self, context: StepContext, delivery: Delivery, incoming: Incoming) -> None:
        self._context = context
        self._delivery = delivery
        self._incoming = incoming
        self._headers = outgoing(incoming, context.identity, context.settings.additional_headers, _now())
        self._lock = threading.Lock()
        self._all_sent = threading.Condition(self._lock)
        self._sending = 0  # events that threads are emitting
        self._is_open = True
        self.message: Mapping[str, Any] = {}
        self.confirms = Confirms(context.broker)
        self.emitted: Counter[str] = Counter()
        self.failed = False
        self.rebound: Publication | None = None
        self.reason = ""

    def emit(self, event: str, payload: Any) -> None:
        """Emit an event and wait for its confirm; see `Step.emit`."""
        self.send(event, payload)
        self.confirms.wait()

    def send(self, event: str, payload: Any) -> None:
        """Emit an event without waiting for its confirm."""
        if event not in self._EVENTS:
            import difflib  # noqa: PLC0415 (only for this error)

            nearest = difflib.get_close_matches(str(event), self._EVENTS, 1, 0.4)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"allowed: {', '.join(self._EVENTS)}"
            raise ComponentError(f"unknown event {event!r}; {hint}")
        with self._lock:
            if not self._is_open:
                raise ComponentError(f"{event} was emitted after process had ended; emit before process returns")
            self._sending += 1
        try:
            if forks.is_child:
                raise ComponentError(f"{event} was emitted in a forked process; emit in the process of the step")
            self._EVENTS[event](self, payload)
        finally:
            with self._lock:
                self._sending -= 1
                if not self._is_open:
                    self._all_sent.notify_all()

    def close(self) -> None:
        """Refuse further events, and wait for those that other threads are emitting. `fail` still works."""
        with self._lock:
            self._is_open = False
            while self._sending:
                self._all_sent.wait()

    def fail(self, error: BaseException) -> None:
        """Publish the error that ends the message, and wait for its confirm.

        If that fails, for example because of the error's size, publishes a short form without the input. Raises
        BrokerError or MessageError if that fails too.
        """
        self._fail()
        description, headers = describe(error), {**self._headers, "end": _now()}
        self._context.throttles.error.wait()
        try:
            self._publish_error(description, self._error_input(), headers)
            self.confirms.wait()
        except Exception:  # noqa: BLE001 (every message must get its error, even if this code has a bug)
            self._publish_error(shortened(description), None, without_outside(headers))
            self.confirms.wait()
        self._count("error")
        with suppress(BrokerError, MessageError):  # the error itself is published
            self._reply_error(description, headers)
            self.confirms.wait()

    def _data(self, payload: Any) -> None:
        settings, is_passthrough = self._context.settings, self._context.data.is_passthrough
        if is_passthrough or settings.emit_lightweight_message:
            payload = self._completed(events.emitted_message(payload))
        publication = events.data(
            payload,
            self._headers,
            routing_key=settings.data_routing_key,
            encryptor=self._context.encryptor,
            protocol_version=settings.protocol_version,
            size_limit=settings.outgoing_message_size_limit,
            now=_now(),
        )
        self._context.throttles.data.wait()
        self.confirms.publish(publication)
        self._count("data")

    def _completed(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the message with its passthrough. Large bodies are moved to the object storage."""
        settings, bodies = self._context.settings, self._context.bodies
        is_passthrough = self._context.data.is_passthrough
        if is_passthrough:
            sender = self._incoming.step_id if settings.no_self_passtrhough else None
            message["passthrough"] = passthrough.passed_on(self.message, sender)
        if settings.emit_lightweight_message:
            message = bodies.outsource(message, settings.object_storage_size_threshold)
        elif message.get("passthrough") and is_light(message):
            message["passthrough"] = bodies.fill(message["passthrough"])
        if is_passthrough and not settings.no_self_passtrhough:
            message["passthrough"] = passthrough.with_own_entry(message, settings.step_id)
        return message

    def _error(self, error: Any) -> None:
        self._fail()
        description, headers = describe(error), {**self._headers, "end": _now()}
        self._context.throttles.error.wait()
        self._publish_error(description, self._error_input(), headers)
        self._count("error")
        self._reply_error(description, headers)

    def _rebound(self, reason: Any) -> None:
        settings, delivery, iteration = self._context.settings, self._delivery, self._incoming.rebounds + 1
        why = reason_of(reason)
        if iteration > settings.rebound_limit:
            description = describe(f"Rebound limit exceeded, last reason: {why}")
            self._publish_error(description, self._error_input(), self._headers)
            self._count("error")
            self._reply_error(description, self._headers)
            return
        publication = rebound(
            delivery.body,
            delivery.headers or {},
            delivery.properties,
            routing_key=settings.rebound_routing_key,
            reason=why,
            iteration=iteration,
            initial_delay=settings.rebound_initial_expiration,
            now=_now(),
        )
        with self._lock:
            if not self.failed:
                self.rebound, self.reason = publication, reason_in_log(reason)  # the last one counts
                self.emitted["rebound"] = 1

    def _fail(self) -> None:
        with self._lock:
            self.failed = True
            self.rebound = None
            self.emitted["rebound"] = 0

    def _count(self, event: str) -> None:
        with self._lock:
            self.emitted[event] += 1

    def _snapshot(self, snapshot: Any) -> None:
        routing_key = self._context.settings.snapshot_routing_key
        publication = events.snapshot(snapshot, self._headers, routing_key=routing_key)
        self.confirms.wait()  # the results before a snapshot must be confirmed before the snapshot is published
        self._context.data.snapshot.replace(snapshot)
        self._context.throttles.snapshot.wait()
        self.confirms.publish(publication)
        self._count("snapshot")

    def _update_snapshot(self, update: Any) -> None:
        routing_key = self._context.settings.snapshot_routing_key
        publication = events.update_snapshot(update, self._headers, routing_key=routing_key)
        self.confirms.wait()  # as above
        self._context.data.snapshot.merge(update)
        self.confirms.publish(publication)
        self._count("updateSnapshot")

    def _update_keys(self, keys: Any) -> None:
        account = self._context.data.config.get("_account")
        if not account:
            raise MessageError("updateKeys: the step has no credential (_account is missing in its config).")
        self._context.api.update_keys(str(account), keys)
        self._count("updateKeys")

    def _http_reply(self, reply: Any) -> None:
        publication = events.http_reply(
            reply,
            self._headers,
            reply_to=self._incoming.reply_to,
            encryptor=self._context.encryptor,
            size_limit=self._context.settings.outgoing_message_size_limit,
        )
        self.confirms.publish(publication)
        self._count("httpReply")

    def _error_input(self) -> str:
        version = protocol_version(self._delivery.headers or {})
        return events.error_input(self._delivery.body, version, self._context.settings.input_format == "error")

    def _publish_error(self, description: Mapping[str, Any], error_input: str | None, headers: Headers) -> None:
        routing_key, encryptor = self._context.settings.error_routing_key, self._context.encryptor
        publication = events.error(description, error_input, headers, routing_key=routing_key, encryptor=encryptor)
        self.confirms.publish(publication)

    def _reply_error(self, description: Mapping[str, Any], headers: Headers) -> None:
        """Send the error as the reply to the HTTP request that waits for one, if any."""
        reply_to = self._incoming.reply_to
        if not reply_to or self._context.settings.no_error_replies:
            return
        try:
            reply = events.error_reply(description, headers, reply_to=reply_to, encryptor=self._context.encryptor)
        except MessageError as error:
            log.warning(
                "Failed to send the error to the waiting HTTP request: %s",
                error,
                extra={"context": self._incoming.identifiers},
            )
        else:
            self.confirms.publish(reply)

    # A class attribute, because bound methods would create a reference cycle. A cycle keeps the message in memory until
    # the garbage collector runs.
    _EVENTS: ClassVar[Mapping[str, Callable[["Emitter", Any], None]]] = {
        "data": _data,
        "error": _error,
        "rebound": _rebound,
        "snapshot": _snapshot,
        "updateSnapshot": _update_snapshot,
        "updateKeys": _update_keys,
        "httpReply": _http_reply,
    }


def _now() -> int:
    return time.time_ns() // 1_000_000
