"""All operations of the API. Importing a module here declares the operations in it."""

from sandbox.api.operation import OPERATIONS
from sandbox.operations import (
    account,
    auto_replies,
    broadcasts,
    calls,
    contact_lists,
    contacts,
    do_not_contact,
    keywords,
    media,
    numbers,
    orders,
    reports,
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
    "do_not_contact",
    "keywords",
    "media",
    "numbers",
    "orders",
    "reports",
    "sounds",
    "texts",
    "webhooks",
]
