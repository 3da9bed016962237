"""Lookup Texts

Returns outbound and inbound texts that match the filters. If IDs are given, CallFire ignores the other filters.
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
from lib.callfire.operation.selects import text_broadcasts

operation = Operation(
    GET("/texts"),
    query=(
        integers("id", "Only the texts with these IDs. CallFire then ignores the other filters.", label="IDs"),
        CAMPAIGN_ID.but("Only texts of this broadcast. 0: texts without a broadcast."),
        BATCH_ID,
        FROM_NUMBER,
        TO_NUMBER,
        text("label", "Only texts with this label."),
        STATES,
        text(
            "results",
            "Only texts with one of these results: a list, or a text with commas. Allowed: SENT, RECEIVED, DNT, "
            "TOO_BIG, INTERNAL_ERROR, CARRIER_ERROR, CARRIER_TEMP_ERROR, UNDIALED.",
            joined=True,
        ),
        boolean("inbound", "true: only inbound texts. false: only outbound texts."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Text"),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
