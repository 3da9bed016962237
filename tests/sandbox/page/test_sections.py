"""All other sections of the page: calls, broadcasts, media, webhooks, requests, faults, switches, header, connect"""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from callfire_sandbox.server import start
from callfire_sandbox.world.clock import Clock
from playwright.sync_api import Page, expect

from demo.restaurant import sunset
from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client
from tests.sandbox.page.conftest import Opened

LOUDEST = """async audio => {
    const data = await (await fetch(audio.src)).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 44100, 44100).decodeAudioData(data);
    return Math.max(...sound.getChannelData(0).slice(0, 44100).map(Math.abs));
}"""


def test_a_call_is_received_with_a_recording_that_plays(open_page: Opened, client: Client) -> None:
    page = open_page("calls")
    page.get_by_label("Recording (s)").fill("12")
    page.get_by_role("button", name="Receive call").click()
    row = page.locator("#call-list .row")
    expect(row).to_contain_text("From +1 213 555 0177")
    expect(row.locator(".status")).to_have_text("Live answer (LA)")
    seconds = row.locator("audio").evaluate(
        """audio => new Promise((resolve, reject) => {
            audio.onloadedmetadata = () => resolve(audio.duration);
            audio.onerror = () => reject(new Error("The recording cannot be played."));
            audio.load();
        })"""
    )
    assert seconds == pytest.approx(12, abs=0.2)
    assert row.locator("audio").evaluate(LOUDEST) > 0.05
    assert client.get("/calls").json()["items"][0]["inbound"]


def test_a_call_is_placed_and_filtered(open_page: Opened, client: Client) -> None:
    client.admin("POST", "/calls", {"fromNumber": OTHER_PHONE, "toNumber": LEASED})
    page = open_page("calls")
    page.get_by_role("button", name="Place call").click()
    expect(page.locator("#call-list .row")).to_have_count(2)
    expect(page.locator("#call-list .row").first).to_contain_text("Calling")
    client.advance(60_000)
    expect(page.locator("#call-list .row").first).to_contain_text("Live answer (LA)")
    page.get_by_role("button", name="Inbound").click()
    expect(page.locator("#call-list .row")).to_have_count(1)
    page.get_by_role("button", name="Recorded").click()
    expect(page.locator("#view-calls")).to_contain_text("No matches")


def test_a_broadcast_is_created_with_progress(open_page: Opened, client: Client) -> None:
    page = open_page("broadcasts")
    page.get_by_role("button", name="Create broadcast").click()
    row = page.locator("#broadcast-list .row")
    expect(row).to_contain_text("0 of 3 recipients finished")
    expect(row.locator(".status")).to_have_text("Running")
    client.advance(60_000)
    expect(row).to_contain_text("3 of 3 recipients finished")
    expect(row.locator(".status")).to_have_text("Finished")
    expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "3")


def test_a_broadcast_is_started_and_stopped(open_page: Opened, client: Client) -> None:
    page = open_page("broadcasts")
    page.locator("#broadcast-form").get_by_text("Calls", exact=True).click()
    page.get_by_label("Start at once").uncheck()
    page.get_by_role("button", name="Create broadcast").click()
    page.get_by_role("button", name="Start Spring offer").click()
    expect(page.locator("#broadcast-list .status")).to_have_text("Running")
    page.get_by_role("button", name="Stop Spring offer").click()
    expect(page.locator("#broadcast-list .status")).to_have_text("Stopped")
    assert client.get("/calls/broadcasts").json()["items"][0]["status"] == "STOPPED"


def test_a_picture_is_uploaded_and_sent(open_page: Opened, client: Client) -> None:
    page = open_page("media")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "terrace.png", "mimeType": "image/png", "buffer": sunset(40, 30)}
    )
    page.get_by_role("button", name="Upload").click()
    picture = page.locator("#media-list img")
    expect(picture).to_have_js_property("naturalWidth", 40)
    page.get_by_role("link", name="Texts").click()
    page.get_by_label("Picture").select_option("terrace.png")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#bubbles img")).to_have_js_property("naturalWidth", 40)
    assert client.get("/texts").json()["items"][0]["media"][0]["mediaType"] == "image/png"


class Hook(BaseHTTPRequestHandler):
    """Answers the first delivery with 500 and all others with 204."""

    statuses: list[int]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.statuses.pop(0) if self.statuses else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


def test_webhook_deliveries_have_a_status_and_a_payload_that_stays_open(open_page: Opened, client: Client) -> None:
    Hook.statuses = [500]
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            page = open_page("webhooks")
            page.get_by_label("Event source").select_option("InboundText")
            page.get_by_label("Callback URL").fill(f"http://127.0.0.1:{server.server_port}/hook")
            page.get_by_role("button", name="Create webhook").click()
            expect(page.locator("#webhook-list .row")).to_contain_text("InboundText")
            client.inbound("a <i>ring</i>")
            row = page.locator("#delivery-list .row")
            expect(row.locator(".status.bad")).to_have_text("500")
            row.get_by_text("Payload").click()
            expect(row.locator("pre")).to_contain_text('"message": "a <i>ring</i>"')
            client.advance(5000)
            expect(row.locator(".status.good")).to_have_text("204")
            expect(row.locator("pre")).to_be_visible()
            expect(row).to_contain_text("2 attempts")
        finally:
            server.shutdown()
            thread.join()
    page.get_by_role("button", name="Delete My webhook").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#webhook-list .row")).to_have_count(0)


