"""The HTTP client: requests, connections, and the failure for each fault of an exchange."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from elasticio.http import HttpClient, HttpFailure, NotConnected, NotWritten, Unanswered

from tests.sdk.http.scripted import OK, Handler, Peer, answers, drip, drip_head, hang, repeats, scripted


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


def test_failures_contain_neither_address_nor_content() -> None:
    def handler(peer: Peer) -> None:
        peer.request()
        peer.reset()

    with scripted(handler) as server, pytest.raises(HttpFailure) as failed:
        HttpClient(server.url, timeout=10).request("POST", "/secret-path", body=b"secret-body")
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None


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
