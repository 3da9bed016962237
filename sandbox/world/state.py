"""The world of one sandbox: its clock, switches, tables and what is yet to happen. Nothing here knows HTTP."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import NotFound
from sandbox.switches import Switches
from sandbox.world.clock import Clock
from sandbox.world.query import Record
from sandbox.world.store import FIRST_ID, Table, ids, public
from sandbox.world.tasks import Scheduler

SHORT_CODE = "67076"

TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {},
    "credentials": {"indexes": ("username",)},
    "caller_ids": {"indexes": ("phoneNumber",)},
    "texts": {
        "indexes": ("campaignId", "batchId", "fromNumber", "toNumber", "labels", "queue"),
        "times": ("created", "modified", "finished"),
    },
    "calls": {
        "indexes": ("campaignId", "batchId", "fromNumber", "toNumber", "labels", "queue"),
        "times": ("created", "modified", "finished"),
    },
    "recordings": {"indexes": ("callId",)},
    "text_broadcasts": {},
    "call_broadcasts": {},
    "batches": {"indexes": ("broadcastId",)},
    "auto_replies": {"indexes": ("number",)},
    "contacts": {"indexes": ("homePhone", "workPhone", "mobilePhone", "extraPhone1", "lists")},
    "contact_lists": {"indexes": ("name",)},
    "dncs": {"indexes": ("number", "source")},
    "universal_dncs": {"indexes": ("toNumber",)},
    "number_leases": {"indexes": ("number",)},
    "number_configs": {"indexes": ("number",)},
    "keyword_leases": {"indexes": ("keyword",)},
    "keyword_configs": {"indexes": ("keyword",)},
    "orders": {},
    "media": {"indexes": ("key",)},
    "sounds": {},
    "webhooks": {"indexes": ("resource",)},
    "deliveries": {},
    "outcomes": {"indexes": ("number",)},
    "tasks": {},
}
"""Every table with what it is searched by."""


@dataclass
class Feed:
    """What happens, told to whoever listens: the web page, and the deliveries of webhooks."""

    listeners: list[Callable[[str, Record], None]] = field(default_factory=list)

    def tell(self, kind: str, record: Record) -> None:
        """Tell every listener of something that happened to a record."""
        for listener in list(self.listeners):
            listener(kind, public(record))


class World:
    """All state of a sandbox. `world["texts"]` is the table of texts."""

    def __init__(self, *, seed: int = 0, clock: Clock | None = None, switches: Switches | None = None) -> None:
        self.clock = clock or Clock()
        self.switches = switches or Switches()
        self.seed = seed
        self.feed = Feed()
        self.base_url = "http://127.0.0.1/v2"
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.random = random.Random(self.seed)  # noqa: S311 - reproducible on purpose
        self.last_id = FIRST_ID
        self._ids = ids()
        self.files: dict[int, bytes] = {}
        self.new_files: set[int] = set()
        self.outbox: deque[int] = deque()
        self.touched: set[tuple[str, int]] = set()
        self.tables = {name: Table(name, self.new_id, self.touched, **searched) for name, searched in TABLES.items()}
        self.tasks = Scheduler(self.clock, self["tasks"])

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    def new_id(self) -> int:
        """The next id; no two things ever have the same."""
        self.last_id = next(self._ids)
        return self.last_id

    def continue_after(self, number: int) -> None:
        """Give no id up to this one again."""
        self.last_id = number
        self._ids = ids(number + 7)

    def keep_file(self, number: int, data: bytes) -> None:
        """Keep the content of a media, a sound or a recording under its id."""
        self.files[number] = data
        self.new_files.add(number)

    def time(self) -> int:
        """The time as answers show it: cut to the second where the switch says so."""
        now = self.clock.now()
        return now - now % 1000 if self.switches.whole_seconds else now

    def need(self, table: str, number: int, what: str) -> Record:
        """The record with that id. Raises NotFound."""
        record = self[table].get(number)
        if record is None:
            raise NotFound(f"no {what} with id {number}")
        return record

    @property
    def account(self) -> Record:
        """The one account."""
        return next(iter(self["accounts"]))

    def chance(self, share: float) -> bool:
        """True in that share of all cases, the same ones for the same seed."""
        return share > 0 and self.random.random() < share

    def later(self, delay: int, handler: Callable[..., None], **arguments: Any) -> None:
        """Carry out a task that many milliseconds from now."""
        self.tasks.later(delay, handler, **arguments)
