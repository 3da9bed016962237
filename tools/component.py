"""component.json: the description of the component for the platform."""

from collections.abc import Sequence
from typing import Any

from lib.callfire.api.client import VERSION
from lib.callfire.api.credentials import CREDENTIALS
from tools.functions import Function

DOCS = "https://developers.callfire.com/docs.html"
# Order of the actions in the designer, by the beginning of their path
_ORDER = ("/texts", "/calls", "/contacts", "/campaigns", "/media", "/numbers", "/keywords", "/webhooks", "/orders")


def component(triggers: Sequence[Function], actions: Sequence[Function]) -> dict[str, Any]:
    """Return the content of component.json; `actions` are in the designer's order."""
    return {
        "title": "CallFire",
        "description": "Send and receive texts and calls, and manage contacts, broadcasts, numbers and keywords with "
        "CallFire",
        "version": VERSION,
        "docsUrl": DOCS,
        "buildType": "docker",
        "consumesRawData": True,  # the signature of a webhook covers the raw bytes
        "credentials": CREDENTIALS,
        "triggers": {trigger.id: _trigger(trigger) for trigger in triggers},
        "actions": {action.id: _action(action, len(actions) - place) for place, action in enumerate(actions)},
    }


def in_designer_order(actions: Sequence[Function]) -> list[Function]:
    """Return the actions as the designer lists them: by part of the API, then by id."""
    return sorted(actions, key=_rank)


def _rank(action: Function) -> tuple[int, str]:
    path = action.operation.route.path
    places = [place for place, prefix in enumerate(_ORDER) if path.startswith(prefix)]
    return (places[0] if places else len(_ORDER), action.id)


def _trigger(trigger: Function) -> dict[str, Any]:
    return {**_head(trigger), "type": trigger.kind, **_form_and_metadata(trigger)}


def _action(action: Function, order: int) -> dict[str, Any]:
    return {**_head(action), "order": order, **_form_and_metadata(action)}


def _head(function: Function) -> dict[str, Any]:
    help_ = {"description": function.description, "link": DOCS}
    head: dict[str, Any] = {"main": function.main, "title": function.title, "help": help_}
    return head | ({"deprecated": True} if function.deprecated else {})


def _form_and_metadata(function: Function) -> dict[str, Any]:
    if function.has_dynamic_metadata:
        return {"fields": function.form, "dynamicMetadata": True}
    metadata = {side: f"./{function.schema_path(side)}" for side in function.schemas}
    return {"fields": function.form, "metadata": metadata}
