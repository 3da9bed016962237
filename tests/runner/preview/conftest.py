"""A preview of the component in `previewed/`, and its page in a real browser. An error in the page fails the test."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from elasticio_runner.preview.page_access import HEADER
from elasticio_runner.preview.server import PreviewServer
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.sandbox.page.conftest import PATIENCE, axe, browser

__all__ = ["axe", "browser"]

COMPONENT = Path(__file__).parent / "previewed"
VALUES = {"user": "ann", "secret": "right"}
OpenPage = Callable[..., Page]


class Client:
    """Sends the requests of the page."""

    def __init__(self, server: PreviewServer) -> None:
        self.server = server
        self.root, _, self.token = server.uri.partition("/#token=")
        self.session = requests.Session()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.root + path, headers={HEADER: self.token, **headers}, timeout=30)

    def post(self, body: Any, **options: Any) -> requests.Response:
        headers = {HEADER: self.token}
        return self.session.post(f"{self.root}/api/calls", json=body, headers=headers, timeout=30, **options)

    def call(self, kind: str, function: str = "", **values: Any) -> list[dict[str, Any]]:
        """Return the events of a call."""
        answer = self.post({"kind": kind, "function": function, "config": VALUES, **values})
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines() if line]


def only(events: Iterable[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the one event of a kind. Printed text may arrive between all other events."""
    [found] = [event for event in events if event["event"] == kind]
    return found


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = PreviewServer(COMPONENT, VALUES)
    server.start()
    try:
        yield Client(server)
    finally:
        server.stop()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open the page of a preview at a function, in a window of some size, in light or dark mode."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(message.text)

    def opened(
        uri: str,
        function: str = "",
        width: int = 1280,
        mode: Literal["light", "dark"] = "light",
        without_token: bool = False,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=mode)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(uri)
        if without_token:
            return page
        expect(page.locator("body")).to_have_attribute("data-revision", re.compile("."))
        if function:
            show(page, function)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems


def show(page: Page, function: str) -> None:
    """Open a function: kind/id."""
    page.evaluate("function_ => { location.hash = `#/${function_}` }", function)
    expect(page.locator("body")).to_have_attribute("data-shown", function)
