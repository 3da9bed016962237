"""How a message is handed back while nobody knows whether it was sent: later, and in the end as an error."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticio import Rebound, Step

from lib.callfire.api.errors import CallFireError, OutcomeUnknown, Rejected, Temporary
from lib.callfire.operation.error_policy import ERROR
from lib.callfire.sending.delivery import Undecided
from lib.callfire.sending.ledger import Entry, InHand, Ledger
from lib.callfire.sending.rows import SKIPPED, UNKNOWN, Row

# Put back so often, with the platform's growing pauses (15 s, 30 s, …), a message has waited a quarter of an hour.
MOST_REBOUNDS = 6

ledger = Ledger()


@contextmanager
def taking(step: Step, token: str, *, idempotency: bool) -> Iterator[Entry]:
    """Look the message up in the ledger; with idempotency off, nothing is known of any."""
    if not idempotency:
        yield Entry()
        return
    try:
        with ledger.taking(token, step.incoming) as entry:
            yield entry
    except InHand as error:
        raise Rebound("a copy of this message is being worked on; it has to wait for that") from error


@contextmanager
def deciding(what: str, step: Step, rows: list[Row], entry: Entry, error_policy: str) -> Iterator[None]:
    """Put the message back while rows are in doubt, and mark them unknown once that has lasted too long."""
    try:
        yield
    except (Undecided, Temporary, Rejected) as error:
        doubtful = [row for row in rows if row.is_open and entry.doubt(row.key) is not None]
        if not doubtful:
            raise
        again = error_policy != ERROR and not isinstance(error, Rejected)
        if again and step.incoming.rebounds < MOST_REBOUNDS:
            raise Rebound(f"{what}: it may have been sent, this has to be found out. {error}") from error
        cause = _unknown(what, doubtful, error)
        for row in rows:
            if row in doubtful:
                row.unknown(cause)
            elif row.is_open:
                row.failed(error, retryable=True)


def raise_if_nothing_came_of_it(rows: list[Row]) -> None:
    """A message of which nothing was sent and nothing skipped has failed; unknown outcomes come first."""
    if any(row.is_sent or row.state == SKIPPED for row in rows):
        return
    causes = [row.cause for row in sorted(rows, key=lambda row: row.state != UNKNOWN) if row.cause]
    if causes:
        raise causes[0]


def _unknown(what: str, rows: list[Row], error: CallFireError) -> OutcomeUnknown:
    many = f" for {len(rows)} of the recipients" if len(rows) > 1 else ""
    return OutcomeUnknown(f"{what}: the outcome is unknown{many}: it may have been sent. {error} {rows[0].check}")
