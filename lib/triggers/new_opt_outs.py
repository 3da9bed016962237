"""Get New Opt-Outs Polling

Polls for numbers that have opted out and emits each opt-out once, oldest first: inbound texts with an opt-out word such
as STOP, and new entries of the account's do-not-contact (DNC) list. If Start Time is empty, polling starts when the
flow is started.
"""

from lib.callfire import GET, INTERVAL, PAGE, Operation, boolean, page_of
from lib.callfire.polling.opt_outs import OPT_OUTS, SOURCES, OptOutsTrigger
from lib.callfire.polling.polling_form import polling_fields

operation = Operation(
    GET("/texts"),
    query=(boolean("inbound", "true: only inbound texts."), *INTERVAL, *PAGE),
    returns=page_of("OptOut"),
)
entries = Operation(GET("/contacts/dncs"), query=PAGE, returns=page_of("DoNotContact", key=()))
# The lookback is in seconds. The window finds texts and entries that CallFire lists late.
trigger = OptOutsTrigger(OPT_OUTS, operation, (), lookback=3600, entries=entries)
form_fields = polling_fields("opt-outs", {"sources": SOURCES}, lookback=trigger.lookback, changes=False)
process = trigger.process
get_meta_model = trigger.get_meta_model
