"""Labels of CallFire's codes for the options of selects: {code: words (code)}, most used first."""

from collections.abc import Mapping

Labels = Mapping[str, str]


def _labels(**words: str) -> Labels:
    return {code: f"{label} ({code})" for code, label in words.items()}


TEXT_RESULTS: Labels = _labels(
    RECEIVED="Received",
    SENT="Sent",
    DNT="On a do-not-contact list",
    TOO_BIG="Too long",
    INVALID_NUMBER="Invalid number",
    CARRIER_ERROR="Carrier error",
    CARRIER_TEMP_ERROR="Temporary carrier error",
    INTERNAL_ERROR="CallFire error",
    UNDIALED="Not sent",
)
CALL_RESULTS: Labels = _labels(
    LA="Live answer",
    AM="Answering machine",
    NO_ANS="No answer",
    BUSY="Busy",
    XFER="Transferred",
    XFER_LEG="Transferred leg",
    DNC="On a do-not-contact list",
    CARRIER_ERROR="Carrier error",
    CARRIER_TEMP_ERROR="Temporary carrier error",
    INTERNAL_ERROR="CallFire error",
    UNDIALED="Not dialed",
    POSTPONED="Postponed",
    ABANDONED="Abandoned",
    SKIPPED="Skipped",
    SD="Other",
)
# Resources of webhooks, with the words that begin the labels of their events
RESOURCES: Mapping[str, str] = {
    "InboundText": "Inbound text",
    "InboundCall": "Inbound call",
    "OutboundText": "Outbound text",
    "OutboundCall": "Outbound call",
    "TextBroadcast": "Text broadcast",
    "CallBroadcast": "Call broadcast",
    "CccCampaign": "Call center broadcast",
    "ContactList": "Contact list",
    "OutboundTextDeliveryReport": "Outbound text delivery report",
    "LowBalance": "Low balance",
    "MonthlyRenewal": "Monthly renewal",
}
_FINISHED = {"InboundText": "received", "InboundCall": "ended", "OutboundCall": "ended"}
EVENTS: Mapping[str, str] = {
    "finished": "finished",
    "started": "started",
    "stopped": "stopped",
    "received": "received",
    "failed": "failed",
    "validationFinished": "validation finished",
    "validationFailed": "validation failed",
}


def resource_label(resource: str) -> str:
    """Return the label of a resource, e.g. "Inbound text (InboundText)"."""
    return f"{RESOURCES[resource]} ({resource})" if resource in RESOURCES else resource


def event_label(resource: str, event: str) -> str:
    """Return the label of an event, e.g. "Inbound text received (InboundText.finished)"."""
    ended = _FINISHED.get(resource) if event == "finished" else None
    return f"{RESOURCES.get(resource, resource)} {ended or EVENTS.get(event, event)} ({resource}.{event})"


def resource_rank(resource: str) -> int:
    """Return the place of a resource in selects. Unknown resources are last."""
    return list(RESOURCES).index(resource) if resource in RESOURCES else len(RESOURCES)


def event_rank(resource: str, event: str) -> tuple[int, int]:
    """Return the place of an event in selects. Unknown resources and events are last."""
    return resource_rank(resource), list(EVENTS).index(event) if event in EVENTS else len(EVENTS)
