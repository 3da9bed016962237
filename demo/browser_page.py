"""A page in a browser, for pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, Page

Mode = Literal["light", "dark"]


@contextmanager
def opened(
    browser: Browser, uri: str, ready: str, size: tuple[int, int], mode: Mode, *, still_at: int = 0, **options: Any
) -> Iterator[Page]:
    """Open a page and wait for the element `ready`.

    size      width and height in pixels
    still_at  time at which the page's clock stands still, in Unix milliseconds; 0: it does not
    options   further options of Playwright's `new_context`
    """
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=mode, **options)
    try:
        page = context.new_page()
        if still_at:
            page.clock.set_fixed_time(still_at)
        page.goto(uri)
        page.locator(ready).wait_for()
        yield page
    finally:
        context.close()
