"""The options of select fields."""

from contextlib import suppress
from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput, NotAuthenticated, Unavailable
from lib.callfire.models import labels, values
from lib.callfire.operation import selects
from lib.callfire.webhooks.webhook_form import webhook_events
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import config_for, run

KEYS = ("id", "number", "keyword", "resource", "phoneNumber")
OFFERED: list[tuple[Any, str, dict[str, Any], dict[str, str]]] = [
    (selects.text_broadcasts, "/texts/broadcasts", {"id": 1, "name": "Spring"}, {"1": "Spring"}),
    (selects.call_broadcasts, "/calls/broadcasts", {"id": 2**60, "name": ""}, {str(2**60): str(2**60)}),
    (selects.contact_lists, "/contacts/lists", {"id": 3, "name": "All", "size": 12}, {"3": "All (12)"}),
    (selects.sounds, "/campaigns/sounds", {"id": 4, "name": "Hello"}, {"4": "Hello"}),
    (
        selects.leased_numbers,
        "/numbers/leases",
        {"number": "12132000384", "nationalFormat": "(213) 200-0384"},
        {"12132000384": "(213) 200-0384"},
    ),
    (selects.leased_keywords, "/keywords/leases", {"keyword": "SUN"}, {"SUN": "SUN"}),
    (
        selects.webhook_resources,
        "/webhooks/resources",
        {"resource": "InboundText"},
        {"InboundText": "Inbound text (InboundText)"},
    ),
]


@pytest.mark.parametrize(("select", "path", "item", "choices"), OFFERED)
def test_objects_of_the_account_are_offered(
    select: Any, path: str, item: Any, choices: dict[str, str], server: Recorder
) -> None:
    server.default = json_reply({"items": [item]})
    assert select(config_for(server.url)) == choices
    assert [request.path for request in server.received] == [path]


@pytest.mark.parametrize("select", [entry[0] for entry in OFFERED])
def test_an_empty_account_has_no_options(select: Any, server: Recorder) -> None:
    server.default = json_reply({"items": []})
    assert select(config_for(server.url)) == {}


def test_caller_ids_are_verified_or_leased(server: Recorder) -> None:
    replies = {
        "/me/callerids": {"items": [{"phoneNumber": "12132000381", "verified": True}]},
        "/numbers/leases": {"items": [{"number": "12132000384", "nationalFormat": "(213) 200-0384"}]},
    }
    server.default = lambda request: json_reply(replies[request.path])
    assert selects.caller_ids(config_for(server.url)) == {
        "12132000381": "12132000381 (verified caller ID)",
        "12132000384": "(213) 200-0384",
    }
    assert [request.path for request in server.received] == ["/me/callerids", "/numbers/leases"]


def test_no_caller_ids_are_no_options(server: Recorder) -> None:
    server.default = json_reply({"items": []})
    assert selects.caller_ids(config_for(server.url)) == {}


def test_the_most_used_resources_are_first(server: Recorder) -> None:
    names = ["CccCampaign", "NewResource", "InboundCall", "InboundText"]
    server.default = json_reply({"items": [{"resource": name} for name in names]})
    assert list(selects.webhook_resources(config_for(server.url)).items()) == [
        ("InboundText", "Inbound text (InboundText)"),
        ("InboundCall", "Inbound call (InboundCall)"),
        ("CccCampaign", "Call center broadcast (CccCampaign)"),
        ("NewResource", "NewResource"),
    ]


@pytest.mark.parametrize(
    ("labels", "codes"),
    [(labels.TEXT_RESULTS, values.TEXT_RESULTS), (labels.CALL_RESULTS, values.CALL_RESULTS)],
)
def test_each_result_has_a_label_in_words(labels: dict[str, str], codes: tuple[str, ...]) -> None:
    assert labels.keys() == set(codes)
    assert all(label.endswith(f" ({code})") and label[0].isupper() for code, label in labels.items())


ODD: tuple[Any, ...] = (
    5,
    "x",
    [1],
    [None],
    True,
    1.5,
    {"items": 5},
    {"items": {"a": 1}},
    {"items": "abc"},
    {"items": None},
)
ODD_VALUES: tuple[Any, ...] = ([], {}, True, None, "")
NO_VALUES: tuple[Any, ...] = (None, 5, "x", [], {}, *({name: odd} for name in KEYS for odd in ODD_VALUES))


@pytest.mark.parametrize("select", [*(entry[0] for entry in OFFERED), selects.caller_ids, webhook_events])
def test_an_odd_response_is_an_error_or_has_no_options(select: Any, server: Recorder) -> None:
    for response in ODD:
        server.default = json_reply(response)
        with suppress(Unavailable):
            assert select(config_for(server.url)) == {}


@pytest.mark.parametrize("select", [*(entry[0] for entry in OFFERED), selects.caller_ids, webhook_events])
def test_odd_items_are_no_options(select: Any, server: Recorder) -> None:
    good = dict.fromkeys(KEYS, "7") | {"supportedEvents": [None, "finished", 5]}
    server.default = json_reply({"items": [*NO_VALUES, good, {**good, "supportedEvents": "started"}]})
    (value,) = select(config_for(server.url))
    assert value == ("7.finished" if select is webhook_events else "7")


def test_an_odd_label_is_replaced_by_the_value(server: Recorder) -> None:
    odd: tuple[Any, ...] = ([], {}, True, None, "", 1.5)
    server.default = json_reply({"items": [{"id": row, "name": name, "size": name} for row, name in enumerate(odd)]})
    assert selects.contact_lists(config_for(server.url)) == {str(place): str(place) for place in range(len(odd))}


def test_all_pages_are_offered_up_to_a_limit(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selects, "MOST", 250)

    def page(request: Any) -> Any:
        offset = int(dict(request.query)["offset"])
        return json_reply({"items": [{"id": offset + n, "name": "x"} for n in range(100)]})

    server.default = page
    assert len(selects.sounds(config_for(server.url))) == 250
    assert len(server.received) == 3


def test_the_error_contains_the_reason(server: Recorder) -> None:
    server.default = json_reply({"message": "bad login"}, 401)
    with pytest.raises(NotAuthenticated, match="API login"):
        selects.sounds(config_for(server.url))


@pytest.mark.parametrize(
    ("form", "body", "path"),
    [
        ({"id": "7"}, {}, "/calls/broadcasts/7/batches"),
        ({"id": "7"}, {"id": ""}, "/calls/broadcasts/7/batches"),
        ({"id": "7"}, {"id": 8}, "/calls/broadcasts/8/batches"),
        ({"id": ""}, {"id": 8}, "/calls/broadcasts/8/batches"),
        ({}, {"id": 8}, "/calls/broadcasts/8/batches"),
    ],
)
def test_the_choice_of_the_form_replaces_an_input_that_is_not_given(
    form: dict[str, Any], body: dict[str, Any], path: str, server: Recorder
) -> None:
    server.default = json_reply({"id": 1})
    run("actions.add_call_broadcast_batch", {**body, "contactListId": 3}, config_for(server.url, **form))
    assert [request.path for request in server.received] == [path]


@pytest.mark.parametrize("form", [{}, {"id": ""}, {"id": None}])
def test_a_choice_is_required_in_the_form_or_the_message(form: dict[str, Any], server: Recorder) -> None:
    with pytest.raises(InvalidInput, match="id"):
        run("actions.add_call_broadcast_batch", {"contactListId": 3}, config_for(server.url, **form))
    assert server.received == []
