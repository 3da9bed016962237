"""Messages with invalid attachments, passthrough or references."""

import json
import socket
from typing import Any

import pytest
from elasticio import Message, MessageError, PlatformError
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import OBJECT_ID, BodyStorage
from elasticio.platform.object_storage import ObjectStorage
from elasticio.wire.encryption import Encryptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.fake_platform import FakePlatform, Response

pytestmark = pytest.mark.usefixtures("pauses")
ANY_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
surrogates = st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), min_size=1, max_size=2)
json_values = st.recursive(
    scalars | surrogates,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
urls = json_values | st.sampled_from(
    [
        "http://",
        "http://[",
        "http://x/objects/\ud83d?storage_type=maester",
        "http://x/objects/%2E%2E?storage_type=maester",
        "http://x/objects/%ED%A0%BD?storage_type=maester",
        "http://x/objects/?storage_type=maester",
        "https://x\ud83d/",
        "http://xn--/",
        "http://x\x00y/",
        "http://" + "x" * 300,
        "http://x:port/",
        "http://%31%32%37.0.0.1/",
        "http://user@/",
        "http://℡.example/",
        "HTTP://EXAMPLE\\@x/",
    ]
)
entries = json_values | st.fixed_dictionaries(
    {"url": urls}, optional={"content-type": json_values, "size": json_values, "extra": json_values}
)


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve no name except localhost."""
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if host == "127.0.0.1":
            return original(host, *args, **options)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@ANY_FIXTURE
@given(entries)
def test_an_entry_is_opened_or_the_error_names_it(attachments: Attachments, entry: Any) -> None:
    with pytest.raises((MessageError, PlatformError)) as caught:
        attachments.open(Message(attachments={"a.wav": entry}), "a.wav")
    if isinstance(caught.value, MessageError):
        assert "attachment 'a.wav'" in str(caught.value) or "object ID" in str(caught.value)


@ANY_FIXTURE
@given(json_values)
def test_attachments_that_are_not_an_object(attachments: Attachments, value: Any) -> None:
    for message in ({"attachments": value}, Message(attachments=value)):
        with pytest.raises(MessageError, match="attachment"):
            attachments.open(message, "a.wav")


@pytest.mark.parametrize("content_type", ["a\r\nb: c", "ü", 5, ["a/b"], "a\x00"])
def test_a_content_type_that_is_not_valid_in_a_header(
    platform: FakePlatform, attachments: Attachments, content_type: Any
) -> None:
    platform.pages["/file"] = Response(body=b"x")
    entry = {"url": f"{platform.uri}/file", "content-type": content_type}
    with pytest.raises(MessageError, match=r"attachment 'a': its \"content-type\" must be a media type"):
        attachments.open({"attachments": {"a": entry}}, "a")
    with pytest.raises(MessageError, match="attachment 'a': its content type must be a media type"):
        attachments.add("a", b"x", content_type)
    assert platform.requests == []


@pytest.fixture
def bodies(storage: ObjectStorage) -> BodyStorage:
    return BodyStorage(storage, Encryptor("password", "0123456789abcdef"))


def referring(object_id: Any) -> dict[str, Any]:
    return {"body": {}, "headers": {OBJECT_ID: object_id}}


class TestBodies:
    def test_bodies_are_stored_and_fetched(self, platform: FakePlatform, bodies: BodyStorage) -> None:
        message = {"body": {"a": "x" * 100}, "headers": {"h": 1}, "passthrough": {"step_1": {"body": [1]}}, "id": "5"}
        light = bodies.outsource(message, 50)
        assert light["body"] == light["passthrough"]["step_1"]["body"] == {}
        assert len(platform.objects) == 2
        restored = bodies.resolve(json.loads(json.dumps(light)))
        assert restored["body"] == message["body"]
        assert restored["passthrough"]["step_1"]["body"] == [1]
        assert restored["id"] == "5"

    def test_a_message_without_references_does_not_change(self, platform: FakePlatform, bodies: BodyStorage) -> None:
        for headers in ({}, None, "abc", [1], 5, {OBJECT_ID: None}, {OBJECT_ID: ""}):
            message = {"body": {"a": 1}, "headers": headers, "passthrough": {"step_1": {"body": 1, "headers": headers}}}
            assert bodies.resolve(message) == message
            assert bodies.fill(message["passthrough"]) == message["passthrough"]  # type: ignore[arg-type]
        assert platform.requests == []

    @pytest.mark.parametrize("object_id", [7, True, ["x"], {"a": 1}, "..", "\ud83d", 1.5])
    def test_an_invalid_id(self, bodies: BodyStorage, object_id: Any) -> None:
        for message in (referring(object_id), {"body": 1, "passthrough": {"step_1": referring(object_id)}}):
            with pytest.raises(MessageError, match=rf"^Failed to get message body .*Invalid object ID.*{OBJECT_ID}"):
                bodies.resolve(message)

    @pytest.mark.parametrize("passthrough", ["abc", [1], 5, True])
    def test_a_passthrough_that_is_not_an_object(self, bodies: BodyStorage, passthrough: Any) -> None:
        for attempt in (bodies.resolve, lambda message: bodies.outsource(message, 0)):
            with pytest.raises(MessageError, match=r"^passthrough: must be an object"):
                attempt({"body": 1, "passthrough": passthrough})

    @pytest.mark.parametrize("part", ["abc", [1], 5, None, True])
    def test_an_entry_of_the_passthrough_that_is_not_an_object(self, bodies: BodyStorage, part: Any) -> None:
        passthrough = {"step_1": {"body": 1}, "step_2": part}
        for attempt in (bodies.resolve, lambda message: bodies.outsource(message, 0)):
            with pytest.raises(MessageError, match=r"^passthrough\.step_2: must be an object"):
                attempt({"body": 1, "passthrough": passthrough})
        with pytest.raises(MessageError, match=r"^passthrough\.step_2: must be an object"):
            bodies.fill(passthrough)

    def test_headers_that_cannot_contain_a_reference(self, bodies: BodyStorage) -> None:
        with pytest.raises(MessageError, match=r"^headers: must be an object"):
            bodies.outsource({"body": "x" * 100, "headers": "abc"}, 10)

    @pytest.mark.parametrize("content", [b"", b"no ciphertext!!!", b"x" * 32])
    def test_an_object_that_is_not_a_body(self, platform: FakePlatform, bodies: BodyStorage, content: bytes) -> None:
        platform.objects["o1"] = Response(body=content)
        with pytest.raises(PlatformError, match="it cannot be decrypted and read as JSON"):
            bodies.resolve(referring("o1"))

    def test_a_deeply_nested_body(self, platform: FakePlatform, bodies: BodyStorage) -> None:
        ciphertext = Encryptor("password", "0123456789abcdef").encrypt(b"[" * 100_000)
        platform.objects["o1"] = Response(body=ciphertext)
        with pytest.raises(PlatformError, match="it cannot be decrypted and read as JSON"):
            bodies.resolve(referring("o1"))

    @ANY_FIXTURE
    @given(st.dictionaries(st.sampled_from(["body", "headers", "passthrough", "id"]), json_values))
    def test_any_message_is_resolved_or_refused(self, bodies: BodyStorage, message: dict[str, Any]) -> None:
        for attempt in (bodies.resolve, lambda given: bodies.outsource(dict(given), 10)):
            try:
                attempt(message)
            except (MessageError, PlatformError):
                continue

    def test_without_a_storage(self) -> None:
        bodies = BodyStorage(None, Encryptor("password", "0123456789abcdef"))
        with pytest.raises(PlatformError, match="ELASTICIO_OBJECT_STORAGE_URI is not set"):
            bodies.resolve(referring("o1"))
        with pytest.raises(PlatformError, match="ELASTICIO_OBJECT_STORAGE_URI is not set"):
            bodies.outsource({"body": 1}, 0)
