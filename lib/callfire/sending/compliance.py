"""Whom one must not contact: do-not-contact lists, and quiet hours where the recipient lives.

It is asked for right before sending, after it is known who was sent to already. Where CallFire cannot be asked, nothing
is sent: the message comes again later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from lib.callfire.api.client import Client, Request
from lib.callfire.api.errors import InvalidInput, NotFound
from lib.callfire.sending import numbers
from lib.callfire.sending.channel import Channel
from lib.callfire.sending.options import ACCOUNT, BOTH, UNIVERSAL, Options
from lib.callfire.sending.rows import Row

AT_ONCE = 100


def utc() -> datetime:
    """The time; tests put another one here."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Compliance:
    """The checks that the form asks for."""

    client: Client
    channel: Channel
    options: Options

    def check(self, rows: list[Row]) -> None:
        """Skip the rows that must not be sent."""
        wanted = self.options.do_not_contact
        if not rows or not (self.options.quiet or wanted in (ACCOUNT, UNIVERSAL, BOTH)):
            return
        reachable = list(self._with_number(rows))
        if self.options.quiet:
            reachable = [row for row in reachable if not self._is_quiet(row, *self.options.quiet)]
        if wanted in (ACCOUNT, BOTH):
            reachable = self._without_account(reachable)
        if wanted in (UNIVERSAL, BOTH):
            self._skip_universal(reachable)

    def _with_number(self, rows: list[Row]) -> Iterator[Row]:
        for row in rows:
            if row.recipient.get("phoneNumber"):
                yield row
            else:
                row.failed(
                    InvalidInput(
                        f"recipients[{row.index}].phoneNumber: is required here: a contact's number cannot be held "
                        "against quiet hours or a do-not-contact list"
                    )
                )

    def _is_quiet(self, row: Row, begin: time, end: time) -> bool:
        zones = numbers.zones(row.recipient["phoneNumber"])
        if not zones:
            row.skipped("Quiet hours: the number does not tell its time zone.")
            return True
        now = utc()
        ends = [over for zone in zones if (over := quiet_until(now.astimezone(ZoneInfo(zone)), begin, end))]
        if ends:
            moment = max(ends).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            row.skipped("Quiet hours in the recipient's local time.", retryable=True, retryAfter=moment)
        return bool(ends)

    def _without_account(self, rows: list[Row]) -> list[Row]:
        listed: set[str] = set()
        for start in range(0, len(rows), AT_ONCE):
            part = [row.recipient["phoneNumber"] for row in rows[start : start + AT_ONCE]]
            # One entry for a number is usual, more are allowed for: one for each campaign or source.
            for offset in range(0, 100 * AT_ONCE, 10 * AT_ONCE):
                query = [("number", number) for number in part]
                more = {self.channel.do_not: "true", "limit": 10 * AT_ONCE, "offset": offset}
                items = self._items("/contacts/dncs", "GET /contacts/dncs", [*query, *more.items()])
                listed |= {item.get("number", "") for item in items if item.get(self.channel.do_not) is not False}
                if len(items) < AT_ONCE:
                    break
        for row in rows:
            if row.recipient["phoneNumber"] in listed:
                row.skipped("The number is on the account's do-not-contact list.")
        return [row for row in rows if row.is_open]

    def _skip_universal(self, rows: list[Row]) -> None:
        for row in rows:
            sender = row.recipient.get("fromNumber")
            path = f"/contacts/dncs/universals/{quote(row.recipient['phoneNumber'], safe='')}"
            query = [("fromNumber", sender)] if sender else []
            items = self._items(path, "GET /contacts/dncs/universals/{toNumber}", query)
            if any(item.get(self.channel.universal) for item in items):
                row.skipped("The number is on the universal do-not-contact list.")

    def _items(self, path: str, what: str, query: list[Any]) -> list[dict[str, Any]]:
        request = Request("GET", path, what, query=urlencode(query, quote_via=quote), repeatable=True)
        try:
            answer = self.client.call(request).value or {}
        except NotFound:
            return []
        return answer if isinstance(answer, list) else answer.get("items") or []


def quiet_until(local: datetime, begin: time, end: time) -> datetime | None:
    """When the quiet hours are over in which this local time lies; None where it lies in none."""
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    over = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)
