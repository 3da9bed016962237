"""Texts and calls: the facts in which sending them differs."""

from collections.abc import Mapping
from dataclasses import dataclass

DELIVERED, FAILED, RETRY_LATER, OPTED_OUT, PENDING = "delivered", "failed", "retryLater", "optedOut", "pending"

_STATES = {
    "READY": PENDING,
    "SELECTED": PENDING,
    "CALLBACK": PENDING,
    "DISABLED": FAILED,
    "SKIPPED": FAILED,
    "DNC": OPTED_OUT,
    "DUP": FAILED,
    "INVALID": FAILED,
    "TIMEOUT": RETRY_LATER,
    "PERIOD_LIMIT": RETRY_LATER,
    "RESTRICTED_NUMBER": FAILED,
}


@dataclass(frozen=True)
class Channel:
    """One of the two.

    path         where they are found
    most         recipients that one request takes
    result       the field of the final result
    outcomes     {final result: what it means}; one that is not named has failed
    do_not       the flag of the account's do-not-contact list that forbids it; `universal` that of the universal one
    short_codes  whether it reaches short codes
    """

    path: str
    noun: str
    most: int
    result: str
    outcomes: Mapping[str, str]
    do_not: str
    universal: str
    short_codes: bool

    def outcome(self, item: Mapping[str, object]) -> str:
        """What a text or call has come to so far: delivered, failed, retryLater, optedOut or pending."""
        state, result = item.get("state"), item.get(self.result)
        if state == "FINISHED" and result:
            return self.outcomes.get(str(result), FAILED)
        return PENDING if state == "FINISHED" else _STATES.get(str(state), PENDING)


TEXTS = Channel(
    path="/texts",
    noun="text",
    most=1000,
    result="finalTextResult",
    outcomes={
        "SENT": DELIVERED,
        "RECEIVED": DELIVERED,
        "DNT": OPTED_OUT,
        "CARRIER_TEMP_ERROR": RETRY_LATER,
        "INTERNAL_ERROR": RETRY_LATER,
        "UNDIALED": RETRY_LATER,
    },
    do_not="text",
    universal="outboundText",
    short_codes=True,
)
CALLS = Channel(
    path="/calls",
    noun="call",
    most=10,
    result="finalCallResult",
    outcomes={
        "LA": DELIVERED,
        "AM": DELIVERED,
        "XFER": DELIVERED,
        "XFER_LEG": DELIVERED,
        "SD": FAILED,
        "DNC": OPTED_OUT,
        "BUSY": RETRY_LATER,
        "NO_ANS": RETRY_LATER,
        "CARRIER_TEMP_ERROR": RETRY_LATER,
        "INTERNAL_ERROR": RETRY_LATER,
        "UNDIALED": RETRY_LATER,
        "POSTPONED": RETRY_LATER,
        "ABANDONED": RETRY_LATER,
    },
    do_not="call",
    universal="outboundCall",
    short_codes=False,
)
