"""Requests to the platform with JSON bodies, repeated where they fail."""

from dataclasses import replace
from itertools import repeat
from typing import Any

from elasticio.errors import PlatformError
from elasticio.http import HttpAnswer, HttpClient
from elasticio.platform import limits
from elasticio.platform.retries import follow, send_with_repeats
from elasticio.platform.web_address import WebAddress
from elasticio.version import __version__
from elasticio.wire.json import from_json, to_json

USER_AGENT = f"elasticio-sdk/{__version__}"


class JsonClient:
    """Sends JSON to any address, with one login or with that in the URL. Threads may share it.

    A request is sent again after a 5xx or a network failure: `attempts` times in all, `delay` seconds apart.
    """

    def __init__(self, attempts: int, delay: float, authorization: str = "") -> None:
        self._attempts = attempts
        self._delay = delay
        self._authorization = authorization
        self._clients: dict[str, HttpClient] = {}

    def send(self, method: str, url: str, data: object = None) -> HttpAnswer:
        """Send a request with an optional JSON body and return the last answer.

        Only a GET follows redirects: any other request would lose its body. Raises PlatformError if there is no answer
        or if it is too large, MessageError for data that JSON cannot carry.
        """
        what = f"{method} at the platform"
        body = None if data is None else to_json(data)
        try:
            address = WebAddress.parse(url)
        except ValueError as error:
            raise PlatformError(f"{what} failed: {error}") from None
        if self._authorization:
            address = replace(address, authorization=self._authorization)

        def exchange(to: WebAddress) -> HttpAnswer:
            headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
            headers |= {"Authorization": to.authorization} if to.authorization else {}
            headers |= {"Content-Type": "application/json"} if body is not None else {}
            return self._client(to, what).request(method, to.target, headers=headers, body=body)

        def send() -> HttpAnswer:
            return follow(address, exchange, what)[0] if method == "GET" else exchange(address)

        return send_with_repeats(send, repeat(self._delay, self._attempts - 1), what)

    def _client(self, address: WebAddress, what: str) -> HttpClient:
        if address.base not in self._clients:
            try:
                client = HttpClient(address.base, timeout=limits.ANSWER_TIME, max_body=limits.MAX_ANSWER_SIZE)
            except ValueError as error:  # a proxy that cannot be used
                raise PlatformError(f"{what} failed: {error}") from None
            self._clients[address.base] = client
        return self._clients[address.base]


def json_of(answer: HttpAnswer, what: str) -> Any:
    """Return the JSON in an answer, None for an empty one; raises PlatformError naming `what` for anything else."""
    try:
        return from_json(answer.body) if answer.body else None
    except (ValueError, RecursionError):
        raise PlatformError(f"{what} with something that is no JSON", answer.status) from None
