"""Switches: behavior of CallFire that is not documented or not verified, each with a value for both cases.

Switches can be set while the sandbox runs. The profile `kind` is the friendliest behavior, `harsh` the least friendly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any


def _switch(default: Any, harsh: Any, about: str, choices: tuple[str, ...] = (), within: range = range(10**12)) -> Any:
    return field(default=default, metadata={"harsh": harsh, "about": about, "choices": choices, "within": within})


@dataclass(frozen=True)
class Switches:
    """All switches. The defaults are the profile `kind`. Times are in milliseconds, shares between 0 and 1."""

    ids: str = _switch("small", "large", "size of new ids: 13 digits, or 19 digits", ("small", "large"))
    order: str = _switch("newest", "shuffled", "order of texts and calls in a page", ("newest", "oldest", "shuffled"))
    interval_field: str = _switch(
        "created",
        "modified",
        "time that intervalBegin and intervalEnd of texts and calls refer to",
        ("created", "modified", "finished"),
    )
    interval_bounds: str = _switch("[]", "()", "whether an interval includes its bounds", ("[]", "[)", "(]", "()"))
    whole_seconds: bool = _switch(False, True, "times are whole seconds")
    bad_number: str = _switch(
        "invalid",
        "refuse",
        "effect of one invalid number without strictValidation: that text or call is INVALID, or the request fails",
        ("invalid", "refuse"),
    )
    total_count: str = _switch(
        "exact", "unknown", "totalCount of a page: exact, -1 or absent", ("exact", "unknown", "absent")
    )
    limit_and_offset: bool = _switch(True, False, "whether a page contains limit and offset")
    fields_strip_paging: bool = _switch(
        True, False, "whether `fields` removes limit, offset and totalCount unless it names them"
    )
    max_limit: int = _switch(1000, 100, "maximum `limit` of a page")
    over_limit: str = _switch(
        "clamp", "refuse", "effect of a larger `limit`: reduced to the maximum, or an error", ("clamp", "refuse")
    )
    rate_limit: int = _switch(0, 50, "maximum requests per second; 0 is no limit")
    rate_status: int = _switch(429, 403, "status of a response above the rate limit", within=range(400, 512))
    rate_retry_after: bool = _switch(True, False, "whether that response has a Retry-After header")
    webhook_retries: int = _switch(3, 0, "repetitions of a webhook delivery that is not answered with 2xx")
    webhook_retry_after: int = _switch(1000, 1000, "time before the first repetition; doubles each time")
    webhook_duplicates: float = _switch(0.0, 0.2, "share of webhook deliveries that are sent twice")
    webhook_reordered: float = _switch(0.0, 0.2, "share of webhook deliveries that arrive after later ones")
    webhook_lost: float = _switch(0.0, 0.05, "share of webhook deliveries that are never sent")
    webhook_event_names: str = _switch(
        "Finished", "FINISHED", "case of event names in webhook deliveries", ("finished", "Finished", "FINISHED")
    )
    visible_after: int = _switch(0, 2000, "time before find operations show a text or call")
    contact_visible_after: int = _switch(0, 2000, "time before find operations show a created contact")
    changes_again_after: int = _switch(
        0, 5000, "time after which a finished text or call is modified again; 0 is never"
    )
    receipt_after: int = _switch(
        100, 10_000, "time between the end of a text and the webhook with its delivery report; 0 is never"
    )
    text_takes: int = _switch(100, 3000, "time between READY and FINISHED of a text")
    call_takes: int = _switch(300, 10_000, "time between READY and FINISHED of a call")
    recording_takes: int = _switch(0, 5000, "time that a recording is in state RECORDING after its call")
    recordings_in_calls: bool = _switch(
        True, False, "whether the records of a call contain its recordings; otherwise only getCallRecordings lists them"
    )
    list_takes: int = _switch(200, 10_000, "time that a contact list or batch is VALIDATING")
    order_takes: int = _switch(100, 5000, "time that an order is PROCESSING")
    empty_status: int = _switch(200, 204, "status of a response without a body", within=range(200, 207))
    update_answers_id: bool = _switch(False, True, "whether updateTextBroadcast returns the id")
    bare_number_lists: bool = _switch(True, False, "whether findNumbersLocal and findNumbersTollfree return an array")

    call_result_name: str = _switch(
        "both", "callResult", "name of the result in a call record", ("both", "result", "callResult")
    )
    contact_for_number: bool = _switch(True, False, "whether a plain number has a contact in texts and calls")
    list_items_at_once: bool = _switch(True, False, "whether a new list contains its contacts before its validation")
    schedule_starts: bool = _switch(
        True, False, "whether a broadcast with a schedule starts at its time; otherwise it must also be started"
    )
    update_running: bool = _switch(True, False, "whether a running broadcast can be updated")
    deleted_dnc: str = _switch(
        "flags",
        "not_found",
        "response for a number that was deleted from the do-not-contact list: all flags false, or 404",
        ("flags", "not_found"),
    )

    def changed(self, values: Mapping[str, Any]) -> "Switches":
        """Return a copy with these values, from JSON or text. Raises ValueError for a wrong name or value."""
        known = {entry.name: entry for entry in fields(self)}
        for name in values:
            if name not in known:
                raise ValueError(f"{name}: there is no switch {name!r}. Allowed: {', '.join(sorted(known))}.")
        return replace(self, **{name: _cast(known[name], value) for name, value in values.items()})


def _cast(entry: Any, value: Any) -> Any:
    kind, choices = type(entry.default), entry.metadata["choices"]
    wanted, read = _READERS[kind]
    try:
        result = read(value)
    except (KeyError, TypeError, ValueError, OverflowError):
        result = None
    within = entry.metadata["within"]
    if kind is int and result is not None and not within.start <= result < within.stop:
        raise ValueError(f"{entry.name}: {value!r} is not a number from {within.start} to {within.stop - 1}.")
    if result is None or (choices and result not in choices):
        raise ValueError(f"{entry.name}: {value!r} is not {' or '.join(choices) or wanted}.")
    return result


def _share(value: Any) -> float | None:
    number = float(value)
    return number if 0 <= number <= 1 else None


_READERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bool: ("true or false", lambda value: {"true": True, "false": False}[str(value).lower()]),
    int: ("a number", int),
    float: ("between 0 and 1", _share),
    str: ("", str),
}


PROFILES: dict[str, Switches] = {
    "kind": Switches(),
    "harsh": Switches(**{entry.name: entry.metadata["harsh"] for entry in fields(Switches)}),
}
