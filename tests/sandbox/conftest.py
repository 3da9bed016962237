"""A sandbox whose time moves only when a test advances it, and a plain HTTP client."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import Running, start
from callfire_sandbox.world.clock import Clock

NOW = 1_700_000_000_123
LEASED, PHONE, OTHER_PHONE = "12135550100", "12135550177", "12135550188"


class Client(requests.Session):
    """Client of a sandbox: `client.get("/texts")` is the API, `client.admin("POST", "/texts")` the admin API."""

    def __init__(self, callfire: Running) -> None:
        super().__init__()
        self.callfire = callfire
        self.auth = (callfire.username, callfire.password)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, self.callfire.url + url if url.startswith("/") else url, *args, **kwargs)

    def admin(self, method: str, path: str, value: Any = None) -> Any:
        answer = super().request(method, self.callfire.admin_url + path, json=value)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def switch(self, **values: Any) -> None:
        self.admin("PATCH", "/switches", values)

    def advance(self, milliseconds: int) -> int:
        return int(self.admin("POST", "/clock", {"advance": milliseconds})["now"])

    def inbound(self, message: str = "hello", sender: str = PHONE, **more: Any) -> Any:
        return self.admin("POST", "/texts", {"fromNumber": sender, "toNumber": LEASED, "message": message, **more})

    def text(self, message: str = "hi", number: str = PHONE, **query: Any) -> Any:
        answer = self.post("/texts", json=[{"phoneNumber": number, "message": message}], params=query)
        assert answer.ok, answer.text
        return answer.json()["items"][0]


@pytest.fixture
def callfire() -> Iterator[Running]:
    with start(clock=Clock(still_at=NOW)) as running:
        yield running


@pytest.fixture
def client(callfire: Running) -> Iterator[Client]:
    with Client(callfire) as session:
        yield session
