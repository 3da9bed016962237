"""Responses that are no HTTP, no JSON, or not the data of the operation: each has an outcome."""

from typing import Any

import pytest

from lib.callfire.api.errors import (
    CallFireError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
)
from tests.lib.failing_calls import DELETE, READ, SECRET, SEND, UPDATE, failure
from tests.lib.recording import Recorder, Reply, json_reply
from tests.lib.steps import config_for, run
from tests.sdk.http.scripted import answers, repeats, scripted

DEEP = b"[" * 100_000 + b"]" * 100_000


# whole responses as bytes: the error of a read, and the error of a send
ODD: dict[str, tuple[bytes, type[CallFireError], type[CallFireError]]] = {
    "JSON nested too deeply": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + DEEP,
        Unavailable,
        OutcomeUnknown,
    ),
    "a negative chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n",
        Unavailable,
        OutcomeUnknown,
    ),
    "garbage": (b"SSH-2.0-OpenSSH_9\r\n", Unavailable, OutcomeUnknown),
    "an error that breaks off": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 50\r\n\r\n{", NotFound, NotFound),
    "a failure that breaks off": (
        b"HTTP/1.1 503 Unavailable\r\nContent-Length: 50\r\n\r\n{",
        Unavailable,
        OutcomeUnknown,
    ),
    "half an emoji": (
        b'HTTP/1.1 503 Unavailable\r\nContent-Length: 25\r\n\r\n{"message":"busy \\ud83d"}  ',
        Unavailable,
        OutcomeUnknown,
    ),
    "a pause without end": (
        b"HTTP/1.1 429\r\nRetry-After: 21 Oct 99999999999 07:28 GMT\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        RateLimited,
        RateLimited,
    ),
    "too large": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n",
        Unavailable,
        OutcomeUnknown,
    ),
}


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return lines.encode() + b"\r\n" + body


ODD |= {
    f"not JSON: {body.decode()}": (whole(body), Unavailable, OutcomeUnknown)
    for body in (b'{"id":NaN}', b'{"id":-Infinity}', b'{"id":1e999}', b'{"id":12345678901234567,"x":1e999}', b"NaN")
} | {
    "201 levels": (whole(b'{"id":' + b"[" * 200 + b"]" * 200 + b"}"), Unavailable, OutcomeUnknown),
    "201 objects": (whole(b'{"id":' * 201 + b"1" + b"}" * 201), Unavailable, OutcomeUnknown),
    "a slow charset": (
        whole(b"\xff-" + b"9" * 300_000, "Content-Type: text/plain; charset=punycode"),
        Unavailable,
        OutcomeUnknown,
    ),
    "status 000": (whole(b"{}", status="000 Odd"), Unavailable, OutcomeUnknown),
    "status 042": (whole(b"{}", status="042 Odd"), Unavailable, OutcomeUnknown),
    "another protocol": (whole(b"", status="101 Odd"), Unavailable, OutcomeUnknown),
    "a nested message": (
        whole(b'{"message":' + b"[" * 960 + b"]" * 960 + b"}", status="503 Odd"),
        Unavailable,
        OutcomeUnknown,
    ),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("call", [READ, SEND], ids=["read", "send"])
def test_an_odd_response_has_an_outcome(name: str, call: tuple[str, Any], pauses: list[float]) -> None:
    raw, safe, once = ODD[name]
    with scripted(answers(raw)) as server:
        error = failure(call, config_for(server.url, timeout="5"))
    assert type(error) is (safe if call == READ else once)
    str(error).encode()


@pytest.mark.parametrize("call", [READ, SEND], ids=["read", "send"])
def test_early_hints_are_not_the_response(call: tuple[str, Any]) -> None:
    raw = b'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"id":1}'
    with scripted(repeats(raw)) as server:
        assert run(*READ, config_for(server.url)) == [{"body": {"id": 1}}]


def test_json_in_another_charset_is_read() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=ISO-8859-1\r\nContent-Length: 25\r\n\r\n"
    with scripted(repeats(raw + b'{"id":1,"message":"caf\xe9"}')) as server:
        assert run(*READ, config_for(server.url))[0]["body"]["message"] == "caf\xe9"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "cp037"])
