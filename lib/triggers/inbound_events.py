"""Get Real-Time Events Webhook

Receives CallFire events by webhook in real time. The webhook is created when the flow is started and deleted when it is
stopped.
"""

from lib.callfire.webhooks.webhook_form import form_fields, webhook_events
from lib.callfire.webhooks.webhook_trigger import WebhookTrigger
from lib.triggers import new_inbound_calls, new_inbound_texts

__all__ = ["form_fields", "get_meta_model", "init", "kind", "process", "shutdown", "startup", "webhook_events"]

kind = "webhook"
trigger = WebhookTrigger({"InboundText": new_inbound_texts.trigger, "InboundCall": new_inbound_calls.trigger})
startup = trigger.startup
init = trigger.init
shutdown = trigger.shutdown
process = trigger.process
get_meta_model = trigger.get_meta_model
