"""One run of a polling trigger: it finds the new items and computes the next snapshot.

Items are ordered by (moment, id). All items after the last position are new. An item within the lookback window before
that position is new if it is missing from the sketch of emitted items: CallFire listed it late. Each confirmed item
advances the snapshot. After a crash, only items since the last stored snapshot are repeated.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire.polling.item_kinds import ItemKind, UnreadableItemError, created, number_of
from lib.callfire.polling.polling_snapshot import PollingSnapshot
from lib.callfire.polling.sketch import Sketch, digest_of
from lib.callfire.polling.spool import Spool, SpooledItem

PATIENCE = 24 * 3600 * 1000  # milliseconds


@dataclass(frozen=True)
class PollingRules:
    """The rules of the form. `end` is in Unix milliseconds, None: no end. The other times are in milliseconds.

    patience  maximum time for which an incomplete item extends the lookback window
    """

    lookback: int
    end: int | None = None
    by_outcome: bool = False
    patience: int = PATIENCE


class PollingRun:
    """Collects all pages, then yields the new items in order.

    The caller calls `take` for each page, emits the items of `fresh`, and calls `note` for each confirmed item.
    `snapshot` is valid at any time. `now` must not be later than the time of this machine and of CallFire. With
    `keeps_missing`, emitted items that are not listed remain in the sketch in any case: CallFire delivered them in
    another way and may list them later.

    doubtful    number of items that may have been emitted before
    unreadable  {ID or place of an item: reason}; these items are not emitted
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
        self._lists_nothing = True
        self._kept: set[int] = set()
        self.doubtful = 0
        self.unreadable: dict[str, str] = {}

    def close(self) -> None:
        """Delete the collected items."""
        self._spool.close()

    def take(self, bodies: Iterable[Any]) -> None:
        """Add the items of a page, in any order."""
        items = []
        for place, body in enumerate(bodies):
            self._lists_nothing = False
            try:
                item = self._complete_item(body)
            except UnreadableItemError as error:
                self.unreadable[_name(body, place)] = str(error)
            else:
                items += [item] if item else []
        self._spool.put(items)

    def _complete_item(self, body: Any) -> SpooledItem | None:
        """Return the item if it is complete and due. An incomplete item extends the window.

        Raises `UnreadableItemError` for an item without a valid ID or time.
        """
        if not isinstance(body, Mapping):
            raise UnreadableItemError("not an object")
        number, moment, begun = number_of(body), self._kind.moment(body), created(body)
        if moment is None:  # just before the last position, so that the item is compared with the sketch
            moment = max(self._before.floor, self._before.position[0] - 1)
        if not self._before.is_due(moment) or (self._rules.end is not None and moment > self._rules.end):
            return None
        if self._kind.is_complete(body):
            begun = min(moment, begun or moment)
            return SpooledItem(moment, number, self._kind.outcome(body), dict(body), begun)
        if moment >= self._now - self._rules.patience:
            self._open_since = min(moment, self._open_since or moment)
        return None

    def fresh(self) -> Iterator[SpooledItem]:
        """Yield the items to emit, oldest first."""
        self._spool.sort()
        late = self._late_items()
        self._spool.judge(self._position, late)
        self.doubtful = late.doubtful
        for number, outcome in self._spool.seen():
            self._seen.add(self._digest(number, outcome))
        yield from self._spool.fresh()
        self._is_through = True

    def note(self, item: SpooledItem) -> None:
        """Record that an item is confirmed. Items must be recorded in order."""
        digest = self._digest(item.number, item.outcome)
        if digest not in self._kept:
            self._seen.add(digest)
        self._position = max(self._position, (item.moment, item.number))
        # CallFire's interval may refer to the start of an item. The next run must also find the remaining items then.
        self._emitted_to = min(item.moment, item.begun)

    def snapshot(self) -> PollingSnapshot:
        """Return the snapshot after the confirmed items."""
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
        """Return the maximum of the floor: not above an item that is not emitted yet or may be listed late.

        An empty list may be a failure of CallFire. It proves nothing about unfinished items.
        """
        if self._lists_nothing:
            return self._floor
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
        """Compare the items up to the last position with the sketch of emitted items."""
        found = Sketch(len(self._before.seen))
        for number, outcome in self._spool.up_to(self._position):
            found.add(self._before.digest(number, outcome))
        late = LateItems(found, self._before)
        self._keep_missing(late, found)
        return late

    def _keep_missing(self, late: "LateItems", found: Sketch) -> None:
        """Keep emitted items that are not listed now in the sketch. CallFire may list them again in the next run."""
        if self._rules.by_outcome != self._before.by_outcome:  # the form has changed, and the digests with it
            return
        if not found:  # no item of the window: a failure of CallFire, or another filter
            self._seen, self._kept = self._before.seen.copy(), late.missing
            return
        # With `by_outcome`, an outcome that has changed is missing, too. It may return.
        may_keep = self._keeps_missing or not self._rules.by_outcome
        # Items that CallFire never lists must not fill the sketch.
        if may_keep and len(late.missing) <= len(found) // 4:
            self._kept = late.missing
            for digest in self._kept:
                self._seen.add(digest)

    def _digest(self, number: int, outcome: str) -> int:
        return digest_of(number, outcome) if self._rules.by_outcome else digest_of(number)


class LateItems:
    """Decides which listed items are new, by comparing two sketches. There are three cases:

    1. Few items are new: the difference of the sketches names the new items.
    2. Many items are new, and few were emitted: the sketch of the emitted items names the emitted items.
    3. Many items are new, and many were emitted: an item that may be either counts as new. A repeat is better than a
       loss.

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
        """Return whether an item up to the last position counts as new."""
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
    """Return the name of an item in logs: its ID, or its place in the page if it has none."""
    number = body.get("id") if isinstance(body, Mapping) else None
    return f"item {place + 1} of a page" if number is None else f"id={ascii(number)[:40]}"
