"""Streamed bodies of requests and responses, and their time limits."""

import threading
from collections.abc import Iterator

import pytest
from elasticio.http import HttpClient, NotWritten, Unanswered

from tests.sdk.http.scripted import OK, Handler, Peer, answers, drip_head, hang, repeats, scripted


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
