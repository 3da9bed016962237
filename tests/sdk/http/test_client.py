"""The HTTP client: requests, responses, and the failure for each fault of an exchange."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticio.http import HttpClient, HttpFailure, HttpStream, NotConnected, NotWritten, Unanswered
from elasticio.http.failures import TooLarge
from hypothesis import given
from hypothesis import strategies as st

from tests.lib.certificates import certificate
from tests.sdk.http.scripted import Handler, Peer, answers, repeats, scripted

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_requests_share_a_connection() -> None:
    with scripted(repeats(OK)) as server:
        client = HttpClient(server.url + "/v2/", timeout=10, headers={"Authorization": "Basic eDp5"})
        for _ in range(3):
            answer = client.request("GET", "/texts?limit=1", headers={"Accept": "*/*"})
            assert (answer.status, answer.body, dict(answer.headers)) == (200, b"hi", {"content-length": "2"})
        client.close()
    assert server.connections == 1


def test_a_request_has_the_expected_bytes() -> None:
    seen: list[bytes] = []

    def handler(peer: Peer) -> None:
        while request := peer.request():
            seen.append(request)
            peer.send(OK)

    with scripted(handler) as server:
        client = HttpClient(server.url + "/v2", timeout=10)
        host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
        client.request("GET", "/a")
        client.request("POST", "/b", body=b"{}", headers={"Content-Type": "application/json"})
        client.request("POST", "/c")
        client.request("PUT", "/d", body=iter([b"one", b"", b"two"]))
        client.request("PUT", "/e", body=[b"abc", b"de"], headers={"Content-Length": "5"})
        client.close()
    assert seen == [
        b"GET /v2/a HTTP/1.1\r\n" + host + b"\r\n",
        b"POST /v2/b HTTP/1.1\r\n" + host + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /v2/c HTTP/1.1\r\n" + host + b"Content-Length: 0\r\n\r\n",
        b"PUT /v2/d HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
        b"PUT /v2/e HTTP/1.1\r\n" + host + b"Content-Length: 5\r\n\r\nabcde",
    ]


BODIES = {
    "length": (OK, b"hi"),
    "no length, closed at the end": (b"HTTP/1.1 200 OK\r\n\r\nhi", b"hi"),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
    "empty": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    "204 with a body that does not count": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
    "chunks of odd sizes": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n00001;x=y\r\ni\r\n0\r\nTrailer: 1\r\n\r\n",
        b"hi",
    ),
    "100 first": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"hi"),
    "103 first": (b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + OK, b"hi"),
    "gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(b"hi", mtime=0)), gzip.compress(b"hi", mtime=0)),
        b"hi",
    ),
    "gzip of nothing at all": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", b""),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_with_any_framing(name: str) -> None:
    raw, body = BODIES[name]
    with scripted(answers(raw)) as server:
        answer = HttpClient(server.url, timeout=10).request("GET", "/")
    assert answer.body == body


@pytest.mark.parametrize("name", BODIES)
def test_a_response_in_any_packets_is_parsed(name: str) -> None:
    raw, body = BODIES[name]

    def handler(peer: Peer) -> None:
        peer.request()
        peer.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(raw)):
            peer.send(raw[index : index + 1])

    with scripted(handler) as server:
        assert HttpClient(server.url, timeout=30).request("GET", "/").body == body


def test_the_response_to_head_has_no_body() -> None:
    with scripted(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", OK)) as server:
        client = HttpClient(server.url, timeout=10)
        assert client.request("HEAD", "/").headers["Content-Length"] == "5"
        assert client.request("GET", "/").body == b"hi"
    assert server.connections == 1


def test_values_of_a_repeated_header_are_joined() -> None:
    raw = b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n"
    with scripted(answers(raw)) as server:
        assert HttpClient(server.url, timeout=10).request("GET", "/").headers["x-a"] == "1, 2"


UNREADABLE = {
    "garbage": b"what?\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "truncated": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi",
    "truncated chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
    "a negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "a length that is no number": b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "an absurd length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "an absurd status": b"HTTP/1.1 99999 OK\r\nContent-Length: 0\r\n\r\n",
    "another protocol from here": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nzzz",
    "only 103": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "10,000 headers": b"HTTP/1.1 200 OK\r\n" + b"X-Header: of some length\r\n" * 10_000 + b"\r\n",
    "an endless header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000,
    "103 for ever": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 10_000,
    "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "half a gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n"
    + gzip.compress(b"hi" * 99)[:20],
    "an unknown encoding": b"HTTP/1.1 200 OK\r\nContent-Encoding: zzz\r\nContent-Length: 2\r\n\r\nhi",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_invalid_response_raises_unanswered(name: str) -> None:
    with scripted(answers(UNREADABLE[name])) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=10).request("POST", "/", body=b"x")
    assert not failed.value.timed_out


def test_the_error_of_an_incomplete_response_has_its_status() -> None:
    raw = b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhi"
    with scripted(answers(raw)) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=10).request("POST", "/", body=b"x")
    assert failed.value.status == 404


def test_bytes_after_a_response_close_the_connection() -> None:
    with scripted(answers(OK + b"HTTP/1.1 500 Oops\r\n\r\n"), repeats(OK)) as server:
        client = HttpClient(server.url, timeout=10)
        assert [client.request("GET", "/").status for _ in range(2)] == [200, 200]
        client.close()
    assert server.connections == 2


@pytest.mark.parametrize("packed", [True, False])
def test_a_response_has_a_maximum_size(packed: bool) -> None:
    body = gzip.compress(b"0" * 50_000_000) if packed else b"0" * 2_000_000
    encoding = b"Content-Encoding: gzip\r\n" if packed else b""
    raw = b"HTTP/1.1 200 OK\r\n" + encoding + b"\r\n" + body
    with scripted(answers(raw)) as server, pytest.raises(Unanswered, match="exceeds 1000000 bytes"):
        HttpClient(server.url, timeout=30, max_body=1_000_000).request("GET", "/")


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_a_response_of_the_maximum_size_is_read(size: int, fits: bool) -> None:
    raw = b"HTTP/1.1 200 OK\r\n\r\n" + b"0" * size
    with scripted(answers(raw)) as server:
        client = HttpClient(server.url, timeout=30, max_body=1000)
        if fits:
            assert len(client.request("GET", "/").body) == size
        else:
            with pytest.raises(Unanswered):
                client.request("GET", "/")


def drip(peer: Peer) -> None:
    """Send single bytes until the client disconnects."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.released.wait(0.02):
        peer.send(b"1\r\nx\r\n")


