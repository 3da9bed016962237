"""The page in a browser: forms, selects, fields, samples and runs of the component in `previewed/` and the connector"""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from callfire_sandbox.server import Running, start
from elasticio_runner.preview.server import PreviewServer
from playwright.sync_api import Locator, Page, expect

from tests.contract.repository import ROOT
from tests.runner.preview.conftest import COMPONENT, Client, OpenPage, show
from tests.sandbox.page.test_accessibility import AXE, OFF_SCREEN


def body_of(page: Page, event: str = "data") -> Any:
    return json.loads(page.get_by_label(f"Content of {event}").inner_text())


def run(page: Page, body: object, button: str = "Run once") -> None:
    page.get_by_label("Message body (JSON)").fill(json.dumps(body))
    page.get_by_role("button", name=button).click()


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[data-field='{name}']")


def control(page: Page, name: str) -> Locator:
    return field(page, name).locator("input, select, textarea")


def test_the_list_has_the_order_of_the_designer(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri)
    expect(page.get_by_role("list", name="Triggers", exact=True).get_by_role("link")).to_have_text(
        ["Webhook", "Get New Parcels Polling"]
    )
    shown = page.get_by_role("list", name="Actions", exact=True).get_by_role("link").all_inner_texts()
    assert shown[:2] == ["Send Parcel", "Fill Form"]
    assert shown[-2:] == ["A Function Without Order", "B Function Without Order"]
    expect(page.get_by_role("link", name="Send Parcel (old)")).to_be_hidden()
    page.get_by_text("Deprecated Functions (1)").click()
    expect(page.get_by_role("link", name="Send Parcel (old) Deprecated")).to_be_visible()
    page.get_by_label("Find function").fill("parcel")
    expect(page.locator("#function-groups a:visible")).to_have_count(3)
    page.get_by_label("Find function").fill("no such")
    expect(page.get_by_text("No function has this title.")).to_be_visible()
    assert client.token not in page.url
    credentials_are_verified(page)


def credentials_are_verified(page: Page) -> None:
    expect(control(page, "user")).to_have_value("ann")
    expect(control(page, "secret")).to_have_attribute("type", "password")
    control(page, "secret").fill("wrong")
    page.get_by_role("button", name="Verify").click()
    reason = "secret: the carrier refused the key of ann. Ask for a new one."
    expect(page.locator("#verdict")).to_have_text(reason)
    control(page, "secret").fill("")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Fill in Key.")).to_be_visible()
    page.get_by_role("button", name="Help: User").click()
    expect(page.get_by_role("link", name="login")).to_have_attribute("href", "https://carrier.example/")


def test_a_form_sends_what_the_platform_sends_and_loads_dynamic_fields(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri, "action/form")
    labels = page.locator("#configuration-fields .field").evaluate_all(
        "fields => fields.map(field => field.dataset.field)"
    )
    assert labels == ["text", "area", "check", "choice", "tags", "tokens"]
    expect(field(page, "text")).to_contain_text("https://")
    expect(field(page, "choice").locator("option")).to_have_text(["Choose one", "Bee", "Ay"])
    page.get_by_role("button", name="Run once").click()
    expect(page.locator("#run-problem")).to_have_text("Fill in the required fields first: Text.")
    expect(page.locator("#metadata-status")).to_have_text("Fill in Text to load the fields.")
    control(page, "area").fill("a\nb")
    control(page, "check").check()
    control(page, "choice").select_option("a")
    page.get_by_label("One", exact=True).check()
    page.get_by_label("Three").check()
    control(page, "tokens").fill('{"a": 1}')
    control(page, "text").fill("7")
    control(page, "text").blur()
    expect(page.locator("#tree-in")).to_contain_text("7* (required)")
    expect(page.get_by_label("Message body (JSON)")).to_have_value('{\n  "7": 0\n}')
    page.get_by_role("button", name="Run once").click()
    expect(page.locator("#run-status")).to_contain_text("Succeeded")
    assert body_of(page) == {
        "user": "ann", "secret": "right", "text": "7", "area": "a\nb", "check": True, "choice": "a", "tags": ["1", "3"],
        "tokens": {"a": 1},
    }  # fmt: skip


def test_selects_are_filled_by_their_functions(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri, "action/selects")
    country, city = control(page, "country"), control(page, "city")
    expect(country.locator("option")).to_have_text(["Select …", "Germany of ann", "France"])
    expect(page.locator("#all-help")).to_be_hidden()  # no field has help
    expect(field(page, "broken")).to_contain_text("The carrier is on strike. Try again tomorrow.")
    expect(field(page, "none")).to_contain_text("The service returned no options.")
    expect(city).to_be_disabled()
    expect(field(page, "city")).to_contain_text("Fill in Country first.")
    country.select_option("de")
    expect(city.locator("option")).to_have_text(["Choose a city", "Berlin", "Hamburg"])
    city.select_option("h")
    country.select_option("fr")
    expect(city.locator("option")).to_have_text(["Choose a city", "Paris"])
    expect(field(page, "city")).to_contain_text("The earlier choice h is not offered any more.")
    control(page, "user").fill("")
    control(page, "user").blur()
    expect(field(page, "country")).to_contain_text("Fill in User of the credentials to load the options.")


