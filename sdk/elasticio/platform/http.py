"""HTTP as the runtime uses it: a login reaches only the host it is meant for, and only what may be repeated is."""

import time
from collections.abc import Callable, Iterator

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url

from elasticio.errors import PlatformError
from elasticio.version import __version__

Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]

_CONNECTIONS = 100  # kept open for each host; as many messages may be in work at a time


class Session(requests.Session):
    """A session that sends the login it is given, else the one that stands in the URL itself.

    Unlike its base class it never takes one from ~/.netrc. Proxies and certificates come from the environment as usual.
    """

    def __init__(self, auth: Auth | None = None) -> None:
        super().__init__()
        self.auth = auth or _login_of_url
        self.headers["User-Agent"] = f"elasticio-sdk/{__version__}"
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Take the login off a redirect that leads to another host."""
        strip: bool = self.should_strip_auth(response.request.url, prepared_request.url)  # type: ignore[no-untyped-call]
        if strip:
            prepared_request.headers.pop("Authorization", None)


def _login_of_url(request: requests.PreparedRequest) -> requests.PreparedRequest:
    login = get_auth_from_url(request.url or "")
    return HTTPBasicAuth(*(part.encode() for part in login))(request) if any(login) else request


def send_with_repeats(send: Callable[[], requests.Response], pauses: Iterator[float], what: str) -> requests.Response:
    """Send, again after a 5xx or a network failure: once for each of `pauses`, after so many seconds.

    Returns the last answer, or raises PlatformError naming `what` was to be done where there was none. Neither the URL
    nor the failure's own text is in it: both may hold a credential.
    """
    while True:
        try:
            response = send()
        except requests.RequestException as error:
            hopeless = isinstance(error, ValueError)  # the URL makes no sense, nothing was sent
            pause = None if hopeless else next(pauses, None)
            if pause is None:
                raise PlatformError(f"{what} failed: no answer ({type(error).__name__})") from error
        else:
            pause = next(pauses, None) if response.status_code >= 500 else None
            if pause is None:
                return response
            response.close()
        time.sleep(pause)
