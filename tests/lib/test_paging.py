"""Lookup actions: their requests and their messages."""

from typing import Any

import pytest
from elasticio import Message

from lib.actions import find_texts
from lib.callfire.api import paging
from lib.callfire.api.errors import CallFireError, InvalidSettings
from lib.callfire.operation import selects
from tests.lib.recording import Received, Recorder, Reply, json_reply
from tests.lib.steps import FakeStep, bodies, config_for

ALL = [{"id": number, "message": str(number)} for number in range(1, 26)]


class Callfire:
    """Serves ALL in pages. Tests can set the metadata of a page."""

    def __init__(self, *, total: int | None = -1, cap: int = 10**9, echo: bool = True) -> None:
        self.items = list(ALL)
        self.total = total
        self.cap = cap
        self.echo = echo

    def __call__(self, request: Received) -> Reply:
        query = dict(request.query)
        limit, offset = min(int(query["limit"]), self.cap), int(query.get("offset", 0))
        page: dict[str, Any] = {"items": self.items[offset : offset + limit]}
        if self.echo:
            page |= {"limit": limit, "offset": offset}
        if self.total is not None:
            page["totalCount"] = self.total
        return json_reply(page)


def asked(server: Recorder) -> list[tuple[str, str | None]]:
    return [(dict(request.query)["limit"], dict(request.query).get("offset")) for request in server.received]


@pytest.mark.parametrize("total", [-1, 25, None])
def test_all_pages_are_read_until_a_short_one(server: Recorder, total: int | None) -> None:
    server.default = Callfire(total=total)
    pages = bodies("actions.find_texts", {}, config_for(server.url, pageSize="10"))
    assert asked(server) == [("10", "0"), ("10", "10"), ("10", "20")]
    assert [len(page["items"]) for page in pages] == [10, 10, 5]
    assert pages[0] == {"items": ALL[:10], "limit": 10, "offset": 0} | ({} if total is None else {"totalCount": total})


def test_a_last_page_that_is_full_needs_one_more_request(server: Recorder) -> None:
    server.default = Callfire()
    pages = bodies("actions.find_texts", {}, config_for(server.url, pageSize=5))
    assert asked(server)[-1] == ("5", "25")
    assert [len(page["items"]) for page in pages] == [5] * 5


@pytest.mark.parametrize("given", [{"limit": 3}, {"offset": 20}, {"limit": 3, "offset": 20}])
def test_limit_or_offset_request_exactly_one_page(server: Recorder, given: dict[str, int]) -> None:
    server.default = Callfire()
    (page,) = bodies("actions.find_texts", given, config_for(server.url))
    assert len(server.received) == 1
    start = given.get("offset", 0)
    assert page["items"] == ALL[start : start + given.get("limit", 100)]


def test_each_request_contains_the_limit(server: Recorder) -> None:
    server.default = Callfire()
    bodies("actions.find_texts", {}, config_for(server.url))
    bodies("actions.find_texts", {"offset": 5}, config_for(server.url))
    assert [limit for limit, _ in asked(server)] == ["100", "100"]


def test_items_can_come_one_by_one_or_all_at_once(server: Recorder) -> None:
    server.default = Callfire()
    config = config_for(server.url, pageSize=10)
    assert bodies("actions.find_texts", {}, config | {"emitBehavior": "emitIndividually"}) == ALL
    assert bodies("actions.find_texts", {}, config | {"emitBehavior": "emitAll"}) == [{"items": ALL, "totalCount": -1}]


def test_an_empty_result_is_an_empty_page(server: Recorder) -> None:
    empties: list[Any] = [{"items": [], "limit": 100, "offset": 0, "totalCount": 0}, {}, []]
    for empty in empties:
        server.default = json_reply(empty)
        for behavior, messages in (("emitPage", 1), ("emitAll", 1), ("emitIndividually", 0)):
            emitted = bodies("actions.find_texts", {}, config_for(server.url, emitBehavior=behavior))
            assert [body["items"] for body in emitted] == [[]] * messages


