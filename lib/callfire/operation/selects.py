"""What the account holds, for select fields of forms: {value: label}, so that nobody has to paste an id.

Each function is called by the platform's designer with the credentials. An account that has nothing of a kind gets
one entry that says so; a failure is the error that says what went wrong.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from lib.callfire.api import paging
from lib.callfire.api.client import Request, client_for

MOST = 1000  # a longer list helps nobody to choose; give the id in the message then
Choices = dict[str, str]
Config = Mapping[str, Any]
_PAGE = 100


def text_broadcasts(config: Config) -> Choices:
    """Text broadcasts by id."""
    return _listed(config, "/texts/broadcasts", _named("id"), "No text broadcasts in this account")


def call_broadcasts(config: Config) -> Choices:
    """Call broadcasts by id."""
    return _listed(config, "/calls/broadcasts", _named("id"), "No call broadcasts in this account")


def contact_lists(config: Config) -> Choices:
    """Contact lists by id, with how many contacts they hold."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        size = item.get("size")
        return item.get("id"), f"{item.get('name') or item.get('id')}" + (f" ({size})" if size is not None else "")

    return _listed(config, "/contacts/lists", entry, "No contact lists in this account")


def sounds(config: Config) -> Choices:
    """Sounds by id."""
    return _listed(config, "/campaigns/sounds", _named("id"), "No sounds in this account")


def leased_numbers(config: Config) -> Choices:
    """Leased numbers, as people write them."""

    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get("number"), f"{item.get('nationalFormat') or item.get('number')}"

    return _listed(config, "/numbers/leases", entry, "No leased numbers in this account")


def leased_keywords(config: Config) -> Choices:
    """Leased keywords."""
    return _listed(config, "/keywords/leases", _named("keyword"), "No leased keywords in this account")


def webhook_resources(config: Config) -> Choices:
    """What webhooks can tell of."""
    return _listed(
        config, "/webhooks/resources", _named("resource"), "CallFire offers no webhook resources", paged=False
    )


def _listed(
    config: Config,
    path: str,
    entry: Callable[[Mapping[str, Any]], tuple[Any, str]],
    empty: str,
    *,
    paged: bool = True,
) -> Choices:
    client = client_for(config)

    def fetch(query: str) -> dict[str, Any]:
        value = client.call(Request("GET", path, f"GET {path}", query=query, repeatable=True), tries=2).value
        return value if isinstance(value, dict) else {"items": value or []}

    pages = paging.walk(lambda limit, offset: fetch(f"limit={limit}&offset={offset}"), _PAGE) if paged else [fetch("")]
    items = (item for page in pages for item in page.get("items") or [])
    found = {str(value): label for value, label in islice(map(entry, items), MOST) if value is not None}
    # An empty value counts as "nothing chosen".
    return found or {"": empty}


def _named(key: str) -> Callable[[Mapping[str, Any]], tuple[Any, str]]:
    def entry(item: Mapping[str, Any]) -> tuple[Any, str]:
        return item.get(key), f"{item.get('name') or item.get(key)}"

    return entry
