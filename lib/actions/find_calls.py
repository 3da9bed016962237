"""Find calls

Calls made and received, filtered as you like. With `id` given, CallFire may ignore the other filters.
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
        integers("id", "Only the calls with these IDs; the other filters may be ignored then.", label="IDs"),
        CAMPAIGN_ID.but("Only calls of this broadcast; 0 stands for calls made outside any broadcast."),
        BATCH_ID,
        FROM_NUMBER,
        TO_NUMBER,
        text("label", "Only calls with this label."),
        STATES,
        text(
            "results",
            "Only calls with one of these results, separated by commas, e.g. LA, AM, BUSY, NO_ANS. A list is "
            "taken too.",
            joined=True,
        ),
        boolean("inbound", "true: only received calls; false: only those you made."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Call"),
    selects={"campaignId": call_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
