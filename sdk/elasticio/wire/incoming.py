"""Decodes an incoming message: its metadata from the AMQP headers, its content from the payload."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from elasticio.errors import MessageError
from elasticio.wire.encryption import Encryptor
from elasticio.wire.json import from_json
from elasticio.wire.text import identifier, printable

META_PREFIX = "x-eio-meta-"

InputFormat = Literal["default", "error"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """The metadata of an incoming message. Values without a header are None unless stated otherwise.

    thread_id          ID that related messages share; a new UUID if the message has none
    message_id         ID of the message
    parent_message_id  ID of the message that the sending step was processing
    step_id            ID of the step that emitted the message
    reply_to           routing key of the HTTP request that waits for a reply
    redelivered        whether the broker has delivered the message before: its effects may already exist
    rebounds           number of rebounds of the message by this step
    started            time when the sending step began to process its own input, in Unix milliseconds; redeliveries
                       and rebounds do not change it
    published          time when the sending step, or a rebound by this step, published the message, in Unix
                       milliseconds
    meta               the headers that start with x-eio-meta-, names in lower case
    """

    thread_id: str
    message_id: str | None = None
    parent_message_id: str | None = None
    step_id: str | None = None
    reply_to: str | None = None
    redelivered: bool = False
    rebounds: int = 0
    started: int | None = None
    published: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, headers: Mapping[Any, Any], redelivered: bool = False) -> "Incoming":
        """Read the headers of a delivery. A header of the wrong type counts as missing."""
        meta = {
            name.lower(): value
            for name, value in headers.items()
            if isinstance(name, str) and name.lower().startswith(META_PREFIX)
        }
        thread_id = _identifier(headers.get("threadId")) or _identifier(meta.get(META_PREFIX + "trace-id"))
        reply_to = headers.get("reply_to")
        return cls(
            thread_id=thread_id or str(uuid.uuid4()),
            message_id=_identifier(headers.get("messageId")),
            parent_message_id=_identifier(headers.get("parentMessageId")),
            step_id=_identifier(headers.get("stepId")),
            reply_to=printable(reply_to) if reply_to and isinstance(reply_to, str) else None,
            redelivered=redelivered,
            rebounds=max(_number(headers.get("reboundIteration")) or 0, 0),
            started=_number(headers.get("start")),
            published=_number(headers.get("end")),
            meta=meta,
        )

    @property
    def identifiers(self) -> dict[str, str]:
        """The message's IDs for log lines."""
        names = {
            "threadId": self.thread_id,
            "messageId": self.message_id,
            "parentMessageId": self.parent_message_id,
        }
        return {name: value for name, value in names.items() if value is not None}


def read(
    body: bytes,
    headers: Mapping[Any, Any] | None,
    encryptor: Encryptor,
    input_format: InputFormat = "default",
    *,
    redelivered: bool = False,
) -> tuple[dict[str, Any], Incoming]:
    """Return the message in a delivery and its metadata; raises MessageError."""
    return decode(body, headers, encryptor, input_format), Incoming.read(headers or {}, redelivered)


def decode(
    body: bytes, headers: Mapping[Any, Any] | None, encryptor: Encryptor, input_format: InputFormat = "default"
) -> dict[str, Any]:
    """Return the message in a delivery as a new dict; raises MessageError, which does not show the content.

    `headers` of the message may have any JSON type, as in Node.
    """
    if headers is None:
        raise MessageError("the delivery has no AMQP headers.")
    if input_format == "error":
        return _decode_error(body, headers, encryptor)
    message = encryptor.decode(body, protocol_version(headers))
    if not isinstance(message, dict):
        raise MessageError("the payload is not a JSON object.")
    own = message["headers"] = message.get("headers") or {}
    reply_to = headers.get("reply_to")
    if isinstance(own, dict) and reply_to and isinstance(reply_to, str):
        own["reply_to"] = reply_to
    return message


def protocol_version(headers: Mapping[Any, Any]) -> float:
    """Return the protocol version in AMQP headers. As in Node, a value that is not a number counts as the newest."""
    try:
        return float(headers.get("protocolVersion") or 1)
    except (TypeError, ValueError, OverflowError):
        return float("inf")


def _decode_error(payload: bytes, headers: Mapping[Any, Any], encryptor: Encryptor) -> dict[str, Any]:
    """Decode the error of another step: plain JSON with two ciphertexts, whose content becomes the body."""
    try:
        body = from_json(payload)
    except (ValueError, RecursionError) as error:
        raise MessageError(f"the payload of an error must be JSON ({type(error).__name__}).") from error
    if not isinstance(body, dict):
        raise MessageError("the payload is not a JSON object.")
    for part in ("error", "errorInput"):
        if text := body.get(part):
            if not isinstance(text, str) or not text.isascii():
                raise MessageError(f"{part}: must be base64 text.")
            body[part] = encryptor.decode(text.encode(), 1)
    named = {name if isinstance(name, str) else name.decode(errors="replace"): headers[name] for name in headers}
    return {"body": body, "headers": named}


def _identifier(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        return value if len(value) < 256 and value.isascii() else identifier(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
