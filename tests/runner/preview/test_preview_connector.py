"""The connector's preview with a sandbox: forms as an integrator sees them, and the accessibility of every part"""

import json
from collections.abc import Iterator
from typing import Literal

import pytest
from callfire_sandbox.server import Running, start
from elasticio_runner.preview.server import PreviewServer
from playwright.sync_api import Page, expect

from tests.contract.repository import ROOT
from tests.runner.preview.conftest import Client, OpenPage, show
from tests.sandbox.page.test_accessibility import AXE, OFF_SCREEN


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


def test_a_sample_comes_from_the_sandbox(
    open_page: OpenPage, connector: PreviewServer, callfire: Running, axe: str
) -> None:
    callfire.receive_text("Is the table free?")
    page = open_page(connector.uri, "trigger/newInboundTexts")
    page.get_by_role("button", name="Retrieve sample").click()
    expect(page.locator("#run-status")).to_contain_text("1 message")
    assert json.loads(page.get_by_label("Content of data").inner_text())["message"] == "Is the table free?"
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
    page.locator("#tree-in summary").first.click()
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
