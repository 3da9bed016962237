"""An incoming message: its facts from the AMQP headers, its content from the payload."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from elasticio.errors import MessageError
from elasticio.wire.encryption import Encryptor
from elasticio.wire.text import identifier, printable

META_PREFIX = "x-eio-meta-"

InputFormat = Literal["default", "error"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """The facts that came with a message.

    thread_id          shared by messages that belong together; a new UUID where the message has none
    message_id         None where the message has none
    parent_message_id  the message that the sending step was processing
    step_id            the step that emitted the message
    reply_to           the routing key of the HTTP request that waits for a reply, if there is one
    redelivered        the broker delivered the message before, so its effect may have happened already
    rebounds           how often this step rebounded the message
    started            when the sending step began to process its own input, in Unix milliseconds; unchanged by a
                       redelivery or a rebound
    published          when the message was put into the queue, by the sending step or by a rebound of this one, in
                       Unix milliseconds
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
        """Read the headers of a delivery, whatever their types: what has the wrong type counts as not given."""
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
        """Return the ids under which log lines name the message."""
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
    """Read a delivery: the message, and the facts that came with it; raises MessageError."""
    return decode(body, headers, encryptor, input_format), Incoming.read(headers or {}, redelivered)


def decode(
    body: bytes, headers: Mapping[Any, Any] | None, encryptor: Encryptor, input_format: InputFormat = "default"
) -> dict[str, Any]:
    """Read the message in a delivery; raises MessageError, which says nothing of its content.

    The result belongs to the caller. `headers` of the message stays as it came where it is no object, as in Node.
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
    """Return the protocol version that AMQP headers name; what is not a number counts as the newest, as in Node."""
    try:
        return float(headers.get("protocolVersion") or 1)
    except (TypeError, ValueError, OverflowError):
        return float("inf")


def _decode_error(payload: bytes, headers: Mapping[Any, Any], encryptor: Encryptor) -> dict[str, Any]:
    """Read the error of another step: plain JSON around two ciphertexts, which become the body."""
    try:
        body = json.loads(payload)
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
