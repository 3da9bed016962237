"""component.json: the description of the component for the platform."""

from collections.abc import Sequence
from typing import Any

from lib.callfire.api.client import VERSION
from lib.callfire.api.credentials import CREDENTIALS
from tools import function_order, markdown
from tools.functions import Function
from tools.group_pages import group_of, group_path

API_DOCS = "https://developers.callfire.com/docs.html"
DOCS_SITE = "/components/callfire"
"""Base URL of the pages in docs/. The platform prefixes a path with the documentation's base URL of the tenant."""


def component(triggers: Sequence[Function], actions: Sequence[Function]) -> dict[str, Any]:
    """Return the content of component.json. Both lists are in the designer's order."""
    return {
        "title": "CallFire",
        "description": "Send and receive texts and calls, and manage contacts, broadcasts, numbers and keywords with "
        "CallFire",
        "version": VERSION,
        "docsUrl": API_DOCS,
        "buildType": "docker",
        "consumesRawData": True,  # the signature of a webhook covers the raw bytes
        "credentials": CREDENTIALS,
        "triggers": _functions(triggers),
        "actions": _functions(actions),
    }


def in_designer_order(functions: Sequence[Function]) -> list[Function]:
    """Return triggers or actions as the designer lists them. Raises LookupError for a function without a place."""
    return sorted(functions, key=lambda function: function_order.place(function.id))


def help_link(function: Function) -> str:
    """Return the URL of the function's section in the documentation."""
    path = "docs/triggers.md" if function.is_trigger else group_path(group_of(function.id))
    page = path.removeprefix("docs/").removesuffix(".md")
    return f"{DOCS_SITE}/{page}.html#{markdown.anchor(function.title)}"


def _functions(functions: Sequence[Function]) -> dict[str, Any]:
    """Return the entries of triggers or actions."""
    orders = function_order.orders([function.id for function in functions])
    return {function.id: _entry(function, order) for function, order in zip(functions, orders, strict=True)}


def _entry(function: Function, order: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "main": function.main,
        "title": function.title,
        "description": function.description,
        "help": {"description": function.description, "link": help_link(function)},
        "order": order,
    }
    if function.deprecated:
        entry["deprecated"] = True
    if function.is_trigger:
        entry["type"] = function.kind
    return entry | _form_and_metadata(function)


def _form_and_metadata(function: Function) -> dict[str, Any]:
    if function.has_dynamic_metadata:
        return {"fields": function.form, "dynamicMetadata": True}
    metadata = {side: f"./{function.schema_path(side)}" for side in function.schemas}
    return {"fields": function.form, "metadata": metadata}
