"""The work on one message, from its delivery to its settlement."""

import inspect
import json
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import GeneratorType
from typing import Any, NoReturn

from elasticio.broker import Delivery
from elasticio.errors import BrokerError, ComponentError, MessageError, Rebound
from elasticio.runtime.context import StepContext
from elasticio.runtime.emitter import Events, protocol_version
from elasticio.runtime.logging import ComponentLogger
from elasticio.runtime.settings import Settings
from elasticio.runtime.step import Step
from elasticio.wire.encoding import copied
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import Incoming
from elasticio.wire.message import Message

log = logging.getLogger("sailor")

Resume = Callable[[Callable[[], None]], None]
OnEnd = Callable[[BaseException | None], None]


class Execution:
    """The work on one message.

    It is decoded and processed by the component in a worker thread. What the component returns or yields may be on its
    way to the broker yet when it is done; the message is settled when all of it is confirmed, by whichever thread hears
    of that. A worker need not wait for it.

    resume  has a call done by a worker
    on_end  is called when the message is settled, or with what keeps it from that: then it stays unsettled, and the
            broker delivers it again to whoever comes next
    """

    def __init__(self, context: StepContext, delivery: Delivery, resume: Resume, on_end: OnEnd) -> None:
        self._context = context
        self._delivery = delivery
        self._resume = resume
        self._on_end = on_end
        self._started = time.monotonic()
        self._incoming: Incoming
        self._events: Events

    def run(self) -> None:
        """Do all of it. A message that cannot be decoded is rejected, any other failure is published as its error."""
        context, delivery = self._context, self._delivery
        try:
            message = decode(context.settings, context.encryptor, delivery)
            self._incoming = Incoming.read(delivery.headers or {}, delivery.redelivered)
            self._events = Events(context, delivery, self._incoming)
        except MessageError as error:
            log.error("A message was rejected: %s", error, extra={"context": {"messageId": _message_id(delivery)}})
            delivery.reject()
            self._on_end(None)
        except BaseException as error:  # noqa: BLE001 (it is handed on)
            self._on_end(error)
        else:
            self._finish(lambda: self._process(message))

    def _finish(self, work: Callable[[], None]) -> None:
        """Do the work, or the rest of it, and settle. What it raises becomes the message's error; what keeps that from
        being published is its end.
        """
        try:
            try:
                self._work(work)
            except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a component raises is its message's error)
                self._fail(error)
            if self._events.rebounds:
                self._put_back()
            else:
                self._events.confirms.at_end(self._confirmed)
        except BaseException as error:  # noqa: BLE001 (it is handed on)
            self._on_end(error)

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Rebound as reason:
            self._events.send("rebound", reason)
        if self._events.rebounds:
            self._events.confirms.wait()  # a message does not go away before what came of it has arrived

    def _process(self, message: Mapping[str, Any]) -> None:
        """Call the component and emit what it returns or yields."""
        context, events = self._context, self._events
        if context.function.resolves_references:
            message = context.bodies.resolve(message)
        events.input = dict(message)
        step = Step(
            logger=ComponentLogger(_identifiers(self._incoming)),
            variables=context.data.variables,
            attachments=context.attachments,
            incoming=self._incoming,
            is_debug=context.settings.flow_type == "debug",
            flow_id=context.settings.flow_id,
            step_id=context.settings.step_id,
            _emit=events.emit,
        )
        config, snapshot = copied(context.data.config), context.data.snapshot.copy()
        result = context.function.get("process")(step, Message.from_dict(message), config, snapshot)
        if inspect.iscoroutine(result):
            result.close()
            raise ComponentError("process is an async function; it must be a plain function or a generator")
        for item in result if isinstance(result, GeneratorType) else (result,):
            if item is not None:
                events.send("data", item)

    def _fail(self, error: BaseException) -> None:
        log.error(
            "%s was raised while %s worked on a message%s",
            type(error).__name__,
            self._context.settings.function,
            _place(error),
            extra={"context": _identifiers(self._incoming)},
        )
        with suppress(BrokerError, MessageError):
            self._events.confirms.wait()  # a result that failed, too, must not keep the error back
        self._events.emit("error", error)

    def _confirmed(self, failure: BrokerError | MessageError | None) -> None:
        """Settle the message, or go on with what became of its publications."""
        if failure:
            self._resume(lambda: self._finish(lambda: _raise(failure)))
            return
        if self._events.failed:
            self._delivery.reject()
        else:
            self._delivery.ack()
        self._settled()

    def _put_back(self) -> None:
        if self._delivery.replace(self._events.rebounds, failed=self._events.failed):
            self._settled()
        else:
            log.warning("The connection was lost while a message was put back: it comes again, now or later")
            self._on_end(None)

    def _settled(self) -> None:
        _log_settled(self._incoming, self._events, time.monotonic() - self._started)
        self._on_end(None)


def decode(settings: Settings, encryptor: Encryptor, delivery: Delivery) -> dict[str, Any]:
    """Read the message out of a delivery; raises MessageError."""
    if delivery.unreadable:
        raise MessageError(delivery.unreadable)
    headers = delivery.headers
    if headers is None:
        raise MessageError("it has no AMQP headers")
    if settings.input_format == "error":
        message = _decode_error(encryptor, delivery.body, headers)
    else:
        message = encryptor.decode(delivery.body, protocol_version(headers))
    if not isinstance(message, dict):
        raise MessageError("the payload is no JSON object")
    message["headers"] = dict(message.get("headers") or {})
    if headers.get("reply_to"):
        message["headers"]["reply_to"] = headers["reply_to"]
    return message


def _decode_error(encryptor: Encryptor, payload: bytes, headers: Mapping[str, Any]) -> dict[str, Any]:
    """Read the error of another step: plain JSON around two ciphertexts."""
    try:
        body = json.loads(payload)
    except ValueError as error:
        raise MessageError("the payload is no JSON, as an error's must be") from error
    if not isinstance(body, dict):
        raise MessageError("the payload is no JSON object")
    for part in ("error", "errorInput"):
        if body.get(part):
            body[part] = encryptor.decode(str(body[part]).encode(), 1)
    return {"body": body, "headers": headers}


def _raise(failure: BrokerError | MessageError) -> NoReturn:
    raise failure


def _identifiers(incoming: Incoming) -> dict[str, Any]:
    names = {
        "threadId": incoming.thread_id,
        "messageId": incoming.message_id,
        "parentMessageId": incoming.parent_message_id,
    }
    return {name: value for name, value in names.items() if value is not None}


def _message_id(delivery: Delivery) -> Any:
    return (delivery.headers or {}).get("messageId", "unknown")


def _place(error: BaseException) -> str:
    """Say where an error was raised; its text stays out of the log, because it may hold data of the message."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""


def _log_settled(incoming: Incoming, events: Events, seconds: float) -> None:
    if log.isEnabledFor(logging.DEBUG):
        facts = {
            **_identifiers(incoming),
            "outcome": "reject" if events.failed else "ack",
            "emitted": dict(+events.emitted),
            "durationMs": round(seconds * 1000, 1),
        }
        log.debug("message settled", extra={"context": facts})
