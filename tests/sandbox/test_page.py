"""The web page, in a real browser."""

from collections.abc import Iterator

import pytest

from tests.sandbox.browser import Browser, BrowserMissingError
from tests.sandbox.conftest import OTHER_PHONE, PHONE, Client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        opened = Browser()
    except BrowserMissingError as error:
        pytest.fail(str(error), pytrace=False)
    with opened:
        yield opened


@pytest.fixture
def page(browser: Browser, client: Client) -> Browser:
    browser.open(client.callfire.admin_url.removesuffix("sandbox"))
    browser.shows("#live", "live")
    return browser


def test_a_typed_text_is_received_and_shown(page: Browser, client: Client) -> None:
    page.type("[name=fromNumber]", OTHER_PHONE)
    page.type("[name=message]", "<b>hello</b> & good day")
    page.click("form button")
    page.shows(".bubble.in", "<b>hello</b> & good day")
    page.shows("nav [aria-current]", OTHER_PHONE)
    assert client.get("/texts").json()["items"][0]["fromNumber"] == OTHER_PHONE


def test_a_wrong_number_is_explained(page: Browser) -> None:
    page.type("[name=fromNumber]", "12")
    page.type("[name=message]", "x")
    page.click("form button")
    page.shows("#problem", "phone numbers")


def test_conversations_are_live_and_apart(page: Browser, client: Client) -> None:
    client.inbound("question", sender=PHONE)
    page.shows(".bubble.in", "question")
    client.text("answer", PHONE)
    page.shows(".bubble.out", "answer")
    page.shows(".bubble.out", "READY")
    client.advance(1000)
    page.shows(".bubble.out", "SENT")
    client.text("to another number", OTHER_PHONE)
    page.shows("nav button", OTHER_PHONE)
    assert page.texts(".bubble.out")[0].startswith("answer")
    page.click(f"nav [data-number='{OTHER_PHONE}']")
    page.shows(".bubble.out", "to another number")
    assert len(page.texts(".bubble")) == 1


def test_every_id_is_an_item_of_its_own(page: Browser, client: Client) -> None:
    for number in range(20):
        client.inbound(f"message {number}")
    page.shows(".bubble.in", "message 19")
    assert len(page.texts(".bubble.in")) == 20


def test_calls_broadcasts_webhooks_and_faults_are_shown(page: Browser, client: Client) -> None:
    client.admin("POST", "/calls", {"fromNumber": PHONE, "recordingSeconds": 1})
    page.shows("#calls .row", f"from {PHONE}")
    recipients = [{"phoneNumber": PHONE}, {"phoneNumber": OTHER_PHONE}]
    body = {"name": "Newsletter", "message": "news", "recipients": recipients}
    assert client.post("/texts/broadcasts?start=true", json=body).ok
    page.shows("#broadcasts .row", "Newsletter")
    page.shows("#broadcasts .row", "0 of 2")
    client.advance(5000)
    page.shows("#broadcasts .row", "FINISHED · 2 of 2")
    client.admin("POST", "/faults", {"effect": "status", "status": 502, "operation": "sendTexts"})
    page.shows("#faults .row", "status 502")
    client.admin("DELETE", "/faults")
    page.shows("#faults", "None")
    hook = {"resource": "InboundText", "callback": "http://127.0.0.1:9/closed", "name": "x"}
    assert client.post("/webhooks", json=hook).ok
    client.inbound("ring")
    page.shows("#deliveries .row", "InboundText → ConnectionError")