@pytest.mark.parametrize("answer", [{"total": 25, "echo": False}, {"total": -1}, {"total": None}])
def test_a_page_that_callfire_caps_is_not_the_last(server: Recorder, answer: dict[str, Any]) -> None:
    server.default = Callfire(cap=10, **answer)
    pages = bodies("actions.find_texts", {}, config_for(server.url, pageSize="20"))
    assert [item for page in pages for item in page["items"]] == ALL


def test_a_page_that_may_be_capped_is_followed_by_one_more_request(server: Recorder) -> None:
    callfire = Callfire(cap=100, total=None, echo=False)
    callfire.items = [{"id": number} for number in range(230)]
    server.default = callfire
    pages = bodies("actions.find_texts", {}, config_for(server.url, pageSize="200"))
    assert [item["id"] for page in pages for item in page["items"]] == list(range(230))


def test_items_inserted_between_requests_are_not_emitted_twice(server: Recorder) -> None:
    callfire = Callfire()

    def growing(request: Received) -> Reply:
        reply = callfire(request)
        callfire.items.insert(0, {"id": 1000 + len(callfire.items)})
        return reply

    server.default = growing
    items = bodies("actions.find_texts", {}, config_for(server.url, pageSize=10, emitBehavior="emitIndividually"))
    assert items == ALL


def test_a_short_list_takes_one_request(server: Recorder) -> None:
    server.default = json_reply({"items": [{"phoneNumber": "12132000384"}]})
    assert bodies("actions.get_caller_ids", {}, config_for(server.url, emitBehavior="emitIndividually")) == [
        {"phoneNumber": "12132000384"}
    ]
    assert server.received[0].query == []


def test_available_numbers_are_one_page(server: Recorder) -> None:
    server.default = json_reply([{"number": "18005550100"}] * 3)
    bodies("actions.find_numbers_tollfree", {}, config_for(server.url, pageSize="3"))
    assert asked(server) == [("3", None)]


def test_both_lists_of_a_history_are_read(server: Recorder) -> None:
    calls, texts = [{"id": n} for n in range(25)], [{"id": n} for n in range(3)]

    def history(request: Received) -> Reply:
        query = dict(request.query)
        window = slice(int(query["offset"]), int(query["offset"]) + int(query["limit"]))
        return json_reply({"id": 7, "calls": calls[window], "texts": texts[window]})

    server.default = history
    config = config_for(server.url, pageSize=10, emitBehavior="emitAll")
    assert bodies("actions.get_contact_history", {"id": 7}, config) == [{"id": 7, "calls": calls, "texts": texts}]


def test_pages_are_fetched_as_they_are_emitted(server: Recorder) -> None:
    """The second page is requested after the first one is emitted: only one page is in memory."""
    server.default = Callfire()
    step: Any = FakeStep()
    messages = find_texts.process(step, Message(body={}), config_for(server.url, pageSize=10), None)
    next(messages)
    assert len(server.received) == 1


def test_the_designer_sees_the_item_or_the_page() -> None:
    page = find_texts.get_meta_model({"emitBehavior": "emitPage"})["out"]["properties"]
    item = find_texts.get_meta_model({"emitBehavior": "emitIndividually"})["out"]["properties"]
    assert page["items"]["items"]["properties"].keys() == item.keys()
    assert item["message"]["type"] == "string"


ENDLESS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("actions.find_texts", {}, {"items": ALL[:10], "totalCount": 1000}),
    ("actions.find_number_regions", {}, {"items": [{"city": str(number)} for number in range(10)]}),
    ("actions.get_contact_history", {"id": 1}, {"id": 1, "calls": ALL[:10], "texts": ALL[:4]}),
    ("triggers.new_inbound_texts", {}, {"items": [{**item, "inbound": True} for item in ALL[:10]]}),
]


