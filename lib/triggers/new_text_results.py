"""Get New Text Results Polling

Polls for texts sent by the account and emits each one once, when it has a final state: delivered, failed, or opted out.
If Start Time is empty, polling starts when the flow is started.
"""

from lib.callfire import CAMPAIGN_ID, FROM_NUMBER, GET, INTERVAL, PAGE, Operation, boolean, page_of, text
from lib.callfire.operation.selects import leased_numbers, text_broadcasts
from lib.callfire.polling.item_kinds import SENT_TEXTS
from lib.callfire.polling.polling_form import polling_fields
from lib.callfire.polling.text_results import TextResultsTrigger, outcome_fields, result_fields

__all__ = ["form_fields", "get_meta_model", "leased_numbers", "operation", "process", "text_broadcasts"]

operation = Operation(
    GET("/texts"),
    query=(
        CAMPAIGN_ID,
        FROM_NUMBER,
        text("label", "Only texts with this label."),
        boolean("inbound", "false: only outbound texts."),
        *INTERVAL,
        *PAGE,
    ),
    returns=page_of("TextResult"),
)
_filters = result_fields(text_broadcasts.__name__, leased_numbers.__name__)
# The lookback is in seconds. Results are in the order of the first attempt's end; the window finds late ones.
trigger = TextResultsTrigger(SENT_TEXTS, operation, tuple(_filters), lookback=3600)
form_fields = polling_fields("texts", {**_filters, **outcome_fields()}, lookback=trigger.lookback)
process = trigger.process
get_meta_model = trigger.get_meta_model