def test_fields_are_those_of_the_mapper_and_runs_show_their_events(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri, "action/act")
    tree = page.locator("#tree-in")
    expect(tree.locator(".name")).to_have_text(["Recipient* (required)", "Note", "speed", "Box"])
    tree.get_by_role("button", name="Help: Note").click()
    expect(tree).to_contain_text("Printed on the parcel.If empty, it is filled with: none")
    tree.get_by_role("button", name="Help: speed").click()
    expect(tree).to_contain_text("Allowed values: slow, fast")
    tree.get_by_role("button", name="Help: Recipient").click()
    expect(tree).to_contain_text("Example values: Ann")
    for count in (2, 3):  # a box contains a box
        tree.locator(".fold").last.click()
        expect(tree.locator(".fold")).to_have_count(count)
    page.get_by_label("Only required").check()
    expect(tree.locator(".name")).to_have_text(["Recipient* (required)"])
    expect(page.get_by_label("Message body (JSON)")).to_have_value('{\n  "to": "Ann"\n}')
    page.get_by_role("button", name="Generate stub sample").click()
    assert body_of(page, "stub sample") == {"id": 0}
    expect(page.locator("#function-link")).to_contain_text("/components/parcels/index.html")
    runs_show_events_files_and_the_log(page)
    a_hanging_run_can_be_stopped(page)


def runs_show_events_files_and_the_log(page: Page) -> None:
    run(page, {"files": ["a.txt"]})
    expect(page.locator("#run-status")).to_contain_text("Succeeded")
    assert body_of(page)["body"]["sent"] == {"files": ["a.txt"]}
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a.txt (16 B)").click()
    assert saved.value.suggested_filename == "a.txt"
    assert saved.value.path().read_text() == "content of a.txt"
    page.locator("#run-output summary").click()
    expect(page.locator("#run-output")).to_contain_text("component: sending a parcel")
    expect(page.locator("#run-output")).to_contain_text("printed by the component")
    run(page, {"error": "no <b>stamps</b>"})
    expect(page.locator("#run-status")).to_contain_text("Failed")
    expect(page.get_by_label("Content of error")).to_have_text("ValueError: no <b>stamps</b>")
    expect(page.locator("#run-output")).to_contain_text("Traceback (most recent call last)")
    run(page, {"rebound": "closed"})
    expect(page.locator("#run-status")).to_contain_text("Rebounded")
    expect(page.get_by_label("Content of rebound")).to_have_text("closed")
    page.get_by_label("Message body (JSON)").fill("{")
    page.get_by_role("button", name="Run once").click()
    expect(page.locator("#run-problem")).to_contain_text("Message body: this is not valid JSON.")


def test_a_sample_is_retrieved_and_a_snapshot_used(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri, "trigger/poll")
    expect(page.get_by_label("Message body (JSON)")).to_be_hidden()
    page.get_by_role("button", name="Retrieve sample").click()
    expect(page.locator("#run-status")).to_contain_text("1 message")
    assert body_of(page) == {"parcel": 1}
    page.get_by_role("button", name="Use for the next run").click()
    page.get_by_role("button", name="Run once").click()
    expect(page.locator("#run-status")).to_contain_text("2 messages")
    assert json.loads(page.get_by_label("Content of data").first.inner_text()) == {"parcel": 3}