def drip_head(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nX: ")
    while not peer.released.wait(0.02):
        peer.send(b"y")


def hang(peer: Peer) -> None:
    peer.request()
    peer.hang()


@pytest.mark.parametrize("handler", [hang, drip, drip_head])
def test_the_timeout_limits_the_whole_request(handler: Handler) -> None:
    with scripted(handler) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=0.3).request("POST", "/", body=b"x")
    assert failed.value.timed_out


def test_writing_to_a_server_that_does_not_read_times_out() -> None:
    with scripted(Peer.hang) as server, pytest.raises(NotWritten) as failed:
        HttpClient(server.url, timeout=0.3).request("POST", "/", body=b"x" * 30_000_000)
    assert failed.value.timed_out


def test_a_refused_connection_raises_not_connected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotConnected, match="connection refused"):
        HttpClient(f"http://127.0.0.1:{port}", timeout=10).request("POST", "/", body=b"x")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 64 + ".example", "a..b"])
def test_an_unknown_host_raises_not_connected(host: str) -> None:
    with pytest.raises(NotConnected, match="unknown host"):
        HttpClient(f"http://{host}", timeout=10).request("POST", "/", body=b"x")


def test_a_reset_after_the_request_raises_unanswered() -> None:
    def handler(peer: Peer) -> None:
        peer.request()
        peer.reset()

    with scripted(handler) as server, pytest.raises(Unanswered, match="connection"):
        HttpClient(server.url, timeout=10).request("POST", "/", body=b"x")


def test_a_reset_within_the_request_raises_not_written() -> None:
    def handler(peer: Peer) -> None:
        peer.stream.recv(1000)
        peer.reset()

    with scripted(handler) as server, pytest.raises(NotWritten):
        HttpClient(server.url, timeout=10).request("POST", "/", body=b"x" * 30_000_000)


