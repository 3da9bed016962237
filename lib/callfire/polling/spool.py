"""The items of one run: put in order on disk once they are more than SQLite keeps in memory (about 2 MB).

CallFire's order is not known, and the oldest item may be on the last page. A temporary database takes the pages as they
come; it has no name in the file system and is gone with the run.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A text or call that is complete. `moment` is its place in time, `begun` when it began, both Unix milliseconds.

    From the spool, `begun` is that of the earliest among this one and all that come after it.
    """

    moment: int
    number: int
    outcome: str
    body: dict[str, Any]
    begun: int


Place = tuple[int, int]


class Spool:
    """Items by moment and id. Each counts once, in its newest form."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE item (number INTEGER PRIMARY KEY, moment INTEGER, begun INTEGER, outcome TEXT, fresh INTEGER,"
            " body TEXT);"
            "CREATE TABLE earliest (number INTEGER PRIMARY KEY, begun INTEGER);"
        )

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def put(self, items: list[Item]) -> None:
        """Take items in, in any order."""
        rows = [(item.number, item.moment, item.begun, item.outcome, json.dumps(item.body)) for item in items]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, 1, ?)", rows)
        self._database.execute("COMMIT")

    def settle(self) -> None:
        """Put them in order, once all are there."""
        self._database.execute("CREATE INDEX place ON item (moment, number)")

    def up_to(self, place: Place) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of the items up to a place."""
        yield from self._database.execute("SELECT number, outcome FROM item WHERE (moment, number) <= (?, ?)", place)

    def judge(self, place: Place, is_fresh: Callable[[int, str], bool]) -> None:
        """Decide for each item up to a place whether it is to be emitted; all after it are."""
        self._database.create_function("is_fresh", 2, is_fresh, deterministic=True)
        self._database.execute(
            "UPDATE item SET fresh = is_fresh(number, outcome) WHERE (moment, number) <= (?, ?)", place
        )

    def fresh(self) -> Iterator[Item]:
        """Yield what is to be emitted, oldest first."""
        self._database.execute(
            "INSERT INTO earliest"
            " SELECT number, MIN(begun) OVER (ORDER BY moment DESC, number DESC) FROM item WHERE fresh"
        )
        rows = self._database.execute(
            "SELECT moment, number, outcome, body, earliest.begun FROM item JOIN earliest USING (number)"
            " WHERE fresh ORDER BY moment, number"
        )
        for moment, number, outcome, body, begun in rows:
            yield Item(moment, number, outcome, json.loads(body), begun)

    def seen(self) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of what is not to be emitted."""
        yield from self._database.execute("SELECT number, outcome FROM item WHERE NOT fresh")

    def between(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of the items from one moment on and before the other."""
        yield from self._database.execute(
            "SELECT number, outcome FROM item WHERE moment >= ? AND moment < ?", (begin, end)
        )
