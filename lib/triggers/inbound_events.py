"""Events in real time

Starts the flow at once when CallFire reports an event: a text or call that came in, a broadcast that ended, a balance
that is low. The flow registers itself at CallFire when it is switched on, and takes itself off when it is switched off.
"""

from lib.callfire.webhooks.form import form_fields, webhook_events
from lib.callfire.webhooks.trigger import WebhookTrigger
from lib.triggers import new_inbound_calls, new_inbound_texts

__all__ = ["form_fields", "get_meta_model", "init", "kind", "process", "shutdown", "startup", "webhook_events"]

kind = "webhook"
trigger = WebhookTrigger({"InboundText": new_inbound_texts.trigger, "InboundCall": new_inbound_calls.trigger})
startup = trigger.startup
init = trigger.init
shutdown = trigger.shutdown
process = trigger.process
get_meta_model = trigger.get_meta_model