def test_an_early_response_is_returned_although_the_request_is_incomplete() -> None:
    def handler(peer: Peer) -> None:
        peer.stream.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        peer.stream.shutdown(socket.SHUT_WR)
        read = 0
        while read < 1_000_000 and (piece := peer.stream.recv(65536)):
            read += len(piece)

    with scripted(handler) as server:
        try:
            status = HttpClient(server.url, timeout=10).request("POST", "/", body=b"x" * 30_000_000).status
        except NotWritten:  # the reset arrived before the response: the result is as certain
            status = 413
    assert status == 413


def test_a_failing_body_iterator_raises_its_own_error() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise OSError("the disk is gone")

    with scripted(hang) as server, pytest.raises(OSError, match="the disk is gone"):
        HttpClient(server.url, timeout=10).request("POST", "/", body=pieces())


def test_an_idle_connection_that_the_server_closed_is_not_used() -> None:
    with scripted(answers(OK), repeats(OK)) as server:
        client = HttpClient(server.url, timeout=10)
        client.request("GET", "/")
        assert server.closed.acquire(timeout=30)
        assert client.request("POST", "/", body=b"x").status == 200
        client.close()
    assert server.connections == 2


@pytest.mark.parametrize(("idle", "connections"), [(29.9, 1), (30.1, 2)])
def test_a_connection_beyond_the_idle_limit_is_not_used(
    idle: float, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(repeats(OK)) as server:
        client = HttpClient(server.url, timeout=10)
        client.request("GET", "/")
        now = time.monotonic
        monkeypatch.setattr("elasticio.http.client.time.monotonic", lambda: now() + idle)
        client.request("GET", "/")
        client.close()
    assert server.connections == connections


def test_connections_are_probed_by_the_system() -> None:
    with scripted(repeats(OK)) as server:
        client = HttpClient(server.url, timeout=10)
        client.request("GET", "/")
        stream = client._idle[0]._socket
        assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        client.close()


def test_threads_share_a_client() -> None:
    with scripted(repeats(OK)) as server:
        client = HttpClient(server.url, timeout=30)
        failures: list[Exception] = []

        def work() -> None:
            try:
                for _ in range(50):
                    assert client.request("GET", "/").body == b"hi"
            except Exception as error:  # noqa: BLE001 (asserted below)
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        client.close()
    assert not failures
    assert server.connections <= 8


@pytest.mark.parametrize("name", ["X-A\r\nX-B", "X"])
def test_a_header_cannot_contain_line_breaks(name: str) -> None:
    client = HttpClient("http://127.0.0.1:1", timeout=1)
    with pytest.raises(ValueError, match="line breaks"):
        client.request("GET", "/", headers={name: "a\r\nX-C: d"})


@pytest.mark.parametrize("base", ["ftp://example.com", "http://", "example.com", "http://[bad"])
def test_an_invalid_address_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match=r"address|IPv6"):
        HttpClient(base, timeout=1)


