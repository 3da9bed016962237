"""A simulated CallFire without a network, a crashing platform, and a record of the emitted items."""

import copy
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.switches import Switches
from callfire_sandbox.world import calling, inbound, texting
from callfire_sandbox.world.actions import appear_later, change_again, end
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.dnc import add_dnc
from callfire_sandbox.world.seed import NUMBER, populate
from callfire_sandbox.world.state import World
from elasticio import Message, Rebound

from lib.callfire import clock
from lib.callfire.api.client import Client, Request
from lib.callfire.api.errors import Unavailable
from lib.callfire.files.downloads import DownloadOperation
from lib.callfire.polling import polling_trigger
from lib.callfire.polling.polling_trigger import PollingTrigger
from lib.callfire.webhooks import webhook_trigger

BEGIN = 1_700_000_000_123
SENDER = "12135550111"
SNAPSHOT_LIMIT = 5000
TRADES = {
    "texts": texting.TEXTS,
    "calls": calling.CALLS,
    "results": texting.TEXTS,
    "recordings": calling.CALLS,
    "optOuts": texting.TEXTS,
}
OUTBOUND = ("results",)
Record = dict[str, Any]


class CallFire(Client):
    """The sandbox's state, used through function calls. `before_request` may change it or raise an error."""

    def __init__(self, switches: Switches, *, skew: int = 0) -> None:
        self.clock = Clock(still_at=BEGIN)
        self.world = World(clock=self.clock, switches=replace(switches, ids="large"))
        self.sandbox = Sandbox(self.world)
        populate(self.world, "login", "password", "account", "password")
        self.requests = 0
        self.opted_out = 0
        self.skew = skew
        self.before_request: Callable[[], None] = lambda: None
        self.lists_nothing = False

    def call(self, request: Request, *, tries: int = 1) -> Any:
        """Send a request like the connector's client."""
        self.before_request()
        self.requests += 1
        headers = {"authorization": "Basic bG9naW46cGFzc3dvcmQ=", "content-type": "application/json"}
        body = request.body if isinstance(request.body, bytes) else b""
        answer = self.sandbox.handle(request.method, request.path, request.query, headers, body)
        assert 200 <= answer.status < 300, answer.body
        value = {"items": []} if self.lists_nothing else json.loads(answer.body or b"null")
        date = formatdate(self.clock.now() // 1000, usegmt=True)
        return SimpleNamespace(value=value, raw=SimpleNamespace(headers={"Date": date}))

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let the trigger use this CallFire and a clock that is wrong by `skew` milliseconds."""
        with pytest.MonkeyPatch.context() as patch:
            for module in (polling_trigger, webhook_trigger):
                patch.setattr(module, "client_for", lambda _config: self)
            patch.setattr(clock, "unix_ms", lambda: self.clock.now() + self.skew)
            yield

    def advance(self, milliseconds: int) -> None:
        """Advance the time."""
        self.clock.advance(milliseconds)
        self.world.tasks.run_due(self.world)

    def arrive(self, table: str, created: int | None = None, **more: Any) -> Record:
        """Create an inbound text or call, with the given or the current time; for results a sent text that ends now."""
        if table in OUTBOUND:
            record = self.begin(table, created)
            self.finish(table, record)
            return record
        if created is not None and self.world.switches.whole_seconds:
            created -= created % 1000
        if table == "recordings":
            return self._recorded(created)
        if table == "optOuts":
            return self._opted_out(created)
        return inbound.KINDS[table](self.world, {"fromNumber": SENDER, "toNumber": NUMBER, "created": created, **more})

    def _recorded(self, created: int | None) -> Record:
        """Receive a recorded call that ends at the given time. Returns the recording."""
        begun = None if created is None else created - 1000
        call = {"fromNumber": SENDER, "toNumber": NUMBER, "created": begun, "recordingSeconds": 1}
        inbound.KINDS["calls"](self.world, call)
        return list(self.world["recordings"])[-1]

    def _opted_out(self, created: int | None) -> Record:
        """Receive a text with an opt-out word, or add an entry to the DNC list. Returns {"id": what identifies it}."""
        self.opted_out += 1
        number = f"1213{5_550_000 + self.opted_out}"
        if self.opted_out % 3:
            text = {"fromNumber": number, "toNumber": NUMBER, "created": created, "message": "STOP"}
            return inbound.KINDS["texts"](self.world, text)
        entry = add_dnc(self.world, number, {"text": True, **({} if created is None else {"created": created})})
        return {**entry, "id": int(number)}

    def begin(self, table: str, created: int | None = None) -> Record:
        """Create an inbound text or call that has not ended; for results a sent text."""
        now = self.world.time() if created is None else self.world.shown_time(created)
        times = {"created": now, "modified": now}
        kind = TRADES[table]
        record = self.world[kind.table].add(
            {
                "fromNumber": SENDER,
                "toNumber": NUMBER,
                "state": "READY",
                "inbound": table not in OUTBOUND,
                "campaignId": 0,
                **times,
                "_": {"hidden": table in OUTBOUND and self.world.switches.visible_after > 0},
            }
        )
        if table in OUTBOUND:
            appear_later(self.world, kind, [record["id"]])
        return record

    def finish(self, table: str, record: Record) -> Record:
        """End an open item. Returns it, or the recording of a call."""
        recording = calling.record_call(self.world, record, 1) if table == "recordings" else None
        listed = recording and self.world.switches.recordings_in_calls
        end(
            self.world,
            TRADES[table],
            record,
            TRADES[table].default_result,
            more={"recordings": [recording]} if listed else {},
        )
        return recording or record

    def hide(self, table: str, numbers: Iterable[int], *, hidden: bool) -> None:
        """Leave texts or calls out of the lists, or show them again."""
        records = self.world[TRADES[table].table]
        for record in filter(None, map(records.get, numbers)):
            records.note(record, hidden=hidden)

    def change(self, table: str, record: Record, result: str) -> None:
        """Change the result of an item."""
        change_again(self.world, TRADES[table].table, record["id"], result)


class Crash(Exception):  # noqa: N818 (an event, not an error)
    """The process dies here."""


@dataclass
class Platform:
    """Stores the snapshot and the emitted items: [(ID, outcome)], and the allowed number of repetitions of each.

    crash_at  the event of a run (from 0) at which the process dies, before or after its confirm
    """

    trigger: PollingTrigger
    callfire: CallFire
    config: dict[str, Any]
    is_debug: bool = False
    crash_at: int | None = None
    after: bool = False
    snapshot: Any = None
    emitted: Counter[tuple[int, str]] = field(default_factory=Counter)
    excused: Counter[tuple[int, str]] = field(default_factory=Counter)
    last: list[tuple[int, int]] = field(default_factory=list)
    ids: dict[str, tuple[int, str]] = field(default_factory=dict)
    bodies: list[Any] = field(default_factory=list)
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("simulation"))
    largest: int = 0
    crashes: int = 0
    _events: int = 0
    _uncovered: list[tuple[int, str]] = field(default_factory=list)

    def poll(self, crash_at: int | None = None, *, after: bool = False) -> bool:
        """Run the trigger once. Returns whether the run has ended without a crash."""
        self.crash_at, self.after = crash_at, after
        self.last, self._uncovered, self._events = [], [], 0
        with self.callfire.answering():
            running = self.trigger.process(self, Message(), self.config, copy.deepcopy(self.snapshot))  # type: ignore[arg-type]
            try:
                for message in running:
                    self._event(partial(self._confirm, message))
            except Crash:
                self.excused.update(self._uncovered)
                self.crashes += 1
                return False
            except Rebound:
                assert not self.last
                return False
            finally:
                running.close()  # type: ignore[attr-defined]
        return True

    def emit(self, event: str, payload: Any) -> None:
        """Handle the snapshots that the trigger emits."""
        assert event == "snapshot"
        self._event(lambda: self._store(payload))

    def _event(self, carry_out: Callable[[], None]) -> None:
        dies = self._events == self.crash_at
        self._events += 1
        if dies and not self.after:
            raise Crash
        carry_out()
        if dies:
            raise Crash

    def _store(self, snapshot: Any) -> None:
        text = json.dumps(snapshot)
        self.snapshot = json.loads(text)
        self._uncovered = []
        self.largest = max(self.largest, len(text))
        assert self.largest < SNAPSHOT_LIMIT

    def _confirm(self, message: Message) -> None:
        items = message.body["items"] if set(message.body) == {"items"} else [message.body]
        self.bodies = [*self.bodies[-9:], message.body]
        for item in items:
            assert self.trigger.kind.inbound in (None, item.get("inbound"))
            key = self._key(item)
            self.emitted[key] += 1
            self._uncovered.append(key)
            moment = self.trigger.kind.moment(item)
            place = (moment or 0, key[0])
            if moment is not None and "id" in item:
                assert not self.last or self.last[-1] < place, "not oldest first"
            self.last.append(place)
        if len(items) == 1 and items[0] is message.body:
            key = self._key(items[0])
            assert message.id
            assert self.ids.setdefault(message.id, key) == key

    def _key(self, item: Record) -> tuple[int, str]:
        """Return ID and outcome of an emitted item. Opt-outs have the ID of the text, or the number."""
        number = item.get("id") or item.get("textId") or int(item["number"])
        return (int(number), self.trigger.kind.outcome(item))


class StoredFiles(DownloadOperation):
    """Stores no file."""

    def stored(self, step: Any, client: Any, values: Any) -> tuple[Record, Record]:
        """Return a URL without a request."""
        return {"attachmentUrl": f"stored:{values['id']}"}, {}


def unavailable() -> None:
    """Raise the error of a request to an unavailable CallFire."""
    raise Unavailable("GET: no answer in time.")
