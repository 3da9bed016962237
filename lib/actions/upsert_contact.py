"""Upsert Contact

Updates the contact with a phone number or external ID, or creates it if the account has none. Properties that are not
mapped stay unchanged; a redelivered message creates no second contact.
"""

from lib.callfire import POST, properties_of
from lib.callfire.contacts.upsert_operation import UpsertOperation

operation = UpsertOperation(POST("/contacts"), body=properties_of("Contact"))
process = operation.process
form_fields = operation.form_fields
