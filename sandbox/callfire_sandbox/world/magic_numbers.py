"""Magic numbers: phone numbers with a fixed behavior, so that a test needs no admin request.

`MAGIC_NUMBERS` is the only declaration: the behavior, the admin API and the table in the docs follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

SLOWER_BY = 30_000
REPLY_AFTER = 100
"""Milliseconds between the end of a text and the reply to it."""
QUIET = 60_000
"""A magic number replies at most once in this many milliseconds, so that two automatic repliers do not loop."""


@dataclass(frozen=True)
class MagicNumber:
    """A number and what it does. `outcome` has the keys of `PUT /sandbox/outcomes/{number}`."""

    number: str
    about: str
    valid: bool = True
    outcome: Mapping[str, str] = field(default_factory=dict)
    slower_by: int = 0
    """Milliseconds that a text or call takes longer."""
    dnc: Mapping[str, Any] = field(default_factory=dict)
    """The entry on the do-not-contact list of the account."""
    universal: bool = False
    """Whether the number is on the universal do-not-contact list."""
    reply: str = ""


def _outcome(text: str, call: str | None = None) -> dict[str, str]:
    return {"finalTextResult": text, "finalCallResult": call or text}


MAGIC_NUMBERS: tuple[MagicNumber, ...] = (
    MagicNumber("15005550001", "invalid: texts and calls end as INVALID, or are refused", valid=False),
    MagicNumber("15005550002", "busy: calls end with BUSY", outcome=_outcome("SENT", "BUSY")),
    MagicNumber("15005550003", "no answer: calls end with NO_ANS", outcome=_outcome("SENT", "NO_ANS")),
    MagicNumber("15005550004", "answering machine: calls end with AM", outcome=_outcome("SENT", "AM")),
    MagicNumber(
        "15005550005", "carrier error: texts and calls end with CARRIER_ERROR", outcome=_outcome("CARRIER_ERROR")
    ),
    MagicNumber(
        "15005550006",
        "temporary error: texts and calls end with CARRIER_TEMP_ERROR",
        outcome=_outcome("CARRIER_TEMP_ERROR"),
    ),
    MagicNumber(
        "15005550007",
        "late failure: texts end with SENT and change to CARRIER_ERROR",
        outcome={"finalTextResult": "SENT", "finalTextResultLater": "CARRIER_ERROR"},
    ),
    MagicNumber("15005550008", "landline: texts end with INVALID_NUMBER", outcome=_outcome("INVALID_NUMBER", "LA")),
    MagicNumber("15005550009", "slow: texts and calls take 30 s longer", slower_by=SLOWER_BY),
    MagicNumber(
        "15005550010",
        "on the do-not-contact list of the account",
        dnc={"call": True, "text": True, "source": "Sandbox"},
    ),
    MagicNumber(
        "15005550011",
        "opted out: blocked for texts, not for calls",
        dnc={"call": False, "text": True, "source": "STOP"},
    ),
    MagicNumber("15005550012", "on the universal do-not-contact list", universal=True),
    MagicNumber("15005550013", "replies STOP to a text, which opts out", reply="STOP"),
    MagicNumber("15005550014", "replies YES to a text, at most once a minute", reply="YES"),
)

_BY_NUMBER: dict[str, MagicNumber] = {entry.number: entry for entry in MAGIC_NUMBERS}


def magic(number: str) -> MagicNumber | None:
    """Return the magic number with these digits, or None for any other number."""
    return _BY_NUMBER.get(number)


def outcome_of(world: World, number: str) -> Mapping[str, Any]:
    """Return the results of texts and calls to a number: those that were set, else those of a magic number."""
    found = world["outcomes"].first(number=number)
    if found is not None:
        return found
    entry = _BY_NUMBER.get(number)
    return entry.outcome if entry else {}


def list_when_named(world: World, number: str | None) -> None:
    """Add a magic number to its do-not-contact list when a request first names it.

    Until then, find operations do not list it. A number that was removed from the list stays removed.
    """
    entry = _BY_NUMBER.get(number or "")
    if entry is None:
        return
    listed = world["dncs"].where(number=number) or world["removed_dncs"].where(number=number)
    if entry.dnc and not listed:
        world["dncs"].add({"number": number, "campaignId": 0, "created": world.time(), **entry.dnc})
    if entry.universal and not world["universal_dncs"].where(toNumber=number):
        flags = {"inboundCall": False, "inboundText": False, "outboundCall": True, "outboundText": True}
        world["universal_dncs"].add({"toNumber": number, **flags})


def reply_to(world: World, text: Record) -> str:
    """Return the reply of a magic number to a text, or an empty text for no reply."""
    entry = _BY_NUMBER.get(text["toNumber"])
    if entry is None or not entry.reply:
        return ""
    since = world.clock.now() - QUIET
    recent = any(earlier["created"] > since for earlier in world["texts"].each("fromNumber", entry.number))
    return "" if recent else entry.reply
