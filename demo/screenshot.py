"""Writes pictures of web pages: `python -m demo.screenshot [--all FOLDER]`

Without options it writes the pictures that README and docs show: docs/sandbox-….png of the sandbox, and
docs/preview-….png of `elasticio preview`. `--all` writes every section of the sandbox's page at three widths, in light
and dark mode, full and empty, to check a change of the page.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from callfire_sandbox.server import Running, start
from callfire_sandbox.world.clock import Clock
from playwright.sync_api import Browser, Page

from demo.browser_page import Mode, opened
from demo.preview_pictures import write_preview
from demo.restaurant import MORNING, fill
from services.apt import AptError, apt_install
from services.browser import start_chromium

DOCS = Path(__file__).parents[1] / "docs"
SECTIONS = (
    "conversations", "calls", "broadcasts", "media", "webhooks", "requests", "faults", "switches", "connect",
)  # fmt: skip
MODES: tuple[Mode, ...] = ("light", "dark")
SIZES = {390: 844, 900: 1000, 1600: 1000}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser("python -m demo.screenshot", description="Writes the pictures of the docs.")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="write every section at three widths to this folder")
    parser.add_argument("--only", default="", metavar="TEXT", help="with --all: only names that contain this text")
    options = parser.parse_args(arguments)
    with suppress(AptError):
        apt_install("fonts-inter")  # optional: the page prefers this font
    with start_chromium() as browser:
        if options.all:
            options.all.mkdir(parents=True, exist_ok=True)
            _write_all(browser, options.all, options.only)
        else:
            _write_docs(browser)
    return 0


def _write_docs(browser: Browser) -> None:
    with start(clock=Clock(still_at=MORNING)) as callfire, fill(callfire):
        for mode in MODES:
            with _page(browser, callfire, 1600, 960, mode) as page:
                _open(page, "conversations/12135550177")
                page.screenshot(path=DOCS / f"sandbox-{mode}.png")
    with start(clock=Clock(still_at=MORNING)) as callfire:
        for mode in MODES:
            write_preview(browser, callfire, DOCS, mode)


def _write_all(browser: Browser, folder: Path, only: str) -> None:
    for filled in (True, False):
        with start(clock=Clock(still_at=MORNING)) as callfire:
            if filled:
                with fill(callfire):
                    _write_sections(browser, callfire, folder, "full", only)
            else:
                _write_sections(browser, callfire, folder, "empty", only)


def _write_sections(browser: Browser, callfire: Running, folder: Path, prefix: str, only: str) -> None:
    for width, height in SIZES.items():
        for mode in MODES:
            sections = [*SECTIONS, "conversations/12135550177"]
            names = {section: f"{prefix}-{section.replace('/', '-')}-{width}-{mode}" for section in sections}
            wanted = {section: name for section, name in names.items() if only in name}
            if not wanted:
                continue
            with _page(browser, callfire, width, height, mode) as page:
                for section, name in wanted.items():
                    _open(page, section)
                    page.screenshot(path=folder / f"{name}.png")
                    sys.stdout.write(f"{folder / name}.png\n")


def _page(browser: Browser, callfire: Running, width: int, height: int, mode: Mode) -> AbstractContextManager[Page]:
    uri = callfire.admin_url.removesuffix("sandbox")
    return opened(browser, uri, "#live[data-state=live]", (width, height), mode, timezone_id="America/Los_Angeles")


def _open(page: Page, section: str) -> None:
    """Open a section and wait until its content is there and all pictures are loaded."""
    page.evaluate("section => { location.hash = section }", section)
    page.locator(f"body[data-shown='{section}']").wait_for()
    page.evaluate("() => Promise.allSettled([...document.images].map(image => image.decode()))")


if __name__ == "__main__":
    sys.exit(main())
