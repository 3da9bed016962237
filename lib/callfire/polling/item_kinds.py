"""Texts and calls as items of a trigger: when one is complete, what its outcome is, and its place in time."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
# Every other state is final, also one that CallFire may add.
_OPEN = ("READY", "SELECTED", "CALLBACK")
_NAMESPACE = uuid.UUID("6b1f2a52-3c0e-5d6b-9a57-0d5a7f3c9e11")
_MOMENTS = range(10**14)  # Unix milliseconds until the year 5138
_IDS = range(2**63)
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)


class UnreadableItemError(ValueError):
    """An item that cannot be placed or told from others; the text says why."""


@dataclass(frozen=True)
class ItemKind:
    """What is different between texts and calls.

    resource  CallFire's name among the resources of webhooks
    result    property that contains the final result
    moment    returns the time by which an item has its place (Unix milliseconds), None if the item does not contain it
    """

    resource: str
    result: str
    moment: Callable[[Body], int | None]

    def is_complete(self, body: Body) -> bool:
        """Return whether an item has a final state."""
        return body.get("state") not in _OPEN

    def outcome(self, body: Body) -> str:
        """Return state and result; another text means that the outcome has changed."""
        return printable(f"{body.get('state') or ''}:{body.get(self.result) or ''}")


def created(body: Body) -> int | None:
    """Return when CallFire accepted an item; it never changes."""
    return _milliseconds(body, "created")


def first_end(body: Body) -> int | None:
    """Return when the first attempt ended; later attempts do not change it. Without attempts: when it was created."""
    records = body.get("records")
    listed = records if isinstance(records, list) else []
    ends = [_milliseconds(record, "finishTime") for record in listed if isinstance(record, Mapping)]
    return min((end for end in ends if end is not None), default=created(body))


def number_of(body: Body) -> int:
    """Return an item's id; raises `UnreadableItemError` for one that is missing or out of range."""
    number = body.get("id")
    if isinstance(number, str) and _DIGITS.fullmatch(number):
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or number not in _IDS:
        raise UnreadableItemError("id is missing or out of range")
    return number


def message_id(resource: str, number: object, outcome: str, event: str = "finished") -> str:
    """Return the id of a message: the same for the same event, whichever trigger emits it and however often."""
    return str(uuid.uuid5(_NAMESPACE, printable("\0".join((resource, event.lower(), str(number), outcome)))))


def printable(text: str) -> str:
    """Return the text with halves of surrogate pairs replaced: neither UTF-8 nor a database can hold them."""
    return text.encode("utf-8", "replace").decode()


def _milliseconds(body: Body, name: str) -> int | None:
    """Return a time; None if it is missing or no whole number. Raises `UnreadableItemError` if it is out of range."""
    value = body.get(name)
    is_long = isinstance(value, str) and value.lstrip("-").isdecimal()  # integers that JavaScript rounds come as text
    if not is_long and (not isinstance(value, int) or isinstance(value, bool)):
        return None
    if is_long or value not in _MOMENTS:
        raise UnreadableItemError(f"{name} is out of range")
    return value


TEXTS = ItemKind("InboundText", "finalTextResult", created)
# A call lasts. In the order in which calls begin, a long one would come long after shorter ones.
CALLS = ItemKind("InboundCall", "finalCallResult", first_end)
