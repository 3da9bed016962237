"""Tracking: waits for the final results of accepted texts and calls."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lib.callfire import clock
from lib.callfire.api.client import Client
from lib.callfire.api.errors import CallFireError, Temporary
from lib.callfire.sending.recipients import Recipient, SentItem
from lib.callfire.sending.send_channel import PENDING, SendChannel

AT_ONCE = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
_DECIMALS = 6  # of credits: more are rounding errors of a sum
# RabbitMQ closes the channel of a consumer that does not acknowledge a message within its consumer timeout, 30 minutes
# by default, and redelivers the message. All work on a message ends well before that.
CONSUMER_TIMEOUT = 30 * 60.0
LONGEST_TRACKING = CONSUMER_TIMEOUT - 5 * 60.0


@dataclass(frozen=True)
class Tracking:
    """Requests the states of sent texts or calls."""

    client: Client
    channel: SendChannel

    def follow(self, recipients: Sequence[Recipient], limit: float, started_at: float) -> None:
        """Request states until all are final, and add the outcome to each result.

        Ends after `limit` seconds, or LONGEST_TRACKING after the delivery at `started_at` (monotonic clock).
        """
        deadline, pause = min(clock.monotonic() + limit, started_at + LONGEST_TRACKING), FIRST_PAUSE
        self._note(recipients)
        while pending := [one for one in recipients if one.more.get("outcome") == PENDING and _id(one.item)]:
            left = deadline - clock.monotonic()
            if left <= 0:
                return
            clock.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._request(pending)
            except Temporary:
                continue
            except CallFireError:  # no error may hide that the texts or calls were sent
                return
            self._note(recipients)

    def _request(self, recipients: Sequence[Recipient]) -> None:
        for start in range(0, len(recipients), AT_ONCE):
            by_id = {_id(recipient.item): recipient for recipient in recipients[start : start + AT_ONCE]}
            for page in self.client.pages(self.channel.path, [("id", number) for number in by_id], size=AT_ONCE):
                for item in page["items"]:
                    if isinstance(item, dict) and _id(item) in by_id:
                        by_id[_id(item)].sent(item)

    def _note(self, recipients: Sequence[Recipient]) -> None:
        for recipient in recipients:
            if recipient.item is None:
                continue
            recipient.more["outcome"] = self.channel.outcome(recipient.item)
            if result := recipient.item.get(self.channel.result):
                recipient.more["result"] = result
            if (billed := _billed(recipient.item)) is not None:
                recipient.more["billedAmount"] = billed


def _id(item: SentItem | None) -> str:
    """Return the ID of an item as text; "" if it has none."""
    number = (item or {}).get("id")
    return "" if number is None else str(number)


def _billed(item: SentItem) -> float | None:
    """Return the credits of all attempts; None without a valid amount. JSON has no infinite numbers."""
    records = item.get("records")
    listed = records if isinstance(records, list) else []
    amounts = [record.get("billedAmount") for record in listed if isinstance(record, dict)]
    valid = [amount for amount in amounts if isinstance(amount, int | float) and not isinstance(amount, bool)]
    total = sum(valid)
    return round(total, _DECIMALS) if valid and math.isfinite(total) else None
