"""The spool: the items of one run, sorted by time.

CallFire does not document the order of its lists, and the oldest item may be on the last page. A temporary SQLite
database stores the pages. The database uses about 2 MB of memory. The rest is in an unnamed file that exists only
during the run.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from lib.callfire.api.errors import CallFireError

Place = tuple[int, int]
"""(moment, id) of an item."""
_DISK_ERRORS = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


class SpoolError(CallFireError):
    """The temporary directory is full or not writable."""


class Judge(Protocol):
    """Decides which items are emitted."""

    def is_new(self, number: int, outcome: str) -> bool:
        """Return whether the item is emitted."""


@dataclass(frozen=True, slots=True)
class SpooledItem:
    """A complete text or call. `moment` is its position in time, `begun` its start, both in Unix milliseconds.

    In items from the spool, `begun` is the earliest start of this item and all items after it.
    """

    moment: int
    number: int
    outcome: str
    body: dict[str, Any]
    begun: int


class Spool:
    """Items sorted by moment and ID. Repeated items replace earlier ones. Raises `SpoolError` if the disk is full."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        with ExitStack() as stack, _disk():
            stack.callback(self.close)
            self._database.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                "CREATE TABLE item (number INTEGER PRIMARY KEY, moment INTEGER, begun INTEGER, outcome TEXT,"
                " fresh INTEGER, body TEXT);"
                "CREATE TABLE earliest (number INTEGER PRIMARY KEY, begun INTEGER);"
            )
            stack.pop_all()

    def close(self) -> None:
        """Delete all items."""
        self._database.close()

    def put(self, items: list[SpooledItem]) -> None:
        """Add items, in any order."""
        rows = [(item.number, item.moment, item.begun, item.outcome, json.dumps(item.body)) for item in items]
        with _disk():
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, 1, ?)", rows)
            self._database.execute("COMMIT")

    def sort(self) -> None:
        """Sort the items. Must be called after the last `put`."""
        self._write("CREATE INDEX place ON item (moment, number)")

    def up_to(self, place: Place) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of the items up to a place, inclusive."""
        yield from self._read("SELECT number, outcome FROM item WHERE (moment, number) <= (?, ?)", place)

    def judge(self, place: Place, judge: Judge) -> None:
        """Let the judge decide about each item up to a place. All items after the place are emitted."""
        self._database.create_function("is_new", 2, judge.is_new, deterministic=True)
        self._write("UPDATE item SET fresh = is_new(number, outcome) WHERE (moment, number) <= (?, ?)", place)

    def fresh(self) -> Iterator[SpooledItem]:
        """Yield the items to emit, oldest first."""
        self._write(
            "INSERT INTO earliest"
            " SELECT number, MIN(begun) OVER (ORDER BY moment DESC, number DESC) FROM item WHERE fresh"
        )
        rows = self._read(
            "SELECT moment, number, outcome, body, earliest.begun FROM item JOIN earliest USING (number)"
            " WHERE fresh ORDER BY moment, number"
        )
        for moment, number, outcome, body, begun in rows:
            yield SpooledItem(moment, number, outcome, json.loads(body), begun)

    def seen(self) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of the items that are not emitted."""
        yield from self._read("SELECT number, outcome FROM item WHERE NOT fresh")

    def between(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield (id, outcome) of the items with begin <= moment < end."""
        yield from self._read("SELECT number, outcome FROM item WHERE moment >= ? AND moment < ?", (begin, end))

    def count(self) -> int:
        """Return the number of items."""
        return next(int(count) for (count,) in self._read("SELECT COUNT(*) FROM item"))

    def _write(self, statement: str, values: Sequence[Any] = ()) -> None:
        with _disk():
            self._database.execute(statement, values)

    def _read(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        with _disk():
            # Not "yield from": that would close the cursor of an abandoned read, which a closed database refuses.
            for row in self._database.execute(statement, values):  # noqa: UP028
                yield row


@contextmanager
def _disk() -> Iterator[None]:
    """Raise `SpoolError` for disk errors of SQLite."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits contain details
        if code not in _DISK_ERRORS:
            raise
        raise SpoolError(
            f"The temporary directory is full or not writable ({error}). Free disk space, or set the environment "
            "variable SQLITE_TMPDIR to another directory. The next run starts again at the last snapshot."
        ) from error