def test_a_fault_is_injected_and_removed(open_page: Opened, client: Client) -> None:
    page = open_page("faults")
    page.get_by_role("spinbutton", name="Status").fill("502")
    page.get_by_role("combobox", name="Operation").select_option("findTexts")
    page.get_by_role("button", name="Inject fault").click()
    row = page.locator("#fault-list .row")
    expect(row).to_contain_text("Respond with an error status: 502")
    assert client.get("/texts").status_code == 502
    expect(row.locator(".status")).to_have_text("Used up")
    page.get_by_role("link", name="Requests").click()
    expect(page.locator("#request-list .row")).to_contain_text("Fault: status")
    page.get_by_role("link", name="Faults").click()
    page.get_by_role("button", name="Remove all faults").click()
    expect(page.locator("#view-faults")).to_contain_text("No faults")
    assert client.admin("GET", "/faults") == []


def test_the_result_of_a_number_is_set(open_page: Opened, client: Client) -> None:
    page = open_page("faults")
    page.get_by_label("Text result").select_option("CARRIER_ERROR")
    page.get_by_role("button", name="Set result").click()
    expect(page.locator("#toasts")).to_contain_text("Result set.")
    number = client.text("hi")["id"]
    client.advance(1000)
    assert client.get(f"/texts/{number}").json()["finalTextResult"] == "CARRIER_ERROR"


def test_switches_are_set_and_marked(open_page: Opened, client: Client) -> None:
    page = open_page("switches")
    page.get_by_label("whole_seconds").check()
    expect(page.locator(".switch.changed code")).to_have_text("whole_seconds")
    assert client.admin("GET", "/switches")["whole_seconds"] is True
    expect(page.locator("#count-switches")).to_have_text("1")
    page.get_by_label("rate_status").fill("42")
    page.get_by_label("rate_status").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("rate_status: '42' is not a number from 400 to 511.")
    page.get_by_role("button", name="Set all: least friendly").click()
    expect(page.get_by_label("total_count")).to_have_value("unknown")
    client.admin("PATCH", "/switches", {"profile": "kind"})
    expect(page.locator(".switch.changed")).to_have_count(0)


def test_time_credits_and_reset(page: Page, client: Client) -> None:
    client.inbound("hello")
    before = client.admin("GET", "/clock")["now"]
    page.get_by_role("button", name="Sandbox time").click()
    page.get_by_role("button", name="1 hour").click()
    expect(page.locator("#toasts")).to_contain_text("Time advanced by 1 hour.")
    page.get_by_role("button", name="Close").click()
    assert client.admin("GET", "/clock")["now"] == before + 3_600_000
    page.get_by_role("button", name="credits").click()
    page.get_by_label("Credits of the account").fill("5")
    page.get_by_role("button", name="Set credits").click()
    expect(page.locator("#credits")).to_have_text("5 credits")
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("#conversation-list a")).to_have_count(1)
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(page.locator("#conversation-list a")).to_have_count(0)
    expect(page.locator("#credits")).to_have_text("1,000,000 credits")


def test_address_and_login_are_copied(open_page: Opened, client: Client) -> None:
    page = open_page("connect")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for name, value in {"address": client.callfire.url, "password": client.callfire.password}.items():
        page.get_by_role("button", name=f"Copy {name}").click()
        expect(page.locator("#toasts")).to_contain_text(f"{name.title()} copied.")
        assert page.evaluate("navigator.clipboard.readText()") == value
    expect(page.locator("#samples")).to_contain_text(f"curl -u sandbox:sandbox-password {client.callfire.url}/texts")


def test_accounts_are_apart(open_page: Opened, client: Client) -> None:
    client.inbound("to the first account")
    page = open_page("connect")
    expect(page.locator("#magic-numbers")).to_contain_text("15005550001")
    page.get_by_label("Name of a new account").fill("second")
    page.get_by_role("button", name="Add account").click()
    expect(page.locator("#facts")).to_contain_text("second-password")
    page.get_by_role("link", name="Texts").click()
    expect(page.locator(".list-pane")).to_contain_text("No conversations yet")
    page.locator("#composer-message").fill("to the second account")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#bubbles")).to_contain_text("to the second account")
    page.get_by_role("combobox", name="Account", exact=True).select_option(index=0)
    expect(page.locator("#conversation-list")).to_contain_text("to the first account")
    assert client.admin("GET", "/accounts/second/overview")["counts"]["texts"] == 1


def test_appearance_is_remembered(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Appearance").click()
    page.get_by_role("button", name="Appearance: light").click()
    expect(page.get_by_role("button", name="Appearance: dark")).to_be_visible()
    assert page.evaluate(background) != light
    page.reload()
    expect(page.get_by_role("button", name="Appearance: dark")).to_be_visible()


def test_a_lost_connection_is_shown_and_comes_back(page: Page, client: Client) -> None:
    port = urlsplit(client.callfire.url).port
    client.callfire.stop()
    expect(page.locator("#live")).to_have_attribute("data-state", "lost")
    with start(port=port, clock=Clock(still_at=NOW)):
        client.inbound("after the restart")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        expect(page.locator("#conversation-list a")).to_have_attribute("data-number", PHONE)
