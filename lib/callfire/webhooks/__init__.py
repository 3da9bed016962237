"""The webhook trigger: CallFire delivers events to it.

webhook_trigger        what the platform calls: deliveries become messages; missed events are recovered
webhook_form           the form: its fields, and what they contain
webhook_delivery       the signature of a delivery, and its events
webhook_registration   the webhooks of a flow in CallFire: created, updated, deleted
webhook_snapshot       what was emitted recently, stored in the step's snapshot
"""