@pytest.mark.parametrize(("function", "body", "page"), ENDLESS)
@pytest.mark.parametrize("behavior", ["emitPage", "emitAll"])
def test_a_server_that_repeats_a_page_is_an_error(
    function: str, body: Any, page: Any, behavior: str, server: Recorder
) -> None:
    server.default = json_reply(page)
    config = config_for(server.url, pageSize=10) | ({} if "triggers" in function else {"emitBehavior": behavior})
    with pytest.raises(CallFireError, match="returned the same items for different offsets"):
        bodies(function, body, config)
    assert len(server.received) == 3


def test_selects_and_searches_end(server: Recorder) -> None:
    server.default = json_reply({"items": [{"id": number, "name": "x"} for number in range(100)]})
    with pytest.raises(CallFireError, match=r"^GET /campaigns/sounds: CallFire returned the same items"):
        selects.sounds(config_for(server.url))
    assert len(server.received) == 3


def test_one_page_may_repeat_while_items_are_inserted(server: Recorder) -> None:
    callfire = Callfire()

    def growing(request: Received) -> Reply:
        if dict(request.query)["offset"] == "10":
            callfire.items[:0] = [{"id": 1000 + number} for number in range(10)]
        return callfire(request)

    server.default = growing
    items = bodies("actions.find_texts", {}, config_for(server.url, pageSize=10, emitBehavior="emitIndividually"))
    assert items == ALL


@pytest.mark.parametrize(
    ("page", "count", "asked", "offset", "last"),
    [
        ({}, 0, 10, 0, True),
        ({"totalCount": 100, "limit": 10}, 0, 10, 20, True),
        ({}, 9, 10, 0, True),
        ({}, 10, 10, 0, False),
        ({}, 11, 10, 0, False),
        ({"totalCount": 10}, 10, 10, 0, False),  # a full page never ends a list: the count may be old
        ({"limit": 0}, 5, 10, 0, True),
        ({"limit": 4}, 5, 10, 0, False),
        ({"limit": 5}, 5, 10, 0, False),
        ({"limit": 6}, 5, 10, 0, True),
        ({"limit": "5"}, 5, 10, 0, True),
        ({"limit": 5.0}, 5, 10, 0, False),
        ({"limit": 4.5}, 5, 10, 0, True),
        ({"limit": True}, 5, 10, 0, True),
        ({"totalCount": 106.0}, 5, 10, 100, False),
        ({"totalCount": True}, 100, 200, 0, False),
        ({"totalCount": -1}, 5, 10, 0, True),
        ({"totalCount": 0}, 5, 10, 0, True),
        ({"totalCount": 0}, 5, 200, 100, True),
        ({"totalCount": 0}, 150, 200, 0, True),
        ({"totalCount": 104}, 5, 10, 100, True),
        ({"totalCount": 105}, 5, 10, 100, True),
        ({"totalCount": 106}, 5, 10, 100, False),
        ({"totalCount": -1}, 99, 200, 0, True),
        ({"totalCount": -1}, 100, 200, 0, False),
        ({"totalCount": -1, "limit": 200}, 100, 200, 0, True),
        ({"totalCount": -1}, 101, 200, 0, False),
    ],
)
def test_the_end_of_a_list(page: dict[str, Any], count: int, asked: int, offset: int, last: bool) -> None:
    assert paging.is_last(page, count, asked, offset) is last


@pytest.mark.parametrize(("size", "fits"), [("0", False), ("1", True), ("10000", True), ("10001", False)])
def test_the_size_of_a_page_has_limits(size: str, fits: bool, server: Recorder) -> None:
    config = config_for(server.url, pageSize=size)
    if fits:
        bodies("actions.find_texts", {}, config)
        assert asked(server) == [(size, "0")]
    else:
        with pytest.raises(InvalidSettings, match=r"^pageSize: must be from 1 to 10000\.$"):
            bodies("actions.find_texts", {}, config)
