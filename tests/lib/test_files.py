"""Uploads and downloads over real HTTP: streamed, within limits, without leaking the login."""

import base64
import gzip
import io
import re
import traceback
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from elasticio import FileReader, PlatformError, Rebound
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.limits import MAX_REDIRECTS

from lib.callfire.api.errors import CallFireError, InvalidInput, Unavailable
from tests.lib.recording import RESET, Received, Recorder, Reply, json_reply, recording
from tests.lib.steps import FakeStep, config_for, run

KEY = "abc123"
MP3 = bytes(range(256)) * 1000
CSV = b"firstName,mobilePhone\n" + b"Ann,12135550177\n" * 1000
UPLOADS = ["create_media", "post_file_campaign_sound", "create_contact_list_from_file"]
PATHS = {"create_media": "/media", "post_file_campaign_sound": "/campaigns/sounds/files"}
PATHS["create_contact_list_from_file"] = "/contacts/lists/upload"


def parts(request: Received) -> dict[str, tuple[str | None, str, bytes]]:
    """Read multipart/form-data with the standard library: {name: (file name, type, content)}."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form: dict[str, tuple[str | None, str, bytes]] = {}
    for part in message_from_bytes(head + request.body).get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        form[str(name)] = (part.get_filename(), part.get_content_type(), content)
    return form


def attached(
    name: str = "hello.mp3", content: bytes = MP3, kind: str | None = "audio/mpeg"
) -> tuple[FakeStep, dict[str, Any]]:
    step = FakeStep()
    step.attachments.files[name] = (content, kind)
    return step, {name: {"url": "memory:"}}


@pytest.mark.parametrize("action", UPLOADS)
def test_an_attachment_is_sent_on(action: str, server: Recorder) -> None:
    server.default = json_reply({"id": 5})
    name, kind, content = ("contacts.csv", "text/csv", CSV) if "contact" in action else ("hello.mp3", "audio/mpeg", MP3)
    step, attachments = attached(name, content, kind)
    (payload,) = run(f"actions.{action}", {"name": "Grüße"}, config_for(server.url), step=step, attachments=attachments)
    assert payload == {"body": {"id": 5}}
    (request,) = server.received
    assert (request.method, request.path) == ("POST", PATHS[action])
    assert parts(request) == {"name": (None, "text/plain", "Grüße".encode()), "file": (name, kind, content)}
    assert int(request.headers["content-length"]) == len(request.body)


def test_base64_content_is_sent_on(server: Recorder) -> None:
    content = base64.encodebytes(MP3).decode()
    run("actions.create_media", {"file": {"content": content, "filename": 'a "b".png'}}, config_for(server.url))
    assert b'filename="a %22b%22.png"' in server.received[0].body
    assert parts(server.received[0])["file"][1:] == ("image/png", MP3)


@pytest.mark.parametrize("length_known", [True, False])
def test_a_file_at_a_url_is_fetched_without_the_login(server: Recorder, length_known: bool) -> None:
    with recording() as elsewhere:
        headers = {"Content-Type": "audio/wav", "Content-Disposition": 'attachment; filename="given.wav"'}
        elsewhere.replies += [Reply(302, b"", {"Location": "/moved"}), Reply(200, MP3, headers)]
        if not length_known:
            elsewhere.replies[1] = Reply(200, MP3, headers | {"X-Chunked": "yes"})
        config = config_for(server.url)
        run("actions.post_file_campaign_sound", {"file": {"url": elsewhere.url + "/x?secret=1"}}, config)
        assert [request.path for request in elsewhere.received] == ["/x", "/moved"]
        assert not any("authorization" in request.headers for request in elsewhere.received)
    assert parts(server.received[0])["file"] == ("given.wav", "audio/wav", MP3)
    assert ("transfer-encoding" in server.received[0].headers) is not length_known


def test_rows_are_written_as_csv(server: Recorder) -> None:
    rows = [{"firstName": "Ann", "mobilePhone": 12132000384}, {"firstName": 'B, "b"', "new": True, "mobilePhone": None}]
    run("actions.create_contact_list_from_file", {"rows": rows, "useCustomFields": True}, config_for(server.url))
    form = parts(server.received[0])
    assert form["useCustomFields"][2] == b"true"
    assert form["file"] == (
        "contacts.csv",
        "text/csv",
        b'firstName,mobilePhone,new\r\nAnn,12132000384,\r\n"B, ""b""",,true\r\n',
    )


