"""Getting each recipient sent once: look where it may be out already, send where it certainly is not.

    in doubt ──look──> found ────────────────────────────> sent
        │                └ not found, settle time over ──> not out
        └ not found, settle time not over: wait and look again, within the limit; then `Undecided`
    not out ──request──> answered ───────────────────────> sent
                ├ refused (400 for several: in halves) ──> failed, or left to the caller
                └ no answer that tells ──────────────────> in doubt

A recipient goes out only from "not out". What is in doubt costs waiting, never a second text.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elasticio import Rebound

from lib.callfire.api.errors import CallFireError, OutcomeUnknown, Rejected, Temporary
from lib.callfire.operation.error_policy import ERROR
from lib.callfire.sending import keys, ledger
from lib.callfire.sending.ledger import Entry
from lib.callfire.sending.options import Options
from lib.callfire.sending.rows import Row

sleep = time.sleep
ROUNDS = 3
FIRST_PAUSE = 1.0
# What is refused as a whole (no text, no such broadcast) must not cost two requests for each of a thousand recipients.
MOST_REFUSALS = 60
Items = list[Mapping[str, Any]]


class Undecided(OutcomeUnknown):
    """It is not known yet whether all was sent; looking again later will tell."""


@dataclass
class Delivery:
    """The work on one message's recipients.

    post   sends these rows in one request and returns CallFire's items
    look   returns {key: item} of those that are there; raises `Undecided` where what is there does not tell yet
    check  marks rows that must not be sent
    """

    entry: Entry
    options: Options
    strict: bool
    post: Callable[[list[Row]], Items]
    look: Callable[[list[Row]], Mapping[str, Mapping[str, Any]]]
    check: Callable[[list[Row]], None]
    refusals: int = 0

    def run(self, rows: list[Row]) -> None:
        """Bring every row to an end. Raises `Undecided`, or what stopped all of it before anything was sent."""
        for row in rows:
            if row.is_open and row.key in self.entry.items:
                row.sent(self.entry.items[row.key])
        looked = not self.options.look_always
        for _ in range(ROUNDS):
            self._resolve(_open(rows), anyway=not looked)
            looked = True
            self.check(_open(rows))
            self._send_all(rows)
            if not _open(rows):
                return
        raise Undecided("CallFire has repeatedly left open what became of the request.")

    def _resolve(self, rows: list[Row], *, anyway: bool) -> None:
        """Look for the rows in doubt until each is found or certainly not out."""
        pending = [row for row in rows if anyway or self.entry.doubt(row.key) is not None]
        deadline, pause = ledger.now() + self.options.waiting, FIRST_PAUSE
        while pending:
            asked, why = ledger.now(), None
            try:
                found = self.look(pending)
            except Undecided as error:
                found, why = {}, error
            for row in pending:
                if row.key in found:
                    self._sent(row, found[row.key])
                elif why is None and self._is_over(row, asked):
                    self._absent(row)
            pending = [row for row in _open(pending) if self.entry.doubt(row.key) is not None]
            if not pending:
                return
            left = deadline - ledger.now()
            if left <= 0:
                absent = f"{len(pending)} of the recipients are not in CallFire's lists, but may still appear."
                raise why or Undecided(absent)
            ready = min(self.entry.doubt(row.key) or 0.0 for row in pending) + self.options.settle - ledger.now()
            sleep(max(0.01, min(pause, left, ready if why is None else pause)))
            pause *= 2

    def _is_over(self, row: Row, asked: float) -> bool:
        doubt = self.entry.doubt(row.key)
        return doubt is None or asked >= doubt + self.options.settle

    def _absent(self, row: Row) -> None:
        if self.options.fails_when_absent and self.entry.doubt(row.key) is not None:
            row.unknown(OutcomeUnknown(f"It is not in CallFire's lists, but may have been sent. {row.check}"))
        else:
            self.entry.not_out([row.key])

    def _send_all(self, rows: list[Row]) -> None:
        waiting = _open(rows)
        for start in range(0, len(waiting), self.options.batch):
            self._hand_back_if_late()
            try:
                known = self._send(waiting[start : start + self.options.batch])
            except (Rejected, Temporary) as error:
                self._stopped(rows, error)
                return
            if not known:
                return

    def _hand_back_if_late(self) -> None:
        """Begin no send long after the message was taken.

        When the connection to the broker was lost meanwhile, another container may have the message. It looks until
        the settle time is over, and has to see by then what is sent here.
        """
        if self.options.idempotency and ledger.now() - self.entry.taken > self.options.settle / 4:
            raise Rebound("the message takes long; the rest of it is sent when it comes again")

    def _send(self, rows: list[Row]) -> bool:
        """Send rows in one request. False where its outcome is not known; the rows stay open then, and in doubt."""
        names = [row.key for row in rows]
        self.entry.may_be_out(names)  # before the first byte is written
        try:
            items = self.post(rows)
        except OutcomeUnknown as error:
            self.entry.may_be_out(names)
            if self.options.idempotency:
                return False
            for row in rows:
                row.unknown(error)
            return True
        except Rejected as error:
            self.entry.not_out(names)
            if error.status != 400 or self.strict:
                raise
            return self._narrowed(rows, error)
        except CallFireError:
            self.entry.not_out(names)  # these say that nothing was sent; any other exception leaves the doubt
            raise
        for row, item in assigned(rows, items):
            self._sent(row, item)
        for row in _open(rows):
            row.unknown(OutcomeUnknown(f"CallFire's answer does not name this recipient. {row.check}"))
        return True

    def _narrowed(self, rows: list[Row], error: Rejected) -> bool:
        """CallFire refused a request that may be bad in one recipient only: find it by halves, while that is cheap."""
        self.refusals += 1
        if len(rows) == 1 or self.refusals > MOST_REFUSALS:
            for row in rows:
                row.failed(error)
            return True
        half = len(rows) // 2
        return self._send(rows[:half]) and self._send(rows[half:])

    def _sent(self, row: Row, item: Mapping[str, Any]) -> None:
        row.sent(item)
        self.entry.items[row.key] = item

    def _stopped(self, rows: list[Row], error: Rejected | Temporary) -> None:
        """Nothing more can be sent now. What was sent before must not be lost with an error."""
        later = isinstance(error, Temporary)
        if not any(row.is_sent for row in rows) or (later and self.options.error_policy != ERROR):
            raise error
        for row in _open(rows):
            row.failed(error, retryable=later)


def assigned(rows: list[Row], items: Items) -> Iterator[tuple[Row, Mapping[str, Any]]]:
    """Pair rows with CallFire's items: by the key that they carry, else by their place."""
    by_key = {key: item for item in items if (key := keys.read(item)) is not None}
    if by_key:
        yield from ((row, by_key[row.key]) for row in rows if row.key in by_key)
    elif len(items) == len(rows):
        yield from zip(rows, items, strict=True)
    elif not items:
        yield from ((row, {}) for row in rows)  # a success that says nothing more, e.g. because of `fields`


def _open(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.is_open]
