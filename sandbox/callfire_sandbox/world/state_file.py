"""The state in a SQLite file: every change is in the file before the request that made it is answered.

A killed process loses nothing that it answered. A power failure of the machine may lose the last moments: commits
reach the disk with the next checkpoint, because waiting for the disk in each request would be too slow.
"""

import json
import sqlite3
from contextlib import ExitStack
from pathlib import Path

from callfire_sandbox.switches import Switches
from callfire_sandbox.world.state import World
from callfire_sandbox.world.state_dump import facts, restore

_SETTINGS = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (kind TEXT, id INTEGER, data TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facts (one INTEGER PRIMARY KEY CHECK (one = 1), data TEXT NOT NULL);
"""


class StateFile:
    """A state file. One process uses it, and one thread at a time.

    Creating it raises ValueError if the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
            with ExitStack() as stack:
                stack.callback(self._connection.close)
                self._connection.executescript(_SETTINGS + _SCHEMA)
                stack.pop_all()
        except sqlite3.Error as error:
            raise ValueError(f"{path} cannot be used as a state file: {error}") from error
        self._written: tuple[int, int, Switches] | None = None

    def load(self, world: World) -> bool:
        """Load the state of the file into a world. Return False if the file is new."""
        known = self._connection.execute("SELECT data FROM facts").fetchone()
        if known is None:
            return False
        rows = self._connection.execute("SELECT kind, data FROM records ORDER BY id")
        files = dict(self._connection.execute("SELECT id, data FROM files"))
        restore(world, json.loads(known[0]), ((kind, json.loads(data)) for kind, data in rows), files)
        world.touched.clear()
        world.new_files.clear()
        return True

    def save(self, world: World) -> None:
        """Write all changes in one transaction."""
        current = (world.ids.last, world.clock.offset, world.switches)
        if not world.touched and not world.new_files and current == self._written:
            return
        self._written = current
        kept, gone = [], []
        for kind, number in world.touched:
            record = world[kind].get(number)
            if record is None:
                gone.append((kind, number))
            else:
                kept.append((kind, number, json.dumps(record)))
        execute, many = self._connection.execute, self._connection.executemany
        execute("BEGIN")
        many("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", kept)
        many("DELETE FROM records WHERE kind = ? AND id = ?", gone)
        many("INSERT OR REPLACE INTO files VALUES (?, ?)", [(key, world.files[key]) for key in world.new_files])
        execute("INSERT OR REPLACE INTO facts VALUES (1, ?)", (json.dumps(facts(world)),))
        execute("COMMIT")

    def replace(self, world: World) -> None:
        """Replace the content of the file with this state."""
        self._connection.executescript("DELETE FROM records; DELETE FROM files; DELETE FROM facts;")
        world.touched.update((table.name, record["id"]) for table in world for record in table)
        world.new_files.update(world.files)
        self.save(world)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
