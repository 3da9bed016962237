"""Responses: framing, limits, and responses that are invalid or incomplete."""

import gzip
import socket

import pytest
from elasticio.http import HttpClient, HttpStream, Unanswered
from elasticio.http.failures import TooLarge
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.http.scripted import OK, Peer, answers, repeats, scripted

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
    "status 042": b"HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n",
    "a trailer without end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
    + b"X: x\r\n" * 30_000,
    "a chunk extension without end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;" + b"x" * 200_000,
    "bytes after gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hi") + b"\0" * 200_000,
    "gzip without content": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    + gzip.compress(b"")[:10]
    + b"\0\0\0\xff\xff" * 40_000,
    "an unknown encoding": b"HTTP/1.1 200 OK\r\nContent-Encoding: zzz\r\nContent-Length: 2\r\n\r\nhi",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_invalid_response_raises_unanswered(name: str) -> None:
    with scripted(answers(UNREADABLE[name])) as server, pytest.raises(Unanswered) as failed:
        HttpClient(server.url, timeout=10).request("POST", "/", body=b"x")
    assert not failed.value.timed_out


def test_trailers_are_not_headers() -> None:
    raw = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
        b"Content-Encoding: gzip\r\nConnection: close\r\nX: x\r\n\r\n"
    )
    with scripted(repeats(raw)) as server:
        client = HttpClient(server.url, timeout=10)
        for _ in range(2):
            response = client.request("GET", "/")
            assert (response.body, [*response.headers]) == (b"hi", ["transfer-encoding"])
        client.close()
    assert server.connections == 1


def test_a_piece_of_a_stream_has_a_time_limit_whatever_the_server_sends() -> None:
    def handler(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n2;")
        while not peer.released.wait(0.02):
            peer.send(b"x")  # a chunk extension that does not end

    with scripted(handler) as server, HttpClient(server.url, timeout=0.3).open("GET", "/") as stream:
        assert stream.read1(10) == b"hi"
        with pytest.raises(Unanswered, match="no response in time"):
            stream.read1(10)


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


def test_a_response_that_is_too_large_raises_too_large() -> None:
    for reply in (
        b"Content-Length: 11\r\n\r\nhello world",
        b"Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
    ):
        with scripted(answers(b"HTTP/1.1 200 OK\r\n" + reply)) as server, pytest.raises(TooLarge) as failed:
            HttpClient(server.url, timeout=10).request("GET", "/", max_body=10)
        assert failed.value.status == 200
