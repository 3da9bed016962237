"""Passthrough: what earlier steps of the flow emitted, carried along by every message."""

from collections.abc import Mapping
from typing import Any

from elasticio.errors import MessageError


def passed_on(message: Mapping[str, Any], sender: str | None) -> dict[str, Any]:
    """Return the passthrough of an incoming message for the messages emitted for it.

    With `sender`, the step that emitted the incoming message, that message is an entry too.
    """
    passthrough = message.get("passthrough") or {}
    if not isinstance(passthrough, Mapping):
        raise MessageError("passthrough: the incoming message has one that is not an object.")
    if not sender:
        return dict(passthrough)
    return {**passthrough, sender: _entry(message)}


def with_own_entry(message: Mapping[str, Any], step_id: str) -> dict[str, Any]:
    """Return the passthrough of an emitted message with the message itself under its step's id."""
    return {**message["passthrough"], step_id: _entry(message)}


def _entry(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "passthrough"}
