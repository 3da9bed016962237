"""Texts and calls as triggers see them: when one is complete, what its outcome is, and where it stands in time."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
# Every other state is an end, also one that CallFire may add.
_OPEN = {"READY", "SELECTED", "CALLBACK"}
_NAMESPACE = uuid.UUID("6b1f2a52-3c0e-5d6b-9a57-0d5a7f3c9e11")


@dataclass(frozen=True)
class Kind:
    """What differs between texts and calls.

    resource  CallFire's name of it among the webhooks' resources
    result    the property that holds the final result
    moment    the time an item has its place by (Unix milliseconds), None where the item does not tell it
    """

    resource: str
    result: str
    moment: Callable[[Body], int | None]

    def is_complete(self, body: Body) -> bool:
        """Whether it has come to its end."""
        return body.get("state") not in _OPEN

    def outcome(self, body: Body) -> str:
        """How it ended; another text means that the outcome has changed."""
        return f"{body.get('state') or ''}:{body.get(self.result) or ''}"


def created(body: Body) -> int | None:
    """When CallFire took it on; never changes."""
    return _milliseconds(body.get("created"))


def first_end(body: Body) -> int | None:
    """When its first attempt ended; later attempts do not move it. Without attempts, when it was created."""
    records = body.get("records")
    ends = [_milliseconds(record.get("finishTime")) for record in records or () if isinstance(record, Mapping)]
    return min((end for end in ends if end is not None), default=created(body))


def message_id(resource: str, number: object, outcome: str, event: str = "finished") -> str:
    """Derive the id of a message: the same for the same event, whichever trigger emits it and however often."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join((resource, event.lower(), str(number), outcome))))


def _milliseconds(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


TEXTS = Kind("InboundText", "finalTextResult", created)
# Calls take their time: in the order in which they began, each would come long after others that were shorter.
CALLS = Kind("InboundCall", "finalCallResult", first_end)
