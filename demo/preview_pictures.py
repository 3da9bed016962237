"""Pictures of the connector's preview with a sandbox, for docs/preview.md."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callfire_sandbox.server import Running
from elasticio_runner.preview.server import PreviewServer
from playwright.sync_api import Browser, Page

from demo.browser_page import Mode, opened
from demo.restaurant import ANN, MORNING

ROOT = Path(__file__).parents[1]


def write_preview(browser: Browser, callfire: Running, folder: Path, mode: Mode) -> None:
    """Write preview-form-MODE.png and preview-run-MODE.png."""
    callfire.receive_text("Hi! Is there a table for four at 7 pm?", ANN)
    # The clock stands still: the duration of a run is 0.0 s in every picture.
    with (
        _preview(callfire) as uri,
        opened(browser, uri, "body[data-revision]", (1200, 1080), mode, still_at=MORNING) as page,
    ):
        _show(page, "action/sendTexts")
        page.locator("[data-field=fromNumber] option").nth(1).wait_for(state="attached")
        page.locator("#verify").click()
        page.locator("#verdict .success").wait_for()
        page.locator("[data-field=fromNumber] select").select_option(index=1)
        page.locator("[data-field=fromNumber] .help-button").click()
        page.locator("#tree-in li").first.wait_for()
        page.locator("#title").scroll_into_view_if_needed()
        page.screenshot(path=folder / f"preview-form-{mode}.png")
        _show(page, "action/getConversation")
        page.locator("#tree-in li").first.wait_for()
        page.locator("#body").fill(json.dumps({"number": ANN, "maxItems": 1}, indent=2))
        page.locator("#run-once").click()
        page.locator("#events pre").wait_for()
        page.locator("#run-status", has_text="Succeeded").wait_for()
        page.locator("#metadata").evaluate("card => card.scrollIntoView()")
        page.evaluate("() => { document.activeElement.blur(); }")
        page.screenshot(path=folder / f"preview-run-{mode}.png")


@contextmanager
def _preview(callfire: Running) -> Iterator[str]:
    """Serve the preview. The forms show names of variables, because the sandbox's port differs each time."""
    values = {"SERVER": callfire.url, "USERNAME": callfire.username, "PASSWORD": callfire.password}
    os.environ.update({f"CALLFIRE_{name}": value for name, value in values.items()})
    server = PreviewServer(ROOT, {name.lower(): f"${{CALLFIRE_{name}}}" for name in values})
    server.start()
    try:
        yield server.uri
    finally:
        server.stop()


def _show(page: Page, function: str) -> None:
    page.evaluate("name => { location.hash = `#/${name}` }", function)
    page.locator(f"body[data-shown='{function}']").wait_for()