class TestStreams:
    def test_a_body_is_read_in_pieces(self) -> None:
        with scripted(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", OK)) as server:
            client = HttpClient(server.url, timeout=10)
            with client.open("GET", "/") as stream:
                assert (stream.status, stream.size) == (200, 10)
                assert [stream.read(4), stream.read(4), stream.read(4), stream.read(4)] == [
                    b"0123",
                    b"4567",
                    b"89",
                    b"",
                ]
            assert client.request("GET", "/").body == b"hi"
        assert server.connections == 1

    def test_an_unread_stream_closes_its_connection(self) -> None:
        with scripted(
            answers(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"0" * 9_000_000), repeats(OK)
        ) as server:
            client = HttpClient(server.url, timeout=10)
            with client.open("GET", "/") as stream:
                stream.read(4)
            assert client.request("GET", "/").body == b"hi"
            client.close()
        assert server.connections == 2

    def test_an_incomplete_stream_raises_unanswered(self) -> None:
        raw = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123"
        with scripted(answers(raw)) as server, HttpClient(server.url, timeout=10).open("GET", "/") as stream:
            assert stream.read(4) == b"0123"
            with pytest.raises(Unanswered):
                stream.read()

    def test_a_stream_may_exceed_the_timeout_while_pieces_arrive(self) -> None:
        def slowly(peer: Peer) -> None:
            peer.request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
            for _ in range(8):
                peer.released.wait(0.1)
                peer.send(b"x")

        with scripted(slowly) as server, HttpClient(server.url, timeout=0.5).open("GET", "/") as stream:
            assert stream.read() == b"x" * 8


class TestTls:
    def test_a_trusted_server_is_used(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trusted, context = certificate(tmp_path)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        with scripted(repeats(OK), context=context) as server:
            client = HttpClient(f"https://127.0.0.1:{server.port}", timeout=10)
            assert [client.request("GET", "/").body for _ in range(2)] == [b"hi", b"hi"]
            client.close()
        assert server.connections == 1

    def test_an_unknown_authority_is_refused_before_the_request(self, tmp_path: Path) -> None:
        _, context = certificate(tmp_path)
        refused = pytest.raises(NotConnected, match="certificate was refused")
        with scripted(repeats(OK), context=context) as server, refused as failed:
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=10).request("POST", "/", body=b"x")
        assert failed.value.certificate_refused

    def test_a_server_without_tls_raises_not_connected(self) -> None:
        with scripted(answers(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server, pytest.raises(NotConnected):
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=1).request("POST", "/", body=b"x")

    def test_a_hanging_handshake_times_out(self) -> None:
        with scripted(Peer.hang) as server, pytest.raises(NotConnected) as failed:
            HttpClient(f"https://127.0.0.1:{server.port}", timeout=0.3).request("POST", "/", body=b"x")
        assert failed.value.timed_out


def proxy_to(target: int, seen: list[bytes], answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> Handler:
    """Return a proxy that tunnels every CONNECT to a port of this machine."""

    def handler(peer: Peer) -> None:
        seen.append(peer.request())
        peer.send(answer)
        if b" 200 " not in answer:
            return
        with socket.create_connection(("127.0.0.1", target)) as upstream:

            def back() -> None:
                try:
                    while piece := upstream.recv(65536):
                        peer.send(piece)
                except OSError:
                    pass

            reader = threading.Thread(target=back, daemon=True)
            reader.start()
            while piece := peer.stream.recv(65536):
                upstream.sendall(piece)
            upstream.shutdown(socket.SHUT_WR)
            reader.join()

    return handler


class TestProxies:
    def test_tls_goes_through_a_tunnel(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trusted, context = certificate(tmp_path, "192.0.2.1")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        seen: list[bytes] = []
        with (
            scripted(repeats(OK), context=context) as server,
            scripted(proxy_to(server.port, seen)) as proxy,
        ):
            monkeypatch.setenv("https_proxy", f"http://us%3Aer:pass@127.0.0.1:{proxy.port}")
            client = HttpClient("https://192.0.2.1", timeout=10)
            assert client.request("GET", "/").body == b"hi"
            client.close()
        assert seen == [
            (
                b"CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n"
                b"Proxy-Authorization: Basic dXM6ZXI6cGFzcw==\r\n\r\n"
            )
        ]

    @pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"nonsense", b"", b"x" * 20_000])
    def test_a_proxy_that_refuses_a_tunnel_raises_not_connected(
        self, answer: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with scripted(proxy_to(0, [], answer)) as proxy:
            monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
            with pytest.raises(NotConnected):
                HttpClient("https://192.0.2.1", timeout=10).request("POST", "/", body=b"x")

    def test_plain_http_sends_the_whole_url_to_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[bytes] = []

        def handler(peer: Peer) -> None:
            seen.append(peer.request())
            peer.send(OK)

        with scripted(handler) as proxy:
            monkeypatch.setenv("http_proxy", f"http://a:b@127.0.0.1:{proxy.port}")
            HttpClient("http://192.0.2.1:8080/v1", timeout=10).request("GET", "/x")
        assert seen == [
            (
                b"GET http://192.0.2.1:8080/v1/x HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n"
                b"Proxy-Authorization: Basic YTpi\r\n\r\n"
            )
        ]

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_requests_to_loopback_use_no_proxy(self, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = listener.getsockname()[1]
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed}")
        with scripted(repeats(OK)) as server:
            client = HttpClient(f"http://{host}:{server.port}", timeout=10)
            assert client.request("GET", "/").body == b"hi"
            client.close()

    def test_the_variable_no_proxy_is_respected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://192.0.2.9:1")
        monkeypatch.setenv("no_proxy", "192.0.2.1")
        assert HttpClient("http://192.0.2.1", timeout=1)._route.proxy is None
        assert HttpClient("http://192.0.2.2", timeout=1)._route.proxy is not None

    def test_a_proxy_of_another_kind_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("https_proxy", "socks5://192.0.2.9:1")
        with pytest.raises(ValueError, match="https_proxy"):
            HttpClient("https://192.0.2.1", timeout=1)


def test_failures_contain_neither_address_nor_content() -> None:
    def handler(peer: Peer) -> None:
        peer.request()
        peer.reset()

    with scripted(handler) as server, pytest.raises(HttpFailure) as failed:
        HttpClient(server.url, timeout=10).request("POST", "/secret-path", body=b"secret-body")
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None


@given(st.binary(max_size=300), st.lists(st.integers(1, 50), max_size=5))
def test_any_bytes_are_a_response_or_a_failure(tail: bytes, cuts: list[int]) -> None:
    check(tail, cuts)


@given(
    st.integers(100, 999),
    st.lists(
        st.tuples(
            st.sampled_from([b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Connection", b"X"]),
            st.one_of(st.sampled_from([b"chunked", b"gzip", b"close", b"2", b"0", b"-1", b""]), st.binary(max_size=5)),
        ),
        max_size=4,
    ),
    st.binary(max_size=40),
    st.lists(st.integers(1, 50), max_size=5),
)
def test_any_status_headers_and_body_are_a_response_or_a_failure(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes, cuts: list[int]
) -> None:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    check(b"HTTP/1.1 %d X\r\n" % status + lines + b"\r\n" + body, cuts)


def check(raw: bytes, cuts: list[int]) -> None:
    pieces, rest = [], raw
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    received = iter([piece for piece in [*pieces, rest] if piece])
    released: list[bool] = []
    try:
        stream = HttpStream(lambda: next(received, b""), released.append, is_head=False, max_body=100)
        body = stream.read()
        stream.close()
    except Unanswered:
        return
    assert len(body) <= 100
    assert released in ([True], [False])


@pytest.mark.parametrize("handler", [hang, drip_head])
def test_the_timeout_limits_the_time_to_the_head_of_a_stream(handler: Handler) -> None:
    with scripted(handler) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=0.2).open("GET", "/")
    assert failed.value.timed_out


def test_a_streamed_body_may_exceed_the_timeout() -> None:
    """Time spent waiting for the pieces does not count."""
    waited = threading.Event()

    def pieces() -> Iterator[bytes]:
        for _ in range(4):
            waited.wait(0.1)
            yield b"x" * 100

    with scripted(answers(OK)) as server:
        assert HttpClient(server.url, timeout=0.2).request("POST", "/", body=pieces()).status == 200


def test_a_streamed_body_that_the_server_does_not_read_times_out() -> None:
    with scripted(Peer.hang) as server, pytest.raises(NotWritten) as failed:
        HttpClient(server.url, timeout=0.2).request("POST", "/", body=(b"x" * 65536 for _ in range(1000)))
    assert failed.value.timed_out


def test_the_response_to_a_streamed_body_has_its_own_timeout() -> None:
    with scripted(hang) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=0.2).request("POST", "/", body=iter([b"x"]))
    assert failed.value.timed_out


def test_available_bytes_can_be_read_at_once() -> None:
    def handler(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst")
        peer.released.wait(30)

    with scripted(handler) as server, HttpClient(server.url, timeout=30).open("GET", "/") as stream:
        assert (stream.read1(3), stream.read1(100)) == (b"fir", b"st")


def test_a_response_that_is_too_large_raises_too_large() -> None:
    for reply in (
        b"Content-Length: 11\r\n\r\nhello world",
        b"Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
    ):
        with scripted(answers(b"HTTP/1.1 200 OK\r\n" + reply)) as server, pytest.raises(TooLarge) as failed:
            HttpClient(server.url, timeout=10).request("GET", "/", max_body=10)
        assert failed.value.status == 200


def test_a_guard_selects_the_addresses() -> None:
    asked: list[tuple[str, int, bool]] = []

    def guard(host: str, port: int, through_proxy: bool) -> list[str]:
        asked.append((host, port, through_proxy))
        if host != "files.example":
            raise PermissionError
        return ["127.0.0.9", "127.0.0.1"]

    with scripted(answers(OK)) as server:
        url = f"http://files.example:{server.port}"
        assert HttpClient(url, timeout=10, guard=guard).request("GET", "/").status == 200
        with pytest.raises(NotConnected):
            HttpClient("http://other.example", timeout=10, guard=guard).request("GET", "/")
    assert asked == [("files.example", server.port, False), ("other.example", 80, False)]
