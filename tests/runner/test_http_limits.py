"""The local platform and the webhook gateway with slow, large, incomplete and malformed requests."""

import contextlib
import email
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticio_runner.errors import FlowError
from elasticio_runner.local_platform import http_server, object_store, request_body, webhook_message
from elasticio_runner.local_platform.http_reply import response_to
from elasticio_runner.local_platform.http_server import HttpServer

from tests.runner.hooked import Hooked

PATIENCE = 30


@pytest.fixture
def hooked(tmp_path: Path) -> Iterator[Hooked]:
    running = Hooked(tmp_path)
    running.platform.start()
    yield running
    running.platform.stop()


class Client:
    """A connection on which the test writes bytes."""

    def __init__(self, hooked: Hooked) -> None:
        host, _, port = hooked.platform.uri.removeprefix("http://").partition(":")
        self.socket = socket.create_connection((host, int(port)), PATIENCE)
        self._reader = self.socket.makefile("rb")

    def send(self, *parts: str | bytes) -> "Client":
        for part in parts:
            self.socket.sendall(part if isinstance(part, bytes) else part.encode())
        return self

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the next response; status 0 if the connection ends without one."""
        line = self._reader.readline()
        if not line:
            return 0, {}, b""
        head = b""
        while (more := self._reader.readline()).strip():
            head += more
        headers = {name.lower(): str(value) for name, value in email.message_from_bytes(head).items()}
        return int(line.split()[1]), headers, self._reader.read(int(headers.get("content-length", 0)))

    def is_closed(self) -> bool:
        try:
            return self._reader.read(1) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
def client(hooked: Hooked) -> Iterator[Client]:
    connected = Client(hooked)
    yield connected
    connected._reader.close()
    connected.socket.close()


HEAD = "POST /hook/hook HTTP/1.1\r\nhost: x\r\n"


@pytest.mark.parametrize("head", ["", "POST /hook/hook HTT", HEAD, HEAD + "content-length: 5"])
def test_a_late_head_closes_the_connection(hooked: Hooked, head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_TIMEOUT", 0.1)
    client = Client(hooked)
    assert client.send(head).is_closed()
    client._reader.close()
    client.socket.close()
    assert hooked.sent == []


def test_the_second_head_of_a_connection_has_its_own_deadline(
    hooked: Hooked, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.send(HEAD, "content-length: 2\r\n\r\n{}").answer()[0] == 200
    monkeypatch.setattr(http_server, "HEAD_TIMEOUT", 0.1)
    assert client.send(HEAD).is_closed()
    assert len(hooked.sent) == 1


def test_a_head_that_is_too_large_is_refused(hooked: Hooked, client: Client) -> None:
    with contextlib.suppress(ConnectionError):
        client.send(HEAD, *(f"x-{number}: {'y' * 1000}\r\n" for number in range(200)))
    assert client.answer()[0] in (0, 400)
    assert hooked.sent == []


@pytest.mark.parametrize(
    "body",
    ["content-length: 10\r\n\r\n{}", "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n", "content-length: 10\r\n\r\n"],
)
def test_an_incomplete_request_does_not_count_as_complete(hooked: Hooked, client: Client, body: str) -> None:
    client.send(HEAD, "content-type: application/json\r\n", body)
    client.socket.shutdown(socket.SHUT_WR)
    assert client.is_closed()
    assert requests.post(hooked.uri, json={"complete": True}, timeout=PATIENCE).status_code == 200
    assert [message["body"] for message, _ in hooked.sent] == [{"complete": True}]


@pytest.mark.parametrize("limit", [(request_body, "PAUSE"), (webhook_message, "TIME")])
def test_the_response_to_a_late_body_is_408(
    hooked: Hooked, client: Client, limit: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*limit, 0.1)
    monkeypatch.setattr(request_body, "_DISCARD_TIME", 0.1)
    status, _, body = client.send(HEAD, "content-length: 10\r\n\r\n{").answer()
    assert status == 408
    assert b"in time" in body
    assert client.is_closed()
    assert hooked.sent == []


@pytest.mark.parametrize("chunk", ["-5\r\n{}\r\n", "zz\r\n{}\r\n", "2\r\n{}}}\r\n0\r\n\r\n"])
def test_a_malformed_chunk_is_refused(hooked: Hooked, client: Client, chunk: str) -> None:
    client.send(HEAD, "transfer-encoding: chunked\r\n\r\n", chunk)
    assert client.answer()[0] in (0, 400)
    assert hooked.sent == []


@pytest.mark.parametrize(
    "lengths", ["content-length: 2\r\ncontent-length: 3\r\n", "content-length: -1\r\n", "content-length: 1e3\r\n"]
)
def test_an_invalid_content_length_is_refused(hooked: Hooked, client: Client, lengths: str) -> None:
    assert client.send(HEAD, lengths, "\r\n{}{}").answer()[0] == 400
    assert hooked.sent == []


def test_a_chunked_body_is_limited_too(hooked: Hooked, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_message, "LIMIT", 1000)
    client.send(HEAD, "transfer-encoding: chunked\r\n\r\n", "3e9\r\n", "x" * 1001, "\r\n0\r\n\r\n")
    assert client.answer()[0] == 413
    assert hooked.sent == []


@pytest.mark.parametrize(
    ("path", "method"), [("/objects", "POST"), ("/objects/x", "PUT"), ("/v1/accounts/hook", "PUT")]
)
def test_an_upload_without_login_is_refused_before_its_body_arrives(
    hooked: Hooked, client: Client, path: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "_DISCARD_TIME", 3600)
    client.send(f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n")
    assert client.answer()[0] == 401


def test_an_upload_to_an_unsigned_url_is_refused(hooked: Hooked) -> None:
    assert requests.put(f"{hooked.platform.uri}/signed/any", data=b"x", timeout=PATIENCE).status_code == 404


def test_a_refused_large_body_gets_a_response(hooked: Hooked) -> None:
    answer = requests.post(f"{hooked.platform.uri}/objects", data=b"x" * 30_000_000, timeout=PATIENCE)
    assert answer.status_code == 401


def test_a_too_large_upload_is_not_stored(hooked: Hooked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_store, "LARGEST", 1000)
    login = {"authorization": f"Bearer {hooked.platform.token}"}
    for data in (b"x" * 1001, iter([b"x" * 600] * 2)):
        answer = requests.post(f"{hooked.platform.uri}/objects", data=data, headers=login, timeout=PATIENCE)
        assert answer.status_code == 413
    assert list(tmp_path.iterdir()) == []


def test_an_incomplete_upload_is_not_stored(hooked: Hooked, client: Client, tmp_path: Path) -> None:
    login = f"authorization: Bearer {hooked.platform.token}\r\n"
    client.send(f"PUT /objects/mine HTTP/1.1\r\nhost: x\r\n{login}content-length: 100\r\n\r\nhalf")
    client.socket.shutdown(socket.SHUT_WR)
    assert client.is_closed()
    headers = {"authorization": f"Bearer {hooked.platform.token}"}
    assert requests.get(f"{hooked.platform.uri}/objects/mine", headers=headers, timeout=PATIENCE).status_code == 404
    hooked.platform.stop()
    assert list(tmp_path.iterdir()) == []


def test_an_incomplete_form_is_refused(hooked: Hooked) -> None:
    part = b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    for form in (part + b"1", part + b"1\r\n--b\r\n", part + b"1\r\n--b", part):
        answer = requests.post(hooked.uri, data=form, headers=headers, timeout=PATIENCE)
        assert answer.status_code == 400
    assert requests.post(hooked.uri, data=part + b"1\r\n--b--\r\n", headers=headers, timeout=PATIENCE).ok
    assert [message["body"] for message, _ in hooked.sent] == [{"a": "1"}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested more than 200 levels deep"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "a number has too many digits"),
        (b'{"a": 1e999}', "a number is too large"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b"\xff", "it is not in UTF-8"),
    ],
)
def test_the_response_to_invalid_json_is_400(hooked: Hooked, body: bytes, reason: str) -> None:
    headers = {"content-type": "application/json"}
    answer = requests.post(hooked.uri, data=body, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
    assert hooked.sent == []


def test_the_response_is_not_200_if_the_message_cannot_be_published(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_message: object, _thread_id: str) -> None:
        raise FlowError("no")

    monkeypatch.setattr(hooked.gateway, "_send", fail)
    assert requests.post(hooked.uri, timeout=PATIENCE).status_code == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"x-a": "b\r\nset-cookie: stolen=1"},
        {"x-a\r\nset-cookie: stolen=1\r\nx-b": "c"},
        {"x-a": "b\ninjected: 1"},
        {"x-a": "\x00"},
        {"x a": "b"},
        {"": "b"},
        {"x-a": "☎"},
        {"x-a": "\ud83d"},
    ],
)
def test_a_reply_cannot_split_the_response(hooked: Hooked, headers: Any, caplog: pytest.LogCaptureFixture) -> None:
    reply = {"statusCode": 200, "headers": dict.fromkeys(headers, "v") if isinstance(headers, set) else headers}
    hooked.react = lambda thread_id: hooked.gateway.replied(thread_id, "hook", reply)
    with caplog.at_level(logging.WARNING, "runner"):
        answer = requests.post(hooked.uri, timeout=PATIENCE)
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers
    assert "injected" not in answer.headers
    assert "HTTP cannot carry the header" in caplog.text


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        ({"statusCode": "201"}, 201, b""),
        ({"statusCode": 99}, 500, b""),
        ({"statusCode": "many"}, 500, b""),
        ({"statusCode": 1e400}, 500, b""),
        ({"statusCode": 204, "body": "text"}, 204, b""),
        ({"body": "half \ud83d"}, 200, b"half ?"),
        ({"body": {"half": "\ud83d"}}, 200, b'{"half": "\\ud83d"}'),
        ({"headers": [1], "body": "x"}, 200, b"x"),
        ({"headers": {"Transfer-Encoding": "chunked", "Content-Length": "9"}, "body": "x"}, 200, b"x"),
    ],
)
def test_any_reply_is_one_complete_response(
    hooked: Hooked, client: Client, reply: dict[str, Any], status: int, body: bytes
) -> None:
    assert response_to(reply).status_code == status
    hooked.react = lambda thread_id: hooked.gateway.replied(thread_id, "hook", reply)
    for _ in range(2):  # on one connection: the first response has been read completely
        got, _, content = client.send(HEAD, "content-length: 0\r\n\r\n").answer()
        assert (got, content) == (status, body)


def test_other_requests_are_processed_while_one_waits(hooked: Hooked) -> None:
    release = threading.Event()

    def wait(thread_id: str) -> None:
        release.wait(PATIENCE)
        hooked.gateway.settled(thread_id, "hook")

    hooked.react = wait
    statuses: list[int] = []
    waiting = [
        threading.Thread(target=lambda: statuses.append(requests.post(hooked.uri, timeout=PATIENCE).status_code))
        for _ in range(50)
    ]
    for thread in waiting:
        thread.start()
    assert requests.get(f"{hooked.platform.uri}/none", timeout=PATIENCE).status_code == 404
    release.set()
    for thread in waiting:
        thread.join()
    assert statuses == [200] * 50


def test_a_port_in_use_is_an_error(hooked: Hooked) -> None:
    port = int(hooked.platform.uri.rpartition(":")[2])
    with pytest.raises(FlowError, match=f"--port: failed to open port {port}"):
        HttpServer(lambda *_: None, port)  # type: ignore[arg-type]
