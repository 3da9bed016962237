"""Odd responses to sends, orders and searches: nothing is sent twice."""

import json
from typing import Any

import pytest
from elasticio import Rebound

from lib.callfire.api.errors import OutcomeUnknown
from lib.callfire.sending import ledger
from lib.callfire.sending.order_matching import ANSWERED
from tests.lib.recording import RESET, Recorder, Reply, json_reply
from tests.lib.steps import config_for, run

TEXT: Any = {"recipients": [{"phoneNumber": "12132000384"}], "defaultMessage": "Hello"}
ORDER: Any = {"localCount": 3}
NO_PAGES = {
    "empty": b"",
    "5": b"5",
    "text": b'"x"',
    "true": b"true",
    "null": b"null",
    "an object": b'{"message":"maintenance"}',
    "an empty object": b"{}",
    "items 5": b'{"items":5}',
    "items an object": b'{"items":{},"totalCount":0}',
}


@pytest.fixture(autouse=True)
def _forget() -> None:
    ledger.MESSAGES.forget()
    ANSWERED.forget()


def posts(server: Recorder) -> int:
    return sum(request.method == "POST" for request in server.received)


@pytest.mark.parametrize("body", NO_PAGES.values(), ids=list(NO_PAGES))
@pytest.mark.parametrize(("action", "given"), [("send_texts", TEXT), ("order_numbers", ORDER)], ids=["text", "order"])
def test_a_response_that_is_no_page_does_not_prove_that_nothing_was_sent(
    action: str, given: Any, body: bytes, server: Recorder
) -> None:
    server.replies.append(RESET)
    server.default = Reply(200, body)
    with pytest.raises(Rebound, match="without the data of this operation"):
        run(f"actions.{action}", given, config_for(server.url, settleTime="0.01", waitLimit="0.01"))
    assert posts(server) == 1
    assert len(server.received) > 1


@pytest.mark.parametrize("page", [{"items": []}, {"items": None}, {"totalCount": 0}, []])
def test_an_empty_page_proves_it_after_the_settle_time(page: Any, server: Recorder) -> None:
    server.replies.append(RESET)
    server.default = json_reply(page)
    with pytest.raises(Rebound, match="The remaining recipients follow after a rebound"):
        run("actions.send_texts", TEXT, config_for(server.url, settleTime="1", waitLimit="5"))
    assert posts(server) == 1
    assert len(server.received) > 1


@pytest.mark.parametrize("number", [[], {}, True, 1.5])
def test_an_order_needs_an_id_that_can_be_one(number: Any, server: Recorder) -> None:
    server.default = json_reply({"id": number})
    with pytest.raises(OutcomeUnknown, match="does not contain the ID"):
        run("actions.order_numbers", ORDER, config_for(server.url, idempotency="off"))
    assert posts(server) == 1


def test_orders_with_odd_ids_are_compared(server: Recorder) -> None:
    server.replies.append(RESET)
    odd: list[Any] = [[1], {}, None]
    orders = [{"id": number, "status": "FINISHED", "localNumbers": {"ordered": 9}} for number in odd]
    server.default = Reply(200, json.dumps({"items": [*orders, {"id": 7, "localNumbers": {"ordered": 3}}]}).encode())
    (found,) = run("actions.order_numbers", ORDER, config_for(server.url, waitLimit="1"))
    assert found["body"] == {"id": 7, "assumed": True}
    assert posts(server) == 1


CONTACT = {"id": 7, "mobilePhone": "12132000384"}


@pytest.mark.parametrize("number", [[], {}, True, 1.5])
def test_a_created_contact_needs_an_id_that_can_be_one(number: Any, server: Recorder) -> None:
    server.replies += [json_reply({"items": []}), json_reply({"items": [{"id": number}]})]
    server.default = json_reply({"items": [CONTACT], **CONTACT})
    (result,) = run("actions.upsert_contact", {"number": "12132000384"}, config_for(server.url))
    assert result["body"]["id"] == 7
    assert posts(server) == 1


def test_contacts_with_odd_ids_are_not_found(server: Recorder) -> None:
    odd: list[Any] = ["9" * 5000, "\u0663", -1, [7], None]
    listed = [{**CONTACT, "id": number} for number in odd]
    server.default = json_reply({"items": [*listed, CONTACT], **CONTACT})
    (result,) = run("actions.upsert_contact", {"number": "12132000384"}, config_for(server.url))
    assert (result["body"]["result"], result["body"]["id"]) == ("updated", 7)


@pytest.mark.parametrize(
    ("amounts", "billed"),
    [
        ([0.1, 0.2], 0.3),
        ([1, 2, True, "3", None], 3),
        ([1e308, 1e308], None),
        ([], None),
        ([0], 0),
    ],
)
def test_the_billed_amount_is_a_number_or_missing(amounts: list[Any], billed: float | None, server: Recorder) -> None:
    records = [{"billedAmount": amount} for amount in amounts]
    server.default = json_reply({"items": [{"id": 1, "state": "FINISHED", "records": records}]})
    (sent,) = run("actions.send_texts", TEXT, config_for(server.url, trackOutcome="wait", trackLimit="0.01"))
    assert sent["body"]["results"][0].get("billedAmount") == billed


TRACKED = {
    "records 5": json_reply({"items": [{"id": 1, "state": "READY", "records": 5}]}),
    "not allowed": Reply(403, b""),
    "no page": json_reply({"message": "maintenance"}),
    "an endless page": json_reply({"items": [{"id": 1}], "limit": 1, "totalCount": 10**9}),
}


@pytest.mark.parametrize("name", TRACKED)
def test_tracking_never_hides_that_a_text_was_sent(name: str, server: Recorder) -> None:
    server.replies.append(json_reply({"items": [{"id": 1, "state": "READY", "records": 5}]}))
    server.default = TRACKED[name]
    config = config_for(server.url, trackOutcome="wait", trackLimit="0.05")
    (sent,) = run("actions.send_texts", TEXT, config)
    assert sent["body"]["results"][0]["id"] == 1
    assert sent["body"]["results"][0]["outcome"] == "pending"
    assert posts(server) == 1


@pytest.mark.parametrize("body", [b"", b"5", b'"x"', b"{}", b'{"items":5}', b"null"])
def test_a_text_is_not_sent_if_a_list_of_do_not_contacts_cannot_be_read(body: bytes, server: Recorder) -> None:
    server.default = Reply(200, body)
    for lists in ("account", "universal"):
        with pytest.raises(Rebound):
            run("actions.send_texts", TEXT, config_for(server.url, doNotContact=lists))
    assert posts(server) == 0
