"""Opening attachments, against a real HTTP server."""

import gzip
import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticio import Message, MessageError, PlatformError, SettingsError
from elasticio.platform.attachments import Attachments
from elasticio.platform.limits import MAX_ATTACHMENT_SIZE

from services.fake_platform import TOKEN, FakePlatform, Response, basic, fake_platform
from tests.sdk.platform.conftest import carrying

pytestmark = pytest.mark.usefixtures("pauses")


class TestOpen:
    def test_from_the_object_storage(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.objects["o 1"] = Response(body=b"RIFF", headers={"content-type": "audio/x-wav"})
        with attachments.open(carrying(f"{platform.uri}/objects/o%201?storage_type=maester"), "tone.wav") as stream:
            assert (stream.content_type, stream.size) == ("audio/x-wav", 4)
            assert stream.read() == b"RIFF"
        assert platform.requests[0].target == "/objects/o%201"
        assert platform.requests[0].headers["authorization"] == f"Bearer {TOKEN}"

    def test_the_token_is_sent_to_the_configured_storage_only(
        self, platform: FakePlatform, attachments: Attachments
    ) -> None:
        platform.objects["o1"] = Response(body=b"own")
        with (
            fake_platform() as other,
            attachments.open(carrying(f"{other.uri}/objects/o1?storage_type=maester"), "tone.wav") as stream,
        ):
            assert stream.read() == b"own"
            assert other.requests == []

    def test_any_other_url_is_requested_without_a_login(
        self, platform: FakePlatform, attachments: Attachments, netrc: None
    ) -> None:
        platform.pages["/objects/o1"] = Response(body=b"public", headers={"content-type": "audio/mpeg"})
        with attachments.open(carrying(f"{platform.uri}/objects/o1?x=1"), "tone.wav") as stream:
            assert stream.read() == b"public"
            assert stream.content_type == "audio/mpeg"
        assert platform.requests[0].target == "/objects/o1?x=1"
        assert "authorization" not in platform.requests[0].headers
        assert "x-request-id" not in platform.requests[0].headers

    def test_the_login_of_a_url_is_sent_to_its_host_only(self, attachments: Attachments, netrc: None) -> None:
        with fake_platform() as first, fake_platform() as second:
            elsewhere = second.uri.replace("127.0.0.1", "localhost")
            first.pages["/file"] = Response(302, headers={"location": f"{elsewhere}/file"})
            second.pages["/file"] = Response(body=b"moved")
            address = first.uri.replace("http://", "http://j%C3%BCrgen:p%40ss@") + "/file"
            with attachments.open(carrying(address), "tone.wav") as stream:
                assert stream.read() == b"moved"
            assert first.requests[0].headers["authorization"] == basic("jürgen", "p@ss")
            assert "authorization" not in second.requests[0].headers

    def test_cookies_are_not_sent_again(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/file"] = Response(body=b"x", headers={"set-cookie": "visitor=1; Path=/"})
        for _ in range(2):
            attachments.open(carrying(f"{platform.uri}/file"), "tone.wav").close()
        assert [request.headers.get("cookie") for request in platform.requests] == [None, None]

    def test_the_content_type_of_the_message_takes_precedence(
        self, platform: FakePlatform, attachments: Attachments
    ) -> None:
        platform.pages["/file"] = Response(body=[b"a", b"b"], headers={"content-type": "text/plain"})
        message = carrying(f"{platform.uri}/file", **{"content-type": "audio/wav", "size": 2})
        with attachments.open(message, "tone.wav") as stream:
            assert (stream.content_type, stream.size) == ("audio/wav", 2)

    def test_a_missing_type_is_guessed_from_the_name(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/file"] = Response(body=[b"a"])
        message = Message(
            attachments={name: {"url": f"{platform.uri}/file"} for name in ("a.mp3", "b.unheard", "c.csv.gz")}
        )
        types = []
        for name in message.attachments:
            with attachments.open(message, name) as stream:
                types.append(stream.content_type)
                assert stream.size is None
        assert types == ["audio/mpeg", "application/octet-stream", "application/octet-stream"]

    def test_a_compressed_response_is_decompressed(self, platform: FakePlatform, attachments: Attachments) -> None:
        packed = gzip.compress(b"a" * 1000)
        platform.pages["/file"] = Response(body=packed, headers={"content-encoding": "gzip"})
        with attachments.open(carrying(f"{platform.uri}/file", size=1000), "tone.wav") as stream:
            assert stream.size == 1000
            assert stream.read() == b"a" * 1000

    def test_a_message_may_be_a_dict(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/file"] = Response(body=b"x")
        with attachments.open(carrying(f"{platform.uri}/file").to_dict(), "tone.wav") as stream:
            assert stream.read() == b"x"

    def test_it_is_read_while_the_server_sends_it(self, platform: FakePlatform, attachments: Attachments) -> None:
        first_was_read = threading.Event()

        def body() -> Iterator[bytes]:
            yield b"first"
            assert first_was_read.wait(30)
            yield b"second"

        platform.pages["/file"] = Response(body=body(), headers={"content-length": "11"})
        with attachments.open(carrying(f"{platform.uri}/file"), "tone.wav") as stream:
            assert stream.read(5) == b"first"
            first_was_read.set()
            assert stream.read(100) == b"second"
            assert stream.read(100) == b""

    def test_the_reader_is_a_standard_file(self, platform: FakePlatform, attachments: Attachments) -> None:
        content = b"name,number\n" + b"x" * 200_000
        platform.pages["/file"] = Response(body=content)
        message = carrying(f"{platform.uri}/file")
        with attachments.open(message, "tone.wav") as stream:
            pieces = list(stream)
        assert b"".join(pieces) == content
        assert max(map(len, pieces)) == 65536
        with io.TextIOWrapper(attachments.open(message, "tone.wav"), "utf-8") as text:
            assert text.readline() == "name,number\n"
        closed = attachments.open(message, "tone.wav")
        closed.close()
        with pytest.raises(ValueError, match="closed"):
            closed.read(1)

    def test_a_server_error_is_repeated(
        self, platform: FakePlatform, attachments: Attachments, pauses: list[float]
    ) -> None:
        platform.pages["/file"] = Response(body=b"x")
        platform.fail(1, 503)
        platform.drop(1)
        with attachments.open(carrying(f"{platform.uri}/file"), "tone.wav") as stream:
            assert stream.read() == b"x"
        assert len(pauses) == 2

    def test_a_refusal_names_the_attachment_but_no_address(
        self, platform: FakePlatform, attachments: Attachments
    ) -> None:
        platform.pages["/file"] = Response(403)
        with pytest.raises(PlatformError, match=r"'tone\.wav'.* 403") as caught:
            attachments.open(carrying(f"{platform.uri}/file?signature=secret"), "tone.wav")
        assert caught.value.status == 403
        assert "secret" not in str(caught.value)

    def test_a_lost_connection_is_an_error(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/file"] = Response(body=b"half", headers={"content-length": "8"})
        with (
            attachments.open(carrying(f"{platform.uri}/file"), "tone.wav") as stream,
            pytest.raises(PlatformError, match=r"'tone\.wav': the connection broke while"),
        ):
            stream.read()

    def test_a_length_beyond_the_limit_is_refused_at_once(
        self, platform: FakePlatform, attachments: Attachments
    ) -> None:
        platform.pages["/file"] = Response(headers={"content-length": str(MAX_ATTACHMENT_SIZE + 1)})
        with pytest.raises(MessageError, match=r"'tone\.wav' is larger than 104857600 bytes"):
            attachments.open(carrying(f"{platform.uri}/file"), "tone.wav")

    @pytest.mark.parametrize("read", [lambda stream: stream.read(), list])
    def test_an_unknown_length_is_counted(
        self,
        platform: FakePlatform,
        attachments: Attachments,
        monkeypatch: pytest.MonkeyPatch,
        read: Callable[[Any], object],
    ) -> None:
        monkeypatch.setattr("elasticio.platform.limits.MAX_ATTACHMENT_SIZE", 100_000)
        platform.pages["/fits"] = Response(body=[b"x" * 50_000] * 2)
        platform.pages["/large"] = Response(body=[b"x" * 50_000, b"x" * 50_001])
        with attachments.open(carrying(f"{platform.uri}/fits"), "tone.wav") as stream:
            read(stream)
        with (
            attachments.open(carrying(f"{platform.uri}/large"), "tone.wav") as stream,
            pytest.raises(MessageError, match=r"'tone\.wav' is larger"),
        ):
            read(stream)

    @pytest.mark.parametrize(
        ("attachments_of_message", "complaint"),
        [
            ({}, "no attachment 'tone.wav'; its attachments are: none"),
            ({"a.wav": {}, "b.wav": {}}, "its attachments are: 'a.wav', 'b.wav'"),
            ({"tone.wav": "http://x/y"}, "'tone.wav' must be an object with a \"url\""),
            ({"tone.wav": {"size": 1}}, "'tone.wav' must be an object with a \"url\""),
            ({"tone.wav": {"url": "ftp://x/y"}}, "'tone.wav': its \"url\" must be an http"),
            ({"tone.wav": {"url": "file:///etc/passwd"}}, "must be an http"),
            ({"tone.wav": {"url": "http://x/buckets/1?storage_type=maester"}}, "names no object"),
        ],
    )
    def test_an_entry_that_cannot_be_opened(
        self, attachments: Attachments, attachments_of_message: dict[str, Any], complaint: str
    ) -> None:
        with pytest.raises(MessageError, match=complaint):
            attachments.open(Message(attachments=attachments_of_message), "tone.wav")

    @pytest.mark.parametrize(
        "url",
        [
            *("http://:nonsense", "http://[bad", "http://x:99999/", "http:///x", "http://\ud83d/", "http://x:0/"),
            *(
                "http://" + "a" * 64 + ".example",
                "http://a..example",
                "http://*.example",
                "http://x%2Ey/",
                "http://x y/",
            ),
        ],
    )
    def test_an_invalid_url_is_refused(self, attachments: Attachments, url: str) -> None:
        with pytest.raises(MessageError, match=r"'tone\.wav': its \"url\" must be an http"):
            attachments.open(carrying(url), "tone.wav")

    def test_a_stored_object_without_a_storage(self) -> None:
        with pytest.raises(SettingsError, match=r"'tone\.wav'.*ELASTICIO_OBJECT_STORAGE_URI"):
            Attachments(None, None).open(carrying("http://x/objects/1?storage_type=maester"), "tone.wav")