def test_all_rows_are_uploaded(server: Recorder) -> None:
    rows = [{"firstName": "x" * 200, "number": str(number)} for number in range(2000)]
    run("actions.create_contact_list_from_file", {"rows": rows}, config_for(server.url))
    lines = parts(server.received[0])["file"][2].decode().splitlines()
    assert len(lines) == 2001
    assert lines[-1].endswith(",1999")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "file: is required"),
        ({"file": {}}, "file: must have either url or content. Map url, or content (base64) and filename"),
        ({"file": {"url": "http://x", "content": "eA=="}}, "file: must have either url or content"),
        ({"file": {"content": "eA=="}}, "file.filename: is required"),
        ({"file": {"content": "???", "filename": "a"}}, "file.content: must be base64"),
        ({"file": {"url": "file:///etc/passwd"}}, "file.url: must be an http:// or https:// address"),
        ({"file": {"url": "ftp://example.com/x"}}, "file.url: must be an http:// or https:// address"),
        ({"file": {"url": "http://[bad"}}, "file.url: must be an http:// or https:// address"),
        ({"file": {"content": "eA==", "filename": "a"}, "rows": [{"a": 1}]}, "file: exactly one file is allowed"),
        ({"rows": []}, "rows: must have at least one row"),
        ({"rows": [{"a": {"b": 1}}]}, "rows[0].a: must be a text, a number, true or false"),
        ({"rows": [{"a": 1}, {"b": "x" * 256}]}, "rows[1].b: must have at most 255 characters"),
        ({"rows": ["x"]}, "rows[0]: must be an object"),
    ],
)
def test_an_invalid_file_is_refused(body: dict[str, Any], error: str, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=re.escape(error)):
        run("actions.create_contact_list_from_file", body, config_for(server.url))
    assert server.received == []


def test_a_name_or_type_cannot_add_headers(server: Recorder) -> None:
    step, attachments = attached('a"\r\nX: y.mp3', kind="audio/mpeg\r\nX: z")
    run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)
    head = server.received[0].body.partition(b"\r\n\r\n")[0].decode().splitlines()
    assert [line.partition(":")[0] for line in head[1:]] == ["Content-Disposition", "Content-Type"]


def test_more_than_one_file_is_refused(server: Recorder) -> None:
    step, attachments = attached()
    for body, files in (({"file": {"url": "http://x"}}, attachments), ({}, attachments | {"b": {}})):
        with pytest.raises(InvalidInput, match="exactly one file is allowed, but 2 were given"):
            run("actions.create_media", body, config_for(server.url), step=step, attachments=files)
    assert server.received == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(404, b""), InvalidInput),
        (Reply(403, b""), InvalidInput),
        (Reply(503, b""), Unavailable),
        (RESET, Unavailable),
        (Reply(302, b"", {"Location": "file:///etc/passwd"}), InvalidInput),
        (Reply(302, b"", {"Location": "/again"}), InvalidInput),
    ],
    ids=["404", "403", "503", "reset", "redirect to a file", "redirect without end"],
)
def test_an_invalid_url_is_explained(reply: Any, kind: type, server: Recorder) -> None:
    with recording() as elsewhere:
        elsewhere.default = reply
        config = config_for(server.url, errorPolicy="error")
        body = {"file": {"url": f"{elsewhere.url}/x?key={KEY}"}}
        with pytest.raises(CallFireError, match=r"^file\.url: ") as caught:
            run("actions.create_media", body, config)
    assert type(caught.value) is kind
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert server.received == []


def test_a_file_over_the_limit_is_refused(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio.platform.limits.MAX_ATTACHMENT_SIZE", 1000)
    step, attachments = attached()
    with pytest.raises(InvalidInput, match="is larger than"):
        run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)
    assert server.received == []


def test_a_rate_limited_upload_is_sent_again_completely(server: Recorder, pauses: list[float]) -> None:
    server.replies += [json_reply({}, 429)]
    step, attachments = attached()
    run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)
    assert [parts(request)["file"][2] for request in server.received] == [MP3, MP3]


def test_a_failing_storage_rebounds_the_message(server: Recorder) -> None:
    step, attachments = attached()

    class Broken(io.BytesIO):
        def read1(self, _size: int | None = -1, /) -> bytes:
            raise OSError

    def opened(_message: Any, _name: str) -> FileReader:
        return FileReader(Broken(), "attachment", name="hello.mp3", content_type="audio/mpeg", size=len(MP3))

    step.attachments.open = opened  # type: ignore[method-assign, assignment]
    with pytest.raises(Rebound, match="the platform's storage cannot be read"):
        run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)


