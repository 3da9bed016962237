"""Single texts: sent, received, found."""

from typing import Any

import pytest

from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client


def messages(client: Client, **query: Any) -> list[str]:
    answer = client.get("/texts", params=query)
    assert answer.ok, answer.text
    return [text["message"] for text in answer.json()["items"]]


def test_a_text_is_ready_then_finished(client: Client) -> None:
    text = client.text("hi")
    assert (text["state"], text["toNumber"], text["campaignId"], text["inbound"]) == ("READY", PHONE, 0, False)
    assert len(str(text["id"])) == 13
    client.advance(1000)
    text = client.get(f"/texts/{text['id']}").json()
    assert (text["state"], text["finalTextResult"]) == ("FINISHED", "SENT")
    assert text["records"][0]["billedAmount"] == 1.0
    assert text["modified"] == NOW + 100


def test_attributes_are_returned(client: Client) -> None:
    recipient = {"phoneNumber": PHONE, "message": "x", "attributes": {"key": "a-1", "count": 2}}
    (text,) = client.post("/texts", json=[recipient]).json()["items"]
    assert client.get(f"/texts/{text['id']}").json()["attributes"] == {"key": "a-1", "count": "2"}


def test_the_default_message_fills_in(client: Client) -> None:
    recipients = [{"phoneNumber": PHONE}, {"phoneNumber": OTHER_PHONE, "message": "own"}]
    answer = client.post("/texts", json=recipients, params={"defaultMessage": "default"})
    assert [text["message"] for text in answer.json()["items"]] == ["default", "own"]


def test_received_counts_by_number(client: Client) -> None:
    client.text("one"), client.text("two"), client.text("three", OTHER_PHONE)
    received = {entry["number"]: entry["textCount"] for entry in client.admin("GET", "/received")}
    assert received == {PHONE: 2, OTHER_PHONE: 1}
    assert client.admin("GET", f"/received?number={OTHER_PHONE}")[0]["texts"][0]["message"] == "three"


def test_a_bad_number_is_invalid_alone_or_refuses_all(client: Client) -> None:
    recipients = [{"phoneNumber": PHONE, "message": "x"}, {"phoneNumber": "12", "message": "x"}]
    states = [text["state"] for text in client.post("/texts", json=recipients).json()["items"]]
    assert states == ["READY", "INVALID"]
    assert client.post("/texts", json=recipients, params={"strictValidation": "true"}).status_code == 400
    client.switch(bad_number="refuse")
    answer = client.post("/texts", json=recipients)
    assert answer.status_code == 400
    assert "recipients[1]" in answer.json()["message"]
    assert client.admin("GET", "/received")[0]["textCount"] == 1


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"[{", "not JSON"),
        (b"", "JSON body"),
        (b"{}", "a list"),
        (b"[]", "at least one recipient"),
        (b'[{"message": "x"}]', "phoneNumber or a contactId"),
        (b'[{"phoneNumber": "12135550177"}]', "message or media"),
        (b'[{"phoneNumber": ["1"]}]', "body[0].phoneNumber: must be a string"),
        (b'[{"contactId": 5, "message": "x"}]', "no contact"),
    ],
)
def test_bad_bodies_are_refused_and_nothing_is_sent(client: Client, body: bytes, complaint: str) -> None:
    answer = client.post("/texts", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert complaint in answer.json()["message"]
    assert client.admin("GET", "/received") == []


def test_inbound_texts_are_found_by_every_filter(client: Client) -> None:
    client.inbound("first")
    client.advance(5000)
    client.inbound("second", sender=OTHER_PHONE)
    client.text("out")
    client.advance(1000)
    assert messages(client) == ["out", "second", "first"]
    assert messages(client, inbound="true") == ["second", "first"]
    assert messages(client, inbound="false") == ["out"]
    assert messages(client, fromNumber=PHONE) == ["first"]
    assert messages(client, toNumber=LEASED) == ["second", "first"]
    assert messages(client, results="SENT,DNT") == ["out"]
    assert messages(client, states="READY") == []
    assert messages(client, campaignId=0) == ["out", "second", "first"]
    assert messages(client, campaignId=1) == []
    assert messages(client, intervalBegin=NOW + 5000) == ["out", "second"]
    assert messages(client, intervalEnd=NOW) == ["first"]
    first = client.get("/texts", params={"intervalEnd": NOW}).json()["items"][0]["id"]
    assert messages(client, id=[first, 1], inbound="false") == ["first"]


def test_pages(client: Client) -> None:
    for number in range(25):
        client.inbound(str(number))
    page = client.get("/texts").json()
    assert (page["limit"], page["offset"], page["totalCount"], len(page["items"])) == (10, 0, 25, 10)
    assert messages(client, limit=10, offset=20) == ["4", "3", "2", "1", "0"]
    assert messages(client, limit=10, offset=30) == []
    for bad in ({"limit": 0}, {"limit": "x"}, {"offset": -1}, {"limit": 2**40}):
        assert client.get("/texts", params=bad).status_code == 400


def test_partial_answers_in_both_syntaxes(client: Client) -> None:
    text = client.inbound("hello")
    want = [{"id": text["id"], "message": "hello"}]
    assert client.get("/texts", params={"fields": "items(id,message)"}).json() == {"items": want}
    assert client.get("/texts", params={"fields": "items/id,items/message,limit"}).json() == {
        "items": want,
        "limit": 10,
    }
    assert client.get(f"/texts/{text['id']}", params={"fields": "message,records(id)"}).json().keys() == {
        "message",
        "records",
    }
    assert client.get("/texts", params={"fields": "items(id"}).status_code == 400
    recipients = [{"phoneNumber": PHONE, "message": "x"}]
    assert client.post("/texts", json=recipients, params={"fields": "items("}).status_code == 400
    assert client.admin("GET", "/received") == []


def test_texts_with_media_are_sent_and_received(client: Client) -> None:
    number = client.post("/media", files={"file": ("cat.png", b"\x89PNG")}).json()["id"]
    came = client.inbound("look", media=[{"id": number}])
    assert [(media["id"], media["mediaType"]) for media in came["media"]] == [(number, "image/png")]
    recipient = {"phoneNumber": PHONE, "media": [{"id": number}]}
    (sent,) = client.post("/texts", json=[recipient]).json()["items"]
    assert sent["media"][0]["name"] == "cat.png"
    client.advance(1000)
    assert client.get(f"/texts/{sent['id']}").json()["records"][0]["billedAmount"] == 3.0
    assert client.post("/texts", json=[{**recipient, "media": [{"id": 5}]}]).status_code == 400
