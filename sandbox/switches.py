"""What nobody could check against the live service, as switches: each can be set either way, while it runs.

Two profiles name the ends: `kind` answers as a caller would wish, `harsh` as a caller must expect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any


def _switch(default: Any, harsh: Any, about: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"harsh": harsh, "about": about, "choices": choices})


@dataclass(frozen=True)
class Switches:
    """All switches; the defaults are the profile `kind`. Times are milliseconds, shares are between 0 and 1."""

    # In which order do find operations answer?
    order: str = _switch("newest", "shuffled", "order of texts and calls in a page", ("newest", "oldest", "shuffled"))
    # Which time is filtered by, and are the bounds inside?
    interval_field: str = _switch(
        "created",
        "modified",
        "the time that intervalBegin and intervalEnd of texts and calls mean",
        ("created", "modified", "finished"),
    )
    interval_bounds: str = _switch(
        "[]", "()", "whether the bounds of an interval are inside it", ("[]", "[)", "(]", "()")
    )
    # Are times exact to the millisecond?
    whole_seconds: bool = _switch(False, True, "times are cut to whole seconds")
    # Does one bad number spoil a whole request?
    bad_number: str = _switch(
        "invalid",
        "refuse",
        "one bad recipient without strictValidation: that one becomes INVALID, or the request is refused",
        ("invalid", "refuse"),
    )
    # Does a page know its place?
    total_count: str = _switch(
        "exact", "unknown", "totalCount of a page: exact, -1, or left out", ("exact", "unknown", "absent")
    )
    limit_and_offset: bool = _switch(True, False, "whether a page says its limit and offset")
    fields_strip_paging: bool = _switch(
        True, False, "`fields` leaves out limit, offset and totalCount unless it names them"
    )
    # How large may a page be?
    max_limit: int = _switch(1000, 100, "the largest `limit` of a page")
    over_limit: str = _switch(
        "clamp", "refuse", "a larger `limit` is cut to the largest, or refused", ("clamp", "refuse")
    )
    # How are too many requests refused?
    rate_limit: int = _switch(0, 50, "requests a second before they are refused; 0 is no limit")
    rate_status: int = _switch(429, 403, "the status of that refusal")
    rate_retry_after: bool = _switch(True, False, "whether that refusal has a Retry-After header")
    # How dependable are webhooks?
    webhook_retries: int = _switch(3, 0, "how often a delivery that was not answered with 2xx is repeated")
    webhook_retry_after: int = _switch(1000, 1000, "time before the first repeat; doubles each time")
    webhook_duplicates: float = _switch(0.0, 0.2, "share of deliveries that are made twice")
    webhook_reordered: float = _switch(0.0, 0.2, "share of deliveries that come later than the next ones")
    webhook_lost: float = _switch(0.0, 0.05, "share of deliveries that are never made")
    webhook_event_names: str = _switch(
        "finished", "FINISHED", "how events are written in deliveries", ("finished", "Finished", "FINISHED")
    )
    # When is a new text or call found, and does it change afterwards?
    visible_after: int = _switch(0, 2000, "time before a text or call appears in find operations")
    changes_again_after: int = _switch(
        0, 5000, "time after which a finished text or call is modified once more; 0 is never"
    )
    # How long does everything take?
    text_takes: int = _switch(100, 3000, "time between READY and FINISHED of a text")
    call_takes: int = _switch(300, 10_000, "time between READY and FINISHED of a call")
    list_takes: int = _switch(200, 10_000, "time a contact list or a batch spends in VALIDATING")
    order_takes: int = _switch(100, 5000, "time an order spends in PROCESSING")
    # Which shape do some answers have?
    empty_status: int = _switch(200, 204, "the status of an answer without a body")
    update_answers_id: bool = _switch(True, False, "updateTextBroadcast answers the id, or nothing")
    bare_number_lists: bool = _switch(False, True, "findNumbersLocal and findNumbersTollfree answer a bare array")

    def changed(self, values: Mapping[str, Any]) -> "Switches":
        """A copy with these set, from JSON or command line values; a ValueError names the switch that is wrong."""
        known = {entry.name: entry for entry in fields(self)}
        for name in values:
            if name not in known:
                raise ValueError(f"no switch {name!r}; there are {', '.join(sorted(known))}")
        return replace(self, **{name: _cast(known[name], value) for name, value in values.items()})


def _cast(entry: Any, value: Any) -> Any:
    kind, choices = type(entry.default), entry.metadata["choices"]
    wanted, read = _READERS[kind]
    try:
        result = read(value)
    except (KeyError, TypeError, ValueError):
        result = None
    if result is None or (choices and result not in choices):
        raise ValueError(f"switch {entry.name}: {value!r} is not {' or '.join(choices) or wanted}")
    return result


def _count(value: Any) -> int | None:
    number = int(value)
    return number if number >= 0 else None


def _share(value: Any) -> float | None:
    number = float(value)
    return number if 0 <= number <= 1 else None


_READERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bool: ("true or false", lambda value: {"true": True, "false": False}[str(value).lower()]),
    int: ("a number from 0", _count),
    float: ("between 0 and 1", _share),
    str: ("", str),
}


PROFILES: dict[str, Switches] = {
    "kind": Switches(),
    "harsh": Switches(**{entry.name: entry.metadata["harsh"] for entry in fields(Switches)}),
}
