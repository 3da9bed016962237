"""Lookup Text Broadcasts

Returns text broadcasts, filtered by name, label, time, or whether they are running or scheduled.
"""

from lib.callfire import FIELDS, GET, INTERVAL, PAGE, Operation, boolean, page_of, text

operation = Operation(
    GET("/texts/broadcasts"),
    query=(
        text("name", "Only broadcasts with this name."),
        text("label", "Only broadcasts with this label."),
        boolean("running", "true: only running broadcasts. false: only broadcasts that are not running."),
        boolean("scheduled", "true: only broadcasts with a schedule. false: only broadcasts without one."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("TextBroadcast"),
)
process = operation.process
get_meta_model = operation.get_meta_model
