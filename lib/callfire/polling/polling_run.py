"""One run of a polling trigger: which of the listed items are new, and what is remembered of them.

Items have their place by (moment, id). Everything after the last position is new. An item before it, as far back as the
lookback window reaches, is new only if it is missing from the sketch of what was emitted: CallFire listed it late. Each
confirmed item moves the snapshot forward, so that a crash repeats no more than what was emitted since it was stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire.polling.item_kinds import ItemKind, UnreadableItemError, created, number_of
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.sketch import Sketch, digest_of
from lib.callfire.polling.spool import Spool, SpooledItem

# How long an item that is not complete holds the lookback window open.
PATIENCE = 24 * 3600 * 1000  # milliseconds


@dataclass(frozen=True)
class PollingRules:
    """What the form says. Times are Unix milliseconds, `lookback` is milliseconds, an `end` of None is no end."""

    lookback: int
    end: int | None = None
    by_outcome: bool = False


class PollingRun:
    """Take all pages, then emit `fresh()` and note each item when it is confirmed; `snapshot()` is valid any time.

    `now` must not be later than the time here and at CallFire. With `keeps_missing`, emitted items stay remembered if
    they are not listed: they are known from elsewhere, and may be listed later.

    doubtful    number of items that may have been emitted before
    unreadable  {id or place of an item: why it cannot be read}; these are not emitted
    """

    def __init__(
        self, kind: ItemKind, rules: PollingRules, before: PollingSnapshot, now: int, *, keeps_missing: bool = False
    ) -> None:
        self._kind = kind
        self._rules = rules
        self._before = before
        self._now = now
        self._keeps_missing = keeps_missing
        self._spool = Spool()
        self._seen = Sketch(len(before.seen))
        self._position = before.position
        self._floor = before.floor
        self._open_since: int | None = None
        self._emitted_to: int | None = None
        self._is_through = False
        self.doubtful = 0
        self.unreadable: dict[str, str] = {}

    def close(self) -> None:
        """Discard the items."""
        self._spool.close()

    def take(self, bodies: Iterable[Any]) -> None:
        """Take the items of a page, in any order."""
        items = []
        for place, body in enumerate(bodies):
            try:
                item = self._complete_item(body)
            except UnreadableItemError as error:
                self.unreadable[_name(body, place)] = str(error)
            else:
                items += [item] if item else []
        self._spool.put(items)

    def _complete_item(self, body: Any) -> SpooledItem | None:
        """Return the item if it is complete and due; an open one holds the window. Raises `UnreadableItemError`."""
        if not isinstance(body, Mapping):
            raise UnreadableItemError("it is no object")
        number, moment, begun = number_of(body), self._kind.moment(body), created(body)
        if moment is None:  # just before the last position, where it is compared with the sketch
            moment = max(self._before.floor, self._before.position[0] - 1)
        if not self._before.is_due(moment) or (self._rules.end is not None and moment > self._rules.end):
            return None
        if self._kind.is_complete(body):
            begun = min(moment, begun or moment)
            return SpooledItem(moment, number, self._kind.outcome(body), dict(body), begun)
        if moment >= self._now - PATIENCE:
            self._open_since = min(moment, self._open_since or moment)
        return None

    def fresh(self) -> Iterator[SpooledItem]:
        """Yield what is to be emitted, oldest first."""
        self._spool.sort()
        late = self._late_items()
        self._spool.judge(self._position, late)
        self.doubtful = late.doubtful
        for number, outcome in self._spool.seen():
            self._seen.add(self._digest(number, outcome))
        yield from self._spool.fresh()
        self._is_through = True

    def note(self, item: SpooledItem) -> None:
        """Note that an item is confirmed. Items must be noted in order."""
        self._seen.add(self._digest(item.number, item.outcome))
        self._position = max(self._position, (item.moment, item.number))
        # CallFire's interval may mean the begin: the items that are left must be found again by that, too.
        self._emitted_to = min(item.moment, item.begun)

    def snapshot(self) -> PollingSnapshot:
        """Return what is to be remembered as of now."""
        floor = max(self._floor, self._possible_floor())
        for number, outcome in self._spool.between(self._floor, floor):
            self._seen.remove(self._digest(number, outcome))
        self._floor = floor
        return PollingSnapshot(
            start=self._before.start,
            position=self._position,
            floor=floor,
            seen=self._seen.copy(),
            by_outcome=self._rules.by_outcome,
            ended=self._rules.end if self._is_over() else None,
        )

    def _possible_floor(self) -> int:
        """Return how far the floor may rise: not above an item that is still to be emitted, or may still come."""
        floor = min(self._position[0], self._now) - self._rules.lookback
        if self._open_since is not None:
            floor = min(floor, self._open_since)
        if not self._is_through:
            floor = min(floor, self._floor if self._emitted_to is None else self._emitted_to)
        return floor

    def _is_over(self) -> bool:
        end = self._rules.end
        if end is None or not self._is_through or self._open_since is not None:
            return False
        return self._now > end + self._rules.lookback

    def _late_items(self) -> "LateItems":
        """Compare the items up to the last position with what was emitted."""
        found = Sketch(len(self._before.seen))
        for number, outcome in self._spool.up_to(self._position):
            found.add(self._before.digest(number, outcome))
        late = LateItems(found, self._before)
        # Items that never appear must not fill the sketch.
        if self._keeps_missing and len(late.missing) <= len(found) // 4:
            for digest in late.missing:
                self._seen.add(digest)
        return late

    def _digest(self, number: int, outcome: str) -> int:
        return digest_of(number, outcome) if self._rules.by_outcome else digest_of(number)


class LateItems:
    """Tells new items from emitted ones, by what two sketches can name. There are three cases:

    1. Few items are new: the difference of the sketches names them.
    2. Many are new, few were emitted: the sketch of the emitted items names those.
    3. Many are new and many were emitted: an item that may be either counts as new. A repeat is better than a loss.

    missing   digests of emitted items that are not listed now
    doubtful  number of items of which it is unknown whether they are new
    """

    def __init__(self, found: Sketch, before: PollingSnapshot) -> None:
        self._before = before
        self._new, self.missing, self._rest = found.minus(before.seen).peel()
        self._all_new_are_named = not self._rest
        emitted, _, unnamed = before.seen.peel() if self._rest else (set[int](), None, None)
        self._emitted = None if unnamed else emitted
        self.doubtful = 0

    def is_new(self, number: int, outcome: str) -> bool:
        """Return whether an item up to the last position is to be emitted."""
        digest = self._before.digest(number, outcome)
        if self._all_new_are_named:
            return digest in self._new
        if self._emitted is not None:
            return digest not in self._emitted
        if digest in self._new:
            return True
        is_doubtful = self._rest.may_hold(digest)
        self.doubtful += is_doubtful
        return is_doubtful


def _name(body: Any, place: int) -> str:
    """Return how a log names an item: its id if it has one, else its place in the page."""
    number = body.get("id") if isinstance(body, Mapping) else None
    return f"item {place + 1} of a page" if number is None else f"id={ascii(number)[:40]}"