DOWNLOADS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "get_call_recording_mp3": ({"id": 1}, "/calls/recordings/1.mp3", "recording-1.mp3", "audio/mpeg"),
    "get_call_recording_mp3_by_name": (
        {"id": 1, "name": "a b/c"},
        "/calls/1/recordings/a%20b%2Fc.mp3",
        "c.mp3",
        "audio/mpeg",
    ),
    "get_campaign_sound_data_mp3": ({"id": 1}, "/campaigns/sounds/1.mp3", "sound-1.mp3", "audio/mpeg"),
    "get_campaign_sound_data_wav": ({"id": 1}, "/campaigns/sounds/1.wav", "sound-1.wav", "audio/wav"),
    "get_media_data": ({"id": 1, "extension": "png"}, "/media/1.png", "media-1.png", "image/png"),
    "get_media_data_by_key": ({"key": "k", "extension": "m4a"}, "/media/public/k.m4a", "k.m4a", "audio/m4a"),
    "get_media_data_binary": ({"id": 1}, "/media/1/file", "media-1.bin", "application/octet-stream"),
}


@pytest.mark.parametrize("action", DOWNLOADS)
def test_a_download_becomes_an_attachment(action: str, server: Recorder) -> None:
    body, path, name, kind = DOWNLOADS[action]
    server.default = Reply(200, MP3, {"Content-Type": "application/json"})
    step = FakeStep()
    (payload,) = run(f"actions.{action}", body, config_for(server.url), step=step)
    assert server.received[0].path == path
    assert server.received[0].headers["accept"] == "*/*"
    assert step.attachments.files == {name: (MP3, kind)}
    stored = {"attachmentUrl": f"memory:{name}", "fileName": name, "contentType": kind, "size": len(MP3)}
    assert payload["body"] == body | stored
    assert payload["attachments"] == {name: {"url": f"memory:{name}", "content-type": kind, "size": len(MP3)}}


def test_name_and_type_of_callfire_are_kept(server: Recorder) -> None:
    headers = {"Content-Type": "image/gif; x=y", "Content-Disposition": 'attachment; filename="../../etc/cat.gif"'}
    server.default = Reply(200, MP3, headers)
    step = FakeStep()
    run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)
    assert step.attachments.files == {"cat.gif": (MP3, "image/gif")}


ODD_NAMES = (
    "attachment; filename*=undefined''x",
    "attachment; filename*=idna''%ff",
    "attachment; filename*='x",
    f"attachment; filename*{'9' * 5000}=x",
    f"attachment; filename*0={'x' * 50};" * 1000,
    'attachment; "' + ";" * 60_000,
)


@pytest.mark.parametrize("given", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_an_odd_file_name_of_a_server_is_harmless(given: str, server: Recorder) -> None:
    server.default = Reply(200, MP3, {"Content-Type": "image/g\xefif", "Content-Disposition": given})
    step = FakeStep()
    run("actions.get_call_recording_mp3", {"id": 1}, config_for(server.url), step=step)
    ((name, (content, kind)),) = step.attachments.files.items()
    assert len(name) <= 260
    assert kind == "audio/mpeg" or name != "recording-1.mp3"
    assert content == MP3
    reader = step.attachments.fetch(f"{server.url}/{'y' * 300}.gif", "file.url")
    assert reader.read() == MP3
    assert len(reader.name) <= 255


def test_a_download_over_the_limit_is_an_error(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio.platform.limits.MAX_ATTACHMENT_SIZE", 1000)
    server.default = Reply(200, MP3)
    step = FakeStep()
    with pytest.raises(CallFireError, match="is larger than"):
        run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)
    assert step.attachments.files == {}


def test_a_compressed_download_is_decompressed(server: Recorder) -> None:
    server.default = Reply(200, gzip.compress(MP3), {"Content-Encoding": "gzip"})
    step = FakeStep()
    run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)
    assert step.attachments.files["media-1.bin"][0] == MP3


def test_a_download_of_unknown_length_ends_at_the_limit(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio.platform.limits.MAX_ATTACHMENT_SIZE", 1000)
    server.default = Reply(200, MP3, {"X-Chunked": "yes"})
    with pytest.raises(CallFireError, match="is larger than"):
        run("actions.get_media_data_binary", {"id": 1}, config_for(server.url))


def test_an_incomplete_file_is_not_uploaded(server: Recorder) -> None:
    step, attachments = attached()

    def opened(_message: Any, _name: str) -> FileReader:
        content = io.BytesIO(MP3)
        return FileReader(content, "attachment", name="hello.mp3", content_type="audio/mpeg", size=len(MP3) + 1)

    step.attachments.open = opened  # type: ignore[method-assign, assignment]
    with pytest.raises(InvalidInput, match="its size changed"):
        run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)


