"""The trigger for opt-outs: inbound texts with an opt-out word, and new entries of the account's DNC list.

CallFire adds the sender of an opt-out word to the DNC list. Such an entry is not a second opt-out: an entry is left out
if an emitted text of the same number is at most `PAIRING` older. The texts that decide this are read again in each run
that may emit the entry, so a run never decides differently from the one before.

CallFire has no filter by time for the DNC list and documents no order. Each run reads the whole list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticio import Step

from lib.callfire import clock, form, phone_numbers
from lib.callfire.api.client import Client
from lib.callfire.form import Config, FormField
from lib.callfire.operation.operation import Operation
from lib.callfire.polling.item_kinds import ItemKind, UnreadableItemError, created
from lib.callfire.polling.item_list import ItemList, ItemSource
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.polling_trigger import PollingTrigger
from lib.callfire.polling.sketch import CHECK_BITS, digest_of
from lib.callfire.sending.opt_out import is_opt_out

TEXT, DNC_LIST = "text", "dncList"
BOTH = "both"
WAITING = "READY"
PAIRING = 10 * 60 * 1000  # milliseconds between an opt-out word and its entry
SKEW = 60_000  # milliseconds by which an entry may be older than its text
# CallFire may list a text later than its entry. A younger entry waits for the next run.
DELAY = 60_000  # milliseconds
# A number that is removed from the list and added again is another opt-out, with another time.
OPT_OUTS = ItemKind(
    "OptOut",
    "created",
    created,
    "opt-out",
    sample="Send STOP to one of your numbers, or add a number to the DNC list",
    inbound=None,
    open=(WAITING,),
)
_FLAGS = ("call", "text", "inboundCall", "inboundText")
# Entries have no ID. They have a hash of number and time instead, which also hides the number in logs. It has 62 bits
# below the first one: 44 of the number, and 18 of the time.
_ENTRIES = 1 << 62
_TIME = 18  # bits
SOURCES: FormField = form.select(
    "Sources",
    "Opt-out texts: inbound texts such as STOP. DNC list: new entries of any source; each run reads the whole list.",
    {BOTH: "Opt-out texts and DNC list", TEXT: "Opt-out texts", DNC_LIST: "DNC list (Do Not Contact)"},
    order=180,
)


@dataclass(frozen=True)
class OptOutsTrigger(PollingTrigger):
    """A trigger for opt-outs. `operation` lists texts, `entries` the numbers of the DNC list."""

    entries: Operation = field(kw_only=True)

    def source(self, client: Client, config: Config, size: int) -> ItemSource:
        """Return the opt-outs of the sources that the form selects. Raises `InvalidSettings`."""
        sources = form.choice(config, "sources", BOTH, (BOTH, TEXT, DNC_LIST))
        texts = None if sources == DNC_LIST else ItemList(self.operation, client, {"inbound": True}, size, inbound=True)
        entries = None if sources == TEXT else ItemList(self.entries, client, {}, size, inbound=None)
        return OptOutList(client, texts, entries)

    def body(self, step: Step, source: ItemSource, item: Mapping[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        """Return the opt-out without its internal ID."""
        return {name: value for name, value in super().body(step, source, item, files).items() if name != "id"}


class OptOutList:
    """An `ItemSource` with the opt-outs of inbound texts and of the DNC list; None: not of this source."""

    def __init__(self, client: Client, texts: ItemList | None, entries: ItemList | None) -> None:
        self.client = client
        self._texts = texts
        self._entries = entries

    @property
    def server_time(self) -> int | None:
        """CallFire's time (Unix milliseconds) from the first response that contains it."""
        return next((one.server_time for one in (self._texts, self._entries) if one and one.server_time), None)

    def pages(self, begin: int, start: int) -> Iterator[list[Any]]:
        """Yield the opt-outs of each page: first those of texts, then those of the DNC list."""
        spoken = OptOutTexts(start)
        if self._texts:
            for page in self._texts.pages(begin - PAIRING, start):
                yield spoken.read(page)
        if self._entries:
            for page in self._entries.pages(None, start):
                listed = [opt_out for opt_out in map(_of_entry, page) if opt_out and not spoken.explains(opt_out)]
                yield list(map(self._waiting, listed)) if self._texts else listed

    def _waiting(self, entry: Any) -> Any:
        """Return an entry, as unfinished if its text may not be listed yet."""
        now = clock.unix_ms()
        moment = _moment(entry)
        is_young = moment is not None and moment > min(now, self.server_time or now) - DELAY
        return {**entry, "state": WAITING} if is_young else entry

    def page(self, limit: int, begin: int | None) -> list[Any]:
        """Return samples: opt-outs of a page of texts, then of a page of the DNC list."""
        texts = self._texts.page(100, begin) if self._texts else []
        found = [opt_out for opt_out in map(_of_text, texts) if opt_out]
        if len(found) < limit and self._entries:
            found += [opt_out for opt_out in map(_of_entry, self._entries.page(limit, None)) if opt_out]
        return found[:limit]


