"""One run of a polling trigger: which of the items that were found are new, and what is remembered.

Items have their place by (moment, id). What comes after the last position is new. What lies before it, as far back as
the lookback reaches, is new only if it is missing from the sketch of what was emitted: it came late. Each confirmed
item moves the memory on, so that a crash repeats no more than what was emitted since it was last written down.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire.api.errors import CallFireError
from lib.callfire.polling.kinds import Kind, created
from lib.callfire.polling.memory import Memory
from lib.callfire.polling.sketch import Sketch, digest_of
from lib.callfire.polling.spool import Item, Spool

# How long the window stays open for an item that does not come to its end.
PATIENCE = 24 * 3600 * 1000


@dataclass(frozen=True)
class Rules:
    """What the form says. Times are Unix milliseconds, `lookback` milliseconds; `end` is None for no end."""

    lookback: int
    end: int | None = None
    by_outcome: bool = False


class Run:
    """Take all pages, then emit `fresh()` and note each item once it is confirmed; `memory()` can be kept any time.

    `now` must not be later than it is, neither here nor at CallFire. With `keeps_missing`, what was emitted stays
    remembered although it was not found this time: it is known from elsewhere, and may be listed later.
    """

    def __init__(self, kind: Kind, rules: Rules, memory: Memory, now: int, *, keeps_missing: bool = False) -> None:
        self._kind = kind
        self._rules = rules
        self._before = memory
        self._now = now
        self._keeps_missing = keeps_missing
        self._spool = Spool()
        self._seen = Sketch(len(memory.seen))
        self._position = memory.position
        self._floor = memory.floor
        self._open_since: int | None = None
        self._emitted_to: int | None = None
        self._is_through = False
        self.doubtful = 0

    def close(self) -> None:
        """Let go of the items."""
        self._spool.close()

    def take(self, bodies: Iterable[Mapping[str, Any]]) -> None:
        """Take a page's items, whatever the order."""
        items = []
        for body in bodies:
            moment = self._kind.moment(body)
            if moment is None:  # just before the last position, where it is looked for in the sketch
                moment = max(self._before.floor, self._before.position[0] - 1)
            if not self._before.is_due(moment) or (self._rules.end is not None and moment > self._rules.end):
                continue
            if self._kind.is_complete(body):
                begun = min(moment, created(body) or moment)
                items.append(Item(moment, _number(body), self._kind.outcome(body), dict(body), begun))
            elif moment >= self._now - PATIENCE:
                self._open_since = min(moment, self._open_since or moment)
        self._spool.put(items)

    def fresh(self) -> Iterator[Item]:
        """Yield what is to be emitted, oldest first."""
        self._spool.settle()
        is_fresh = self._compare()
        self._spool.judge(self._position, lambda number, outcome: is_fresh(self._before.digest(number, outcome)))
        for number, outcome in self._spool.seen():
            self._seen.add(self._digest(number, outcome))
        yield from self._spool.fresh()
        self._is_through = True

    def note(self, item: Item) -> None:
        """Take note that an item is confirmed. They must come in order."""
        self._seen.add(self._digest(item.number, item.outcome))
        self._position = max(self._position, (item.moment, item.number))
        # CallFire's interval may go by the beginning: what is left must be found again by that, too.
        self._emitted_to = min(item.moment, item.begun)

    def memory(self) -> Memory:
        """What is to be remembered as of now."""
        floor = max(self._floor, self._possible_floor())
        for number, outcome in self._spool.between(self._floor, floor):
            self._seen.remove(self._digest(number, outcome))
        self._floor = floor
        return Memory(
            start=self._before.start,
            position=self._position,
            floor=floor,
            seen=self._seen.copy(),
            by_outcome=self._rules.by_outcome,
            ended=self._rules.end if self._is_over() else None,
        )

    def _possible_floor(self) -> int:
        """How far the floor may rise: not above anything that is still to be emitted, or may still come."""
        floor = min(self._position[0], self._now) - self._rules.lookback
        if self._open_since is not None:
            floor = min(floor, self._open_since)
        if not self._is_through:
            floor = min(floor, self._floor if self._emitted_to is None else self._emitted_to)
        return floor

    def _is_over(self) -> bool:
        end = self._rules.end
        return (
            end is not None and self._is_through and self._open_since is None and self._now > end + self._rules.lookback
        )

    def _compare(self) -> Callable[[int], bool]:
        """Tell old from new among the items up to the last position; `doubtful` counts what may be either."""
        before = self._before
        found = Sketch(len(before.seen))
        for number, outcome in self._spool.up_to(self._position):
            found.add(before.digest(number, outcome))
        added, removed, rest = found.minus(before.seen).peel()
        # What never turns up must not fill the sketch.
        if self._keeps_missing and len(removed) <= len(found) // 4:
            for digest in removed:
                self._seen.add(digest)
        if not rest:
            return added.__contains__
        # Too much is new to be named. If little is old, that can be named instead.
        emitted, _, remainder = before.seen.peel()
        if not remainder:
            return lambda digest: digest not in emitted
        return self._doubting(added, rest)

    def _doubting(self, added: set[int], rest: Sketch) -> Callable[[int], bool]:
        """Rather emit an item twice than never."""

        def is_fresh(digest: int) -> bool:
            if digest in added:
                return True
            doubtful = rest.may_hold(digest)
            self.doubtful += doubtful
            return doubtful

        return is_fresh

    def _digest(self, number: int, outcome: str) -> int:
        return digest_of(number, outcome) if self._rules.by_outcome else digest_of(number)


def _number(body: Mapping[str, Any]) -> int:
    try:
        return int(body["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise CallFireError("CallFire listed an item without an id: it cannot be told from others.") from error
