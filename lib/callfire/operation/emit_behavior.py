"""Emit behavior: the form's emitBehavior selects the messages for a list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lib.callfire import form
from lib.callfire.form import Config, FormField

PAGES, INDIVIDUALLY, ALL = "emitPage", "emitIndividually", "emitAll"
_NOTE = "Emit all collects every item in one message. Use it for short lists only."
EMIT_BEHAVIOR: FormField = form.select(
    "Emit Behavior",
    _NOTE,
    {PAGES: "Emit page", INDIVIDUALLY: "Emit individually", ALL: "Emit all"},
    order=90,
)
# A result with several lists cannot be emitted item by item.
EMIT_WHOLE: FormField = form.select(
    "Emit Behavior",
    _NOTE,
    {PAGES: "Emit page", ALL: "Emit all"},
    order=90,
)


def emit_behavior(config: Config) -> str:
    """Read the form's emitBehavior: PAGES, INDIVIDUALLY or ALL. Default: PAGES."""
    return form.choice(config, "emitBehavior", PAGES, (PAGES, INDIVIDUALLY, ALL))


def emitted(pages: Iterable[Mapping[str, Any]], behavior: str, lists: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the messages {"body": …} for pages. `lists` are the names of the lists of a page."""
    if behavior == PAGES:
        yield from ({"body": page} for page in pages)
    elif behavior == INDIVIDUALLY:
        yield from ({"body": item} for page in pages for name in lists for item in page[name])
    else:
        yield {"body": _collected(pages, lists)}


def _collected(pages: Iterable[Mapping[str, Any]], lists: tuple[str, ...]) -> dict[str, Any]:
    """Return one page with the items of all pages, without the `limit` and `offset` of a single page."""
    collected: dict[str, Any] = {name: [] for name in lists}
    rest: dict[str, Any] = {}
    for page in pages:
        rest = {name: value for name, value in page.items() if name not in ("limit", "offset", *lists)}
        for name in lists:
            collected[name] += page[name]
    return rest | collected
