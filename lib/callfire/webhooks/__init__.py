"""The trigger that CallFire calls itself.

trigger        what the platform calls: deliveries become messages
form           its form, and which events it names
delivery       is a delivery CallFire's, and which events does it hold
registration   the webhooks of this flow at CallFire: made once, kept right, removed
remembered     what was emitted lately, written into a snapshot
"""