def test_long_numbers_are_text_in_each_charset(charset: str) -> None:
    body = '{"id":12345678901234567890,"size":1}'.encode(charset)
    with scripted(repeats(whole(body, f"Content-Type: application/json; charset={charset}"))) as server:
        assert run(*READ, config_for(server.url)) == [{"body": {"id": "12345678901234567890", "size": 1}}]


@pytest.mark.parametrize("depth", [1, 199])
def test_nested_json_is_read(depth: int) -> None:
    body = b'{"id":1,"x":' + b"[" * depth + b"]" * depth + b"}"
    with scripted(repeats(whole(body))) as server:
        assert run(*READ, config_for(server.url))[0]["body"]["id"] == 1


@pytest.mark.parametrize("call", [READ, SEND], ids=["read", "send"])
def test_a_response_that_is_not_json_shows_no_secret_of_its_headers(call: tuple[str, Any]) -> None:
    login = "bG9naW46czNjcjN0LXBhc3M"
    kind = f"Content-Type: {SECRET} {login}= {login} 12132000384 (213) 200-0384"
    with scripted(answers(whole(b"<x>", kind))) as server:
        error = failure(call, config_for(server.url, timeout="5"))
    assert "with *** *** *** …0384 that is not JSON" in str(error)


CREATE = ("actions.create_contacts", {"contacts": [{"firstName": "Ann"}]})
LIST: tuple[str, Any] = ("actions.find_texts", {})
UNEXPECTED = {
    "a read without a body": (READ, Reply(200, b""), Unavailable),
    "a read with a list": (READ, json_reply([1]), Unavailable),
    "a list without a body": (LIST, Reply(200, b""), Unavailable),
    "a list with a number": (LIST, json_reply(5), Unavailable),
    "a list whose items are none": (LIST, json_reply({"items": 5}), Unavailable),
    "a list whose items are an object": (LIST, json_reply({"items": {}}), Unavailable),
    "a create without a body": (CREATE, Reply(200, b""), OutcomeUnknown),
    "a create without results": (CREATE, json_reply({"items": None}), OutcomeUnknown),
    "a create with a number": (CREATE, json_reply(5), OutcomeUnknown),
    "a send without a body": (SEND, Reply(200, b""), OutcomeUnknown),
    "a send without results": (SEND, json_reply({"items": None}), OutcomeUnknown),
    "a command with a number": (DELETE, json_reply(5), OutcomeUnknown),
    "an update with a text": (UPDATE, json_reply("abc"), Unavailable),
}


@pytest.mark.parametrize("name", UNEXPECTED)
def test_a_success_without_the_operations_data_has_an_outcome(name: str, server: Recorder) -> None:
    call, server.default, kind = UNEXPECTED[name]
    assert type(failure(call, config_for(server.url))) is kind
    assert len(server.received) == 1


EXPECTED = {
    "an empty page": (LIST, json_reply({"items": None}), {"items": []}),
    "a bare list": (LIST, json_reply([{"id": 1}]), {"items": [{"id": 1}]}),
    "results as a bare list": (CREATE, json_reply([{"id": 1}]), {"items": [{"id": 1}]}),
    "an update without a body": (UPDATE, Reply(200, b""), {"id": 1}),
    "a command with an object": (DELETE, json_reply({"a": 1}), {"a": 1}),
    "a command with a truth": (DELETE, json_reply(True), {"value": True}),
    "some properties of an item": (READ, json_reply({"message": "Hi"}), {"message": "Hi"}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_success_with_the_operations_data_is_emitted(name: str, server: Recorder) -> None:
    call, server.default, body = EXPECTED[name]
    assert run(*call, config_for(server.url)) == [{"body": body}]
