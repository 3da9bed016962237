"""Asks an account: paced requests that wait out a rate limit, and what they showed about it."""

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import requests

TIMEOUT = 30
ATTEMPTS = 6
LONGEST_WAIT = 60.0
RATE_LIMIT_CODE = "rate_limit_exceeded"


class CalibrationError(Exception):
    """The account cannot be asked. The message says what to do."""


@dataclass(frozen=True)
class Answer:
    """A response: its status, its JSON or None, and whether it has a body."""

    status: int
    json: Any
    has_body: bool

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def items(self) -> list[Any]:
        """The objects of a list; empty for an error."""
        found = self.json.get("items", []) if isinstance(self.json, dict) else self.json
        return [item for item in found if isinstance(item, dict)] if self.ok and isinstance(found, list) else []


@dataclass
class Asker:
    """Sends requests to one account, at most `per_second` of them in a second."""

    server: str
    username: str
    password: str = field(repr=False)
    per_second: float = 5.0
    page_size: int = 1
    """The largest page, of at most 100 items, that the account is known to allow."""
    rate_limited: set[tuple[int, bool]] = field(default_factory=set)
    """Status and presence of Retry-After of every response above the rate limit."""
    _session: requests.Session = field(default_factory=requests.Session)
    _next: float = 0.0

    def get(self, path: str, **query: Any) -> Answer:
        """Send a GET request."""
        return self.send("GET", path, query=query)

    def send(self, method: str, path: str, *, body: Any = None, query: dict[str, Any] | None = None) -> Answer:
        """Send a request; repeat it while the rate limit refuses it. Raises CalibrationError without an answer."""
        for _ in range(ATTEMPTS):
            self._pace()
            try:
                response = self._session.request(
                    method,
                    self.server.rstrip("/") + path,
                    params=query,
                    json=body,
                    auth=(self.username, self.password),
                    timeout=TIMEOUT,
                )
            except requests.RequestException as error:
                raise CalibrationError(f"The server does not answer: {error}. Check --server.") from error
            content = _json(response)
            if not _is_rate_limit(response, content):
                return Answer(response.status_code, content, bool(response.content))
            waits = response.headers.get("Retry-After")
            self.rate_limited.add((response.status_code, waits is not None))
            sleep(min(float(waits) if waits and waits.isdecimal() else 1.0, LONGEST_WAIT))
        raise CalibrationError("The server refuses all requests because of its rate limit. Use a lower --per-second.")

    def _pace(self) -> None:
        now = monotonic()
        if now < self._next:
            sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.per_second


def _json(response: requests.Response) -> Any:
    try:
        return response.json() if response.content else None
    except (requests.JSONDecodeError, RecursionError):
        return None


def _is_rate_limit(response: requests.Response, content: Any) -> bool:
    coded = isinstance(content, dict) and content.get("internalCode") == RATE_LIMIT_CODE
    return response.status_code == requests.codes.too_many_requests or (not response.ok and coded)
