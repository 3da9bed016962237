"""Lookup Calls

Returns outbound and inbound calls that match the filters. If IDs are given, CallFire may ignore the other filters.
"""

from lib.callfire import (
    BATCH_ID,
    CAMPAIGN_ID,
    FIELDS,
    FROM_NUMBER,
    GET,
    INTERVAL,
    PAGE,
    STATES,
    TO_NUMBER,
    Operation,
    boolean,
    integers,
    page_of,
    text,
)
from lib.callfire.operation.selects import call_broadcasts

operation = Operation(
    GET("/calls"),
    query=(
        integers("id", "Only the calls with these IDs. CallFire may then ignore the other filters.", label="IDs"),
        CAMPAIGN_ID.but("Only calls of this broadcast. 0: calls without a broadcast."),
        BATCH_ID,
        FROM_NUMBER,
        TO_NUMBER,
        text("label", "Only calls with this label."),
        STATES,
        text(
            "results",
            "Only calls with one of these results: a list, or a text with commas. Examples: LA (live answer), AM "
            "(answering machine), BUSY, NO_ANS.",
            joined=True,
        ),
        boolean("inbound", "true: only inbound calls. false: only outbound calls."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Call"),
    selects={"campaignId": call_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
