"""The page of a sandbox in a real browser. An error in the page, or a blocked file, fails the test."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from services.axe import axe_script
from services.browser import BrowserMissingError, start_chromium
from services.npm import NodeMissingError
from tests.sandbox.conftest import Client

PATIENCE = 15_000  # milliseconds
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with start_chromium() as started:
            expect.set_options(timeout=PATIENCE)
            yield started
    except BrowserMissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    try:
        return axe_script().read_text()
    except NodeMissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def open_page(browser: Browser, client: Client) -> Iterator[Opened]:
    """Open a section of the page in a window of some size, in light or dark mode."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser also reports each response with an error status, which tests cause on purpose.
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(message.text)

    def opened(
        section: str = "", width: int = 1280, height: int = 800, mode: Literal["light", "dark"] = "light"
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=mode)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{client.callfire.admin_url.removesuffix('sandbox')}#{section}")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def page(open_page: Opened) -> Page:
    return open_page()
