"""Delivering each recipient of a message exactly once: search where a send is possible, send where it is impossible.

    possibly sent ──search──> found ────────────────────────────────> sent
          │                     ├ not found, settle time over ──────> not sent
          │                     └ not found, settle time not over: wait and search again, within the limit
    not sent ──request──> answered ─────────────────────────────────> sent
                            ├ refused (400 for several: in halves) ─> failed, or the caller's error
                            └ no answer that tells ─────────────────> possibly sent

A recipient is sent to only from "not sent". While the outcome is unknown, that costs time, and no second text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from elasticio import Incoming, Rebound

from lib.callfire import clock
from lib.callfire.api.errors import CallFireError, OutcomeUnknown, Rejected, Temporary
from lib.callfire.operation.error_policy import ERROR
from lib.callfire.sending.idempotency_key import key_reused
from lib.callfire.sending.ledger import LedgerEntry
from lib.callfire.sending.recipients import SKIPPED, UNKNOWN, Recipient, SentItem, open_of, paired
from lib.callfire.sending.send_options import SendOptions

ROUNDS = 3
FIRST_PAUSE = 1.0  # seconds between two searches; doubled each time
# With the platform's growing pauses (15 s, 30 s, …) so many rebounds take a quarter of an hour.
MOST_REBOUNDS = 6
# What is wrong with a whole request (no text, no such broadcast) must not cost two requests for each of a thousand
# recipients.
MOST_REFUSALS = 60
Recipients = Sequence[Recipient]


class Undecided(OutcomeUnknown):
    """It is not known yet whether a recipient was sent to; a later search will tell."""


class Sender(Protocol):
    """What is different between texts, calls and orders."""

    @property
    def noun(self) -> str:
        """What is sent: "text", "call" or "order"."""

    @property
    def what(self) -> str:
        """The operation's name in errors, e.g. "POST /texts"."""

    def send(self, recipients: Recipients) -> list[SentItem]:
        """Send to these in one request and return CallFire's items. Raises a `CallFireError`."""

    def find(self, recipients: Recipients) -> Mapping[str, SentItem]:
        """Return what was sent already: {key: item}. Raises `Undecided` where what is there does not tell yet."""

    def check(self, recipients: Recipients) -> None:
        """Skip or fail the recipients that must not be sent to."""


