"""The form of a polling trigger: how its fields look, and how they are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.callfire import form
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.api.paging import DEFAULT_PAGE_SIZE, PAGE_SIZE, page_size
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.form import FormField
from lib.callfire.operation.emit_behavior import EMIT_BEHAVIOR, INDIVIDUALLY, PAGES
from lib.callfire.operation.error_policy import ERROR_POLICY
from lib.callfire.polling.run import Rules

LONGEST_LOOKBACK = 7 * 24 * 3600  # seconds
_MOMENT = "ISO 8601, e.g. 2024-05-31T09:00:00Z (UTC without a zone), or Unix milliseconds."


def form_fields(things: str, filters: Mapping[str, FormField], *, lookback: int) -> dict[str, FormField]:
    """Make the form of a trigger for `things` ("texts") with its filters; `lookback` is the default in seconds."""
    return {
        "startTime": _text(
            "Start time",
            200,
            "2024-05-31T09:00:00Z",
            f"Only {things} from this moment on: {_MOMENT} If empty: from "
            "when the flow is switched on. Once the flow has run, it goes on from where it was, whatever stands here.",
        ),
        "endTime": _text("End time", 190, "2024-06-30T18:00:00Z", f"Only {things} up to this moment: {_MOMENT}"),
        **filters,
        "emitBehavior": EMIT_BEHAVIOR
        | {
            "model": {INDIVIDUALLY: "One message per item", PAGES: "One message per page"},
            "prompt": "One message per item",
            "note": "A page is a message with the list items, oldest first.",
        },
        "pageSize": PAGE_SIZE
        | {"note": f"Items asked for with each request, and in one page; {DEFAULT_PAGE_SIZE} if empty."},
        "singlePagePerInterval": _check_box(
            "One page each time", 70, "Emit at most one page of items each time the flow is started; the rest waits."
        ),
        "lookback": _text(
            "Look back (seconds)",
            60,
            str(lookback),
            f"How far behind the newest item to look again for {things} that "
            f"CallFire lists late, {lookback} if empty. What comes later than this is missed; the longer, the more "
            "requests each run makes.",
        ),
        "emitChanges": _check_box(
            "Emit changes", 50, f"Emit {things} again when their state or result changes within the look-back time."
        ),
        "errorPolicy": ERROR_POLICY,
        "timeout": TIMEOUT,
    }


def filters(
    things: str, results: Sequence[str], broadcasts: Callable[[Mapping[str, Any]], Any]
) -> dict[str, FormField]:
    """Make the fields that narrow down what is emitted; they have the names of the operation's inputs."""
    return {
        "toNumber": form.account_select(
            "To number", f"Only {things} to this number of yours; to all of them if empty.", "leased_numbers", order=180
        ),
        "campaignId": form.account_select(
            "Broadcast", f"Only {things} that belong to this broadcast.", broadcasts.__name__, order=170
        ),
        "label": _text("Label", 160, "", f"Only {things} with this label."),
        "results": {
            "viewClass": "MultiSelectView",
            "label": "Results",
            "required": False,
            "order": 150,
            "model": {result: result for result in results},
            "note": f"Only {things} that ended like this; all of them if empty.",
        },
    }


@dataclass(frozen=True)
class Choices:
    """What the form says. Times are Unix milliseconds; `start` is None for "from now on"."""

    rules: Rules
    start: int | None
    size: int
    by_page: bool
    single_page: bool

    @classmethod
    def read(cls, config: Mapping[str, Any], lookback: int) -> "Choices":
        """Read the form; `InvalidSettings` names the field that is wrong."""
        start, end = form.unix_ms(config, "startTime"), form.unix_ms(config, "endTime")
        if start is not None and end is not None and end < start:
            raise InvalidSettings("endTime: it is before startTime")
        seconds = form.whole(config, "lookback", lookback, 0, LONGEST_LOOKBACK)
        behavior = form.choice(config, "emitBehavior", INDIVIDUALLY, (INDIVIDUALLY, PAGES))
        return cls(
            rules=Rules(seconds * 1000, end, form.is_checked(config, "emitChanges")),
            start=start,
            size=page_size(config),
            by_page=behavior == PAGES,
            single_page=form.is_checked(config, "singlePagePerInterval"),
        )


def _text(label: str, order: int, placeholder: str, note: str) -> FormField:
    return {
        "viewClass": "TextFieldView",
        "label": label,
        "required": False,
        "order": order,
        "placeholder": placeholder,
        "note": note,
    }


def _check_box(label: str, order: int, note: str) -> FormField:
    return {"viewClass": "CheckBoxView", "label": label, "required": False, "order": order, "note": note}
