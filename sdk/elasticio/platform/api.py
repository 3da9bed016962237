"""The platform's API, as far as a step needs it."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

from elasticio.errors import PlatformError
from elasticio.platform.json_client import JsonClient, json_of
from elasticio.platform.web_address import WebAddress, basic
from elasticio.runtime.settings import Settings


class PlatformApi:
    """The calls of one step to the platform.

    Requests are repeated after a 5xx or a network failure: `attempts` times in all, `delay` milliseconds apart. All
    methods raise PlatformError.
    """

    def __init__(self, base: str, username: str, password: str, attempts: int = 3, delay: int = 100) -> None:
        self._base = base.rstrip("/")
        self._client = JsonClient(attempts, delay / 1000, basic(username, password))

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
            raise PlatformError("the platform's API answered GET for this step with no JSON object")
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
        if not isinstance(answer, dict) or not all(
            map(_is_web_address, (answer.get("put_url"), answer.get("get_url")))
        ):
            raise PlatformError("the platform's API gave no put_url and get_url for the file")
        return answer

    def _request(self, method: str, path: str, data: object = None) -> Any:
        answer = self._client.send(method, self._base + path, data)
        if not 200 <= answer.status < 300:
            raise PlatformError(f"the platform's API answered {answer.status} to {method} {path}", answer.status)
        return json_of(answer, f"the platform's API answered {method} {path}")


def _is_web_address(value: object) -> bool:
    try:
        WebAddress.parse(value)
    except ValueError:
        return False
    return True


def _startup_path(flow_id: str) -> str:
    return f"/sailor-support/hooks/task/{quote(flow_id, safe='')}/startup/data"
