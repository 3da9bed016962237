"""The webhook trigger, to which CallFire delivers events.

webhook_trigger        the trigger: converts deliveries to messages, and recovers missed events
webhook_form           the form: fields and values
webhook_delivery       the signature and the events of a delivery
webhook_registration   creates, updates and deletes the webhooks of a flow in CallFire
webhook_snapshot       the recently emitted events
"""
