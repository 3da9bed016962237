"""Requests to the platform with JSON bodies, repeated after failures."""

from dataclasses import replace
from itertools import repeat
from typing import Any

from elasticio.errors import PlatformError
from elasticio.http import HttpClient, HttpResponse
from elasticio.platform import limits
from elasticio.platform.retries import follow, send_with_repeats
from elasticio.platform.web_address import WebAddress
from elasticio.version import __version__
from elasticio.wire.json import from_json, to_json

USER_AGENT = f"elasticio-sdk/{__version__}"


class JsonClient:
    """Sends JSON to any URL, with the login in `authorization` or in the URL. Threads may share it.

    Each request is attempted up to `attempts` times, `delay` seconds apart, after a 5xx or a network failure.
    """

    def __init__(self, attempts: int, delay: float, authorization: str = "") -> None:
        self._attempts = attempts
        self._delay = delay
        self._authorization = authorization
        self._clients: dict[str, HttpClient] = {}

    def send(self, method: str, url: str, data: object = None) -> HttpResponse:
        """Send a request with an optional JSON body and return the last response.

        Only a GET follows redirects: other requests would lose their bodies. Raises PlatformError if there is no
        response or if the response is too large. Raises MessageError for data that JSON cannot represent.
        """
        what = f"{method} at the platform"
        body = None if data is None else to_json(data)
        try:
            address = WebAddress.parse(url)
        except ValueError as error:
            raise PlatformError(f"{what} failed: {error}") from None
        if self._authorization:
            address = replace(address, authorization=self._authorization)

        def exchange(to: WebAddress) -> HttpResponse:
            headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
            headers |= {"Authorization": to.authorization} if to.authorization else {}
            headers |= {"Content-Type": "application/json"} if body is not None else {}
            return self._client(to, what).request(method, to.target, headers=headers, body=body)

        def send() -> HttpResponse:
            return follow(address, exchange, what)[0] if method == "GET" else exchange(address)

        return send_with_repeats(send, repeat(self._delay, self._attempts - 1), what)

    def _client(self, address: WebAddress, what: str) -> HttpClient:
        if address.base not in self._clients:
            try:
                client = HttpClient(address.base, timeout=limits.REQUEST_TIMEOUT, max_body=limits.MAX_RESPONSE_SIZE)
            except ValueError as error:  # the address of the proxy is invalid
                raise PlatformError(f"{what} failed: {error}") from None
            self._clients[address.base] = client
        return self._clients[address.base]


def json_of(response: HttpResponse, what: str) -> Any:
    """Return the JSON value of a response, None for an empty body. Raises PlatformError, which names `what`."""
    try:
        return from_json(response.body) if response.body else None
    except (ValueError, RecursionError):
        raise PlatformError(f"{what} returned data that is not JSON", response.status) from None
