"""Contacts that are updated if they exist and created otherwise.

upsert_operation  the action: search, update or create, result
upsert_form       the form: fields and values
contact_search    the search for a contact by phone number or external ID
recent_contacts   the contacts that this process created a short time ago

`recent_contacts` uses neither the network nor the platform.
"""
