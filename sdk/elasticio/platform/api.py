"""The platform's API, as far as a step needs it."""

from collections.abc import Mapping
from itertools import repeat
from typing import Any, Self
from urllib.parse import quote, urlsplit

from requests.auth import HTTPBasicAuth

from elasticio.errors import PlatformError
from elasticio.platform import limits
from elasticio.platform.http import Answer, Session, get, read_answer, send_with_repeats
from elasticio.runtime.settings import Settings
from elasticio.wire.json import from_json, to_json

_TIMEOUT = 15  # seconds without any data


class PlatformApi:
    """The calls of one step to the platform.

    Requests are repeated after a 5xx or a network failure: `attempts` times in all, `delay` milliseconds apart. All
    methods raise PlatformError.
    """

    def __init__(self, base: str, username: str, password: str, attempts: int = 3, delay: int = 100) -> None:
        self._base = base.rstrip("/")
        self._attempts = attempts
        self._delay = delay / 1000
        self._session = Session(HTTPBasicAuth(username.encode(), password.encode()))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make the API of a step."""
        return cls(
            settings.api_uri,
            settings.api_username,
            settings.api_key,
            settings.api_request_retry_attempts,
            settings.api_request_retry_delay,
        )

    def step(self, flow_id: str, step_id: str) -> Mapping[str, Any]:
        """Return {config, snapshot, is_passthrough, variables} of a step."""
        answer = self._request("GET", f"/v1/tasks/{quote(flow_id, safe='')}/steps/{quote(step_id, safe='')}")
        if not isinstance(answer, dict):
            raise PlatformError("the platform's API answered the question for this step with no JSON object")
        return answer

    def startup_data(self, flow_id: str) -> Any:
        """Return what the component's `startup` returned."""
        return self._request("GET", _startup_path(flow_id))

    def store_startup_data(self, flow_id: str, data: Mapping[str, Any]) -> None:
        """Store what `startup` returned, in place of the data of an earlier start."""
        try:
            self._request("POST", _startup_path(flow_id), data)
        except PlatformError as error:
            if error.status != 409:
                raise
            self.delete_startup_data(flow_id)
            self._request("POST", _startup_path(flow_id), data)

    def delete_startup_data(self, flow_id: str) -> None:
        """Delete what `startup` returned."""
        self._request("DELETE", _startup_path(flow_id))

    def update_keys(self, account_id: str, keys: Mapping[str, Any]) -> None:
        """Replace the keys of an account, e.g. after an OAuth token was refreshed."""
        self._request("PUT", f"/v1/accounts/{quote(account_id, safe='')}", {"keys": keys})

    def create_signed_url(self) -> Mapping[str, str]:
        """Return {put_url, get_url} for one file in the storage of platforms without an object storage."""
        answer = self._request("POST", "/v2/resources/storage/signed-url")
        names = ("put_url", "get_url")
        if not isinstance(answer, dict) or not all(_is_web_address(answer.get(name)) for name in names):
            raise PlatformError("the platform's API gave no put_url and get_url for the file")
        return answer

    def _request(self, method: str, path: str, data: object = None) -> Any:
        answer = request_with_retries(
            self._session, method, self._base + path, data, attempts=self._attempts, delay=self._delay
        )
        if not 200 <= answer.status_code < 300:
            raise PlatformError(
                f"the platform's API answered {answer.status_code} to {method} {path}", answer.status_code
            )
        try:
            return from_json(answer.body) if answer.body else None
        except (ValueError, RecursionError):
            raise PlatformError(f"the platform's API answered {method} {path} with something that is no JSON") from None


def request_with_retries(
    session: Session, method: str, url: str, data: object, *, attempts: int, delay: float
) -> Answer:
    """Send a request with an optional JSON body, again after a 5xx or a network failure; `delay` is in seconds.

    Only a GET follows redirects: any other request would lose its body. Returns the last answer. Raises PlatformError
    if there was none or if it is too large, MessageError for data that JSON cannot carry.
    """
    body = None if data is None else to_json(data)
    headers = {"content-type": "application/json"} if body else {}
    what = f"{method} at the platform"

    def send() -> Answer:
        if method == "GET":
            response = get(session, url, what, timeout=_TIMEOUT)
        else:
            response = session.request(method, url, data=body, headers=headers, timeout=_TIMEOUT, stream=True)
        return read_answer(response, what, limits.MAX_ANSWER_SIZE)

    return send_with_repeats(send, repeat(delay, attempts - 1), what)


def _is_web_address(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _startup_path(flow_id: str) -> str:
    return f"/sailor-support/hooks/task/{quote(flow_id, safe='')}/startup/data"
