"""Find texts

Texts sent and received, filtered as you like. With `id` given, CallFire ignores all other filters.
"""

from lib.callfire import (
    BATCH_ID,
    CAMPAIGN_ID,
    FIELDS,
    GET,
    INTERVAL,
    PAGE,
    Operation,
    boolean,
    integers,
    page_of,
    text,
)

operation = Operation(
    GET("/texts"),
    query=(
        integers("id", "Only the texts with these IDs; other filters are ignored then.", label="IDs"),
        CAMPAIGN_ID.but("Only texts of this broadcast; 0 stands for texts sent outside any broadcast."),
        BATCH_ID,
        text("fromNumber", "Only texts from this number: 11 digits, e.g. 12132000384, or a short code."),
        text("toNumber", "Only texts to this number: 11 digits, e.g. 12132000384, or a short code."),
        text("label", "Only texts with this label."),
        text(
            "states",
            "Only texts in one of these states, separated by commas: READY, SELECTED, CALLBACK, FINISHED, "
            "DISABLED, DNC, "
            "DUP, INVALID, TIMEOUT, PERIOD_LIMIT. A list is taken too.",
            joined=True,
        ),
        text(
            "results",
            "Only texts with one of these results, separated by commas: SENT, RECEIVED, DNT, TOO_BIG, INTERNAL_ERROR, "
            "CARRIER_ERROR, CARRIER_TEMP_ERROR, UNDIALED. A list is taken too.",
            joined=True,
        ),
        boolean("inbound", "true: only received texts; false: only sent ones."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Text"),
)
process = operation.process
get_meta_model = operation.get_meta_model
