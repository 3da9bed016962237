"""The trigger for results: sent texts that have reached a final state, with the outcome in one word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticio import Step

from lib.callfire import form
from lib.callfire.api.client import Client
from lib.callfire.api.errors import InvalidSettings
from lib.callfire.form import Config, FormField
from lib.callfire.polling.item_list import ItemList, ItemSource
from lib.callfire.polling.polling_form import DEFAULT_PATIENCE, LONGEST_PATIENCE
from lib.callfire.polling.polling_trigger import PollingTrigger, checked_filters
from lib.callfire.sending.send_channel import DELIVERED, FAILED, OPTED_OUT, RETRY_LATER, TEXTS

# States without an attempt, as CallFire's filter names them
REFUSED = "DNC,DUP,INVALID,TIMEOUT,PERIOD_LIMIT"
OUTCOMES = {
    DELIVERED: "Delivered",
    FAILED: "Failed",
    RETRY_LATER: "Failed temporarily (retry later)",
    OPTED_OUT: "Opted out (do-not-contact list)",
}


def result_fields(broadcasts: str, numbers: str) -> dict[str, FormField]:
    """Return the filter fields. `broadcasts` and `numbers` name the functions that list them for the form."""
    return {
        "fromNumber": form.account_select(
            "From Number",
            "Only texts sent from this number. Default: all numbers.",
            numbers,
            order=180,
            prompt="Default: all numbers",
        ),
        "campaignId": form.account_select(
            "Broadcast",
            "Only texts of this broadcast. Default: all texts.",
            broadcasts,
            order=170,
            prompt="Default: all texts",
        ),
        "label": form.text_field(
            "Label", "Only texts with this label. Default: all texts.", order=160, placeholder="support"
        ),
    }


def outcome_fields() -> dict[str, FormField]:
    """Return the fields for the outcomes to emit and for the time that an unfinished text is waited for."""
    return {
        "outcomes": form.multi_select(
            "Outcomes",
            "Only texts with these outcomes. Default: all outcomes.",
            OUTCOMES,
            order=150,
            prompt="Default: all outcomes",
        ),
        "patience": form.text_field(
            "Max Wait for Result (hours)",
            f"Maximum time from the creation of a text to its result, 1 to {LONGEST_PATIENCE}. Default: "
            f"{DEFAULT_PATIENCE}. Each run reads the texts since the oldest unfinished one.",
            order=24,
            placeholder=str(DEFAULT_PATIENCE),
        ),
        "readRefused": form.check_box(
            "Read All Refused Texts",
            "Also reads all texts that were refused without an attempt (e.g. invalid numbers) in each run, because "
            "CallFire's time filter may omit them. Default: No. Costs one request per page.",
            order=22,
        ),
    }


@dataclass(frozen=True)
class TextResultsTrigger(PollingTrigger):
    """A trigger for sent texts with a final state. The form's outcomes are compared here, not by CallFire.

    With a filter for results, CallFire would not list unfinished texts, and their later result could be missed.
    """

    def source(self, client: Client, config: Config, size: int) -> ItemSource:
        """Return the sent texts. Raises `InvalidSettings` for an invalid filter."""
        filters = checked_filters(self.operation, self.filters, config, inbound=self.kind.inbound)
        outcomes = _outcomes(config)
        refused = None
        if form.is_checked(config, "readRefused"):
            refused = ResultList(self, client, {**filters, "states": REFUSED}, size, outcomes)
        return ResultList(self, client, filters, size, outcomes, refused=refused)

    def body(self, step: Step, source: ItemSource, item: Mapping[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        """Return the text with its outcome."""
        return {"outcome": TEXTS.outcome(item), **super().body(step, source, item, files)}


class ResultList(ItemList):
    """The sent texts without finished ones that have another outcome than `outcomes`. Empty: all outcomes.

    `refused` lists texts without an end. If CallFire's intervals refer to the end, they contain no such text.
    """

    def __init__(
        self,
        trigger: PollingTrigger,
        client: Client,
        filters: Mapping[str, Any],
        size: int,
        outcomes: Sequence[str],
        *,
        refused: "ResultList | None" = None,
    ) -> None:
        super().__init__(trigger.operation, client, filters, size, trigger.kind.inbound)
        self._kind = trigger.kind
        self._outcomes = outcomes
        self._refused = refused

    def pages(self, begin: int | None, start: int) -> Iterator[list[Any]]:
        """Yield the texts of each page: those since `begin`, then all refused texts."""
        yield from super().pages(begin, start)
        if self._refused:
            yield from self._refused.pages(None, start)

    def _items(self, page: dict[str, Any]) -> list[Any]:
        listed = super()._items(page)
        if not self._outcomes:
            return listed
        return [item for item in listed if not isinstance(item, Mapping) or self._is_wanted(item)]

    def _is_wanted(self, item: Mapping[str, Any]) -> bool:
        return not self._kind.is_complete(item) or TEXTS.outcome(item) in self._outcomes


def _outcomes(config: Config) -> list[str]:
    """Read the form's outcomes. Raises `InvalidSettings` for an unknown one."""
    given = config.get("outcomes") or []
    chosen = [part.strip() for part in given.split(",")] if isinstance(given, str) else given
    if not isinstance(chosen, list) or any(str(outcome) not in OUTCOMES for outcome in chosen):
        raise InvalidSettings(f"outcomes: must be of {', '.join(OUTCOMES)}.")
    return [str(outcome) for outcome in chosen]
