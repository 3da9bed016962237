"""All operations of the API. Importing one of these modules declares its operations."""

from callfire_sandbox.api.operation import OPERATIONS
from callfire_sandbox.operations import (
    account,
    auto_replies,
    broadcasts,
    calls,
    contact_lists,
    contacts,
    delivery_reports,
    do_not_contact,
    keywords,
    media,
    numbers,
    orders,
    sounds,
    texts,
    webhooks,
)

__all__ = [
    "OPERATIONS",
    "account",
    "auto_replies",
    "broadcasts",
    "calls",
    "contact_lists",
    "contacts",
    "delivery_reports",
    "do_not_contact",
    "keywords",
    "media",
    "numbers",
    "orders",
    "sounds",
    "texts",
    "webhooks",
]
