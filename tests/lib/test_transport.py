"""Certificates, proxies and connections: cached, and updated with the environment."""

import gzip
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lib.callfire.api.client import Client, Request, client_for
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import InvalidSettings, Unavailable
from tests.lib.certificates import certificate
from tests.lib.recording import Recorder, Reply, json_reply, recording
from tests.lib.steps import config_for, run
from tests.sdk.http.scripted import Peer, scripted

SEND: tuple[str, Any] = (
    "actions.send_texts",
    {"recipients": [{"phoneNumber": "12132000384", "message": "Hi"}]},
)
READ: tuple[str, Any] = ("actions.get_text", {"id": 1})
CREATE: tuple[str, Any] = ("actions.create_contacts", {"contacts": [{"homePhone": "12132000384"}]})
FAR = "192.0.2.1"  # a documentation address: only the proxy can resolve it
ASK = Request("GET", "/me/account", "GET /me/account", repeatable=True)


@pytest.fixture(autouse=True)
def _only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle")
    for name in names:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """A TLS server that the environment trusts."""
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with recording(context) as server:
        yield server


def test_a_trusted_authority_is_accepted_and_the_connection_reused(secure: Recorder) -> None:
    for _ in range(3):
        run(*READ, config_for(secure.url))
    assert (len(secure.received), secure.connections) == (3, 1)


@pytest.mark.parametrize("bundle", ["another", None], ids=["another authority", "the usual ones"])
@pytest.mark.parametrize("call", [READ, SEND], ids=["read", "send"])
def test_an_unknown_authority_is_refused_before_the_request(
    bundle: str | None, call: tuple[str, Any], secure: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    if bundle:
        (tmp_path / bundle).mkdir()
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate(tmp_path / bundle)[0]))
    for _ in range(2):
        with pytest.raises(InvalidSettings, match=r"certificate of the server is not trusted\. Nothing was sent"):
            run(*call, config_for(secure.url))
    assert secure.received == []


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, context = certificate(tmp_path, "127.0.0.2")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with recording(context) as server:
        with pytest.raises(InvalidSettings, match="certificate of the server is not trusted"):
            run(*SEND, config_for(server.url))
        assert server.received == []


def test_a_missing_bundle_is_an_error_until_it_exists(
    secure: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(later))
    for _ in range(2):
        with pytest.raises(OSError, match=r"later\.pem"):
            run(*READ, config_for(secure.url))
    assert secure.received == []
    (tmp_path / "server.pem").rename(later)
    run(*READ, config_for(secure.url))
    assert len(secure.received) == 1


def test_an_https_proxy_receives_only_the_name_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, context = certificate(tmp_path, FAR)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with recording(context) as server, tunnelling(to=server.url) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:secret@127.0.0.1:{proxy.port}")
        for _ in range(3):
            run(*READ, config_for(f"https://{FAR}"))
        (head,) = proxy.heads
        assert head.startswith(f"CONNECT {FAR}:443 HTTP/1.")
        assert "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n" in head
        assert "\r\nAuthorization" not in head
        assert [request.path for request in server.received] == ["/texts/1"] * 3
        assert not any("proxy-authorization" in request.headers for request in server.received)


def test_requests_to_loopback_use_no_proxy(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    run(*READ, config_for(server.url))
    assert len(server.received) == 1


def test_servers_in_no_proxy_are_contacted_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    with tunnelling(to="http://127.0.0.1:9") as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "callfire.invalid")
        with pytest.raises(Unavailable, match="unknown host"):
            run(*READ, config_for("https://callfire.invalid", errorPolicy="error"))
    assert proxy.heads == []


