"""Find text broadcasts

Your text broadcasts, by name, label, time or whether they are running or scheduled.
"""

from lib.callfire import FIELDS, GET, INTERVAL, PAGE, Operation, boolean, page_of, text

operation = Operation(
    GET("/texts/broadcasts"),
    query=(
        text("name", "Only broadcasts with this name."),
        text("label", "Only broadcasts with this label."),
        boolean("running", "true: only those that are running; false: only the others."),
        boolean("scheduled", "true: only those with a schedule; false: only the others."),
        *INTERVAL,
        *PAGE,
        FIELDS,
    ),
    returns=page_of("TextBroadcast"),
)
process = operation.process
get_meta_model = operation.get_meta_model