def a_hanging_run_can_be_stopped(page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        run(page, {"hang": listener.getsockname()[1]})
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(30)
            expect(page.locator("#run-status")).to_have_text("Running …")
            page.get_by_role("button", name="Verify").click()  # other calls are not blocked
            expect(page.get_by_text("The credentials are valid.")).to_be_visible()
            page.get_by_role("button", name="Stop").click()
            expect(page.locator("#run-problem")).to_have_text("The run was stopped.")
            assert connection.recv(1) == b""


def test_hostile_texts_stay_texts(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri, "action/hostile")
    expect(page.locator("#function-title")).to_have_text('<img src=x onerror="window.attacked = 2">')
    expect(page.locator("#title")).to_have_text("Parcels <i>& more</i>")
    expect(page.locator("#function-help")).to_have_text(
        '<script>window.attacked = 3</script><a href="javascript:window.attacked = 4">press</a>'
    )
    expect(field(page, "evil").locator("option")).to_have_count(2)
    page.get_by_role("button", name="Show all help").click()
    expect(field(page, "__proto__")).to_contain_text('<svg onload="window.attacked = 7">')
    page.locator("#tree-in").get_by_role("button", name="Help: <u>y</u>").click()
    expect(page.locator("#tree-in .name").first).to_have_text("<u>y</u>")
    expect(control(page, "__proto__")).to_have_value("")
    control(page, "__proto__").fill("a value")
    control(page, "evil").select_option("<b>")
    page.get_by_role("button", name="Run once").click()
    assert body_of(page) == {"user": "ann", "secret": "right", "__proto__": "a value", "evil": "<b>"}
    assert page.evaluate("window.attacked") is None
    assert page.locator("#function a[href]").count() == 0
    assert page.locator("script").count() == 1


def test_changed_files_are_shown_with_the_entered_values(open_page: OpenPage, tmp_path: Path) -> None:
    component = shutil.copytree(COMPONENT, tmp_path / "parcels", ignore=shutil.ignore_patterns("__pycache__"))
    server = PreviewServer(component)
    server.start()
    try:
        page = open_page(server.uri, "action/act")
        control(page, "user").fill("ben")
        page.get_by_label("Message body (JSON)").fill('{"mine": 1}')
        file = component / "component.json"
        content = file.read_text()
        file.write_text("{")
        page.get_by_role("button", name="Reload", exact=True).click()
        expect(page.locator("#problem")).to_contain_text("component.json")
        file.write_text(content.replace('"Send Parcel"', '"Send Packet"'))
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.locator("#function-title")).to_have_text("Send Packet")
        expect(page.locator("#problem")).not_to_contain_text("Failed to load")
        expect(control(page, "user")).to_have_value("ben")
        expect(page.get_by_label("Message body (JSON)")).to_have_value('{"mine": 1}')
    finally:
        server.stop()


def test_the_keyboard_is_enough(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.server.uri)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("link", name="Fill Form").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fill Form")).to_be_focused()
    page.get_by_role("button", name="Sample and run").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sample and run")).to_be_focused()
    field(page, "check").get_by_role("button", name="Help: Check").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Help of the check box")).to_be_visible()
    expect(control(page, "check")).to_have_accessible_description("Help of the check box")


def test_without_the_token_the_page_says_what_to_do(open_page: OpenPage, client: Client) -> None:
    page = open_page(client.root, without_token=True)
    expect(page.locator("#problem")).to_contain_text("Open the address that the command printed.")


@pytest.fixture(scope="module")
def callfire() -> Iterator[Running]:
    with start() as running:
        yield running


@pytest.fixture(scope="module")
def connector(callfire: Running) -> Iterator[PreviewServer]:
    values = {"username": callfire.username, "password": callfire.password, "server": callfire.url}
    server = PreviewServer(ROOT, values)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def problems(page: Page) -> list[str]:
    found: list[str] = page.evaluate(AXE, "html") + page.evaluate(OFF_SCREEN)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


def test_the_forms_are_filled_from_the_sandbox(open_page: OpenPage, connector: PreviewServer, axe: str) -> None:
    page = open_page(connector.uri, "action/sendTexts", width=390, mode="dark")
    expect(page.locator("[data-field=fromNumber] option").nth(1)).to_have_attribute("value", "12135550100")
    expect(page.locator("[data-field=campaignId]")).to_contain_text("The service returned no options.")
    expect(page.locator("#tree-in .name").first).to_contain_text("Phone Number")
    page.get_by_role("button", name="Show all help").click()
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#verdict .success")).to_be_visible()
    page.evaluate(axe)
    assert not problems(page)


@pytest.mark.parametrize(("width", "mode"), [(390, "light"), (1280, "dark")])
def test_every_view_class_is_accessible(
    open_page: OpenPage, client: Client, axe: str, width: int, mode: Literal["light", "dark"]
) -> None:
    page = open_page(client.server.uri, "action/form", width=width, mode=mode)
    page.get_by_role("button", name="Show all help").click()
    page.evaluate(axe)
    assert not problems(page)
    show(page, "action/act")
    page.locator("#tree-in .fold").first.click()
    page.get_by_role("button", name="Generate stub sample").click()
    page.get_by_text("Snapshot and attachments").click()
    assert not problems(page)


def test_a_violation_is_found(open_page: OpenPage, client: Client, axe: str) -> None:
    page = open_page(client.server.uri)
    page.evaluate(axe)
    page.evaluate(
        "for (const name of ['aria-label', 'placeholder']) document.getElementById('find').removeAttribute(name)"
    )
    assert any("label" in problem for problem in problems(page))