@pytest.mark.parametrize(
    ("function", "body", "answer"),
    [
        (*CREATE, {"items": [{"id": 1}]}),
        (*SEND, {"items": [{"id": 1, "state": "READY"}]}),
    ],
    ids=["createContacts", "sendTexts"],
)
def test_a_connection_that_a_router_dropped_is_not_used_for_sends(
    function: str, body: Any, answer: Any, server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is sent once, over a new connection, because the first one was idle for too long."""
    config = config_for(server.url)
    run(*READ, config)
    passed = time.monotonic
    monkeypatch.setattr("elasticio.http.client.time.monotonic", lambda: passed() + 31)
    server.replies.append(json_reply(answer))
    run(function, body, config)
    assert (len(server.received), server.connections) == (2, 2)


@pytest.mark.parametrize("send", [CREATE, SEND], ids=["createContacts", "sendTexts"])
def test_a_send_succeeds_at_once_though_the_server_forgot_the_connection(
    send: tuple[str, Any], monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    """A request on the first connection gets a reset after an idle time. The send must use a second connection."""
    body = b'{"id": 1, "items": [{"id": 1, "state": "READY"}]}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    seen: list[bytes] = []

    def handler(peer: Peer) -> None:
        for forgotten in (False, True):
            if not (request := peer.request()):
                return
            seen.append(request.split(b" ")[0])
            if forgotten:
                peer.reset()
            else:
                peer.send(head + body)

    with scripted(handler) as server:
        config = config_for(server.url)
        run(*READ, config)
        passed = time.monotonic
        monkeypatch.setattr("elasticio.http.client.time.monotonic", lambda: passed() + 31)
        assert run(*send, config)
        client_for(config).close()
    assert seen == [b"GET", b"POST"]
    assert pauses == []


def test_a_closed_client_opens_a_new_connection(server: Recorder) -> None:
    client = Client(Credentials("login", "password", server.url))
    for _ in range(2):
        client.call(ASK)
        client.close()
    assert (len(server.received), server.connections) == (2, 2)


def test_clients_of_many_logins_are_separate(server: Recorder) -> None:
    """With more clients than a thread keeps, the oldest is closed, and is opened again on its next use."""
    for name in [*(f"login {number}" for number in range(12)), "login 0"]:
        client_for(config_for(server.url, username=name)).call(ASK)
    logins = [request.headers["authorization"] for request in server.received]
    assert len(logins) == 13
    assert len(set(logins)) == 12
    assert logins[0] == logins[12]


def test_requests_share_neither_headers_nor_cookies(server: Recorder) -> None:
    """Neither headers nor cookies of one request are in the next."""
    server.default = Reply(headers={"Set-Cookie": "a=b"})
    client = Client(Credentials("login", "password", server.url))
    client.call(
        Request("POST", "/texts", "x", body=b"[]", headers={"Accept": "x/y", "Content-Type": "application/json"})
    )
    client.call(ASK)
    first, second = (request.headers for request in server.received)
    assert (first["accept"], first["content-length"]) == ("x/y", "2")
    assert second["accept"] == "application/json"
    assert not second.keys() & {"content-type", "content-length", "cookie"}


def test_a_compressed_response_is_decompressed(server: Recorder) -> None:
    packed = gzip.compress(b'{"id": 9223372036854775807}')
    server.default = Reply(200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert run(*READ, config_for(server.url)) == [{"body": {"id": "9223372036854775807"}}]
    assert server.received[0].headers["accept-encoding"] == "gzip"


class Tunnel(socketserver.ThreadingTCPServer):
    """A proxy for CONNECT. It records the requests and forwards bytes in both directions."""

    daemon_threads = True

    def __init__(self, to: str) -> None:
        self.heads: list[str] = []
        self.to = to
        super().__init__(("127.0.0.1", 0), _Tunnelled)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Tunnelled(socketserver.StreamRequestHandler):
    rbufsize = 0  # bytes after the head belong to the tunnel
    server: Tunnel

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n")).decode()
        self.server.heads.append(head)
        with socket.create_connection(("127.0.0.1", int(self.server.to.rpartition(":")[2]))) as far:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(far, self.connection), daemon=True)
            back.start()
            _pump(self.connection, far)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        for piece in iter(lambda: source.recv(65536), b""):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other direction has ended


@contextmanager
def tunnelling(to: str) -> Iterator[Tunnel]:
    """Serve on a free loopback port; every tunnel leads to a server of this machine."""
    with Tunnel(to) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
