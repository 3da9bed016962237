"""A real browser for tests: headless Chromium, driven by chromedriver over the W3C WebDriver protocol."""

import shutil
import socket
import subprocess
import time
from typing import Any

import requests

from services.apt import AptError, apt_install

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 20.0


def driver_path() -> str:
    """Where chromedriver is; it is installed where that is possible. Raises BrowserMissingError with what to do."""
    if not (shutil.which("chromedriver") and shutil.which("chromium")):
        try:
            apt_install("chromium", "chromium-driver")
        except AptError as error:
            raise BrowserMissingError(
                f"The test of the sandbox's page needs Chromium and chromedriver, and apt-get: {error}. On Debian or "
                "Ubuntu: apt-get install chromium chromium-driver"
            ) from error
    found = shutil.which("chromedriver")
    assert found is not None
    return found


class BrowserMissingError(Exception):
    """There is no Chromium, and it could not be installed."""


class Browser:
    """One browser window. `with Browser() as browser: browser.open(url)`."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._driver = subprocess.Popen(
            [driver_path(), f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._root = f"http://127.0.0.1:{port}"
        self.until(self._ready, "chromedriver did not start")
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,800", "--disable-dev-shm-usage"]
        wanted = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": flags}}}
        answer = self._call("POST", "/session", {"capabilities": wanted})
        self._root += f"/session/{answer['sessionId']}"

    def _ready(self) -> bool:
        try:
            return bool(requests.get(f"{self._root}/status", timeout=5).json()["value"]["ready"])
        except requests.ConnectionError:
            return False

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        body = {} if body is None and method == "POST" else body
        answer = requests.request(method, self._root + path, json=body, timeout=60).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{answer['error']}: {answer['message']}")
        return answer

    def open(self, url: str) -> None:
        self._call("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def _find(self, selector: str) -> str:
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[ELEMENT]}"

    def click(self, selector: str) -> None:
        self._call("POST", f"{self._find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        element = self._find(selector)
        self._call("POST", f"{element}/clear")
        self._call("POST", f"{element}/value", {"text": text})

    def texts(self, selector: str) -> list[str]:
        """What is written in every element that matches, as a person sees it."""
        script = "return [...document.querySelectorAll(arguments[0])].map(found => found.innerText)"
        return list(self.run(script, selector))

    def screenshot(self) -> str:
        """The window as PNG in base64."""
        return str(self._call("GET", "/screenshot"))

    @staticmethod
    def until(condition: Any, complaint: str) -> Any:
        """Wait for a condition; the page changes when the sandbox tells it to."""
        end = time.monotonic() + PATIENCE
        while not (value := condition()):
            if time.monotonic() > end:
                raise AssertionError(complaint)
            time.sleep(0.05)
        return value

    def shows(self, selector: str, text: str) -> None:
        """Wait until an element that matches contains the text."""
        found: list[str] = []

        def there() -> bool:
            found[:] = self.texts(selector)
            return any(text in shown for shown in found)

        try:
            self.until(there, "")
        except AssertionError:
            raise AssertionError(f"{selector} never showed {text!r}, only {found}") from None

    def close(self) -> None:
        try:
            self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait(10)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
