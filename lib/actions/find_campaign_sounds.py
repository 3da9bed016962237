"""Lookup Sounds

Returns the sounds of the account, filtered by name. Archived, pending and scrubbed sounds are included only on request.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, page_of, text

operation = Operation(
    GET("/campaigns/sounds"),
    query=(
        text("filter", "Only sounds whose name contains this text.", label="Name Contains"),
        boolean("includeArchived", "true: include archived sounds. Default: false.", default=False),
        boolean("includePending", "true: include sounds that are not ready yet. Default: false.", default=False),
        boolean("includeScrubbed", "true: include scrubbed sounds. Default: false.", default=False),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("CampaignSound"),
)
process = operation.process
get_meta_model = operation.get_meta_model
