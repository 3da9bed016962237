"""Texts and calls: the differences in sending them."""

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
class SendChannel:
    """The properties of texts or of calls.

    path            path of CallFire's list
    noun            "text" or "call"
    largest_batch   maximum number of recipients per request
    result          property with the final result
    outcomes        {final result: outcome}; all other results count as failed
    dnc             flag that blocks a number in the account's do-not-contact list
    universal_dnc   flag that blocks a number in the universal do-not-contact list
    short_codes     whether recipients can be short codes
    content         {property of a recipient with content: input with its default, "" if there is none}
    """

    path: str
    noun: str
    largest_batch: int
    result: str
    outcomes: Mapping[str, str]
    dnc: str
    universal_dnc: str
    short_codes: bool
    content: Mapping[str, str]

    def outcome(self, item: Mapping[str, object]) -> str:
        """Return the current outcome of a text or call: delivered, failed, retryLater, optedOut or pending."""
        state, result = item.get("state"), item.get(self.result)
        if state == "FINISHED" and result:
            return self.outcomes.get(str(result), FAILED)
        return PENDING if state == "FINISHED" else _STATES.get(str(state), PENDING)


TEXTS = SendChannel(
    path="/texts",
    noun="text",
    largest_batch=1000,
    result="finalTextResult",
    outcomes={
        "SENT": DELIVERED,
        "RECEIVED": DELIVERED,
        "DNT": OPTED_OUT,
        "CARRIER_TEMP_ERROR": RETRY_LATER,
        "INTERNAL_ERROR": RETRY_LATER,
        "UNDIALED": RETRY_LATER,
    },
    dnc="text",
    universal_dnc="outboundText",
    short_codes=True,
    content={"message": "defaultMessage", "media": ""},
)
CALLS = SendChannel(
    path="/calls",
    noun="call",
    largest_batch=10,
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
    dnc="call",
    universal_dnc="outboundCall",
    short_codes=False,
    content={
        "liveMessage": "defaultLiveMessage",
        "liveMessageSoundId": "defaultLiveMessageSoundId",
        "machineMessage": "defaultMachineMessage",
        "machineMessageSoundId": "defaultMachineMessageSoundId",
        "dialplanXml": "",
    },
)
