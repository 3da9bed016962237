"""The calls of the platform's API that a step uses."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

from elasticio.errors import PlatformError
from elasticio.platform.json_client import JsonClient, json_of
from elasticio.platform.web_address import WebAddress, basic, server_of
from elasticio.runtime.settings import Settings

_LOGIN_STATUSES = {401, 403}


class PlatformApi:
    """The calls of one step to the platform's API.

    Each request is attempted up to `attempts` times, `delay` milliseconds apart, after a 5xx or a network failure. All
    methods raise PlatformError.
    """

    def __init__(self, base: str, username: str, password: str, attempts: int = 3, delay: int = 100) -> None:
        self._base = base.rstrip("/")
        self._client = JsonClient(attempts, delay / 1000, basic(username, password))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the API for a step's settings."""
        return cls(
            settings.api_uri,
            settings.api_username,
            settings.api_key,
            settings.api_request_retry_attempts,
            settings.api_request_retry_delay,
        )

    def step(self, flow_id: str, step_id: str) -> Mapping[str, Any]:
        """Return {config, snapshot, is_passthrough, variables} of a step."""
        response = self._request("GET", f"/v1/tasks/{quote(flow_id, safe='')}/steps/{quote(step_id, safe='')}")
        if not isinstance(response, dict):
            raise PlatformError("GET of this step at the platform returned data that is not a JSON object")
        return response

    def startup_data(self, flow_id: str) -> Any:
        """Return the stored result of the component's `startup`."""
        return self._request("GET", _startup_path(flow_id))

    def store_startup_data(self, flow_id: str, data: Mapping[str, Any]) -> None:
        """Store the result of `startup`. It replaces the result of an earlier start."""
        try:
            self._request("POST", _startup_path(flow_id), data)
        except PlatformError as error:
            if error.status != 409:
                raise
            self.delete_startup_data(flow_id)
            self._request("POST", _startup_path(flow_id), data)

    def delete_startup_data(self, flow_id: str) -> None:
        """Delete the stored result of `startup`."""
        self._request("DELETE", _startup_path(flow_id))

    def update_keys(self, account_id: str, keys: Mapping[str, Any]) -> None:
        """Replace the keys of an account, e.g. after an OAuth token was refreshed."""
        self._request("PUT", f"/v1/accounts/{quote(account_id, safe='')}", {"keys": keys})

    def create_signed_url(self) -> Mapping[str, str]:
        """Return {put_url, get_url} for one file in the storage of platforms without an object storage."""
        response = self._request("POST", "/v2/resources/storage/signed-url")
        if not isinstance(response, dict) or not all(
            map(_is_web_address, (response.get("put_url"), response.get("get_url")))
        ):
            raise PlatformError("the platform's API returned no put_url and get_url for the file")
        return response

    def _request(self, method: str, path: str, data: object = None) -> Any:
        try:
            response = self._client.send(method, self._base + path, data)
        except PlatformError as error:
            raise PlatformError(f"{error}. {self._check_address()}", error.status) from error
        if not 200 <= response.status < 300:
            refused = response.status in _LOGIN_STATUSES
            action = "Check ELASTICIO_API_USERNAME and ELASTICIO_API_KEY." if refused else self._check_address()
            raise PlatformError(
                f"{method} {path} at the platform returned {response.status}. {action}", response.status
            )
        return json_of(response, f"{method} {path} at the platform")

    def _check_address(self) -> str:
        server = server_of(self._base)
        return f"Check ELASTICIO_API_URI ({server})." if server else "Check ELASTICIO_API_URI."


def _is_web_address(value: object) -> bool:
    try:
        WebAddress.parse(value)
    except ValueError:
        return False
    return True


def _startup_path(flow_id: str) -> str:
    return f"/sailor-support/hooks/task/{quote(flow_id, safe='')}/startup/data"
