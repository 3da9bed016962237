"""The ledger: what this process knows about its messages. May a send of a message have been carried out already?

A message says little about itself when it is delivered again:

- Redelivered: a process received it and did not finish. That process may have sent until this moment.
- Rebounded: a process asked for a later delivery. Another copy may exist, since a process can die between publishing
  the rebound and acknowledging the message.

So whatever this process has not seen itself counts as "possibly sent until now". The ledger knows better in one case:
this process rebounded the message, and it returned directly. Then the ledger still has what was sent, what is unknown
and what certainly was not sent. The count of rebounds alone does not prove that. If the connection was lost before the
rebound was published, another container received the message and may have rebounded it in its turn. The time at which
the message was published shows it. A message that another container rebounded while this process was running was last
tried before that rebound.

Forgetting an entry is safe: it costs a search in CallFire. The ledger keeps the last `SIZE` messages.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from elasticio import Incoming, Rebound

from lib.callfire import clock
from lib.callfire.sending.recipients import Recipient, SentItem

SIZE = 20_000
CLOCK_SKEW = 5.0  # seconds by which the clocks of two containers may differ
# Maximum milliseconds from the end of the work on a message until the rebound is published. A container that receives
# the message in between searches for what was sent, and sends nothing before the settle time is over: it is slower.
REBOUND_DELAY = 1_000
PROCESS_STARTED = clock.unix_ms()


@dataclass
class LedgerEntry:
    """One message. Moments are of the monotonic clock, unless they are Unix milliseconds.

    sent_until       until then, any recipient may have been sent to; None: certainly none was
    started_at       this process began to work on the message
    released_at      this process last finished with it (Unix milliseconds)
    not_sent_before  nothing was sent before (Unix milliseconds); None if that is unknown
    rebounds         number of rebounds when it was last delivered
    in_progress      a thread works on it
    attempts         {key: until when this recipient may have been sent to, None if it certainly was not}; overrides
                     `sent_until`
    answers          {key: what CallFire answered}, until the message is finished: these are never sent again
    contents         {mapped key: hash of the content that was, or may have been, sent under it}
    """

    sent_until: float | None = None
    started_at: float = 0.0
    released_at: int = 0
    not_sent_before: int | None = None
    rebounds: int = 0
    in_progress: bool = False
    attempts: dict[str, float | None] = field(default_factory=dict)
    answers: dict[str, SentItem] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)

    def possibly_sent_until(self, recipient: Recipient) -> float | None:
        """Return until when this recipient may have been sent to; None if it certainly was not."""
        return self.attempts.get(recipient.key, self.sent_until)

    def note_attempt(self, recipients: Iterable[Recipient]) -> None:
        """Note that these are being sent to, or may have been."""
        moment = clock.monotonic()
        for recipient in recipients:
            self.attempts[recipient.key] = moment
            if recipient.mapped_at:
                self.contents[recipient.key] = hash(recipient.content)

    def note_not_sent(self, recipients: Iterable[Recipient]) -> None:
        """Note that these certainly were not sent to."""
        for recipient in recipients:
            self.attempts[recipient.key] = None
            self.contents.pop(recipient.key, None)

    def note_others(self, moment: float) -> None:
        """Note that another process may have sent to any recipient until then, and this process perhaps later."""
        self.sent_until = max(moment, self.sent_until or 0.0, *(own or 0.0 for own in self.attempts.values()))
        self.attempts.clear()

    def is_reused(self, recipient: Recipient) -> bool:
        """Return whether something else was, or may have been, sent under this recipient's mapped key."""
        known = self.contents.get(recipient.key)
        return known is not None and known != hash(recipient.content)

    def finish(self) -> None:
        """Note that the message is finished. A duplicate of it that is delivered later has to search."""
        self.attempts.clear()
        self.answers.clear()
        self.sent_until = clock.monotonic()


class MessageLedger:
    """The messages that this process worked on, by their keys. Shared by all threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._entries: OrderedDict[str, LedgerEntry] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def working_on(self, key: str, incoming: Incoming, *, idempotency: bool) -> Iterator[LedgerEntry]:
        """Work on a message; yields what is known about it. Raises `Rebound` while a duplicate is in progress.

        Without idempotency, nothing is known about any message.
        """
        if not idempotency:
            yield LedgerEntry(started_at=clock.monotonic())
            return
        entry = self._start(key, incoming)
        try:
            yield entry
        finally:
            with self._lock:
                entry.in_progress = False
                entry.released_at = clock.unix_ms()

    def drop(self, key: str) -> None:
        """Forget one message."""
        with self._lock:
            self._entries.pop(key, None)

    def forget(self) -> None:
        """Forget everything, as after a restart."""
        with self._lock:
            self._entries.clear()

    def _start(self, key: str, incoming: Incoming) -> LedgerEntry:
        with self._lock:
            known = self._entries.get(key)
            if known and known.in_progress:
                raise Rebound("A duplicate delivery of this message is being processed; retrying later.")
            entry = known or LedgerEntry()
            if _others_may_have_sent(incoming, known):
                entry.note_others(_last_attempt_of_others(incoming))
            if not known:
                entry.not_sent_before = incoming.started if entry.sent_until is not None else clock.unix_ms()
            entry.rebounds, entry.started_at, entry.in_progress = incoming.rebounds, clock.monotonic(), True
            self._entries[key] = entry
            self._entries.move_to_end(key)
            self._shrink()
        return entry

    def _shrink(self) -> None:
        """Forget the oldest messages that are not in progress."""
        excess = len(self._entries) - self._size
        if excess > 0:
            finished = (key for key, entry in self._entries.items() if not entry.in_progress)
            for key in [key for key, _ in zip(finished, range(excess), strict=False)]:
                del self._entries[key]


MESSAGES = MessageLedger()


def _others_may_have_sent(incoming: Incoming, known: LedgerEntry | None) -> bool:
    """Return whether a process or copy of which this process knows nothing may have sent the message."""
    if incoming.redelivered:
        return True
    if incoming.rebounds == 0:
        return False
    if known is None or incoming.published is None:
        return True
    # The same count as before, a larger one, or another time: another process had the message in between.
    is_next = incoming.rebounds == known.rebounds + 1
    return not (is_next and abs(incoming.published - known.released_at) <= REBOUND_DELAY)


def _last_attempt_of_others(incoming: Incoming) -> float:
    """Return the moment after which no other process can have tried to send the message."""
    if incoming.redelivered or incoming.published is None or incoming.published <= PROCESS_STARTED:
        return clock.monotonic()
    return clock.monotonic() - max(0.0, (clock.unix_ms() - incoming.published) / 1000 - CLOCK_SKEW)
