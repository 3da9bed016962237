"""Conversations: the texts between one phone and the numbers of the account."""

from collections.abc import Iterator
from typing import Any

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import Table, public

FAILED_STATES = frozenset({"DNC", "INVALID", "TIMEOUT", "RESTRICTED_NUMBER", "DISABLED", "SKIPPED"})
FAILED_RESULTS = frozenset(
    {"DNT", "TOO_BIG", "INTERNAL_ERROR", "CARRIER_ERROR", "CARRIER_TEMP_ERROR", "UNDIALED", "INVALID_NUMBER"}
)


def conversations(world: World, *, search: str = "", only: str = "", limit: int = 50) -> dict[str, Any]:
    """Return {items, more}: the conversations with the newest texts first.

    `search` is part of a number or of the newest text. `only` is `replied` (the phone has sent a text), `failed` (the
    newest text failed) or empty. An item is {number, accountNumber, replied, failed, last}.
    """
    found: list[dict[str, Any]] = []
    for number, text in _newest_by_phone(world["texts"]):
        item = _conversation(world["texts"], number, text)
        if (only and not item[only]) or not _contains(number, text, search):
            continue
        if len(found) == limit:
            return {"items": found, "more": True}
        found.append(item)
    return {"items": found, "more": False}


def conversation(world: World, number: str, *, before: int | None, limit: int) -> dict[str, Any]:
    """Return {items, more, total, accountNumber, blocked}: one page of the texts of a phone, oldest first.

    The page ends before the text with the id `before`. `blocked` tells whether the phone is on the do-not-contact list.
    """
    texts = world["texts"]
    found = [text for text in texts.each("fromNumber", number) if text["inbound"]]
    found += [text for text in texts.each("toNumber", number) if not text["inbound"] and not is_waiting(text)]
    found.sort(key=lambda text: text["id"])
    earlier = found if before is None else [text for text in found if text["id"] < before]
    page = earlier[-limit:]
    return {
        "items": [public(text) for text in page],
        "more": len(earlier) > len(page),
        "total": len(found),
        "accountNumber": _account_number(texts, number, found[-1]) if found else None,
        "blocked": bool(world["dncs"].where(number=number, text=True)),
    }


def is_waiting(action: Record) -> bool:
    """Return whether a text or call of a broadcast was not sent yet."""
    return bool(action["campaignId"]) and str(action["_"].get("queue")).endswith("waiting")


def _newest_by_phone(texts: Table) -> Iterator[tuple[str, Record]]:
    """Yield each phone with its newest text, newest first."""
    seen = set()
    for text in reversed(texts.rows.values()):
        if is_waiting(text):
            continue
        number = text["fromNumber"] if text["inbound"] else text["toNumber"]
        if number not in seen:
            seen.add(number)
            yield number, text


def _conversation(texts: Table, number: str, text: Record) -> dict[str, Any]:
    received = texts.last("fromNumber", number)
    return {
        "number": number,
        "accountNumber": _account_number(texts, number, text),
        "replied": received is not None and received["inbound"],
        "failed": text["state"] in FAILED_STATES or text.get("finalTextResult") in FAILED_RESULTS,
        "last": public(text),
    }


def _account_number(texts: Table, number: str, newest: Record) -> str:
    """Return the number that the phone texted last, else the number that sent the newest text."""
    received = texts.last("fromNumber", number)
    if received is not None and received["inbound"]:
        return str(received["toNumber"])
    return str(newest["toNumber"] if newest["inbound"] else newest["fromNumber"])


def _contains(number: str, text: Record, search: str) -> bool:
    digits = "".join(letter for letter in search if letter.isdecimal())
    return search.casefold() in text.get("message", "").casefold() or bool(digits and digits in number)
