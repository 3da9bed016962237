"""Idempotency keys: the attribute that identifies a text or call in CallFire's lists.

CallFire accepts no idempotency key, but returns the `attributes` of a recipient with the text or call. The connector
therefore adds a key to the attributes of each recipient. The key is derived from values that a redelivery does not
change: flow, step, message ID, body, and place of the recipient. The body is part of the key
because all messages that a step emits for one input share their ID. The step is part of the key because two steps may
receive the same message.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from elasticio import Step

from lib.callfire.api.errors import InvalidInput, discreet
from lib.callfire.operation.fields import Field, text

ATTRIBUTE = "connectorKey"
INPUT = "idempotencyKey"
LONGEST = 100
FIELD = text(INPUT, "Identifies the message.", limits={"maxLength": LONGEST}, label="Idempotency Key")
_CANONICAL = json.JSONEncoder(sort_keys=True, default=str)


def key_field(about: str) -> Field:
    """Return the input field for a key, with a help text."""
    return FIELD.but(about)


def canonical(value: Any) -> str:
    """Return JSON that is the same for equal values, independent of the order of their properties."""
    return _CANONICAL.encode(value)


def key_of_message(step: Step, body: Any, mapped: str | None) -> str:
    """Return the key of a message: the mapped key, or a key that is derived from the message."""
    if mapped:
        return mapped
    parts = [step.flow_id, step.step_id, step.incoming.message_id or "", canonical(body)]
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    return base64.b32encode(digest[:20]).decode()[:26].lower()  # 26 characters hold 16 bytes and a quarter


def keys_of_recipients(message_key: str, recipients: list[Mapping[str, Any]]) -> list[str]:
    """Return the key of each recipient. Default: the message's key with the place of the recipient.

    Raises `InvalidInput` if two recipients have the same key.
    """
    keys = [str(given.get(INPUT) or f"{message_key}-{index}") for index, given in enumerate(recipients)]
    first_with: dict[str, int] = {}
    for index, key in enumerate(keys):
        if first_with.setdefault(key, index) != index:
            raise InvalidInput(
                f"recipients[{index}].{INPUT}: recipients[{first_with[key]}] has the same key. "
                "Map a key that is different for each recipient."
            )
    return keys


def with_key(recipient: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the recipient with the key in its attributes."""
    return {**recipient, "attributes": {**(recipient.get("attributes") or {}), ATTRIBUTE: key}}


def key_of_item(item: Any) -> str | None:
    """Return the key in the attributes of a text or call; None if it has none."""
    attributes = item.get("attributes") if isinstance(item, dict) else None
    key = attributes.get(ATTRIBUTE) if isinstance(attributes, dict) else None
    return None if key is None else str(key)


def key_reused(place: str, noun: str) -> InvalidInput:
    """Return the error for a key that another text, call or order has. `place` names the field of the key."""
    return InvalidInput(f"{place}: this key was used for another {noun}. Map a key that is different for each {noun}.")


def how_to_check(key: str) -> str:
    """Return the instruction for checking in CallFire whether a recipient was sent to."""
    return f"Check CallFire for the attribute {ATTRIBUTE} = {discreet(key)} before you retry."
