"""Broken values: the sandbox refuses them with an explanation, changes nothing and stays usable."""

import asyncio
import contextlib
import io
import json
import socket
import wave
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import Options, Running, Server, start
from callfire_sandbox.web.admin_commands import READS, WRITES
from callfire_sandbox.world.clock import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import NOW, PHONE, Client
from tests.sandbox.test_limits import connection, ended

RELAXED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))

BROKEN = [
    ("POST", "texts", {"fromNumber": PHONE, "labels": "red"}),
    ("POST", "texts", {"fromNumber": PHONE, "labels": [["red"]]}),
    ("POST", "texts", {"fromNumber": PHONE, "campaignId": {}}),
    ("POST", "texts", {"fromNumber": PHONE, "created": 10**30}),
    ("POST", "texts", {"fromNumber": PHONE, "created": -1}),
    ("POST", "texts", {"fromNumber": PHONE, "media": "cat"}),
    ("POST", "calls", {"fromNumber": PHONE, "recordingSeconds": 10**9}),
    ("POST", "calls", {"fromNumber": PHONE, "result": "GREAT"}),
    ("POST", "load", {"total": 10**12, "perSecond": 1}),
    ("POST", "load", {"kind": [], "total": 1, "perSecond": 1}),
    ("POST", "clock", {"advance": 10**30}),
    ("POST", "clock", {"advance": True}),
    ("POST", "load", {"total": True, "perSecond": 1}),
    ("POST", "load", {"total": 1, "perSecond": True}),
    ("PATCH", "account", {"credits": True}),
    ("PATCH", "account", {"credits": 10**400}),
    ("PATCH", "switches", {"rate_status": 999}),
    ("PATCH", "switches", {"empty_status": 500}),
    ("PATCH", "switches", {"text_takes": 10**30}),
    ("PATCH", "switches", {"profile": []}),
    ("POST", "faults", {"effect": "status", "headers": {"Retry-After": 7}}),
    ("POST", "faults", {"effect": "status", "headers": {"X": "a\r\nSet-Cookie: b"}}),
    ("POST", "faults", {"effect": "status", "headers": {"a b": "c"}}),
    ("POST", "faults", {"effect": "status", "status": 299}),
    ("POST", "faults", {"effect": "delay", "milliseconds": -1}),
    ("PUT", "state", {"facts": {"lastId": 1, "clockOffset": 0, "switches": {}}, "files": {}, "records": {}}),
    (
        "PUT",
        "state",
        {
            "facts": {"lastId": 1, "clockOffset": 0, "switches": {}},
            "files": {},
            "records": {"accounts": [{"id": 1}], "texts": [{"id": 1, "labels": [[]]}]},
        },
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), BROKEN)
def test_the_admin_api_refuses_broken_values(client: Client, method: str, path: str, body: Any) -> None:
    client.inbound("kept")
    before = client.admin("GET", "/state")
    answer = client.request(method, f"{client.callfire.admin_url}/{path}", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["message"]
    assert client.admin("GET", "/state") == before
    assert client.text("hi")["state"] == "READY"


def test_a_schedule_with_an_invalid_time_is_refused(client: Client) -> None:
    zones = ("America", "", "/etc/passwd", "../UTC", "Mars/Base", "A" * 5000)
    for year, zone in ((0, "UTC"), (10_000, "UTC"), *((2026, zone) for zone in zones)):
        schedule = {"startDate": {"year": year, "month": 1, "day": 1}, "timeZone": zone}
        answer = client.post("/texts/broadcasts", json={"name": "x", "message": "x", "schedules": [schedule]})
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("schedules: ")


def test_a_number_that_json_cannot_hold_is_refused(client: Client) -> None:
    url = client.callfire.admin_url
    assert client.patch(f"{url}/account", data='{"credits": 1e999}').status_code == 400
    assert client.post(f"{url}/load", data='{"total": 1, "perSecond": 1e999}').status_code == 400
    answer = client.post("/texts", data='[{"phoneNumber": "12135550177", "message": 1e999}]')
    assert answer.status_code == 400
    assert client.post("/texts", data=f"[{'9' * 5000}]").status_code == 400
    assert client.post("/texts", data="[" * 100_000).status_code == 400


@pytest.mark.parametrize("code", [204, 304, 404])
def test_a_fault_with_any_status(client: Client, code: int) -> None:
    client.admin("POST", "/faults", {"effect": "status", "status": code, "next": 1, "headers": {"X-Empty": ""}})
    assert client.get("/texts").status_code == code
    assert client.get("/texts").status_code == 200


def test_a_sound_cannot_exhaust_the_memory(client: Client) -> None:
    assert client.post("/campaigns/sounds/tts", json={"message": "x" * 100_000}).status_code == 400
    # A WAV header that promises two billion samples at 1 Hz
    header = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\1\0\1\0\0\0\1\0\0\0\1\0\x08\0data\xd0\xff\xff\x7f"
    answer = client.post("/campaigns/sounds/files", files={"file": ("a.wav", header)})
    assert answer.status_code == 400


@pytest.mark.parametrize(("chunks", "status"), [(900, 200), (2000, 400)])
def test_a_sound_has_few_chunks_before_its_data(client: Client, chunks: int, status: int) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    data = file.getvalue()
    content = data[:12] + b"junk\0\0\0\0" * chunks + data[12:]
    answer = client.post("/campaigns/sounds/files", files={"file": ("a.wav", content)})
    assert answer.status_code == status, answer.text


def test_a_webhook_secret_of_any_characters(client: Client) -> None:
    body = json.dumps({"resource": "InboundText", "callback": "http://127.0.0.1:9/", "secret": "\ud83d"})
    assert client.post("/webhooks", data=body).ok
    client.inbound("hello")
    while not client.admin("GET", "/deliveries")[0]["attempts"]:
        pass


def test_digits_of_other_scripts_are_not_a_phone_number(client: Client) -> None:
    assert client.text("hi", number="١٢١٣٥٥٥٠١٧٧")["state"] == "INVALID"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "fromNumber",
        "toNumber",
        "message",
        "labels",
        "created",
        "kind",
        "total",
        "perSecond",
        "advance",
        "credits",
        "profile",
        "order",
        "max_limit",
        "effect",
        "operation",
        "path",
        "headers",
        "facts",
        "records",
        "files",
        "media",
        "status",
        "milliseconds",
        "finalTextResult",
    ]
)


