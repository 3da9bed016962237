"""Find sounds

Sounds that calls can play, by name. Archived, pending and scrubbed ones only if you ask for them.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, boolean, page_of, text

operation = Operation(
    GET("/campaigns/sounds"),
    query=(
        text("filter", "Only sounds whose name contains this.", label="Name contains"),
        boolean("includeArchived", "true: archived sounds too."),
        boolean("includePending", "true: sounds too that are not ready yet."),
        boolean("includeScrubbed", "true: scrubbed sounds too."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("CampaignSound"),
)
process = operation.process
get_meta_model = operation.get_meta_model
