"""Rebounds: publish the same message again with a delay that doubles each time."""

from collections.abc import Mapping
from typing import Any

from elasticio.wire.publication import LONGEST_EXPIRATION, Publication
from elasticio.wire.text import printable

_FIRST_DELIVERY = frozenset(("CC", "BCC"))  # the broker has executed these headers already
_OF_CONNECTION = frozenset(("user_id", "cluster_id"))  # the broker refuses the user ID of another connection


def delay(iteration: int, initial: int) -> int:
    """Return the delay before the redelivery, in milliseconds; `iteration` is 1 for the first rebound."""
    return min(initial << min(iteration - 1, 32), LONGEST_EXPIRATION)


def rebound(
    body: bytes,
    headers: Mapping[Any, Any],
    properties: Mapping[str, Any],
    *,
    routing_key: str,
    reason: str,
    iteration: int,
    initial_delay: int,
    now: int,
) -> Publication:
    """Return the publication that replaces a delivery: its content, headers and properties, and an expiration.

    initial_delay  the delay of the first rebound, in milliseconds
    now            the time, in Unix milliseconds
    """
    kept = {_text(name): value for name, value in headers.items() if name not in _FIRST_DELIVERY}
    return Publication(
        routing_key,
        body,
        {**kept, "end": now, "reboundReason": printable(reason), "reboundIteration": iteration},
        {
            **{name: _text(value) for name, value in properties.items() if name not in _OF_CONNECTION},
            "expiration": str(delay(iteration, initial_delay)),
        },
        mandatory=False,
    )


def _text(value: Any) -> Any:
    """Return a short string that is not UTF-8, given as bytes, as text of at most 255 bytes."""
    return value.decode(errors="replace")[:85] if isinstance(value, bytes) else value
