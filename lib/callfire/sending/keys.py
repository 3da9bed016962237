"""Keys: what a send is recognised by when nobody knows any more whether it went out.

CallFire takes no idempotency key, but gives the `attributes` of a recipient back on the text or call they became. So
each recipient gets a key there, under one name of ours, beside the integrator's own attributes. It is made of what
stays the same however often a message comes again: the message's id, the step, its body, and the recipient's place
in it. The body is needed because messages that a step emits for one input share their id; the step, because two steps
may be fed with the same message.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from elasticio import Step

from lib.callfire.api.errors import InvalidInput, discreet
from lib.callfire.operation.fields import text

ATTRIBUTE = "connectorKey"
INPUT = "idempotencyKey"
LONGEST = 100
_CANONICAL = json.JSONEncoder(sort_keys=True, default=str)


FIELD = text(INPUT, "What makes it one and the same.", limits={"maxLength": LONGEST}, label="Idempotency key")


def of_message(step: Step, body: Any, mapped: str | None) -> str:
    """The key of a message: the one the integrator mapped, or one made of the message itself."""
    if mapped:
        return mapped
    parts = [step.flow_id, step.step_id, step.incoming.message_id or "", _CANONICAL.encode(body)]
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    return base64.b32encode(digest[:20]).decode()[:26].lower()  # 26 characters say 16 bytes and a quarter


def of_recipients(message: str, recipients: list[Mapping[str, Any]]) -> list[str]:
    """The key of each recipient: its own, or the message's with its place; the same one twice is `InvalidInput`."""
    keys = [str(given.get(INPUT) or f"{message}-{index}") for index, given in enumerate(recipients)]
    rows: dict[str, int] = {}
    for index, key in enumerate(keys):
        if rows.setdefault(key, index) != index:
            raise InvalidInput(f"recipients[{index}].{INPUT}: recipients[{rows[key]}] has the same key")
    return keys


def marked(recipient: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The recipient with the key among its attributes, as it goes to CallFire."""
    return {**recipient, "attributes": {**(recipient.get("attributes") or {}), ATTRIBUTE: key}}


def read(item: Any) -> str | None:
    """The key that a text or call of CallFire's carries."""
    attributes = item.get("attributes") if isinstance(item, Mapping) else None
    key = attributes.get(ATTRIBUTE) if isinstance(attributes, Mapping) else None
    return None if key is None else str(key)


def what_to_check(key: str) -> str:
    """Where a person finds out what became of a recipient."""
    return f"Look in CallFire for the attribute {ATTRIBUTE} = {discreet(key)} before sending it again."
