"""Texts and calls as items of a trigger: completeness, outcome and position in time."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire import unix_time
from lib.callfire.exact_json import is_id

Body = Mapping[str, Any]
# All other states are final, including states that CallFire may add.
_OPEN = ("READY", "SELECTED", "CALLBACK")
_INBOUND_SAMPLE = "Send a text to one of your numbers or call it"
_NAMESPACE = uuid.UUID("6b1f2a52-3c0e-5d6b-9a57-0d5a7f3c9e11")
_MOMENTS = range(unix_time.LATEST)


class UnreadableItemError(ValueError):
    """An item without a valid ID or time. The text is the reason."""


@dataclass(frozen=True)
class ItemKind:
    """The differences between the kinds of items.

    resource      name of the webhook resource, or of the event
    result        property with the final result
    moment        function that returns the position of an item in time (Unix milliseconds), None if it has none
    noun          name of an item in errors
    sample        instruction in the error for an account without items
    inbound       direction of the items; None: both
    open          states that are not final
    needs_result  a finished item without a final result is not complete yet
    """

    resource: str
    result: str
    moment: Callable[[Body], int | None]
    noun: str
    sample: str = _INBOUND_SAMPLE
    inbound: bool | None = True
    open: tuple[str, ...] = _OPEN
    needs_result: bool = False

    def is_complete(self, body: Body) -> bool:
        """Return whether the state of an item is final."""
        state = body.get("state")
        if self.needs_result and state == "FINISHED" and not body.get(self.result):
            return False
        return state not in self.open

    def outcome(self, body: Body) -> str:
        """Return state and final result as one text. Another text means that the outcome has changed."""
        return printable(f"{body.get('state') or ''}:{body.get(self.result) or ''}")


def created(body: Body) -> int | None:
    """Return the time at which CallFire accepted an item (Unix milliseconds). This time never changes."""
    return milliseconds(body, "created")


def first_end(body: Body) -> int | None:
    """Return the end of the first attempt, which later attempts do not change. Without attempts: the creation."""
    ends = [milliseconds(record, "finishTime") for record in records_of(body)]
    return min((end for end in ends if end is not None), default=created(body))


def records_of(body: Body) -> list[Body]:
    """Return the attempts in an item's `records`, without values of another form."""
    records = body.get("records")
    return [record for record in records if isinstance(record, Mapping)] if isinstance(records, list) else []


def number_of(body: Body) -> int:
    """Return the ID of an item. Raises `UnreadableItemError` if it is missing or out of range."""
    number = body.get("id")
    if not is_id(number):
        raise UnreadableItemError("id is missing or out of range")
    return int(number)


def message_id(resource: str, number: object, outcome: str, event: str = "finished") -> str:
    """Return the ID of the message for an event. The ID is the same in all triggers and for each repetition."""
    return str(uuid.uuid5(_NAMESPACE, printable("\0".join((resource, event.lower(), str(number), outcome)))))


def printable(text: str) -> str:
    """Return the text with halves of surrogate pairs replaced, because UTF-8 cannot encode them."""
    return text.encode("utf-8", "replace").decode()


def milliseconds(body: Body, name: str) -> int | None:
    """Return a time, None if missing or not a whole number. Raises `UnreadableItemError` if it is out of range."""
    value = body.get(name)
    is_long = isinstance(value, str) and value.lstrip("-").isdecimal()  # integers that JavaScript rounds come as text
    if not is_long and (not isinstance(value, int) or isinstance(value, bool)):
        return None
    if is_long or value not in _MOMENTS:
        raise UnreadableItemError(f"{name} is out of range")
    return value


TEXTS = ItemKind("InboundText", "finalTextResult", created, "inbound text")
# Calls have a duration. In the order of their start, a long call would be emitted long after shorter calls.
CALLS = ItemKind("InboundCall", "finalCallResult", first_end, "inbound call")
# A disabled recipient of a broadcast can be enabled again, and is sent to then.
SENT_TEXTS = ItemKind(
    "OutboundText",
    "finalTextResult",
    first_end,
    "sent text with a result",
    sample="Send a text",
    inbound=False,
    open=(*_OPEN, "DISABLED"),
    needs_result=True,
)
