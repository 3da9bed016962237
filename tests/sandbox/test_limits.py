"""Limits on requests: sizes, and times for incomplete requests."""

import asyncio
import base64
import contextlib
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.errors import BadRequestError
from callfire_sandbox.field_selection import parse
from callfire_sandbox.server import Running, start
from callfire_sandbox.web.bodies import read_body
from callfire_sandbox.web.limits import Limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import Client

RELAXED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
IMPATIENT = Limits(head_seconds=0.2, body_seconds=0.2)
SMALL = Limits(json_bytes=1000, upload_bytes=2000)
LOGIN = base64.b64encode(b"sandbox:sandbox-password").decode()


@contextlib.contextmanager
def connection(callfire: Running) -> Iterator[socket.socket]:
    host, port = callfire.url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        yield opened


def head(path: str, *lines: str, login: str = LOGIN, method: str = "POST") -> bytes:
    wanted = [f"{method} /v2{path} HTTP/1.1", "Host: localhost", f"Authorization: Basic {login}", *lines]
    return ("\r\n".join(wanted) + "\r\n\r\n").encode()


def status(opened: socket.socket) -> int:
    """Read one response and return its status."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = opened.recv(65536)
        assert data, received
        received += data
    before, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", before)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(opened.recv(missing))
    return int(before.split()[1])


def ended(opened: socket.socket) -> bool:
    """Wait until the other side closes the connection."""
    with contextlib.suppress(ConnectionResetError):
        while opened.recv(65536):
            pass
    return True


def test_a_wrong_login_is_refused_before_the_upload_is_read(callfire: Running) -> None:
    wrong = base64.b64encode(b"sandbox:wrong").decode()
    form = "Content-Type: multipart/form-data; boundary=b"
    with connection(callfire) as opened:
        # Not a byte of the body is sent
        opened.sendall(head("/media", "Content-Length: 300000000", form, login=wrong))
        assert status(opened) == 401


def test_the_rest_of_a_refused_upload_is_discarded_and_the_connection_stays_usable(callfire: Running) -> None:
    wrong = base64.b64encode(b"sandbox:wrong").decode()
    with connection(callfire) as opened:
        opened.sendall(head("/texts", "Content-Length: 1000000", login=wrong))
        assert status(opened) == 401
        opened.sendall(bytes(1_000_000) + head("/texts", method="GET"))
        assert status(opened) == 200


def test_a_refused_client_that_waits_for_100_continue_is_disconnected(callfire: Running) -> None:
    wrong = base64.b64encode(b"sandbox:wrong").decode()
    with connection(callfire) as opened:
        opened.sendall(head("/texts", "Content-Length: 1000", "Expect: 100-continue", login=wrong))
        assert status(opened) == 401
        assert ended(opened)
    with connection(callfire) as opened:
        opened.sendall(head("/texts", "Content-Length: 2", "Expect: 100-continue"))
        assert status(opened) == 100
        opened.sendall(b"[]")
        assert status(opened) == 400


@pytest.mark.parametrize("path", ["/texts", "/media", "/nonsense"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(path: str, chunked: bool) -> None:
    with start(limits=SMALL) as callfire:
        url, login = callfire.url + path, (callfire.username, callfire.password)
        data = iter([bytes(1000)] * 3) if chunked else bytes(3000)
        answer = requests.post(url, data=data, auth=login, timeout=10)
        assert answer.status_code == (404 if path == "/nonsense" else 413)
        assert answer.json()["httpStatusCode"] == answer.status_code
        for admin in ("texts", "reset"):
            data = iter([bytes(1000)] * 3) if chunked else bytes(3000)
            answer = requests.post(f"{callfire.admin_url}/{admin}", data=data, timeout=10)
            assert answer.status_code == 413
        assert requests.get(f"{callfire.url}/texts", auth=login, timeout=10).ok


def test_a_contact_file_has_a_limit_of_its_own(client: Client) -> None:
    answer = client.post("/contacts/lists/upload", files={"file": ("a.csv", bytes(26 * 2**20))})
    assert answer.status_code == 413
    assert client.post("/media", files={"file": ("a.png", bytes(26 * 2**20))}).ok


def test_reading_a_body_is_linear() -> None:
    """A quadratic reader would copy 1 TB here."""
    chunk, left = bytes(5000), 20_000

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": chunk, "more_body": left > 0}

    body = asyncio.run(read_body(receive, {}, 2**30))
    assert body is not None
    assert len(body) == 100_000_000


def test_a_url_that_is_too_long_is_refused(client: Client) -> None:
    answer = client.get("/texts", params={"label": "x" * 40_000})
    assert answer.status_code == 414
    assert "too long" in answer.json()["message"]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ("a," * 3000 + "a", "too many names"),
        ("a," * 25_000, "too long"),
        ("a" * 8001, "fields: the value is too long"),
        ("a(" * 30, "nested too deeply"),
        ("a/" * 30 + "a", "nested too deeply"),
        ("(" * 2000, "too many names"),
        ("(" * 200, "a name is missing"),
        ("a(" * 2000, "too many names"),
        ("a/(b)", "cannot read"),
        ("a)", "cannot read"),
        ("a/", "cannot read"),
        (",", "a name is missing"),
    ],
)
def test_fields_are_bounded(client: Client, fields: str, complaint: str) -> None:
    answer = client.get("/texts", params={"fields": fields})
    assert answer.status_code in (400, 414)
    assert complaint in answer.json()["message"]


@settings(RELAXED, max_examples=500)
@given(st.text("ab(),/ é", max_size=40))
def test_any_fields_value_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(BadRequestError):
        assert parse(text)


def test_an_incomplete_request_head_is_ended() -> None:
    with start(limits=IMPATIENT) as callfire, connection(callfire) as opened:
        opened.sendall(b"GET /v2/texts HTTP/1.1\r\nHost: loc")
        assert status(opened) == 408
        assert ended(opened)


def test_a_head_that_arrives_byte_by_byte_is_ended() -> None:
    with start(limits=IMPATIENT) as callfire, connection(callfire) as opened:
        opened.sendall(b"GET /v2/texts HTTP/1.1\r\n")
        opened.settimeout(0.05)
        with contextlib.suppress(ConnectionError):
            while True:
                opened.sendall(b"X")
                with contextlib.suppress(TimeoutError):
                    if opened.recv(65536).startswith(b"HTTP/1.1 408"):
                        break


def test_a_silent_connection_is_ended() -> None:
    with start(limits=IMPATIENT) as callfire, connection(callfire) as opened:
        assert opened.recv(100) == b""


@pytest.mark.parametrize("length", ["Content-Length: 99", "Transfer-Encoding: chunked"])
def test_an_incomplete_body_is_ended_and_nothing_is_executed(length: str) -> None:
    with start(limits=IMPATIENT) as callfire, Client(callfire) as client:
        with connection(callfire) as opened:
            opened.sendall(head("/texts?defaultMessage=hi", length) + b'5\r\n[{"ph')
            assert status(opened) == 408
            assert ended(opened)
        assert client.admin("GET", "/received") == []


def test_the_second_request_of_a_connection_has_the_same_limits() -> None:
    with start(limits=IMPATIENT) as callfire:
        with connection(callfire) as opened:
            opened.sendall(head("/texts", method="GET"))
            assert status(opened) == 200
            opened.sendall(b"GET /v2/")
            assert status(opened) == 408
        with connection(callfire) as opened:
            opened.sendall(head("/texts", method="GET") + head("/texts", "Content-Length: 5") + b"[")
            assert (status(opened), status(opened)) == (200, 408)


def test_a_refused_upload_that_never_ends_is_ended() -> None:
    wrong = base64.b64encode(b"sandbox:wrong").decode()
    with start(limits=IMPATIENT) as callfire, connection(callfire) as opened:
        opened.sendall(head("/texts", "Content-Length: 1000", login=wrong) + b"[")
        assert status(opened) == 401
        assert ended(opened)


def test_requests_that_are_answered_late_are_not_ended() -> None:
    with start(limits=IMPATIENT) as callfire, Client(callfire) as client:
        client.admin("POST", "/faults", {"effect": "delay", "milliseconds": 600, "operation": "sendTexts"})
        assert client.text("hi")["state"] == "READY"
