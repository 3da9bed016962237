"""The passthrough: each message carries the messages of earlier steps of its flow."""

from collections.abc import Mapping
from typing import Any

from elasticio.errors import MessageError


def passed_on(message: Mapping[str, Any], sender: str | None) -> dict[str, Any]:
    """Return the passthrough of an incoming message for the messages emitted for it.

    If `sender`, the ID of the emitting step, is given, the incoming message itself is added under this ID. Raises
    MessageError if the passthrough is not an object.
    """
    passthrough = message.get("passthrough") or {}
    if not isinstance(passthrough, Mapping):
        raise MessageError("passthrough: must be an object in the incoming message.")
    if not sender:
        return dict(passthrough)
    return {**passthrough, sender: _entry(message)}


def with_own_entry(message: Mapping[str, Any], step_id: str) -> dict[str, Any]:
    """Return the passthrough of an emitted message, plus the message itself under its step's ID."""
    return {**message["passthrough"], step_id: _entry(message)}


def _entry(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "passthrough"}
