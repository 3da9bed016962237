"""The form of a polling trigger: fields and values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire import form
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.api.paging import DEFAULT_PAGE_SIZE, PAGE_SIZE, page_size
from lib.callfire.api.timeout import TIMEOUT
from lib.callfire.form import Config, FormField
from lib.callfire.operation.emit_behavior import INDIVIDUALLY, PAGES
from lib.callfire.operation.error_policy import ERROR_POLICY
from lib.callfire.polling.polling_run import PATIENCE, PollingRules

LONGEST_LOOKBACK = 7 * 24 * 3600  # seconds
HOUR = 3600 * 1000  # milliseconds
DEFAULT_PATIENCE, LONGEST_PATIENCE = PATIENCE // HOUR, 7 * 24  # hours


def polling_fields(
    things: str, filters: Mapping[str, FormField], *, lookback: int, changes: bool = True
) -> dict[str, FormField]:
    """Return the form of a trigger for `things`, e.g. "texts". `lookback` is the default in seconds.

    `changes`: the items have a result that can change.
    """
    return {
        **_times(),
        **filters,
        **_output(),
        **_lookback(things, lookback),
        **(_changes(things) if changes else {}),
        "errorPolicy": ERROR_POLICY,
        "timeout": TIMEOUT,
    }


def _times() -> dict[str, FormField]:
    return {
        "startTime": form.text_field(
            "Start Time",
            "Earliest time to poll from (ISO 8601 or Unix milliseconds). Default: the first run. Ignored once the step "
            "has a snapshot.",
            order=200,
            placeholder="2024-05-31T09:00:00Z",
        ),
        "endTime": form.text_field(
            "End Time",
            "Latest time of an item (ISO 8601 or Unix milliseconds). Default: no end.",
            order=190,
            placeholder="2024-06-30T18:00:00Z",
        ),
    }


def _output() -> dict[str, FormField]:
    return {
        "emitBehavior": form.select(
            "Emit Behavior",
            "Emit page: each message has a list of items, oldest first. Default: Emit individually.",
            {INDIVIDUALLY: "Emit individually", PAGES: "Emit page"},
            order=90,
        ),
        "pageSize": PAGE_SIZE | {"note": f"Number of items per request and per page. Default: {DEFAULT_PAGE_SIZE}."},
        "singlePagePerInterval": form.check_box(
            "Single Page per Interval",
            "Emits at most one page per run. The other items wait for the next run. Default: No.",
            order=35,
        ),
    }


def _lookback(things: str, lookback: int) -> dict[str, FormField]:
    return {
        "lookback": form.text_field(
            "Lookback Window (seconds)",
            f"Time before the newest item in which {things} are read again, to find items that CallFire lists late. "
            f"Default: {lookback}. A longer window costs more requests.",
            order=25,
            placeholder=str(lookback),
        ),
    }


def _changes(things: str) -> dict[str, FormField]:
    return {
        "emitChanges": form.check_box(
            "Emit Changes",
            f"Emits {things} again if their state or result changes within the lookback window. Default: No.",
            order=80,
        ),
    }


def filter_fields(things: str, results: Mapping[str, str], broadcasts: Callable[[Config], Any]) -> dict[str, FormField]:
    """Return the filter fields, which have the names of the operation's inputs. `results` are {code: label}."""
    return {
        "toNumber": form.account_select(
            "To Number",
            f"Only {things} to this number. Default: all numbers.",
            "leased_numbers",
            order=180,
            prompt="Default: all numbers",
        ),
        "campaignId": form.account_select(
            "Broadcast",
            f"Only {things} of this broadcast. Default: all {things}.",
            broadcasts.__name__,
            order=170,
            prompt=f"Default: all {things}",
        ),
        "label": form.text_field(
            "Label", f"Only {things} with this label. Default: all {things}.", order=160, placeholder="support"
        ),
        "results": form.multi_select(
            "Results",
            f"Only {things} with these final results. Default: all results.",
            results,
            order=150,
            prompt="Default: all results",
        ),
    }


@dataclass(frozen=True)
class PollingOptions:
    """The values of the form. Times are in Unix milliseconds. `start` is None for the time of the first run."""

    rules: PollingRules
    start: int | None
    page_size: int
    by_page: bool
    single_page: bool

    @classmethod
    def read(cls, config: Config, lookback: int) -> "PollingOptions":
        """Read the form. Raises `InvalidSettings`, which names the invalid field."""
        start, end = form.unix_ms(config, "startTime"), form.unix_ms(config, "endTime")
        if start is not None and end is not None and end < start:
            raise InvalidSettings("endTime: is before startTime. Enter a later time.")
        seconds = form.whole(config, "lookback", lookback, 0, LONGEST_LOOKBACK)
        return cls(
            rules=PollingRules(
                seconds * 1000,
                end,
                form.is_checked(config, "emitChanges"),
                form.whole(config, "patience", DEFAULT_PATIENCE, 1, LONGEST_PATIENCE) * HOUR,
            ),
            start=start,
            page_size=page_size(config),
            by_page=form.choice(config, "emitBehavior", INDIVIDUALLY, (INDIVIDUALLY, PAGES)) == PAGES,
            single_page=form.is_checked(config, "singlePagePerInterval"),
        )
