"""The objects of the API under CallFire's own names. Importing this package declares all of them."""

from callfire_sandbox.api.models import (
    account,
    broadcasts,
    common,
    contacts,
    dates,
    enums,
    media,
    messages,
    numbers,
    webhooks,
)

__all__ = [
    "account",
    "broadcasts",
    "common",
    "contacts",
    "dates",
    "enums",
    "media",
    "messages",
    "numbers",
    "webhooks",
]
