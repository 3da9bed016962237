"""Fault injection: each effect, before and after the state changed, and which requests are hit."""

import asyncio
import base64
import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.web.faults import Faults

from tests.sandbox.conftest import PHONE, Client


def fault(client: Client, **values: Any) -> Any:
    return client.admin("POST", "/faults", values)


def sent(client: Client) -> int:
    return sum(entry["textCount"] for entry in client.admin("GET", "/received"))


def send(client: Client, **options: Any) -> requests.Response:
    return client.post("/texts", json=[{"phoneNumber": PHONE, "message": "hi"}], **options)


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("effect", ["status", "reset", "garbage", "hang"])
def test_an_answer_is_lost_before_or_after_the_state_changed(client: Client, effect: str, carried_out: bool) -> None:
    fault(client, effect=effect, operation="sendTexts", carriedOut=carried_out, next=1, status=502)
    if effect == "reset":
        with pytest.raises(requests.ConnectionError, match="reset"):
            send(client)
    elif effect == "hang":
        with pytest.raises(requests.ReadTimeout):
            send(client, timeout=0.5)
    elif effect == "status":
        answer = send(client)
        assert (answer.status_code, answer.json()["httpStatusCode"]) == (502, 502)
    else:
        with pytest.raises(requests.JSONDecodeError):
            send(client).json()
    assert sent(client) == carried_out
    assert send(client).ok


def test_a_truncated_body(client: Client) -> None:
    fault(client, effect="truncate", next=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        client.get("/me/account")
    assert client.get("/me/account").ok


def test_a_delay_and_a_slow_drip(client: Client) -> None:
    fault(client, effect="delay", milliseconds=300, next=1)
    began = time.monotonic()
    assert client.get("/texts").ok
    assert time.monotonic() - began >= 0.3
    fault(client, effect="drip", milliseconds=2, next=1)
    with client.get("/texts", stream=True) as answer:
        assert b"".join(answer.iter_content(1)) == b'{"items":[],"limit":10,"offset":0,"totalCount":0}'
        assert answer.elapsed.total_seconds() < 5


def test_which_requests_are_hit(client: Client) -> None:
    fault(client, effect="status", path="^/texts", method="GET", every=3, headers={"Retry-After": "7"})
    assert [client.get("/texts").status_code for _ in range(6)] == [200, 200, 503, 200, 200, 503]
    assert client.get("/me/account").ok
    assert send(client).ok
    (shown,) = client.admin("GET", "/faults")
    assert (shown["seen"], shown["hits"], shown["spent"]) == (6, 2, False)
    client.admin("DELETE", f"/faults/{shown['id']}")
    assert client.admin("GET", "/faults") == []
    fault(client, effect="status", next=2)
    assert [client.get("/texts").status_code for _ in range(3)] == [503, 503, 200]
    requests_made = client.admin("GET", "/requests")
    assert [entry["fault"] for entry in requests_made[-3:]] == ["status", "status", None]


def test_headers_of_a_fault(client: Client) -> None:
    fault(client, effect="status", status=429, headers={"Retry-After": "7"})
    assert client.get("/texts").headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"effect": "explode"},
        {"effect": "status", "nxt": 1},
        {"effect": "hang", "every": 0},
        {"effect": "status", "status": "503"},
        {"effect": "reset", "path": "("},
        {"effect": "reset", "path": "a{99999999999999999999}"},
        {"effect": "reset", "path": "(" * 5000 + ")" * 5000},
    ],
)
def test_a_wrong_fault_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    answer = client.post(f"{client.callfire.admin_url}/faults", json=wrong)
    assert answer.status_code == 400
    assert client.admin("GET", "/faults") == []


def test_stopping_does_not_wait_for_a_hanging_request(client: Client) -> None:
    fault(client, effect="hang")
    host, port = client.callfire.url.split("/")[2].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /v2/texts HTTP/1.1\r\nHost: localhost\r\n\r\n")
        # This loop ends once the hanging request is being processed.
        while not client.admin("GET", "/faults")[0]["hits"]:
            pass
        client.callfire.stop()
        connection.settimeout(10)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(10) == b""


@contextlib.contextmanager
def unfinished_request(client: Client) -> Iterator[socket.socket]:
    """Yield the connection of a text whose body is incomplete."""
    host, port = client.callfire.url.split("/")[2].split(":")
    login = base64.b64encode(f"{client.callfire.username}:{client.callfire.password}".encode())
    head = b"POST /v2/texts?defaultMessage=hi HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic %b\r\n" % login
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head + b"Content-Length: 99\r\nContent-Type: application/json\r\n\r\n[")
        yield connection


def test_an_incomplete_request_of_a_client_that_disconnects_is_ignored(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    fault(client, effect="reset", operation="sendTexts", carriedOut=True)
    connections = client.callfire._server.service.connections
    with unfinished_request(client) as connection:
        here = connection.getsockname()
        while here not in connections:
            pass
    while here in connections:
        pass
    client.callfire.stop()
    assert client.callfire._server.control.faults.dump()[0]["seen"] == 0
    assert list(client.callfire._server.control.requests) == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("effect", ["reset", "truncate"])
def test_a_fault_on_a_connection_that_is_already_closed_does_nothing(client: Client, effect: str) -> None:
    fault(client, effect=effect)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/v2/texts", "raw_path": b"/v2/texts", "query_string": b""}
    gone = {**scope, "headers": [], "client": ("127.0.0.1", 1)}
    asyncio.run(client.callfire._server.service(gone, receive, send))
    assert len(sent) == {"reset": 0, "truncate": 2}[effect]


def test_a_share_of_the_requests_fails_and_the_seed_decides_which(client: Client) -> None:
    def hits(**values: Any) -> list[bool]:
        client.admin("POST", "/reset")
        fault(client, effect="status", operation="findTexts", **values)
        return [client.get("/texts").status_code == 503 for _ in range(200)]

    first = hits(probability=0.2)
    assert 20 <= sum(first) <= 65
    assert hits(probability=0.2) == first
    assert sum(hits(probability=1)) == 200
    assert client.get("/me/account").ok
    assert sum(hits(probability=0.2, next=3)) == 3


@pytest.mark.parametrize("wrong", [0, -1, 1.1, "0.5", True])
def test_a_wrong_probability_is_refused(client: Client, wrong: Any) -> None:
    url = f"{client.callfire.admin_url}/faults"
    answer = client.post(url, json={"effect": "status", "probability": wrong})
    assert answer.status_code == 400
    assert "probability" in answer.json()["message"]


def test_another_seed_hits_other_requests() -> None:
    def hits(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add({"effect": "status", "probability": 0.3})
        return [faults.take("findTexts", "GET", "/texts") is not None for _ in range(100)]

    assert hits(1) == hits(1) != hits(2)