def test_a_login_of_netrc_is_not_used(server: Recorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password hidden\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with recording() as elsewhere:
        run("actions.create_media", {"file": {"url": elsewhere.url + "/a.png"}}, config_for(server.url))
        assert "authorization" not in elsewhere.received[0].headers
    assert server.received[0].headers["authorization"] == "Basic bG9naW46czNjcjN0LXBhc3M="


def test_the_number_of_redirects_is_limited(server: Recorder) -> None:
    with recording() as elsewhere:
        elsewhere.default = Reply(302, b"", {"Location": "/again"})
        with pytest.raises(InvalidInput, match="redirects too often"):
            run("actions.create_media", {"file": {"url": elsewhere.url}}, config_for(server.url))
        assert len(elsewhere.received) == 1 + MAX_REDIRECTS


def test_a_missing_download_is_an_error(server: Recorder) -> None:
    server.default = json_reply({"message": "no such recording"}, 404)
    with pytest.raises(CallFireError, match="no such recording"):
        run("actions.get_call_recording_mp3", {"id": 1}, config_for(server.url))


def test_an_incomplete_download_is_an_error(server: Recorder) -> None:
    server.default = Reply(200, MP3, {"X-Cut": "1000"})
    step = FakeStep()
    with pytest.raises(Rebound):
        run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)
    assert step.attachments.files == {}


@pytest.mark.parametrize(("status", "outcome"), [(None, Rebound), (503, Rebound), (404, PlatformError)])
def test_an_unavailable_storage_rebounds_the_message(status: int | None, outcome: type, server: Recorder) -> None:
    step, attachments = attached()

    def away(*_: Any) -> Any:
        raise PlatformError("storage", status)

    step.attachments.open = away  # type: ignore[method-assign,assignment]
    step.attachments.add = away  # type: ignore[method-assign,assignment]
    with pytest.raises(outcome):
        run("actions.create_media", {}, config_for(server.url), step=step, attachments=attachments)
    assert server.received == []
    with pytest.raises(outcome):
        run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)


@pytest.mark.parametrize("action", UPLOADS)
@pytest.mark.parametrize("source", ["url", "attachment", "content"])
@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "text/html", "file: is a web page (text/html)"),
        (b"Please sign in", "text/html; charset=utf-8", "file: is a web page (text/html)"),
        (b"\n <HTML>", "audio/mpeg", "file: is a web page"),
        (b"", "audio/mpeg", "file: is empty (0 bytes)"),
    ],
)
def test_input_that_is_not_a_file_is_refused(
    action: str, source: str, content: bytes, kind: str, error: str, server: Recorder
) -> None:
    step, attachments = attached("hello.mp3", content, kind)
    body: dict[str, Any] = {}
    with recording() as elsewhere:
        elsewhere.default = Reply(200, content, {"Content-Type": kind})
        if source == "url":
            body = {"file": {"url": elsewhere.url + "/hello.mp3"}}
        elif source == "content" and content:
            body = {"file": {"content": base64.b64encode(content).decode(), "filename": "sign-in.html"}}
            error = error.replace("text/html", "").partition("(")[0].strip()
        files = {} if body else attachments
        with pytest.raises(InvalidInput, match=re.escape(error)):
            run(f"actions.{action}", body, config_for(server.url), step=step, attachments=files)
    assert server.received == []


@pytest.mark.parametrize(
    ("status", "is_temporary"), [(400, False), (499, False), (500, True), (501, True), (599, True)]
)
def test_the_status_of_a_url_determines_the_error(status: int, is_temporary: bool, server: Recorder) -> None:
    with recording() as elsewhere:
        elsewhere.default = Reply(status, b"")
        body = {"file": {"url": f"{elsewhere.url}/x"}}
        with pytest.raises(CallFireError, match=rf"^file\.url: .*127\.0\.0\.1 returned {status}\.") as caught:
            run("actions.create_media", body, config_for(server.url, errorPolicy="error"))
    assert type(caught.value) is (Unavailable if is_temporary else InvalidInput)


@pytest.mark.parametrize("host", ["localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0x7f.1"])
def test_a_url_that_the_operator_does_not_allow_is_refused(host: str, server: Recorder) -> None:
    step = FakeStep()
    step.attachments._egress = EgressPolicy()
    with pytest.raises(InvalidInput, match=r"^file\.url: requests to .* are not allowed.*ELASTICIO_EGRESS_ALLOW"):
        run("actions.create_media", {"file": {"url": f"http://{host}/x?key={KEY}"}}, config_for(server.url), step=step)
    assert server.received == []


def test_a_download_may_be_larger_than_other_responses(server: Recorder) -> None:
    content = bytes(33 * 1024 * 1024)
    server.default = Reply(200, content, {"X-Chunked": "yes"})
    step = FakeStep()
    run("actions.get_media_data_binary", {"id": 1}, config_for(server.url), step=step)
    assert step.attachments.files["media-1.bin"][0] == content