@dataclass
class OutboundDelivery:
    """The work on the recipients of one message."""

    sender: Sender
    entry: LedgerEntry
    incoming: Incoming
    options: SendOptions
    strict: bool = False
    _deadline: float = 0.0
    _refusals: int = field(default=0, init=False)

    def run(self, recipients: Recipients) -> None:
        """Bring every recipient to a result.

        Raises `Rebound` while it is unknown whether some were sent to, and the error of a message of which nothing was
        sent and nothing skipped.
        """
        try:
            self._use_earlier_answers(recipients)
            self._deliver(recipients)
        except (Undecided, Temporary, Rejected) as error:
            self._rebound_or_end(recipients, error)
        _raise_if_nothing_was_sent(recipients)

    def _use_earlier_answers(self, recipients: Recipients) -> None:
        """Take over what this process knows from earlier attempts; refuse mapped keys of something else."""
        for recipient in open_of(recipients):
            if self.entry.is_reused(recipient):
                recipient.failed(key_reused(recipient.mapped_at, self.sender.noun))
            elif recipient.key in self.entry.answers:
                recipient.sent(self.entry.answers[recipient.key])

    def _deliver(self, recipients: Recipients) -> None:
        """Search, check and send until no recipient is open."""
        self._deadline = clock.monotonic() + self.options.wait_limit
        searches_all = self.options.search_always
        for _ in range(ROUNDS):
            self._search(open_of(recipients), everyone=searches_all)
            searches_all = False
            self.sender.check(open_of(recipients))
            self._send_all(recipients)
            if not open_of(recipients):
                return
        raise Undecided("CallFire has repeatedly given no clear answer.")

    # Search

    def _search(self, recipients: Recipients, *, everyone: bool) -> None:
        """Search until each recipient that was possibly sent to, or everyone, is found or certainly was not sent to."""
        missing = [one for one in recipients if everyone or self._is_possibly_sent(one)]
        pause = FIRST_PAUSE
        while missing:
            unclear = self._search_once(missing)
            missing = [one for one in open_of(missing) if self._is_possibly_sent(one)]
            if missing:
                self._wait(missing, unclear, pause)
                pause *= 2

    def _search_once(self, recipients: Recipients) -> Undecided | None:
        """Search for all of them; returns the reason if the lists do not tell yet."""
        started_at = clock.monotonic()
        try:
            found = self.sender.find(recipients)
        except Undecided as error:
            return error
        for recipient in recipients:
            if recipient.key in found:
                self._found(recipient, found[recipient.key])
            elif self._is_settled(recipient, started_at):
                self._not_found(recipient)
        return None

    def _wait(self, missing: Recipients, unclear: Undecided | None, pause: float) -> None:
        """Wait until another search makes sense; raises `Undecided` if the wait limit is reached."""
        left = self._deadline - clock.monotonic()
        if left <= 0:
            raise unclear or Undecided(
                f"{len(missing)} of the recipients are not in CallFire's lists yet, but may still appear."
            )
        if unclear is None:
            first = min(self.entry.possibly_sent_until(one) or 0.0 for one in missing)
            pause = min(pause, first + self.options.settle_time - clock.monotonic())
        clock.sleep(max(0.01, min(pause, left)))

    def _is_possibly_sent(self, recipient: Recipient) -> bool:
        return self.entry.possibly_sent_until(recipient) is not None

    def _is_settled(self, recipient: Recipient, moment: float) -> bool:
        """Return whether a send would have been visible in CallFire at that moment."""
        until = self.entry.possibly_sent_until(recipient)
        return until is None or moment >= until + self.options.settle_time

    def _found(self, recipient: Recipient, item: SentItem) -> None:
        if recipient.mapped_at and not recipient.asks_for(item):
            recipient.failed(key_reused(recipient.mapped_at, self.sender.noun))
        else:
            self._sent(recipient, item)

    def _not_found(self, recipient: Recipient) -> None:
        if self.options.fails_if_not_found and self._is_possibly_sent(recipient):
            text = f"Not found in CallFire's lists, but may have been sent. {recipient.how_to_check}"
            recipient.unknown(OutcomeUnknown(text))
        else:
            self.entry.note_not_sent([recipient])

    # Send

    def _send_all(self, recipients: Recipients) -> None:
        """Send to all open recipients in batches, until one has an unknown outcome or nothing more can be sent."""
        waiting = open_of(recipients)
        for start in range(0, len(waiting), self.options.batch_size):
            self._rebound_if_late()
            try:
                is_known = self._send(waiting[start : start + self.options.batch_size])
            except (Rejected, Temporary) as error:
                self._stop(recipients, error)
                return
            if not is_known:
                return

    def _rebound_if_late(self) -> None:
        """Begin no request long after the message was delivered.

        If the connection to the broker was lost meanwhile, another container may have the message. It searches until
        the settle time is over, and has to see everything that is sent here.
        """
        if self.options.idempotency and clock.monotonic() - self.entry.started_at > self.options.settle_time / 4:
            raise Rebound("Processing takes long; the remaining recipients are sent to after a rebound.")

    def _send(self, recipients: Recipients) -> bool:
        """Send to these in one request. Returns False, and leaves them open, if the outcome is unknown."""
        self.entry.note_attempt(recipients)  # before the first byte is written
        try:
            items = self.sender.send(recipients)
        except OutcomeUnknown as error:
            self.entry.note_attempt(recipients)
            if self.options.idempotency:
                return False
            for recipient in recipients:
                recipient.unknown(error)
            return True
        except Rejected as error:
            self.entry.note_not_sent(recipients)
            if error.status != 400 or self.strict:
                raise
            return self._send_in_halves(recipients, error)
        except CallFireError:
            self.entry.note_not_sent(recipients)  # nothing was sent; any other exception leaves it unknown
            raise
        for recipient, item in paired(recipients, items):
            self._sent(recipient, item)
        for recipient in open_of(recipients):
            text = f"CallFire's answer does not name this recipient. {recipient.how_to_check}"
            recipient.unknown(OutcomeUnknown(text))
        return True

    def _send_in_halves(self, recipients: Recipients, error: Rejected) -> bool:
        """Find the one recipient for which CallFire may have refused the request, as long as that costs little."""
        self._refusals += 1
        if len(recipients) == 1 or self._refusals > MOST_REFUSALS:
            for recipient in recipients:
                recipient.failed(error)
            return True
        half = len(recipients) // 2
        return self._send(recipients[:half]) and self._send(recipients[half:])

    def _sent(self, recipient: Recipient, item: SentItem) -> None:
        recipient.sent(item)
        self.entry.answers[recipient.key] = item

    def _stop(self, recipients: Recipients, error: Rejected | Temporary) -> None:
        """Nothing more can be sent now: an error, unless it would lose what was sent before."""
        is_temporary = isinstance(error, Temporary)
        if not any(recipient.is_sent for recipient in recipients):
            raise error
        if is_temporary and self.options.error_policy != ERROR:
            raise error
        for recipient in open_of(recipients):
            recipient.failed(error, retryable=is_temporary)

    # End

    def _rebound_or_end(self, recipients: Recipients, error: Undecided | Temporary | Rejected) -> None:
        """Rebound while some were possibly sent to. After the last rebound, they are unknown and the others failed."""
        possibly_sent = [one for one in open_of(recipients) if self._is_possibly_sent(one)]
        if not possibly_sent:
            raise error
        may_rebound = self.options.error_policy != ERROR and not isinstance(error, Rejected)
        if may_rebound and self.incoming.rebounds < MOST_REBOUNDS:
            raise Rebound(
                f"{self.sender.what}: send outcome unknown; the message is rebounded and checked again. {error}"
            ) from error
        count = f" for {len(possibly_sent)} of the recipients" if len(possibly_sent) > 1 else ""
        cause = OutcomeUnknown(
            f"{self.sender.what}: the outcome is unknown{count}: CallFire may have executed the request. {error} "
            f"{possibly_sent[0].how_to_check}"
        )
        for recipient in open_of(recipients):
            if self._is_possibly_sent(recipient):
                recipient.unknown(cause)
            else:
                recipient.failed(error, retryable=True)


def _raise_if_nothing_was_sent(recipients: Recipients) -> None:
    """Raise the error of a message of which nothing was sent and nothing skipped; an unknown outcome comes first."""
    if any(recipient.is_sent or recipient.state == SKIPPED for recipient in recipients):
        return
    by_importance = sorted(recipients, key=lambda recipient: recipient.state != UNKNOWN)
    for recipient in by_importance:
        if recipient.cause:
            raise recipient.cause
