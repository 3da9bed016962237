"""Adding attachments to the object storage or to signed addresses, against a real HTTP server."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticio import Message, MessageError, PlatformError, SettingsError
from elasticio.platform.attachments import Attachments
from elasticio.platform.limits import MAX_ATTACHMENT_SIZE
from elasticio.platform.object_storage import ObjectStorage

from services.fake_platform import API_KEY, TOKEN, USERNAME, FakePlatform, Response, basic, fake_platform
from tests.sdk.platform.conftest import carrying

pytestmark = pytest.mark.usefixtures("pauses")


class TestAdd:
    def test_the_entry_can_be_opened_again(self, platform: FakePlatform, attachments: Attachments) -> None:
        entry = attachments.add("tone.mp3", b"ID3")
        (object_id,) = platform.objects
        assert entry == {
            "url": f"{platform.uri}/objects/{object_id}?storage_type=maester",
            "content-type": "audio/mpeg",
            "size": 3,
        }
        (request,) = platform.requests
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.headers["content-type"] == "audio/mpeg"
        with attachments.open(Message(attachments={"tone.mp3": entry}), "tone.mp3") as stream:
            assert stream.read() == b"ID3"

    def test_a_given_content_type_is_used(self, platform: FakePlatform, attachments: Attachments) -> None:
        assert attachments.add("tone.mp3", b"x", "audio/x-own")["content-type"] == "audio/x-own"
        assert platform.requests[0].headers["content-type"] == "audio/x-own"

    @pytest.mark.parametrize(
        "content",
        [
            b"0123456789",
            bytearray(b"0123456789"),
            memoryview(b"0123456789"),
            io.BytesIO(b"0123456789"),
            [b"01234", b"", b"56789"],
            (piece for piece in (b"01234", b"56789")),
        ],
        ids=["bytes", "bytearray", "memoryview", "file", "list", "generator"],
    )
    def test_every_source_of_bytes_is_accepted(
        self, platform: FakePlatform, attachments: Attachments, content: Any
    ) -> None:
        assert attachments.add("a", content)["size"] == 10
        assert platform.objects["object-1"].body == b"0123456789"

    def test_a_file_is_read_from_its_current_position(self, platform: FakePlatform, attachments: Attachments) -> None:
        file = io.BytesIO(b"header body")
        file.seek(7)
        platform.fail(2)
        assert attachments.add("a", file)["size"] == 4
        assert [request.body for request in platform.requests] == [b"body"] * 3

    def test_an_empty_one(self, platform: FakePlatform, attachments: Attachments, signed: Attachments) -> None:
        assert attachments.add("a", b"")["size"] == 0
        assert signed.add("a", b"")["size"] == 0
        assert platform.objects["object-1"].body == b""
        assert platform.signed["file-1"].body == b""
        assert platform.asked("PUT", "/signed")[0].headers["content-length"] == "0"

    def test_an_attachment_can_be_copied_while_it_is_read(
        self, platform: FakePlatform, attachments: Attachments
    ) -> None:
        platform.pages["/file"] = Response(body=[b"ab", b"cd"])
        with attachments.open(carrying(f"{platform.uri}/file"), "tone.wav") as stream:
            assert attachments.add("copy.wav", stream)["size"] == 4
        assert platform.objects["object-1"].body == b"abcd"

    def test_it_is_sent_while_the_source_is_read(self, platform: FakePlatform, attachments: Attachments) -> None:
        def content() -> Iterator[bytes]:
            yield b"first"
            platform.wait_for(lambda platform: platform.received == len(b"first"))
            yield b"second"

        assert attachments.add("a", content())["size"] == 11
        assert platform.objects["object-1"].body == b"firstsecond"

    def test_a_source_that_cannot_be_rewound_is_sent_once(
        self, platform: FakePlatform, attachments: Attachments, pauses: list[float]
    ) -> None:
        platform.fail(1)
        with pytest.raises(PlatformError, match="returned 500"):
            attachments.add("a", iter([b"x"]))
        assert len(platform.requests) == 1
        assert pauses == []

    def test_a_source_that_is_unread_can_be_sent_again(self, attachments: Attachments, pauses: list[float]) -> None:
        with fake_platform() as gone:
            away = Attachments(ObjectStorage(gone.uri, TOKEN), None)
        with pytest.raises(PlatformError, match="no response"):
            away.add("a", iter([b"x"]))
        assert len(pauses) == 2

    @pytest.mark.parametrize("kind", ["attachments", "signed"])
    def test_the_limit_is_counted_while_it_is_sent(
        self, platform: FakePlatform, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        monkeypatch.setattr("elasticio.platform.limits.MAX_ATTACHMENT_SIZE", 10)
        chosen: Attachments = request.getfixturevalue(kind)
        assert chosen.add("a.wav", iter([b"x" * 5] * 2))["size"] == 10
        with pytest.raises(MessageError, match=r"'a\.wav' is larger than 10 bytes"):
            chosen.add("a.wav", iter([b"x" * 5, b"x" * 6]))
        assert len(platform.objects) + len(platform.signed) == 1

    def test_a_hundred_megabytes_pass_through(self, platform: FakePlatform, attachments: Attachments) -> None:
        piece = bytes(1024 * 1024)
        assert attachments.add("a", (piece for _ in range(100)))["size"] == MAX_ATTACHMENT_SIZE
        with pytest.raises(MessageError, match="104857600"):
            attachments.add("a", (piece if count < 100 else b"x" for count in range(101)))

    @pytest.mark.parametrize(
        ("content", "kind"),
        [("text", "str"), (None, "NoneType"), (io.StringIO("text"), "str"), ([b"x", "text"], "str"), ([1], "int")],
    )
    def test_a_source_that_does_not_yield_bytes_is_refused(
        self, attachments: Attachments, content: Any, kind: str
    ) -> None:
        with pytest.raises(MessageError, match=f"'a.txt' must be given as bytes, not as {kind}"):
            attachments.add("a.txt", content)

    def test_a_failing_source_is_a_message_error(self, platform: FakePlatform, attachments: Attachments) -> None:
        def content() -> Iterator[bytes]:
            yield b"first"
            raise ConnectionResetError("the source has gone")

        with pytest.raises(MessageError, match="'a' cannot be read: ConnectionResetError"):
            attachments.add("a", content())
        assert platform.objects == {}

    def test_an_error_of_the_component_is_raised_unchanged(self, attachments: Attachments) -> None:
        def content() -> Iterator[bytes]:
            yield b"first"
            raise KeyError("of the component")

        with pytest.raises(KeyError, match="of the component"):
            attachments.add("a", content())

    def test_without_any_storage(self) -> None:
        with pytest.raises(SettingsError, match="ELASTICIO_OBJECT_STORAGE_URI"):
            Attachments(None, None).add("a", b"x")


class TestSignedAddresses:
    def test_the_requests(self, platform: FakePlatform, signed: Attachments, netrc: None) -> None:
        entry = signed.add("tone.wav", iter([b"RI", b"FF"]), "audio/wav")
        assert entry == {
            "url": f"{platform.uri}/signed/file-1?signature=get",
            "content-type": "audio/wav",
            "size": 4,
        }
        ask, put = platform.requests
        assert (ask.method, ask.target) == ("POST", "/v2/resources/storage/signed-url")
        assert ask.headers["authorization"] == basic(USERNAME, API_KEY)
        assert (put.method, put.target) == ("PUT", "/signed/file-1?signature=put")
        assert "authorization" not in put.headers
        assert put.headers["content-type"] == "audio/wav"
        assert put.headers["content-length"] == "4"
        with signed.open(Message(attachments={"tone.wav": entry}), "tone.wav") as stream:
            assert stream.read() == b"RIFF"

    def test_the_upload_is_repeated_from_a_temporary_file(self, platform: FakePlatform, signed: Attachments) -> None:
        platform.fail(1, path="/signed")
        platform.drop(1, path="/signed")
        signed.add("a", iter([b"content"]))
        assert [put.body for put in platform.asked("PUT", "/signed")] == [b"content"] * 3
        assert platform.signed["file-1"].body == b"content"

    def test_a_refusal(self, platform: FakePlatform, signed: Attachments) -> None:
        platform.fail(1, 403, path="/signed")
        with pytest.raises(PlatformError, match="returned 403") as caught:
            signed.add("a", b"x")
        assert "signature" not in str(caught.value)

    def test_a_response_without_urls(self, platform: FakePlatform, signed: Attachments) -> None:
        platform.answer(Response.of_json({"put_url": "http://x"}))
        with pytest.raises(PlatformError, match="no put_url and get_url"):
            signed.add("a", b"x")

    def test_the_temporary_file_is_removed(
        self, signed: Attachments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        signed.add("a", b"x")
        assert list(tmp_path.iterdir()) == []
