"""The page has no axe-core violation and no part off the screen, at three widths, in both modes, empty and full"""

import pytest
from playwright.sync_api import Page, expect

from demo.restaurant import ANN, fill
from tests.sandbox.conftest import Client
from tests.sandbox.page.conftest import Opened

SECTIONS = (
    "conversations",
    f"conversations/{ANN}",
    "calls",
    "broadcasts",
    "media",
    "webhooks",
    "requests",
    "faults",
    "switches",
    "connect",
)
LOOKS = [(390, "dark", "full"), (900, "light", "full"), (1600, "light", "full"), (1600, "dark", "empty")]
# The frame is checked with the first section only, which saves most of the time.
AXE = """async part => (await axe.run(part, { resultTypes: ["violations"] })).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""
OFF_SCREEN = """() => [...document.querySelectorAll("button, input, select, textarea")]
    .filter(element => element.checkVisibility() && !element.closest(".visually-hidden, .segments, .row, .sections"))
    .filter(element => { const box = element.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; })
    .map(element => element.outerHTML)"""


def show(page: Page, section: str) -> None:
    page.evaluate("section => { location.hash = section }", section)
    expect(page.locator("body")).to_have_attribute("data-shown", section)


def problems(page: Page, section: str, part: str = "html") -> list[str]:
    found = [f"{section}: {problem}" for problem in page.evaluate(AXE, part)]
    found += [f"{section}: off the screen: {element}" for element in page.evaluate(OFF_SCREEN)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{section}: scrolls sideways")
    return found


@pytest.mark.parametrize(("width", "mode", "content"), LOOKS)
def test_every_section(open_page: Opened, client: Client, axe: str, width: int, mode: str, content: str) -> None:
    if content == "full":
        with fill(client.callfire, guests=6):
            pass
    page = open_page(width=width, height=900, mode=mode)
    page.evaluate(axe)
    found = []
    for section in SECTIONS:
        show(page, section)
        found += problems(page, section, "html" if section == SECTIONS[0] else f"#view-{section.partition('/')[0]}")
    assert not found, "\n".join(found)


def test_every_dialog(open_page: Opened, axe: str) -> None:
    page = open_page(width=390, height=844)
    page.evaluate(axe)
    for button in ("Sandbox time", "credits", "Reset the sandbox"):
        page.get_by_role("button", name=button).click()
        assert not problems(page, button)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_violation_is_found(open_page: Opened, axe: str) -> None:
    page = open_page()
    page.evaluate(axe)
    page.evaluate("document.getElementById('search').removeAttribute('aria-label')")
    page.evaluate("document.getElementById('search').removeAttribute('placeholder')")
    assert any("label" in problem for problem in problems(page, "conversations"))
