"""Limits for the size and the speed of responses."""

import gzip
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from elasticio import FileReader, MessageError, PlatformError
from elasticio.platform import limits
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.object_storage import ObjectStorage

from services.fake_platform import API_KEY, TOKEN, USERNAME, FakePlatform, Response

pytestmark = pytest.mark.usefixtures("pauses")


def endless(piece: bytes = b" ") -> Iterator[bytes]:
    """Yield small pieces forever. The server stops when the connection ends."""
    never = threading.Event()
    while not never.wait(0.005):
        yield piece


@contextmanager
def dripping_head() -> Iterator[str]:
    """Run a server that sends the head of a response byte by byte and never ends it."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while not stopped.is_set():
                with suppress(OSError):
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
                        while not stopped.wait(0.005):
                            connection.sendall(b"x")

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = server.getsockname()
        try:
            yield f"http://{host}:{port}"
        finally:
            stopped.set()
            socket.create_connection((host, port)).close()
            thread.join()


@pytest.fixture
def api(platform: FakePlatform) -> PlatformApi:
    return PlatformApi(platform.uri, USERNAME, API_KEY, attempts=2)


class TestAnswers:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_size_is_limited(
        self, platform: FakePlatform, api: PlatformApi, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        monkeypatch.setattr(limits, "MAX_RESPONSE_SIZE", 100)
        text = b'"' + b"x" * 98 + b'"'
        platform.answer(Response(body=text), method=method)
        platform.answer(Response(body=text + b" "), method=method)

        def ask() -> None:
            if method == "GET":
                api.startup_data("flow")
            else:
                api.store_startup_data("flow", {})

        ask()
        with pytest.raises(PlatformError, match=f"{method} at the platform failed: the response exceeds 100 bytes"):
            ask()
        assert len(platform.requests) == 2

    def test_the_size_is_that_of_the_decompressed_response(self, platform: FakePlatform, api: PlatformApi) -> None:
        bomb = gzip.compress(b" " * (limits.MAX_RESPONSE_SIZE + 1))
        platform.answer(Response(body=bomb, headers={"content-encoding": "gzip"}))
        assert len(bomb) < 50_000
        with pytest.raises(PlatformError, match="the response exceeds 33554432 bytes"):
            api.startup_data("flow")

    def test_a_slow_body(self, platform: FakePlatform, api: PlatformApi, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "REQUEST_TIMEOUT", 0.05)
        for _ in range(2):
            platform.answer(Response(body=endless()))
        with pytest.raises(PlatformError, match="GET at the platform failed: no response in time"):
            api.startup_data("flow")

    def test_a_head_that_drips(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "REQUEST_TIMEOUT", 0.05)
        with dripping_head() as uri, pytest.raises(PlatformError, match="no response in time"):
            PlatformApi(uri, USERNAME, API_KEY, attempts=2).startup_data("flow")

    def test_a_slow_response_within_the_time_limit(
        self, platform: FakePlatform, api: PlatformApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "REQUEST_TIMEOUT", 30)
        platform.answer(Response(body=iter([b'{"a"', b": ", b"1}"])))
        assert api.startup_data("flow") == {"a": 1}

    def test_deeply_nested_json(self, platform: FakePlatform, api: PlatformApi) -> None:
        platform.answer(Response(body=b"[" * 100_000))
        with pytest.raises(PlatformError, match="not JSON"):
            api.startup_data("flow")

    def test_a_body_in_the_object_storage(self, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_ATTACHMENT_SIZE", 100)
        storage = ObjectStorage(platform.uri, TOKEN)
        platform.objects["fits"], platform.objects["large"] = Response(body=b"x" * 100), Response(body=b"x" * 101)
        assert len(storage.get("fits")) == 100
        with pytest.raises(PlatformError, match="GET at the object storage failed: the response exceeds 100 bytes"):
            storage.get("large")


class Clock:
    """A clock that the test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class SlowSource(io.BytesIO):
    """A slow file: each read takes `seconds`."""

    def __init__(self, clock: Clock, content: bytes, seconds: float) -> None:
        super().__init__(content)
        self._clock = clock
        self._seconds = seconds

    def read1(self, size: int | None = -1, /) -> bytes:
        self._clock.now += self._seconds
        return super().read1(size)


class TestFiles:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr("elasticio.platform.files.time.monotonic", clock)
        return clock

    @pytest.mark.parametrize(
        ("size", "seconds", "too_slow"),
        [
            (30 * 10 * 1024, 10, False),  # exactly as fast as it must be
            (30 * 10 * 1024 - 3, 10, True),
            (3, 9.9, False),  # ends before the first average
            (3, 10, True),
        ],
    )
    def test_a_file_has_a_minimum_speed(self, clock: Clock, size: int, seconds: float, too_slow: bool) -> None:
        reader = FileReader(SlowSource(clock, b"x" * size, seconds), "file.url", name="a", content_type="a/b")
        piece = size // 3
        if too_slow:
            with pytest.raises(PlatformError, match=r"^file\.url: the server is too slow: less than 10240 bytes/s"):
                [reader.read1(piece) for _ in range(3)]
        else:
            assert sum(len(reader.read1(piece)) for _ in range(3)) == size

    def test_each_window_has_its_own_average(self, clock: Clock) -> None:
        source = SlowSource(clock, b"x" * 2_000_000, 0)
        reader = FileReader(source, "file.url", name="a", content_type="a/b")
        reader.read(1_900_000)
        source._seconds = 31
        reader.read1(10)
        with pytest.raises(PlatformError, match="too slow"):
            reader.read1(10)

    def test_the_time_of_the_reader_does_not_count(self, clock: Clock) -> None:
        reader = FileReader(SlowSource(clock, b"abc", 0), "file.url", name="a", content_type="a/b")
        for _ in range(3):
            assert reader.read1(1)
            clock.now += 3600

    def test_a_file_that_drips(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/file"] = Response(body=endless())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(limits, "SPEED_WINDOW", 0.05)
            with (
                attachments.fetch(f"{platform.uri}/file", "file.url") as stream,
                pytest.raises(PlatformError, match=r"^file\.url: the server is too slow"),
            ):
                stream.read()

    def test_a_head_that_drips(self, attachments: Attachments) -> None:
        with dripping_head() as uri, pytest.raises(PlatformError, match="no response in time"):
            attachments.fetch(uri, "file.url", timeout=0.05)

    def test_a_compressed_file_is_counted_decompressed(
        self, platform: FakePlatform, attachments: Attachments, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "MAX_ATTACHMENT_SIZE", 1_000_000)
        bomb = gzip.compress(b"x" * 10_000_000)
        platform.pages["/file"] = Response(body=bomb, headers={"content-encoding": "gzip"})
        with (
            attachments.fetch(f"{platform.uri}/file", "file.url") as stream,
            pytest.raises(MessageError, match=r"^file\.url is larger than 1000000 bytes"),
        ):
            stream.read()

    def test_the_body_of_a_redirect_is_not_read(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/moved"] = Response(302, endless(b"x" * 1000), {"location": "/file"})
        platform.pages["/file"] = Response(body=b"x")
        with attachments.fetch(f"{platform.uri}/moved", "file.url") as stream:
            assert stream.read() == b"x"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3", "٣", "", "5, 5"])
def test_an_invalid_length(platform: FakePlatform, attachments: Attachments, length: str) -> None:
    entry: dict[str, Any] = {"url": f"{platform.uri}/file", "size": length}
    platform.pages["/file"] = Response(body=[b"abc"])
    with attachments.open({"attachments": {"a": entry}}, "a") as stream:
        assert stream.size is None
        assert stream.read() == b"abc"
