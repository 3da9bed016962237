"""A real browser for tests and screenshots: headless Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from services.apt import AptError, apt_install

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The sandbox of Chromium needs rights that root and most containers do not have. Only local pages are opened.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


class BrowserMissingError(Exception):
    """There is no Chromium, and apt-get cannot install it. The text names the action that helps."""


def find_chromium() -> str:
    """Return the path of an installed Chromium or Chrome; install Chromium with apt-get if there is none.

    Raises BrowserMissingError.
    """
    if not _installed():
        try:
            apt_install("chromium")
        except AptError as error:
            message = f"Chromium is missing (apt-get: {error}). Install Chromium or Chrome, and try again."
            raise BrowserMissingError(message) from error
    found = _installed()
    if not found:
        raise BrowserMissingError("apt-get installed chromium, but it is not on PATH. Add it to PATH.")
    return found


@contextmanager
def start_chromium() -> Iterator[Browser]:
    """Yield a headless browser. Raises BrowserMissingError.

    Until the block ends, an event loop runs in this thread: `asyncio.run` does not work.
    """
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
