"""Values for select fields of forms, read from the account: {value: label}.

The platform's designer calls each function with the credentials. If the account has no items of a kind, the result is
one entry with that information. Each function raises a `CallFireError` on failure, which the designer shows.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from lib.callfire.api.client import client_for
from lib.callfire.form import Config

MOST = 1000  # entries of a select; other IDs can be mapped in the message
Choices = dict[str, str]
_TRIES = 2  # few, because a person waits in the designer


def text_broadcasts(config: Config) -> Choices:
    """Return text broadcasts, {ID: name}."""
    return _listed(config, "/texts/broadcasts", _named("id"), "No text broadcasts in this account")


def call_broadcasts(config: Config) -> Choices:
    """Return call broadcasts, {ID: name}."""
    return _listed(config, "/calls/broadcasts", _named("id"), "No call broadcasts in this account")


def contact_lists(config: Config) -> Choices:
    """Return contact lists, {ID: "name (number of contacts)"}."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        size = item.get("size")
        return item.get("id"), f"{item.get('name') or item.get('id')}" + (f" ({size})" if size is not None else "")

    return _listed(config, "/contacts/lists", entry, "No contact lists in this account")


def sounds(config: Config) -> Choices:
    """Return sounds, {ID: name}."""
    return _listed(config, "/campaigns/sounds", _named("id"), "No sounds in this account")


def leased_numbers(config: Config) -> Choices:
    """Return leased numbers, {11 digits: national format}."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get("number"), f"{item.get('nationalFormat') or item.get('number')}"

    return _listed(config, "/numbers/leases", entry, "No leased numbers in this account")


def leased_keywords(config: Config) -> Choices:
    """Return leased keywords, {keyword: keyword}."""
    return _listed(config, "/keywords/leases", _named("keyword"), "No leased keywords in this account")


def webhook_resources(config: Config) -> Choices:
    """Return the resources that webhooks can subscribe to, {name: name}."""
    answer = client_for(config).get("/webhooks/resources", tries=_TRIES)
    items = answer.get("items") if isinstance(answer, Mapping) else answer
    return _choices(items or [], _named("resource"), "CallFire offers no webhook resources")


def _listed(config: Config, path: str, entry: "Entry", empty: str) -> Choices:
    pages = client_for(config).pages(path, tries=_TRIES)
    return _choices((item for page in pages for item in page.get("items") or []), entry, empty)


def _choices(items: Iterable[Mapping[str, Any]], entry: "Entry", empty: str) -> Choices:
    """Return {value: label} of at most MOST items. The designer treats an empty value as no selection."""
    entries = islice(map(entry, items), MOST)
    return {str(value): label for value, label in entries if value is not None} or {"": empty}


Entry = Callable[[Mapping[str, Any]], tuple[Any, str]]
"""A function from an item of the account to its value and label."""


def _named(key: str) -> Entry:
    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get(key), f"{item.get('name') or item.get(key)}"

    return entry
