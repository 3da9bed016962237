"""Find texts

Texts sent and received, filtered as you like. With `id` given, CallFire ignores all other filters.
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
        integers("id", "Only the texts with these IDs; other filters are ignored then.", label="IDs"),
        CAMPAIGN_ID.but("Only texts of this broadcast; 0 stands for texts sent outside any broadcast."),
        BATCH_ID,
        FROM_NUMBER,
        TO_NUMBER,
        text("label", "Only texts with this label."),
        STATES,
        text(
            "results",
            "Only texts with one of these results, separated by commas: SENT, RECEIVED, DNT, TOO_BIG, "
            "INTERNAL_ERROR, CARRIER_ERROR, CARRIER_TEMP_ERROR, UNDIALED. A list is taken too.",
            joined=True,
        ),
        boolean("inbound", "true: only received texts; false: only those you sent."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Text"),
    selects={"campaignId": text_broadcasts},
)
process = operation.process
get_meta_model = operation.get_meta_model
