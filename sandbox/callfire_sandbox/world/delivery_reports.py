"""Delivery reports: the carrier's result of each outbound text."""

from datetime import UTC, datetime
from typing import Any

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World

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


RECEIPT = "OutboundTextDeliveryReport"
"""The webhook resource of delivery reports."""


def receipt(world: World, text: Record) -> dict[str, Any]:
    """Return the delivery report of a text as webhooks receive it. Its id is not the id of the text."""
    category, state = outcome(text)
    return {
        "id": world.new_id(),
        "actionId": text["id"],
        "campaignId": text["campaignId"],
        "toNumber": text["toNumber"],
        "fromNumber": text["fromNumber"],
        "timestamp": world.time(),
        "deliveryState": state,
        "deliveryCategory": category,
    }


def outcome(text: Record) -> tuple[str, str]:
    """Return deliveryCategory and deliveryState of a text."""
    return _OUTCOMES.get(text.get("finalTextResult") or text["state"], ("NO_DATA", "QUEUED"))


def report(text: Record) -> dict[str, Any]:
    """Return the delivery report of a text (schema DeliveryReport)."""
    category, state = outcome(text)
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
