"""The way to one server: what `requests` finds out for every request anew is found out with the first one.

`HTTPAdapter` asks each time which proxy, which certificates and which pool of connections a request needs, because a
session may go anywhere. A client goes to one server only. Connections, TLS and errors stay as `requests` has them.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Timeout


class Transport(HTTPAdapter):
    """Writes requests to one server. Proxies and certificates of the environment are looked up once, .netrc never."""

    def __init__(self, server: str, *, connect: float, read: float) -> None:
        """Open nothing yet: the first request connects. `connect` and `read` are time-outs in seconds."""
        super().__init__()
        with requests.Session() as session:
            environment = session.merge_environment_settings(server, {}, None, None, None)
        # http is for this machine only: through a proxy the login would leave it in the clear.
        self._proxies: Mapping[str, str] = environment["proxies"] if server.startswith("https:") else {}
        self._verify: bool | str = True if environment["verify"] is None else environment["verify"]
        self._timeout = Timeout(connect=connect, read=read)
        self._pool: Any = None

    def write(self, request: requests.PreparedRequest) -> requests.Response:
        """Write a request once; its answer's body is still on the wire. Raises `requests.RequestException`.

        No redirects are followed and no cookies kept, so nothing of a session's own `send` is needed.
        """
        return self.send(request, timeout=self._timeout, proxies=self._proxies, verify=self._verify)  # type: ignore[arg-type] # the stubs know no Timeout

    def close(self) -> None:
        """Close the connections; the next request opens another one."""
        self._pool = None
        super().close()

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """Return the one pool, made and told its certificates with the first request."""
        if self._pool is None:
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            super().cert_verify(pool, request.url, verify, cert)  # type: ignore[no-untyped-call]
            self._pool = pool
        return self._pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing is left to do: the pool knows its certificates."""

    def request_url(self, request: Any, proxies: Any) -> Any:  # noqa: ARG002
        """Return the address below the server; a proxy learns the name only, as https alone uses one."""
        return request.path_url
