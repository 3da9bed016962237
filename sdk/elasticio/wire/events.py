"""Converts emitted events to publications, one function for each event. The module `rebound` converts rebounds.

`headers` is the result of `headers.outgoing`; no function changes it. Times are Unix milliseconds. All functions raise
MessageError for a payload that cannot be sent.
"""

import base64
from collections.abc import Mapping
from typing import Any

from elasticio.errors import ComponentError, MessageError
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import split_routing_key, without_outside
from elasticio.wire.json import to_json
from elasticio.wire.message import Message
from elasticio.wire.publication import JSON, Headers, Publication


def emitted_message(payload: Any) -> dict[str, Any]:
    """Return an emitted message as a new dict; raises ComponentError for a value that is not a message."""
    if isinstance(payload, Message):
        message = payload.to_dict()
    elif isinstance(payload, Mapping) and "body" in payload:
        message = dict(payload)
    else:
        what = "a dict without body" if isinstance(payload, Mapping) else f"a value of type {type(payload).__name__}"
        raise ComponentError(f"the component emitted {what}; it must emit an elasticio.Message or a dict with body")
    message["headers"] = message.get("headers") or {}
    return message


def data(
    payload: Any,
    headers: Headers,
    *,
    routing_key: str,
    encryptor: Encryptor,
    protocol_version: int,
    size_limit: int,
    now: int,
) -> Publication:
    """Return the publication of an emitted message, or of a result of `emitted_message`.

    The message's own header `x-eio-routing-key` replaces `routing_key` and is removed.
    """
    message = emitted_message(payload)
    headers = {**headers, "end": now, "protocolVersion": protocol_version}
    if identifier := message.get("id"):
        if not isinstance(identifier, str | int | float) or isinstance(identifier, bool):
            raise MessageError(f"id: must be text, not {type(identifier).__name__}.")
        headers["messageId"] = identifier
    if message["headers"] and isinstance(message["headers"], Mapping):
        chosen, message["headers"] = split_routing_key(message["headers"])
        routing_key = chosen or routing_key
    body = _limited(encryptor.encode(message, protocol_version), size_limit)
    return Publication(routing_key, body, headers, JSON)


def http_reply(
    reply: Any, headers: Headers, *, reply_to: str | None, encryptor: Encryptor, size_limit: int
) -> Publication:
    """Return the reply to the HTTP request that started the flow: {statusCode, headers, body}."""
    if not reply_to:
        raise MessageError("Component emitted 'httpReply' event but 'reply_to' was not found in AMQP headers")
    if not isinstance(reply, Mapping) or not isinstance(reply.get("headers") or {}, Mapping):
        raise MessageError("httpReply: must be an object with statusCode, headers (an object) and body.")
    _, own = split_routing_key(reply.get("headers") or {})
    payload = _limited(encryptor.encode({**reply, "headers": own}, 1), size_limit)
    return Publication(reply_to, payload, {**headers, "protocolVersion": 1}, JSON)


def error(
    description: Mapping[str, Any],
    error_input: str | None,
    headers: Headers,
    *,
    routing_key: str,
    encryptor: Encryptor,
) -> Publication:
    """Return the publication of an error: {name, message, stack} and the incoming message that caused it.

    If AMQP cannot carry the headers, those from outside are left out, so that every error can be published.
    """
    payload = {"error": encryptor.encode(description, 1).decode()}
    if error_input is not None:
        payload["errorInput"] = error_input
    body = to_json(payload)
    try:
        return Publication(routing_key, body, headers, JSON)
    except MessageError:
        return Publication(routing_key, body, without_outside(headers), JSON)


def error_reply(
    description: Mapping[str, Any], headers: Headers, *, reply_to: str, encryptor: Encryptor
) -> Publication:
    """Return the publication of an error for the HTTP request that started the flow."""
    return Publication(reply_to, encryptor.encode(description, 1), {**headers, "x-eio-error-response": True}, JSON)


def error_input(body: bytes, protocol_version: float, is_error: bool) -> str:
    """Return the payload of a delivery in the form for an error: base64 text of the ciphertext.

    `is_error` is true for a step whose input is another step's error: such a payload is already text.
    """
    if is_error or protocol_version < 2:
        return body.decode(errors="replace")
    return base64.b64encode(body).decode()


def snapshot(snapshot: Any, headers: Headers, *, routing_key: str) -> Publication:
    """Return the publication that replaces the step's snapshot by any JSON value."""
    return Publication(routing_key, to_json(snapshot), {**headers, "snapshotEvent": "snapshot"}, JSON)


def update_snapshot(update: Any, headers: Headers, *, routing_key: str) -> Publication:
    """Return the publication that merges an object into the step's snapshot, at the top level."""
    if not isinstance(update, Mapping):
        raise MessageError("updateSnapshot: must be an object; its keys are merged into the snapshot.")
    if "$set" in update:
        raise MessageError("updateSnapshot: $set is not supported any more; emit the keys themselves.")
    return Publication(routing_key, to_json(dict(update)), {**headers, "snapshotEvent": "updateSnapshot"}, JSON)


def _limited(payload: bytes, limit: int) -> bytes:
    """Return the payload; raises MessageError above the size limit, with the text of the platform's own runtime."""
    if len(payload) > limit:
        raise MessageError(f"Outgoing message size {len(payload)} exceeds limit of {limit}.")
    return payload
