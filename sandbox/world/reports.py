"""Delivery reports: what became of each outbound text, in the carriers' words."""

from datetime import UTC, datetime
from typing import Any

from sandbox.world.query import Record

CARRIERS = ("AT&T", "T-Mobile", "Verizon")

# By final result (or state, where there is none): category and state.
_OUTCOMES = {
    "SENT": ("DELIVERED", "DELIVERED"),
    "RECEIVED": ("DELIVERED", "DELIVERED"),
    "DNT": ("OPTED_OUT", "UNSENT_OPTED_OUT_LOCAL"),
    "TOO_BIG": ("BOUNCED", "UNSENT_MESSAGE_TOO_LONG"),
    "INTERNAL_ERROR": ("BOUNCED", "UNSENT_SYSTEM_ERROR"),
    "CARRIER_ERROR": ("BOUNCED", "CARRIER_REJECTED"),
    "CARRIER_TEMP_ERROR": ("BOUNCED", "NOT_DELIVERED"),
    "INVALID_NUMBER": ("BOUNCED", "UNSENT_INVALID_NUMBER"),
    "UNDIALED": ("NO_DATA", "UNKNOWN"),
    "INVALID": ("BOUNCED", "UNSENT_INVALID_NUMBER"),
}


def report(text: Record) -> dict[str, Any]:
    """The delivery report of a text."""
    category, state = _OUTCOMES.get(text.get("finalTextResult") or text["state"], ("NO_DATA", "QUEUED"))
    return {
        "campaignId": text["campaignId"],
        "fromNumber": text["fromNumber"],
        "toNumber": text["toNumber"],
        "messageText": text.get("message", ""),
        "carrier": carrier(text["toNumber"]),
        "deliveryCategory": category,
        "deliveryState": state,
        "updated": datetime.fromtimestamp(text["modified"] / 1000, UTC).isoformat(timespec="milliseconds"),
    }


def carrier(number: str) -> str:
    """The carrier of a number."""
    return CARRIERS[int(number[-1]) % len(CARRIERS)] if number.isdecimal() else ""