class Exchange:
    """An ASGI exchange: one request body, and the status of the response."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.status = 0

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


@settings(RELAXED, max_examples=400)
@given(
    route=st.sampled_from(sorted(WRITES) + sorted(("GET", path) for path in READS)),
    body=JSON | st.dictionaries(NAMES, JSON, max_size=4),
    raw=st.binary(max_size=20),
    use_raw=st.booleans(),
)
def test_no_admin_request_fails(route: tuple[str, str], body: Any, raw: bytes, use_raw: bool) -> None:
    """Whatever the body is, the response is a success or an explained refusal."""
    server = Server(Options(clock=Clock(still_at=NOW)))
    try:
        method, path = route[0], route[1].replace("{number}", PHONE)
        exchange = Exchange(raw if use_raw else json.dumps(body).encode())
        headers = [(b"host", b"localhost"), (b"content-length", str(len(exchange.body)).encode())]
        place = {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""}
        scope = {"type": "http", "method": method, "headers": headers, "client": ("127.0.0.1", 1), **place}
        asyncio.run(server.service(scope, exchange.receive, exchange.send))
        assert exchange.status in (200, 400, 404), (route, body, exchange.status)
    finally:
        server.socket.close()


@settings(RELAXED, max_examples=100)
@given(
    st.lists(st.sampled_from([b"GET /v2/texts HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n", b"\0", b"[" * 99]) | st.binary())
)
def test_any_bytes_leave_the_server_usable(pieces: list[bytes]) -> None:
    callfire = _shared()
    with connection(callfire) as opened, contextlib.suppress(ConnectionError):
        opened.sendall(b"".join(pieces))
        opened.shutdown(socket.SHUT_WR)
        ended(opened)
    assert requests.get(f"{callfire.url}/texts", auth=(callfire.username, callfire.password), timeout=10).ok


SHARED: list[Running] = []


def _shared() -> Running:
    if not SHARED:
        SHARED.append(start())
    return SHARED[0]


@pytest.fixture(scope="module", autouse=True)
def _stop_the_shared_sandbox() -> Iterator[None]:
    yield
    while SHARED:
        SHARED.pop().stop()
