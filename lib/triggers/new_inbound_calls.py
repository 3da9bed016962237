"""New inbound calls

Starts the flow for each call your numbers receive as soon as it has ended, in the order in which they end and each of
them once. Without a start time only calls that end after the flow was switched on count.
"""

from lib.callfire import CAMPAIGN_ID, GET, INTERVAL, PAGE, TO_NUMBER, Operation, boolean, page_of, text
from lib.callfire.models.values import CALL_RESULTS
from lib.callfire.operation.selects import call_broadcasts, leased_numbers
from lib.callfire.polling import fields
from lib.callfire.polling.kinds import CALLS
from lib.callfire.polling.trigger import PollingTrigger

__all__ = ["call_broadcasts", "form_fields", "get_meta_model", "leased_numbers", "operation", "process"]

operation = Operation(
    GET("/calls"),
    query=(
        CAMPAIGN_ID,
        TO_NUMBER,
        text("label", "Only calls with this label."),
        text("results", "Only calls with one of these results, separated by commas.", joined=True),
        boolean("inbound", "true: only received calls."),
        *INTERVAL,
        *PAGE,
    ),
    returns=page_of("Call"),
)
_filters = fields.filters("calls", CALL_RESULTS, call_broadcasts)
# Seconds. A call that CallFire does not list while it lasts must not take longer than this.
trigger = PollingTrigger(CALLS, operation, tuple(_filters), lookback=3600)
form_fields = fields.form_fields("calls", _filters, lookback=trigger.lookback)
process = trigger.process
get_meta_model = trigger.get_meta_model
