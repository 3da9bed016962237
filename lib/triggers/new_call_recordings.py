"""Get New Call Recordings Polling

Polls for recordings of calls and emits each one once, with its MP3 file as an attachment, in the order of the end of
their calls. If Start Time is empty, polling starts when the flow is started.
"""

from lib.actions import get_call_recording_mp3, get_call_recordings
from lib.callfire import CAMPAIGN_ID, GET, INTERVAL, PAGE, TO_NUMBER, Operation, boolean, page_of, text
from lib.callfire.models.labels import CALL_RESULTS
from lib.callfire.operation.selects import call_broadcasts, leased_numbers
from lib.callfire.polling.call_recordings import DIRECTION, LOOKUP, RECORDINGS, RecordingsTrigger
from lib.callfire.polling.polling_form import filter_fields, polling_fields

__all__ = ["call_broadcasts", "form_fields", "get_meta_model", "leased_numbers", "operation", "process"]

operation = Operation(
    GET("/calls"),
    query=(
        CAMPAIGN_ID,
        TO_NUMBER,
        text("label", "Only calls with this label."),
        boolean("inbound", "true: only inbound calls. false: only outbound calls."),
        *INTERVAL,
        *PAGE,
    ),
    returns=page_of("RecordedCall"),
)
_filters = filter_fields("calls", CALL_RESULTS, call_broadcasts)
del _filters["results"]
# The lookback is in seconds. The window must cover the longest call, and the time until its recording is listed.
trigger = RecordingsTrigger(
    RECORDINGS,
    operation,
    tuple(_filters),
    lookback=3600,
    recordings=get_call_recordings.operation,
    download=get_call_recording_mp3.operation,
)
form_fields = polling_fields(
    "recordings", {"direction": DIRECTION, **_filters, "lookup": LOOKUP}, lookback=trigger.lookback, changes=False
)
process = trigger.process
get_meta_model = trigger.get_meta_model
