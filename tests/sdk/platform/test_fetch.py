"""Files at any URL, against a real HTTP server."""

import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from elasticio import FileReader, MessageError, PlatformError
from elasticio.platform.attachments import Attachments
from elasticio.platform.limits import MAX_ATTACHMENT_SIZE, MAX_REDIRECTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.fake_platform import FakePlatform, Response, basic, fake_platform

pytestmark = pytest.mark.usefixtures("pauses")


class TestFetch:
    def test_a_file(self, platform: FakePlatform, attachments: Attachments) -> None:
        headers = {"content-type": "audio/wav; rate=8000", "content-disposition": 'attachment; filename="given.wav"'}
        platform.pages["/x"] = Response(body=b"RIFF", headers=headers)
        with attachments.fetch(f"{platform.uri}/x?key=1", "file.url") as stream:
            assert isinstance(stream, FileReader)
            assert (stream.name, stream.content_type, stream.size) == ("given.wav", "audio/wav", 4)
            assert stream.read() == b"RIFF"
        (request,) = platform.requests
        assert request.target == "/x?key=1"
        assert request.headers["accept-encoding"] == "identity"
        assert "authorization" not in request.headers

    @pytest.mark.parametrize(
        ("path", "disposition", "filename", "name"),
        [
            ("/a/b%20c.csv", "", "", "b c.csv"),
            ("/a/", "", "", "file"),
            ("/a.csv", "inline", "", "a.csv"),
            ("/a.csv", "attachment; filename=b.csv", "", "b.csv"),
            ("/a.csv", "attachment; filename=b.csv", "c.csv", "c.csv"),
            ("/a.csv", "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.csv", "", "Grüße.csv"),
            ("/a.csv", 'attachment; filename="Gr\xc3\xbc\xc3\x9fe.csv"', "", "Grüße.csv"),
            ("/a.csv", 'attachment; filename="../../etc/passwd"', "", "passwd"),
            ("/a.csv", 'attachment; filename="..\\\\b.csv"', "", "b.csv"),
            ("/a.csv", 'attachment; filename="/"', "", "a.csv"),
            ("/a%0D%0Ab%2Fc.csv", "", "", "c.csv"),
            ("/%0D%0Ac.csv", "", "", "c.csv"),
        ],
    )
    def test_its_name(
        self, platform: FakePlatform, attachments: Attachments, path: str, disposition: str, filename: str, name: str
    ) -> None:
        platform.pages[path] = Response(body=b"x", headers={"content-disposition": disposition} if disposition else {})
        with attachments.fetch(platform.uri + path, "file.url", filename=filename) as stream:
            assert stream.name == name

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    @given(st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"])))
    def test_any_disposition(self, platform: FakePlatform, attachments: Attachments, text: str) -> None:
        for disposition in (text, f"attachment; filename={text}", f"attachment; filename*0*={text}"):
            platform.pages["/a.csv"] = Response(body=b"x", headers={"content-disposition": disposition})
            with attachments.fetch(f"{platform.uri}/a.csv", "file.url") as stream:
                assert stream.name
                assert stream.name.isprintable()
                assert not {"/", "\\"} & {*stream.name}

    def test_the_type_is_guessed_from_the_name(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/a.mp3"] = Response(body=b"x")
        with attachments.fetch(f"{platform.uri}/a.mp3", "file.url") as stream:
            assert stream.content_type == "audio/mpeg"

    @pytest.mark.parametrize("url", ["", "x", "ftp://x/y", "file:///etc/passwd", "http://", "http://[x", 5, None, []])
    def test_an_invalid_url(self, attachments: Attachments, url: Any) -> None:
        with pytest.raises(MessageError, match=r"^file\.url: must be an http:// or https:// address$"):
            attachments.fetch(url, "file.url")

    def test_a_length_beyond_the_limit(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/x"] = Response(headers={"content-length": str(MAX_ATTACHMENT_SIZE + 1)})
        with pytest.raises(MessageError, match=r"^file\.url is larger than 104857600 bytes"):
            attachments.fetch(f"{platform.uri}/x", "file.url")

    @pytest.mark.parametrize("status", [304, 400, 403, 404, 410, 500, 501, 503])
    def test_a_status_other_than_2xx(
        self, platform: FakePlatform, attachments: Attachments, pauses: list[float], status: int
    ) -> None:
        platform.pages["/x"] = Response(status)
        with pytest.raises(PlatformError, match=rf"^file\.url: GET at 127\.0\.0\.1 returned {status}") as caught:
            attachments.fetch(f"{platform.uri}/x", "file.url")
        assert caught.value.status == status
        assert len(pauses) == (2 if status >= 500 else 0)


class TestRedirects:
    def test_the_number_of_redirects_is_limited(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/0"] = Response(body=b"there")
        for count in range(1, MAX_REDIRECTS + 2):
            platform.pages[f"/{count}"] = Response(302, headers={"location": f"/{count - 1}"})
        with attachments.fetch(f"{platform.uri}/{MAX_REDIRECTS}", "file.url") as stream:
            assert stream.read() == b"there"
        with pytest.raises(PlatformError, match=r"^file\.url: GET at 127\.0\.0\.1 redirects too often") as caught:
            attachments.fetch(f"{platform.uri}/{MAX_REDIRECTS + 1}", "file.url")
        assert caught.value.status == 302

    @pytest.mark.parametrize(
        "location",
        ["file:///etc/passwd", "ftp://x", "http://[bad", "http://x:99999/", "http://x:0/", "mailto:a@b"],
    )
    def test_a_redirect_to_an_invalid_url(
        self, platform: FakePlatform, attachments: Attachments, pauses: list[float], location: str
    ) -> None:
        platform.pages["/x"] = Response(302, headers={"location": location})
        with pytest.raises(
            PlatformError, match=r"^file\.url: .* redirects to something that is not a web address"
        ) as caught:
            attachments.fetch(f"{platform.uri}/x", "file.url")
        assert caught.value.status == 302
        assert pauses == []

    def test_the_login_of_a_url_stays_on_its_server(self, platform: FakePlatform, attachments: Attachments) -> None:
        platform.pages["/x"] = Response(302, headers={"location": f"{platform.uri}/file"})
        platform.pages["/file"] = Response(302, headers={"location": "file2"})
        with fake_platform() as other:
            platform.pages["/file2"] = Response(302, headers={"location": f"{other.uri}/file"})
            other.pages["/file"] = Response(body=b"x")
            attachments.fetch(platform.uri.replace("http://", "http://user:p%40ss@") + "/x", "file.url").close()
            assert [request.headers.get("authorization") for request in platform.requests] == [
                basic("user", "p@ss")
            ] * 3
            assert "authorization" not in other.requests[0].headers


class TestWhatErrorsShow:
    """Neither an error nor its causes show the path or the query of a URL."""

    @pytest.mark.parametrize(
        "prepare",
        [
            lambda platform: platform.fail(9, 403),
            lambda platform: platform.fail(9, 500),
            lambda platform: platform.drop(9),
            lambda platform: platform.answer(Response(body=b"x", headers={"content-length": "9"})),
            lambda platform: platform.answer(Response(headers={"content-length": str(2**40)})),
            lambda platform: platform.answer(Response(302, headers={"location": "/secret-path?signature=secret"}), 9),
            lambda platform: platform.answer(Response(302, headers={"location": "ftp://x/secret"}), 9),
            lambda platform: platform.answer(Response(302, headers={"location": "http://10.1/secret"}), 9),
            lambda platform: platform.answer(Response(302, headers={"location": "http://a..b/secret"}), 9),
            lambda platform: platform.answer(Response(302, headers={"location": "http://no-such.invalid/secret"}), 9),
        ],
    )
    def test_errors_show_neither_path_nor_query(
        self, platform: FakePlatform, attachments: Attachments, prepare: Callable[[FakePlatform], None]
    ) -> None:
        url = f"{platform.uri}/secret-path?signature={quote('secret')}"
        message = {"attachments": {"a.wav": {"url": url}}}
        reads: list[Callable[[], FileReader]] = [
            lambda: attachments.fetch(url, "file.url"),
            lambda: attachments.open(message, "a.wav"),
        ]
        for read in reads:
            prepare(platform)
            with pytest.raises((MessageError, PlatformError)) as caught, read() as stream:
                stream.read()
            assert "secret" not in "".join(traceback.format_exception(caught.value))
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None
            platform._faults.clear()

    def test_errors_show_no_signed_upload_url(self, platform: FakePlatform, signed: Attachments) -> None:
        for prepare in (platform.fail, platform.drop):
            prepare(9, path="/signed")
            with pytest.raises(PlatformError) as caught:
                signed.add("a.wav", b"x")
            shown = "".join(traceback.format_exception(caught.value))
            assert "signature" not in shown
            assert "/signed" not in shown
