"""Get New Inbound Calls Polling

Polls for calls received by your numbers and emits each one once, in the order of their end. If Start Time is empty,
polling starts when the flow is started.
"""

from lib.callfire import CAMPAIGN_ID, GET, INTERVAL, PAGE, TO_NUMBER, Operation, boolean, page_of, text
from lib.callfire.models.labels import CALL_RESULTS
from lib.callfire.operation.selects import call_broadcasts, leased_numbers
from lib.callfire.polling.item_kinds import CALLS
from lib.callfire.polling.polling_form import filter_fields, polling_fields
from lib.callfire.polling.polling_trigger import PollingTrigger

__all__ = ["call_broadcasts", "form_fields", "get_meta_model", "leased_numbers", "operation", "process"]

operation = Operation(
    GET("/calls"),
    query=(
        CAMPAIGN_ID,
        TO_NUMBER,
        text("label", "Only calls with this label."),
        text("results", "Only calls with one of these results, separated by commas.", joined=True),
        boolean("inbound", "true: only inbound calls."),
        *INTERVAL,
        *PAGE,
    ),
    returns=page_of("Call"),
)
_filters = filter_fields("calls", CALL_RESULTS, call_broadcasts)
# The lookback is in seconds. CallFire may list a call only after its end: the window must cover the longest call.
trigger = PollingTrigger(CALLS, operation, tuple(_filters), lookback=3600)
form_fields = polling_fields("calls", _filters, lookback=trigger.lookback)
process = trigger.process
get_meta_model = trigger.get_meta_model
