"""The output of the webhook trigger for the designer: the properties of an event, by the selected resources."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field, anything, integer, text
from lib.callfire.operation.schema import for_designer

# The models of the resources. The other resources have no documented properties.
_MODELS: Mapping[str, str] = {
    "InboundText": "Text",
    "OutboundText": "Text",
    "InboundCall": "Call",
    "OutboundCall": "Call",
    "TextBroadcast": "TextBroadcast",
    "CallBroadcast": "CallBroadcast",
    "ContactList": "ContactList",
}
_EVENT = (
    text("resourceType", "Resource of the event, e.g. InboundText."),
    text("eventType", "Name of the event, e.g. finished."),
    anything("resource", "The text, call or broadcast of the event."),
    integer("timestamp", "Time of the event, in Unix milliseconds."),
    integer("webhookId", "CallFire's ID of the webhook."),
)


def event_schema(resources: Iterable[str], *, is_default: bool) -> dict[str, Any]:
    """Return the schema of an event of one of the resources.

    The item of the event has the properties that the items of all resources share. By default, it has all properties
    of texts and calls.
    """
    schema = for_designer(_EVENT, inputs=False)
    models = list(dict.fromkeys(_MODELS.get(resource, "") for resource in resources))
    if all(models):
        fields = _all_fields(models) if is_default else _shared_fields(models)
        schema["properties"]["resource"]["properties"] = for_designer(fields, inputs=False)["properties"]
    return schema


def _all_fields(models: Sequence[str]) -> list[Field]:
    """Return the fields of all models. Fields with the same name are listed once, with the help of each model."""
    found: dict[str, Field] = {}
    for model in models:
        for field in find(model).fields:
            known = found.get(field.name)
            is_new_help = known is not None and field.about not in known.about
            found[field.name] = known.but(f"{known.about} {field.about}") if known and is_new_help else known or field
    return list(found.values())


def _shared_fields(models: Sequence[str]) -> list[Field]:
    """Return the fields that all models have with the same type."""
    kinds = [{field.name: _kind(field) for field in find(model).fields} for model in models]
    return [
        field
        for field in _all_fields(models)
        if all(each.get(field.name) == kinds[0].get(field.name, "") for each in kinds)
    ]


def _kind(field: Field) -> tuple[Any, ...]:
    items = field.schema.get("items", {})
    return field.schema.get("type"), field.schema.get("model"), items.get("type"), items.get("model")
