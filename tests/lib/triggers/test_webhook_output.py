"""The properties that the webhook trigger offers to the mapper depend on the selected events."""

from typing import Any

import pytest

from lib.triggers import inbound_events

EVENT = {"resourceType", "eventType", "resource", "timestamp", "webhookId"}


def offered(*events: str) -> dict[str, Any]:
    """Return the properties of the item of an event."""
    out = inbound_events.get_meta_model({"events": list(events)})["out"]
    assert out["properties"].keys() == EVENT
    properties: dict[str, Any] = out["properties"]["resource"]["properties"]
    return properties


@pytest.mark.parametrize("form", [{}, {"events": []}, {"events": None}, {"events": ""}])
def test_by_default_the_properties_of_texts_and_calls_are_offered(form: dict[str, Any]) -> None:
    out = inbound_events.get_meta_model(form)["out"]
    names = out["properties"]["resource"]["properties"].keys()
    assert {"id", "fromNumber", "toNumber", "message", "finalTextResult", "finalCallResult", "media", "notes"} <= names
    assert "name" not in names


def test_the_shared_properties_of_the_selected_events_are_offered() -> None:
    found = offered("InboundText.finished", "OutboundCall.finished")
    assert {"id", "fromNumber", "toNumber", "inbound", "state", "contact", "labels", "created"} <= found.keys()
    assert not {"message", "finalTextResult", "finalCallResult", "notes", "records"} & found.keys()
    assert found["id"]["description"] == "ID of the text. ID of the call."


def test_properties_with_the_same_name_and_another_type_are_not_shared() -> None:
    assert "records" in offered("InboundText.finished", "OutboundText.finished")
    found = offered("TextBroadcast.started", "ContactList.validationFinished")
    assert {"id", "name", "status"} == found.keys()


def test_one_resource_offers_all_its_properties() -> None:
    found = offered("InboundText.finished")
    assert {"message", "media"} <= found.keys()
    assert "finalCallResult" not in found


@pytest.mark.parametrize("other", ["LowBalance.failed", "NewResource.finished"])
def test_a_resource_without_documented_properties_offers_a_free_object(other: str) -> None:
    assert offered(other) == {}
    assert offered("InboundText.finished", other) == {}
