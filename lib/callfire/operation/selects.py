"""Values for select fields of forms, read from the account: {value: label}.

The platform's designer calls each function with the credentials. If the account has no items of a kind, the result is
empty, and the designer explains that. Each function raises a `CallFireError` on failure, which the designer shows.
The order is CallFire's, but the designer lists numeric values below 2^32 - 1 first, in ascending order.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from lib.callfire.api.client import AnswerShape, Request, client_for
from lib.callfire.form import Config

MOST = 1000  # entries of a select; other IDs can be mapped in the message
Choices = dict[str, str]
WEBHOOK_RESOURCES = "/webhooks/resources"
_TRIES = 2  # few, because a person waits in the designer
_LIST = AnswerShape((dict, list), ("items",), null_lists=True)


def text_broadcasts(config: Config) -> Choices:
    """Return text broadcasts, {ID: name}."""
    return _listed(config, "/texts/broadcasts", _named("id"))


def call_broadcasts(config: Config) -> Choices:
    """Return call broadcasts, {ID: name}."""
    return _listed(config, "/calls/broadcasts", _named("id"))


def contact_lists(config: Config) -> Choices:
    """Return contact lists, {ID: "name (number of contacts)"}."""

    def entry(item: Mapping[str, Any]) -> tuple[str, str]:
        size = text_of(item, "size")
        return text_of(item, "id"), text_of(item, "name", "id") + (f" ({size})" if size else "")

    return _listed(config, "/contacts/lists", entry)


def sounds(config: Config) -> Choices:
    """Return sounds, {ID: name}."""
    return _listed(config, "/campaigns/sounds", _named("id"))


def leased_numbers(config: Config) -> Choices:
    """Return leased numbers, {11 digits: national format}."""
    return _listed(config, "/numbers/leases", _named("number", "nationalFormat"))


def caller_ids(config: Config) -> Choices:
    """Return the numbers that calls can show: verified caller IDs and leased numbers, {11 digits: label}."""
    numbers = [text_of(item, "phoneNumber") for item in objects_of(config, "/me/callerids")]
    verified = {number: f"{number} (verified caller ID)" for number in numbers if number}
    return {**verified, **leased_numbers(config)}


def leased_keywords(config: Config) -> Choices:
    """Return leased keywords, {keyword: keyword}."""
    return _listed(config, "/keywords/leases", _named("keyword"))


def webhook_resources(config: Config) -> Choices:
    """Return the resources that webhooks can subscribe to, most used first, {name: "words (name)"}."""
    from lib.callfire.models import labels  # noqa: PLC0415 (for the designer only)

    names = [text_of(item, "resource") for item in objects_of(config, WEBHOOK_RESOURCES)]
    return {name: labels.resource_label(name) for name in sorted(filter(None, names), key=labels.resource_rank)}


def objects_of(config: Config, path: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list without pages. Raises a `CallFireError`, also for a response without a list."""
    request = Request("GET", path, f"GET {path}", repeatable=True, shape=_LIST)
    answer = client_for(config).call(request, tries=_TRIES).value
    items = answer.get("items") if isinstance(answer, dict) else answer
    return [item for item in items or [] if isinstance(item, Mapping)]


def text_of(item: Mapping[str, Any], *names: str) -> str:
    """Return the first of these properties that is a text or a whole number, as text; "" if none is."""
    given = (item.get(name) for name in names if not isinstance(item.get(name), bool))
    return next((str(value) for value in given if isinstance(value, int | str) and value != ""), "")


def _listed(config: Config, path: str, entry: "Entry") -> Choices:
    pages = client_for(config).pages(path, tries=_TRIES)
    return _choices((item for page in pages for item in page["items"] if isinstance(item, Mapping)), entry)


def _choices(items: Iterable[Mapping[str, Any]], entry: "Entry") -> Choices:
    """Return {value: label} of at most MOST items. Items without a value are left out."""
    return {value: label for value, label in islice(map(entry, items), MOST) if value}


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
Entry = Callable[[Mapping[str, Any]], tuple[str, str]]
"""A function from an item of the account to its value and label. The value is "" if the item has none."""


def _named(key: str, name: str = "name") -> Entry:
    def entry(item: Mapping[str, Any]) -> tuple[str, str]:
        return text_of(item, key), text_of(item, name, key)

    return entry
