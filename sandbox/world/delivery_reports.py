"""Delivery reports: the carrier's result of each outbound text."""

from datetime import UTC, datetime
from typing import Any

from sandbox.world.query import Record

CARRIERS = ("AT&T", "T-Mobile", "Verizon")

# By final result, or by state if there is no result: deliveryCategory and deliveryState.
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
    """Return the delivery report of a text (schema DeliveryReport)."""
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
    """Return the carrier of a number; the last digit decides."""
    return CARRIERS[int(number[-1]) % len(CARRIERS)] if number.isdecimal() else ""
