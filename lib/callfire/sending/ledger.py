"""The ledger: the sends of this process per message, and whether another process may have sent the message before.

A redelivered or rebounded message contains little information about earlier attempts:

- Redelivered: a process received the message and did not settle it. That process may have sent until this moment.
- Rebounded: a process requested a later delivery. Another copy may exist, because a process can die after it published
  the rebound and before it acknowledged the message.

Therefore a message counts as "possibly sent until now" unless this process has the full history. That is the case if
it rebounded the message and no other process received it since. The number of rebounds alone does not prove that: if
the connection was lost before the rebound was published, another container may have rebounded the message. The time of
publication proves it. If another container rebounded the message while this process was running, the last attempt was
before that rebound.

A missing entry is safe: it costs a search in CallFire. The ledger keeps the last `SIZE` messages, or fewer if they have
more than `MOST_KEYS` keys of recipients.
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
MOST_KEYS = 200_000  # about 50 MB
CLOCK_SKEW = 5.0  # seconds by which the clocks of two containers may differ
# Maximum milliseconds from the end of the work on a message until the rebound is published. Another container that
# receives the message in between is slower: it sends nothing before the settle time has passed.
REBOUND_DELAY = 1_000
PROCESS_STARTED = clock.unix_ms()


@dataclass
class LedgerEntry:
    """The history of one message. Times are of the monotonic clock, unless they are in Unix milliseconds.

    sent_until       time until which any recipient may have been sent to; None: certainly none was
    started_at       time at which this process began to work on the message
    released_at      time at which this process last ended its work (Unix milliseconds)
    not_sent_before  time before which nothing was sent (Unix milliseconds); None if unknown
    rebounds         number of rebounds at the last delivery
    in_progress      a thread works on the message
    attempts         {key: time until which this recipient may have been sent to}; None: certainly not sent to;
                     overrides `sent_until`
    answers          {key: CallFire's item}, until the message is finished; these recipients are never sent to again
    contents         {mapped key: hash of the content that was, or may have been, sent with the key}
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

    @property
    def size(self) -> int:
        """The number of keys that this entry keeps, one per recipient and kind of record."""
        return len(self.attempts) + len(self.answers) + len(self.contents)

    def possibly_sent_until(self, recipient: Recipient) -> float | None:
        """Return the time until which this recipient may have been sent to; None if it certainly was not."""
        return self.attempts.get(recipient.key, self.sent_until)

    def note_attempt(self, recipients: Iterable[Recipient]) -> None:
        """Record that these recipients are being sent to, or may have been sent to."""
        moment = clock.monotonic()
        for recipient in recipients:
            self.attempts[recipient.key] = moment
            if recipient.mapped_at:
                self.contents[recipient.key] = hash(recipient.content)

    def note_not_sent(self, recipients: Iterable[Recipient]) -> None:
        """Record that these recipients certainly were not sent to."""
        for recipient in recipients:
            self.attempts[recipient.key] = None
            self.contents.pop(recipient.key, None)

    def note_others(self, moment: float) -> None:
        """Record that another process may have sent to any recipient until `moment`."""
        self.sent_until = max(moment, self.sent_until or 0.0, *(own or 0.0 for own in self.attempts.values()))
        self.attempts.clear()

    def is_reused(self, recipient: Recipient) -> bool:
        """Return whether other content was, or may have been, sent with the mapped key of this recipient."""
        known = self.contents.get(recipient.key)
        return known is not None and known != hash(recipient.content)

    def finish(self) -> None:
        """Record that the message is finished. A later duplicate of the message searches CallFire."""
        self.attempts.clear()
        self.answers.clear()
        self.sent_until = clock.monotonic()


class MessageLedger:
    """The messages that this process worked on, by their keys. Shared by all threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._keys = 0  # of the entries that are not in progress
        self._entries: OrderedDict[str, LedgerEntry] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def working_on(self, key: str, incoming: Incoming, *, idempotency: bool) -> Iterator[LedgerEntry]:
        """Yield the entry of a message while it is processed. Raises `Rebound` while a duplicate is in progress.

        Without idempotency, the entry is always empty.
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
                if self._entries.get(key) is entry:
                    self._keys += entry.size
                    self._shrink()

    def drop(self, key: str) -> None:
        """Remove the entry of one message."""
        with self._lock:
            self._remove(key)

    def forget(self) -> None:
        """Remove all entries, as after a restart."""
        with self._lock:
            self._entries.clear()
            self._keys = 0

    def _start(self, key: str, incoming: Incoming) -> LedgerEntry:
        with self._lock:
            known = self._entries.get(key)
            if known and known.in_progress:
                raise Rebound("A duplicate delivery of this message is being processed; retrying later.")
            self._remove(key)
            entry = known or LedgerEntry()
            if _others_may_have_sent(incoming, known):
                entry.note_others(_last_attempt_of_others(incoming))
            if not known:
                entry.not_sent_before = incoming.started if entry.sent_until is not None else clock.unix_ms()
            entry.rebounds, entry.started_at, entry.in_progress = incoming.rebounds, clock.monotonic(), True
            self._entries[key] = entry
            self._shrink()
        return entry

    def _shrink(self) -> None:
        """Remove the oldest entries that are not in progress, down to the limits."""
        while (is_long := len(self._entries) > self._size) or self._keys > MOST_KEYS:
            finished = (key for key, entry in self._entries.items() if not entry.in_progress)
            oldest = next(finished, None)
            if oldest is None or not (is_long or next(finished, None)):  # one message alone may have more keys
                return
            self._remove(oldest)

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry and not entry.in_progress:
            self._keys -= entry.size


MESSAGES = MessageLedger()


def _others_may_have_sent(incoming: Incoming, known: LedgerEntry | None) -> bool:
    """Return whether another process, or a copy of the message, may have sent the message."""
    if incoming.redelivered:
        return True
    if incoming.rebounds == 0:
        return False
    if known is None or incoming.published is None:
        return True
    # Another count of rebounds, or another time: another process had the message in between.
    is_next = incoming.rebounds == known.rebounds + 1
    return not (is_next and abs(incoming.published - known.released_at) <= REBOUND_DELAY)


def _last_attempt_of_others(incoming: Incoming) -> float:
    """Return the latest time at which another process can have sent the message."""
    if incoming.redelivered or incoming.published is None or incoming.published <= PROCESS_STARTED:
        return clock.monotonic()
    return clock.monotonic() - max(0.0, (clock.unix_ms() - incoming.published) / 1000 - CLOCK_SKEW)
