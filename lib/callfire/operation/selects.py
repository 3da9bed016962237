"""Values for select fields of forms, read from the account: {value: label}.

The platform's designer calls each function with the credentials. If the account has no items of a kind, the result is
empty, and the designer explains that. Each function raises a `CallFireError` on failure, which the designer shows.
The order is CallFire's, but the designer lists numeric values below 2^32 - 1 first, in ascending order.
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
    return _listed(config, "/texts/broadcasts", _named("id"))


def call_broadcasts(config: Config) -> Choices:
    """Return call broadcasts, {ID: name}."""
    return _listed(config, "/calls/broadcasts", _named("id"))


def contact_lists(config: Config) -> Choices:
    """Return contact lists, {ID: "name (number of contacts)"}."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        size = item.get("size")
        return item.get("id"), f"{item.get('name') or item.get('id')}" + (f" ({size})" if size is not None else "")

    return _listed(config, "/contacts/lists", entry)


def sounds(config: Config) -> Choices:
    """Return sounds, {ID: name}."""
    return _listed(config, "/campaigns/sounds", _named("id"))


def leased_numbers(config: Config) -> Choices:
    """Return leased numbers, {11 digits: national format}."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get("number"), f"{item.get('nationalFormat') or item.get('number')}"

    return _listed(config, "/numbers/leases", entry)


def caller_ids(config: Config) -> Choices:
    """Return the numbers that calls can show: verified caller IDs and leased numbers, {11 digits: label}."""
    answer = client_for(config).get("/me/callerids", tries=_TRIES)
    items = answer.get("items") if isinstance(answer, Mapping) else answer
    numbers = [str(item["phoneNumber"]) for item in items or [] if item.get("phoneNumber")]
    return {**{number: f"{number} (verified caller ID)" for number in numbers}, **leased_numbers(config)}


def leased_keywords(config: Config) -> Choices:
    """Return leased keywords, {keyword: keyword}."""
    return _listed(config, "/keywords/leases", _named("keyword"))


def webhook_resources(config: Config) -> Choices:
    """Return the resources that webhooks can subscribe to, most used first, {name: "words (name)"}."""
    from lib.callfire.models import labels  # noqa: PLC0415 (for the designer only)

    answer = client_for(config).get("/webhooks/resources", tries=_TRIES)
    items = answer.get("items") if isinstance(answer, Mapping) else answer
    names = [str(item["resource"]) for item in items or [] if item.get("resource")]
    return {name: labels.resource_label(name) for name in sorted(names, key=labels.resource_rank)}


def _listed(config: Config, path: str, entry: "Entry") -> Choices:
    pages = client_for(config).pages(path, tries=_TRIES)
    return _choices((item for page in pages for item in page.get("items") or []), entry)


def _choices(items: Iterable[Mapping[str, Any]], entry: "Entry") -> Choices:
    """Return {value: label} of at most MOST items."""
    entries = islice(map(entry, items), MOST)
    return {str(value): label for value, label in entries if value is not None}


NOUNS: Mapping[str, str] = {
    "text_broadcasts": "Text Broadcast",
    "call_broadcasts": "Call Broadcast",
    "contact_lists": "Contact List",
    "sounds": "Sound",
    "leased_numbers": "Leased Number",
    "caller_ids": "Caller ID",
    "leased_keywords": "Leased Keyword",
    "webhook_resources": "Webhook Resource",
}
"""{name of a function: label of one of its items}."""
Entry = Callable[[Mapping[str, Any]], tuple[Any, str]]
"""A function from an item of the account to its value and label."""


def _named(key: str) -> Entry:
    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get(key), f"{item.get('name') or item.get(key)}"

    return entry