class OptOutTexts:
    """The opt-out texts of a run. `start` is the time from which texts are emitted (Unix milliseconds)."""

    def __init__(self, start: int) -> None:
        self._first = PollingSnapshot.new(start)
        self._times: dict[str, list[int]] = {}

    def read(self, texts: list[Any]) -> list[Any]:
        """Return the opt-outs of a page of texts. Unreadable texts are returned unchanged, for the run's warning."""
        found = [opt_out for opt_out in map(_of_text, texts) if opt_out]
        for opt_out in found:
            moment = _moment(opt_out)
            if moment is not None and self._first.is_due(moment):
                self._times.setdefault(opt_out["number"], []).append(moment)
        return found

    def explains(self, entry: Any) -> bool:
        """Return whether an entry of the DNC list belongs to one of these texts."""
        moment = _moment(entry)
        times = self._times.get(entry["number"], ()) if moment is not None else ()
        return moment is not None and any(moment - PAIRING <= time <= moment + SKEW for time in times)


def _moment(opt_out: Any) -> int | None:
    """Return the time of an opt-out; None if it is unreadable."""
    try:
        return created(opt_out) if isinstance(opt_out, Mapping) else None
    except UnreadableItemError:
        return None


def _of_text(text: Any) -> Any:
    """Return the opt-out of a text; None if it is not one. Unreadable items are returned unchanged."""
    if not isinstance(text, Mapping):
        return text
    if not is_opt_out(str(text.get("message") or "")):
        return None
    return {
        "id": text.get("id"),
        "number": phone_numbers.comparable(str(text.get("fromNumber") or "")),
        "source": TEXT,
        "created": text.get("created"),
        "message": text.get("message"),
        "toNumber": text.get("toNumber"),
        "textId": text.get("id"),
    }


def _of_entry(entry: Any) -> Any:
    """Return the opt-out of an entry; None if it blocks nothing. Unreadable items are returned unchanged."""
    if not isinstance(entry, Mapping):
        return entry
    flags = [entry[name] for name in _FLAGS if entry.get(name) is not None]
    if flags and not any(flags):  # a removed number
        return None
    number = phone_numbers.comparable(str(entry.get("number") or ""))
    shown = {name: entry[name] for name in (*_FLAGS, "campaignId") if entry.get(name) is not None}
    return {
        "id": _id_of_entry(number, entry.get("created")) if number else None,
        "number": number,
        "source": DNC_LIST,
        "created": entry.get("created"),
        **shown,
        **({"dncSource": entry["source"]} if entry.get("source") else {}),
    }


def _id_of_entry(number: str, time: Any) -> int:
    """Return the ID of an entry. A number that is removed and added again has another ID."""
    times = digest_of(time) >> CHECK_BITS & ((1 << _TIME) - 1)
    return _ENTRIES | digest_of(number) >> CHECK_BITS << _TIME | times
