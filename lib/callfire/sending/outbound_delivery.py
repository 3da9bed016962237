"""The delivery to each recipient exactly once: search if the recipient was possibly sent to, otherwise send.

    possibly sent ──search──> found ────────────────────────────────> sent
          │                     ├ not found, settle time over ──────> not sent
          │                     └ not found, settle time not over: wait and search again, within the limit
    not sent ──request──> accepted ─────────────────────────────────> sent
                            ├ refused (400 for several: in halves) ─> failed, or the caller's error
                            └ no clear response ────────────────────> possibly sent

Only a recipient in "not sent" is sent to. An unknown outcome costs time, but causes no second text.
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
# With the platform's growing pauses (15 s, 30 s, …), these rebounds take 15 minutes.
MOST_REBOUNDS = 6
# An error of the whole request, e.g. an unknown broadcast, must not cost two requests for each of 1000 recipients.
MOST_REFUSALS = 60
Recipients = Sequence[Recipient]


class Undecided(OutcomeUnknown):
    """The outcome of a send is not known yet. A later search may find the result."""


class Sender(Protocol):
    """The differences between texts, calls and orders."""

    @property
    def noun(self) -> str:
        """The noun in errors: "text", "call" or "order"."""

    @property
    def what(self) -> str:
        """The name of the operation in errors, e.g. "POST /texts"."""

    def send(self, recipients: Recipients) -> list[SentItem]:
        """Send to these recipients in one request and return CallFire's items. Raises a `CallFireError`."""

    def find(self, recipients: Recipients) -> Mapping[str, SentItem]:
        """Return earlier sends as {key: item}. Raises `Undecided` if CallFire gives no clear result yet."""

    def check(self, recipients: Recipients) -> None:
        """Skip or fail the recipients that must not be sent to."""


@dataclass
class OutboundDelivery:
    """The delivery to the recipients of one message. `strict`: a rejected request fails the message."""

    sender: Sender
    entry: LedgerEntry
    incoming: Incoming
    options: SendOptions
    strict: bool = False
    _deadline: float = 0.0
    _refusals: int = field(default=0, init=False)

    def run(self, recipients: Recipients) -> None:
        """Process the recipients until each has a result.

        Raises `Rebound` while outcomes are unknown. Raises the error of a recipient if none was sent to or skipped.
        """
        try:
            self._use_earlier_answers(recipients)
            self._deliver(recipients)
        except (Undecided, Temporary, Rejected) as error:
            self._rebound_or_end(recipients, error)
        _raise_if_nothing_was_sent(recipients)

    def _use_earlier_answers(self, recipients: Recipients) -> None:
        """Use the results of earlier attempts of this process. Recipients with a reused mapped key fail."""
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
        raise Undecided("CallFire has repeatedly given no clear response.")

    # Search

    def _search(self, recipients: Recipients, *, everyone: bool) -> None:
        """Search until each possibly sent recipient (with `everyone`: each one) is found or certainly not sent to."""
        missing = [one for one in recipients if everyone or self._is_possibly_sent(one)]
        pause = FIRST_PAUSE
        while missing:
            unclear = self._search_once(missing)
            missing = [one for one in open_of(missing) if self._is_possibly_sent(one)]
            if missing:
                self._wait(missing, unclear, pause)
                pause *= 2

    def _search_once(self, recipients: Recipients) -> Undecided | None:
        """Search once for these recipients. Returns the reason if CallFire gives no clear result yet."""
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
        """Wait before the next search. Raises `Undecided` if the wait limit is reached."""
        left = self._deadline - clock.monotonic()
        if left <= 0:
            raise unclear or Undecided(
                f"Recipients that are not in CallFire's lists yet, but may still appear: {len(missing)}."
            )
        if unclear is None:
            first = min(self.entry.possibly_sent_until(one) or 0.0 for one in missing)
            pause = min(pause, first + self.options.settle_time - clock.monotonic())
        clock.sleep(max(0.01, min(pause, left)))

    def _is_possibly_sent(self, recipient: Recipient) -> bool:
        return self.entry.possibly_sent_until(recipient) is not None

    def _is_settled(self, recipient: Recipient, moment: float) -> bool:
        """Return whether a send would have been visible in CallFire at `moment`."""
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
        """Send to all open recipients in batches, until an outcome is unknown or CallFire rejects further requests."""
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
        """Raise `Rebound` instead of a request long after the delivery of the message.

        If the connection to the broker was lost, another container may have the message. That container searches until
        the settle time has passed, and must find every send of this process.
        """
        limit = self.options.settle_time / 4
        if self.options.idempotency and clock.monotonic() - self.entry.started_at > limit:
            raise Rebound(
                f"Sending stops {limit:g} s after the delivery of a message. "
                "The remaining recipients follow after a rebound."
            )

    def _send(self, recipients: Recipients) -> bool:
        """Send to these recipients in one request. Returns False if the outcome is unknown; they then remain open."""
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
            self.entry.note_not_sent(recipients)  # nothing was sent; after any other exception, the outcome is unknown
            raise
        for recipient, item in paired(recipients, items):
            self._sent(recipient, item)
        for recipient in open_of(recipients):
            text = f"CallFire's response does not contain this recipient. {recipient.how_to_check}"
            recipient.unknown(OutcomeUnknown(text))
        return True

    def _send_in_halves(self, recipients: Recipients, error: Rejected) -> bool:
        """Split a rejected batch to find the invalid recipient, with at most MOST_REFUSALS rejections."""
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
        """End after a rejection or temporary error. Raises the error unless sent results would be lost."""
        is_temporary = isinstance(error, Temporary)
        if not any(recipient.is_sent for recipient in recipients):
            raise error
        if is_temporary and self.options.error_policy != ERROR:
            raise error
        for recipient in open_of(recipients):
            recipient.failed(error, retryable=is_temporary)

    # End

    def _rebound_or_end(self, recipients: Recipients, error: Undecided | Temporary | Rejected) -> None:
        """Rebound while outcomes are unknown. After the last rebound, set the results of all open recipients."""
        possibly_sent = [one for one in open_of(recipients) if self._is_possibly_sent(one)]
        if not possibly_sent:
            raise error
        may_rebound = self.options.error_policy != ERROR and not isinstance(error, Rejected)
        if may_rebound and self.incoming.rebounds < MOST_REBOUNDS:
            raise Rebound(
                f"{self.sender.what}: send outcome unknown; the message is rebounded and checked again. {error}"
            ) from error
        count = f" for {len(possibly_sent)} recipients" if len(possibly_sent) > 1 else ""
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
    """Raise an error if no recipient was sent to or skipped. An unknown outcome has priority."""
    if any(recipient.is_sent or recipient.state == SKIPPED for recipient in recipients):
        return
    by_importance = sorted(recipients, key=lambda recipient: recipient.state != UNKNOWN)
    for recipient in by_importance:
        if recipient.cause:
            raise recipient.cause
