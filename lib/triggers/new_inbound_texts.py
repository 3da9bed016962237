"""Get New Inbound Texts Polling

Polls for text messages received by your numbers and emits each one once, oldest first. If Start Time is empty, polling
starts when the flow is started.
"""

from lib.callfire import CAMPAIGN_ID, GET, INTERVAL, PAGE, TO_NUMBER, Operation, boolean, page_of, text
from lib.callfire.models.labels import TEXT_RESULTS
from lib.callfire.operation.selects import leased_numbers, text_broadcasts
from lib.callfire.polling.item_kinds import TEXTS
from lib.callfire.polling.polling_form import filter_fields, polling_fields
from lib.callfire.polling.polling_trigger import PollingTrigger

__all__ = ["form_fields", "get_meta_model", "leased_numbers", "operation", "process", "text_broadcasts"]

operation = Operation(
    GET("/texts"),
    query=(
        CAMPAIGN_ID,
        TO_NUMBER,
        text("label", "Only texts with this label."),
        text("results", "Only texts with one of these results, separated by commas.", joined=True),
        boolean("inbound", "true: only inbound texts."),
        *INTERVAL,
        *PAGE,
    ),
    returns=page_of("Text"),
)
_filters = filter_fields("texts", TEXT_RESULTS, text_broadcasts)
# The lookback is in seconds. A text is complete when it arrives; the window finds texts that CallFire lists late.
trigger = PollingTrigger(TEXTS, operation, tuple(_filters), lookback=600)
form_fields = polling_fields("texts", _filters, lookback=trigger.lookback)
process = trigger.process
get_meta_model = trigger.get_meta_model
