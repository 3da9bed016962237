"""The work on one message, from its delivery to its settlement, in one worker thread."""

import inspect
import json
import logging
import time
import traceback
from collections.abc import Mapping
from copy import deepcopy
from types import GeneratorType
from typing import Any

from elasticio.broker import Delivery
from elasticio.context import StepContext
from elasticio.crypto import Encryptor
from elasticio.envelope import Incoming
from elasticio.errors import ComponentError, MessageError, Rebound
from elasticio.events import Events, protocol_version
from elasticio.logging import ComponentLogger
from elasticio.message import Message
from elasticio.settings import Settings
from elasticio.step import Step

log = logging.getLogger("sailor")


def execute(context: StepContext, delivery: Delivery) -> None:
    """Work on a message: decode it, let the component process it, settle it once all that it emitted is confirmed.

    A message that cannot be decoded is rejected. Whatever goes wrong later is published as the message's error, and
    then the message is rejected. Raises only where that error cannot be published: then the message stays unsettled,
    and the broker delivers it again to whoever comes next.
    """
    started = time.monotonic()
    try:
        message = decode(context.settings, context.encryptor, delivery)
    except MessageError as error:
        log.error("A message was rejected: %s", error, extra={"context": {"messageId": _message_id(delivery)}})
        delivery.reject()
        return
    incoming = Incoming.read(delivery.headers or {}, delivery.redelivered)
    events = Events(context, delivery, incoming)
    try:
        if context.function.resolves_references:
            message = context.bodies.resolve(message)
        events.input = message
        _process(context, events, incoming, message)
    except Rebound as reason:
        events.emit("rebound", reason)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a component raises is its message's error)
        log.error(
            "%s was raised while %s worked on a message%s",
            type(error).__name__,
            context.settings.function,
            _place(error),
            extra={"context": _identifiers(incoming)},
        )
        events.emit("error", error)
    if events.failed:
        delivery.reject()
    else:
        delivery.ack()
    _log_settled(incoming, events, time.monotonic() - started)


def decode(settings: Settings, encryptor: Encryptor, delivery: Delivery) -> dict[str, Any]:
    """Read the message out of a delivery; raises MessageError."""
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


def _process(context: StepContext, events: Events, incoming: Incoming, message: Mapping[str, Any]) -> None:
    """Call the component and emit what it returns or yields."""
    step = Step(
        logger=ComponentLogger(_identifiers(incoming)),
        variables=context.data.variables,
        attachments=context.attachments,
        incoming=incoming,
        is_debug=context.settings.flow_type == "debug",
        flow_id=context.settings.flow_id,
        step_id=context.settings.step_id,
        _emit=events.emit,
    )
    config, snapshot = deepcopy(dict(context.data.config)), context.data.snapshot.copy()
    result = context.function.get("process")(step, Message.from_dict(message), config, snapshot)
    if inspect.iscoroutine(result):
        result.close()
        raise ComponentError("process is an async function; it must be a plain function or a generator")
    for item in result if isinstance(result, GeneratorType) else (result,):
        if item is not None:
            events.emit("data", item)


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
