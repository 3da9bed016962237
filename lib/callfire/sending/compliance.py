"""Compliance: skips recipients on do-not-contact lists, and recipients whose local time is within the quiet hours.

The checks run right before sending, after the search for earlier sends. If CallFire does not respond, nothing is sent,
and the message is rebounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lib.callfire import clock, phone_numbers
from lib.callfire.api.client import Client
from lib.callfire.api.errors import InvalidInput, NotFound, Unavailable
from lib.callfire.sending.recipients import Recipient
from lib.callfire.sending.send_channel import SendChannel
from lib.callfire.sending.send_options import ACCOUNT, BOTH, UNIVERSAL, SendOptions

AT_ONCE = 100
Recipients = Sequence[Recipient]


@dataclass(frozen=True)
class Compliance:
    """The compliance checks that the form selects."""

    client: Client
    channel: SendChannel
    options: SendOptions

    def check(self, recipients: Recipients) -> None:
        """Skip the recipients that must not be contacted. Recipients without a phone number fail."""
        selected = self.options.do_not_contact
        reachable = list(self._with_number(recipients))
        if self.options.quiet_hours:
            reachable = [one for one in reachable if not self._is_quiet(one, *self.options.quiet_hours)]
        if selected in (ACCOUNT, BOTH):
            reachable = self._without_listed(reachable)
        if selected in (UNIVERSAL, BOTH):
            self._skip_universal(reachable)

    def _with_number(self, recipients: Recipients) -> Iterator[Recipient]:
        for recipient in recipients:
            if recipient.number:
                yield recipient
            else:
                recipient.failed(
                    InvalidInput(
                        f"{recipient.place_of('phoneNumber')}: is required for quiet hours and do-not-contact lists. "
                        "Map the contact's number instead of contactId."
                    )
                )

    def _is_quiet(self, recipient: Recipient, begin: time, end: time) -> bool:
        """Skip the recipient if any of its possible time zones has quiet hours. Returns whether it was skipped."""
        zones = phone_numbers.time_zones(recipient.number) or self.options.assumed_zones
        if not zones:
            recipient.skipped(
                "Quiet hours: the time zone of the number is unknown. Enter Time Zone for Unknown Numbers in the form."
            )
            return True
        now = clock.utc_now()
        ends = [until for zone in zones if (until := quiet_until(now.astimezone(ZoneInfo(zone)), begin, end))]
        if ends:
            moment = max(ends).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            recipient.skipped("Quiet hours in the recipient's local time.", retryable=True, retryAfter=moment)
        return bool(ends)

    def _without_listed(self, recipients: Recipients) -> list[Recipient]:
        """Skip the numbers on the account's list. Returns the other recipients."""
        for start in range(0, len(recipients), AT_ONCE):
            batch = recipients[start : start + AT_ONCE]
            numbers = list(dict.fromkeys(recipient.number for recipient in batch))
            query = [*(("number", number) for number in numbers), (self.channel.dnc, "true")]
            listed: set[str] = set()
            for entry in self._entries("/contacts/dncs", query):
                if entry.get(self.channel.dnc) is not False:
                    listed |= phone_numbers.comparable_forms(str(entry.get("number", "")))
            for recipient in batch:
                if recipient.number in listed:
                    recipient.skipped("The number is on the account's do-not-contact list (DNC).")
        return [recipient for recipient in recipients if recipient.is_open]

    def _skip_universal(self, recipients: Recipients) -> None:
        for recipient in recipients:
            sender = recipient.outgoing.get("fromNumber")
            path = f"/contacts/dncs/universals/{quote(recipient.number, safe='')}"
            what = "GET /contacts/dncs/universals/{toNumber}"
            try:
                answer = self.client.get(path, [("fromNumber", sender)] if sender else [], what=what)
            except NotFound:
                continue
            entries = answer.get("items") if isinstance(answer, dict) else answer
            if not isinstance(entries, list):  # taken for an empty list, it would allow the send
                raise Unavailable(f"{what}: CallFire's response is not a list.")
            if any(entry.get(self.channel.universal_dnc) for entry in entries if isinstance(entry, dict)):
                recipient.skipped("The number is on the universal do-not-contact list (UDNC).")

    def _entries(self, path: str, query: list[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield all entries of a list. A number may have several entries: one per broadcast or source."""
        try:
            for page in self.client.pages(path, query):
                yield from (entry for entry in page["items"] if isinstance(entry, dict))
        except NotFound:
            return


def quiet_until(local: datetime, begin: time, end: time) -> datetime | None:
    """Return the end of the quiet hours that contain this local time; None if it is not within them."""
    now = local.time()
    is_inside = begin <= now < end if begin < end else now >= begin or now < end
    if not is_inside:
        return None
    until = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return until if until > local else until + timedelta(days=1)
