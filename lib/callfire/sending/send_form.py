"""The form of a send or an order, as in component.json. `send_options` reads the values."""

from lib.callfire.form import FormField, select, text_field
from lib.callfire.operation.emit_behavior import ALL, INDIVIDUALLY
from lib.callfire.sending.send_channel import TEXTS, SendChannel
from lib.callfire.sending.send_options import (
    ACCOUNT,
    AGAIN,
    ALWAYS,
    AS_GIVEN,
    ATTRIBUTES,
    BOTH,
    COMPARE,
    DEFAULT_SETTLE_TIME,
    DEFAULT_TRACK_LIMIT,
    DEFAULT_WAIT_LIMIT,
    FAIL,
    IN_DOUBT,
    NORMALIZE,
    OFF,
    SEND,
    SKIP,
    UNIVERSAL,
    WAIT,
)
from lib.callfire.sending.tracking import LONGEST_TRACKING

Fields = dict[str, FormField]
WAIT_LIMIT: FormField = text_field(
    "Wait Limit (seconds)",
    f"Time the step waits for a clear result before it rebounds the message. Default: {DEFAULT_WAIT_LIMIT:g}.",
    order=55,
    placeholder=f"{DEFAULT_WAIT_LIMIT:g}",
)


def send_fields(channel: SendChannel) -> Fields:
    """Return the form fields of sends, without those of all actions: common settings first, tuning last."""
    return {
        **_output(),
        **_tracking(channel),
        **_compliance(),
        **_phone_numbers(),
        **(_length() if channel is TEXTS else {}),
        "duplicates": select(
            "Duplicate Recipients",
            f"A recipient that occurs twice in a message with the same {channel.noun}, in any notation, is sent to "
            "once. The other results are SKIPPED.",
            {SKIP: "Send once", SEND: "Send to each"},
            order=60,
        ),
        **_duplicate_prevention(),
        "batchSize": text_field(
            "Recipients per Request",
            f"Maximum number of recipients per request, 1 to {channel.largest_batch}. "
            f"Default: {channel.largest_batch}.",
            order=30,
            placeholder=str(channel.largest_batch),
        ),
    }


def order_fields() -> Fields:
    """Return the form fields of orders, without those of all actions."""
    compare = select(
        "Prevent Duplicates",
        "Compares recent orders before a retry. Orders carry no key. An identical order placed by another user in the "
        "same minutes is treated as this order.",
        {COMPARE: "Compare recent orders", OFF: "Off (a redelivered message is ordered again)"},
        order=59,
    )
    fields = _duplicate_prevention()
    return {"idempotency": compare, **{name: fields[name] for name in ("settleTime", "whenNotFound", "waitLimit")}}


def _output() -> Fields:
    return {
        "emitBehavior": select(
            "Emit Behavior",
            "The output has one result per recipient, in the order given.",
            {ALL: "Emit all", INDIVIDUALLY: "Emit individually"},
            order=90,
        )
    }


def _duplicate_prevention() -> Fields:
    return {
        "idempotency": select(
            "Prevent Duplicates",
            "Adds a key to the attributes of each recipient. Before a retry, the connector checks CallFire for this "
            "key.",
            {ATTRIBUTES: "With a key in the attributes", OFF: "Off (a redelivered message is sent again)"},
            order=59,
        ),
        "lookFirst": select(
            "Check Before Sending",
            "Always: also detects duplicates when a user retries a message manually. Costs one extra request per "
            "recipient.",
            {IN_DOUBT: "If it may have been sent", ALWAYS: "Always"},
            order=58,
        ),
        "settleTime": text_field(
            "Settle Time (seconds)",
            "Maximum time until a sent item becomes visible in CallFire. A missing item before that time counts as "
            f"unknown. Default: {DEFAULT_SETTLE_TIME:g}.",
            order=57,
            placeholder=f"{DEFAULT_SETTLE_TIME:g}",
        ),
        "whenNotFound": select(
            "If Not Found After Settle Time",
            "Action if a sent item is not found after the settle time. Throw error: check CallFire and retry manually.",
            {SEND: "Execute now", FAIL: "Throw error"},
            order=56,
        ),
        "waitLimit": WAIT_LIMIT,
    }


def _phone_numbers() -> Fields:
    return {
        "numbers": select(
            "Phone Number Format",
            "Convert to 11 digits: accepts any notation. Numbers with 11 digits and short codes are not changed.",
            {NORMALIZE: "Convert to 11 digits", AS_GIVEN: "Send as given"},
            order=74,
        ),
        "defaultRegion": text_field(
            "Default Country",
            "Country of numbers without country code: two letters, e.g. US or CA. Default: US.",
            order=75,
            placeholder="US",
        ),
    }


def _compliance() -> Fields:
    return {
        "doNotContact": select(
            "Skip DNC Numbers (Do Not Contact)",
            "Checks the lists before sending. Costs one request per 100 numbers (account) or per number (universal).",
            {OFF: "No check", ACCOUNT: "Account list", UNIVERSAL: "Universal list", BOTH: "Both lists"},
            order=80,
        ),
        "quietHours": text_field(
            "Quiet Hours",
            "Recipients are skipped during these hours in their local time (derived from the area code). Default: no "
            "quiet hours.",
            order=79,
            placeholder="21:00-08:00",
        ),
        "unknownTimeZone": text_field(
            "Time Zone for Unknown Numbers",
            "Time zone to assume in quiet hours for toll-free numbers and unknown area codes, e.g. America/New_York. "
            "Default: these numbers are skipped.",
            order=78,
            placeholder="America/New_York",
        ),
    }


def _length() -> Fields:
    return {
        "maxSegments": text_field(
            "Max Segments per Text",
            "Maximum number of segments of one text. A longer text fails. Default: no limit.",
            order=70,
            placeholder="3",
        ),
        "maxSegmentsPerRun": text_field(
            "Max Segments per Message",
            "Maximum number of segments of all texts. If the total is higher, nothing is sent. Default: no limit.",
            order=69,
            placeholder="5000",
        ),
        "creditsPerSegment": text_field(
            "Credits per Segment",
            "Price of one segment, for an estimate in the output. Default: no estimate.",
            order=68,
            placeholder="1",
        ),
    }


def _tracking(channel: SendChannel) -> Fields:
    return {
        "trackOutcome": select(
            "Track Delivery",
            f"Waits for the final result of each {channel.noun}: delivered, failed, retryLater, optedOut, or pending "
            "at the time limit.",
            {OFF: "No", WAIT: "Wait, then emit", AGAIN: "Emit now, and again with the results"},
            order=85,
        ),
        "trackLimit": text_field(
            "Tracking Limit (seconds)",
            f"Maximum time to wait for final results; the step is busy meanwhile. Default: {DEFAULT_TRACK_LIMIT:g}. "
            f"Maximum: {LONGEST_TRACKING:g} after the message was delivered.",
            order=84,
            placeholder=f"{DEFAULT_TRACK_LIMIT:g}",
        ),
    }
