"""The state of one sandbox: clock, switches, tables and pending tasks."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from callfire_sandbox.errors import NotFoundError
from callfire_sandbox.switches import Switches
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.ids import Ids
from callfire_sandbox.world.query import Record
from callfire_sandbox.world.scheduler import Scheduler
from callfire_sandbox.world.table import Table, public

SHORT_CODE = "67076"
SHORT_CODES = (SHORT_CODE, "818818")
"""CallFire's own short codes."""

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
    "contacts": {"indexes": ("homePhone", "numbers", "lists")},
    "plain_numbers": {"indexes": ("number",)},
    "contact_lists": {"indexes": ("name",)},
    "dncs": {"indexes": ("number", "source")},
    "removed_dncs": {"indexes": ("number",)},
    "universal_dncs": {"indexes": ("toNumber",)},
    "number_leases": {"indexes": ("number",)},
    "number_configs": {"indexes": ("number",)},
    "keyword_leases": {"indexes": ("keyword",)},
    "keyword_configs": {"indexes": ("keyword",)},
    "orders": {},
    "media": {"indexes": ("key",)},
    "sounds": {"indexes": ("hash",)},
    "webhooks": {"indexes": ("resource",)},
    "deliveries": {},
    "outcomes": {"indexes": ("number",)},
    "tasks": {},
}
"""Every table with its indexed fields."""


@dataclass
class EventFeed:
    """Live events for listeners such as the web page."""

    listeners: list[Callable[[str, Record], None]] = field(default_factory=list)

    def tell(self, kind: str, record: Record) -> None:
        """Pass a changed record to every listener."""
        for listener in list(self.listeners):
            listener(kind, public(record))


class World:
    """All state of one account. `world["texts"]` is the table of texts.

    `account_number` is 0 for the first account of a sandbox, 1 for the second.
    """

    def __init__(
        self, *, seed: int = 0, clock: Clock | None = None, switches: Switches | None = None, account_number: int = 0
    ) -> None:
        self.account_number = account_number
        self.clock = clock or Clock()
        self._switches = switches or Switches()
        self.seed = seed
        self.feed = EventFeed()
        self.base_url = "http://127.0.0.1/v2"
        self.clear()

    @property
    def switches(self) -> Switches:
        """The switches. Assign others to change the behavior."""
        return self._switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._switches = switches
        self.ids.set_size(switches.ids)

    def clear(self) -> None:
        """Remove all state except the clock and the switches."""
        self.random = random.Random(self.seed)  # noqa: S311 - reproducible on purpose
        self.ids = Ids(self.switches.ids, self.account_number)
        self.files: dict[int, bytes] = {}
        self.new_files: set[int] = set()
        self.outbox: deque[int] = deque()
        self.touched: set[tuple[str, int]] = set()
        self.tables = {name: Table(name, self.ids.next, self.touched, **searched) for name, searched in TABLES.items()}
        self.tasks = Scheduler(self.clock, self["tasks"])

    def replace_by(self, other: "World") -> None:
        """Take over the state of another world, except its clock and its switches."""
        self.random, self.ids, self.tasks = other.random, other.ids, other.tasks
        self.files, self.new_files, self.outbox = other.files, other.new_files, other.outbox
        self.touched, self.tables = other.touched, other.tables

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    def new_id(self) -> int:
        """Return the next id. Ids are unique over all tables."""
        return self.ids.next()

    def keep_file(self, number: int, data: bytes) -> None:
        """Store the content of a media file, a sound or a recording under its id."""
        self.files[number] = data
        self.new_files.add(number)

    def time(self) -> int:
        """Return the time as responses show it: cut to whole seconds if the `whole_seconds` switch is on."""
        return self.shown_time(self.clock.now())

    def shown_time(self, time: int) -> int:
        """Return a time as responses show it."""
        return time - time % 1000 if self.switches.whole_seconds else time

    def need(self, table: str, number: int, what: str) -> Record:
        """Return the record with that id. Raises NotFoundError; `what` names the resource in its message."""
        record = self[table].get(number)
        if record is None:
            raise NotFoundError(f"There is no {what} with id {number}.")
        return record

    @property
    def account(self) -> Record:
        """The account."""
        return next(iter(self["accounts"]))

    def chance(self, share: float) -> bool:
        """Return True in that share of all cases. The same seed gives the same sequence."""
        return share > 0 and self.random.random() < share

    def later(self, delay: int, handler: Callable[..., None], **arguments: Any) -> None:
        """Schedule a task; `delay` is in milliseconds."""
        self.tasks.later(delay, handler, **arguments)
