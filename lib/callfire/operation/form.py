"""The form fields that actions share: how each looks in the designer, and how its value is read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lib.callfire.api.settings import DEFAULT_TIMEOUT, LONGEST_TIMEOUT, choice, whole

PAGES, INDIVIDUALLY, ALL = "emitPage", "emitIndividually", "emitAll"
REBOUND, ERROR = "rebound", "error"
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 10_000

FormField = dict[str, Any]

EMIT_BEHAVIOR: FormField = {
    "viewClass": "SelectView",
    "label": "Emit behavior",
    "required": False,
    "order": 90,
    "model": {
        PAGES: "One message per page",
        INDIVIDUALLY: "One message per item",
        ALL: "One message with all items",
    },
    "prompt": "One message per page",
    "note": "All items in one message are held in memory together: choose it for short lists.",
}
# For an answer with several lists there is no one item.
EMIT_WHOLE: FormField = EMIT_BEHAVIOR | {
    "model": {PAGES: "One message per page", ALL: "One message with everything"},
    "note": "Everything in one message is held in memory together.",
}
PAGE_SIZE: FormField = {
    "viewClass": "TextFieldView",
    "label": "Page size",
    "required": False,
    "order": 80,
    "placeholder": str(DEFAULT_PAGE_SIZE),
    "note": f"Items asked for with each request, {DEFAULT_PAGE_SIZE} if empty. Not used when the message gives "
    "limit or "
    "offset: then exactly that one page is fetched.",
}
ERROR_POLICY: FormField = {
    "viewClass": "SelectView",
    "label": "When CallFire is unavailable",
    "required": False,
    "order": 20,
    "model": {REBOUND: "Try the message again later", ERROR: "Fail the message"},
    "prompt": "Try the message again later",
    "note": "For temporary failures, after a few quick repeats. What may have been carried out is never repeated "
    "blindly: sends and orders look for it first, all else fails the message.",
}
TIMEOUT: FormField = {
    "viewClass": "TextFieldView",
    "label": "Time-out (seconds)",
    "required": False,
    "order": 10,
    "placeholder": f"{DEFAULT_TIMEOUT:g}",
    "note": f"How long to wait for CallFire's answer, {DEFAULT_TIMEOUT:g} if empty, {LONGEST_TIMEOUT:g} at most.",
}


def select(label: str, about: str, function: str, *, order: int) -> FormField:
    """Form field that offers what the module's `function` finds in the account."""
    return {
        "viewClass": "SelectView",
        "label": label,
        "required": False,
        "order": order,
        "model": function,
        "note": about,
    }


def emit_behavior(config: Mapping[str, Any]) -> str:
    """Which messages a list becomes."""
    return choice(config.get("emitBehavior"), "emitBehavior", PAGES, (PAGES, INDIVIDUALLY, ALL))


def page_size(config: Mapping[str, Any]) -> int:
    """How many items to ask for at once."""
    return whole(config.get("pageSize"), "pageSize", DEFAULT_PAGE_SIZE, 1, LARGEST_PAGE_SIZE)


def error_policy(config: Mapping[str, Any]) -> str:
    """What a temporary failure becomes."""
    return choice(config.get("errorPolicy"), "errorPolicy", REBOUND, (REBOUND, ERROR))


def emitted(pages: Iterable[Mapping[str, Any]], behavior: str, lists: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Make messages of pages, by `emitBehavior`."""
    if behavior == PAGES:
        yield from ({"body": page} for page in pages)
    elif behavior == INDIVIDUALLY:
        yield from ({"body": item} for page in pages for name in lists for item in page[name])
    else:
        yield {"body": _together(pages, lists)}


def _together(pages: Iterable[Mapping[str, Any]], lists: tuple[str, ...]) -> dict[str, Any]:
    """One page of all; `limit` and `offset` of the last would say something wrong about it."""
    whole_list: dict[str, Any] = {name: [] for name in lists}
    rest: dict[str, Any] = {}
    for page in pages:
        rest = {name: value for name, value in page.items() if name not in ("limit", "offset", *lists)}
        for name in lists:
            whole_list[name] += page[name]
    return rest | whole_list
