"""Host headers: protection against DNS rebinding."""

import pytest
from callfire_sandbox.errors import ApiError
from callfire_sandbox.web.hosts import AllowedHosts

from tests.sandbox.conftest import Client


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", ["/", "/sandbox/state", "/sandbox/reset", "/v2/texts", "/v2/api-docs/swagger.json"])
def test_a_foreign_host_is_refused(client: Client, method: str, path: str) -> None:
    """DNS rebinding: a web page whose own domain name points to this machine."""
    root = client.callfire.url.removesuffix("/v2")
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    answer = client.request(method, root + path, headers=headers, data=b"{}")
    assert answer.status_code == 403
    assert "evil.example" in answer.json()["message"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "a.localhost"])
def test_a_loopback_host_is_accepted(client: Client, host: str) -> None:
    assert client.get("/texts", headers={"Host": host}).ok


@pytest.mark.parametrize(
    ("listening", "names", "host", "accepted"),
    [
        ("127.0.0.1", ["callfire"], "callfire:8080", True),
        ("127.0.0.1", ["CallFire.internal"], "callfire.internal.", True),
        ("127.0.0.1", [], "callfire", False),
        ("127.0.0.1", [], "10.0.0.1", False),
        ("10.0.0.1", [], "10.0.0.1:80", True),
        ("10.0.0.1", [], "10.0.0.2", False),
        ("0.0.0.0", [], "192.168.1.7:8080", True),
        ("0.0.0.0", [], "evil.example", False),
        ("::", [], "[fe80::1]:80", True),
        ("127.0.0.1", [], "127.0.0.1.evil.example", False),
        ("127.0.0.1", [], "localhost.evil.example", False),
        ("127.0.0.1", [], "", False),
        ("127.0.0.1", [], "[", False),
    ],
)
def test_which_hosts_are_accepted(listening: str, names: list[str], host: str, accepted: bool) -> None:
    hosts = AllowedHosts(listening, names)
    for _ in range(2):
        if accepted:
            hosts.check(host.encode())
        else:
            with pytest.raises(ApiError):
                hosts.check(host.encode())
