"""Raw requests: any path of CallFire, and no other host."""

from typing import Any

import pytest
from elasticio import Rebound

from lib.callfire.api.errors import InvalidInput, NotFound, OutcomeUnknown
from tests.lib.recording import Recorder, Reply, json_reply
from tests.lib.steps import bodies, config_for

ACTION = "actions.make_raw_request"


def test_method_path_and_data_are_sent_unchanged(server: Recorder) -> None:
    server.default = json_reply({"ok": [1, 2.5, None]}, 201, **{"X-One": "1"})
    data = {"a": 5, "b": None, "c": [True], "d": {"e": 1.5}}
    body = {"method": "PATCH", "url": "things/1%2F2?x=a%20b&x=2", "data": data}
    (emitted,) = bodies(ACTION, body, config_for(server.url + "/v2"))
    (request,) = server.received
    assert (request.method, request.path, request.query) == ("PATCH", "/v2/things/1%2F2", [("x", "a b"), ("x", "2")])
    assert request.json == data
    assert emitted["statusCode"] == 201
    assert emitted["headers"]["x-one"] == "1"
    assert emitted["responseBody"] == {"ok": [1, 2.5, None]}


@pytest.mark.parametrize("data", [[], [1], "text", 0, False])
def test_data_may_be_any_json(data: Any, server: Recorder) -> None:
    bodies(ACTION, {"method": "POST", "url": "/x", "data": data}, config_for(server.url))
    assert server.received[0].json == data


def test_responses_that_are_not_json_are_text(server: Recorder) -> None:
    server.replies += [Reply(200, "Grüße".encode(), {"Content-Type": "text/plain; charset=utf-8"}), Reply(204, b"")]
    body = {"method": "GET", "url": "/x"}
    assert bodies(ACTION, body, config_for(server.url))[0]["responseBody"] == "Grüße"
    assert bodies(ACTION, body, config_for(server.url))[0]["responseBody"] is None


def test_404_is_an_error_by_default(server: Recorder) -> None:
    server.default = json_reply({"message": "none"}, 404)
    body = {"method": "GET", "url": "/x"}
    with pytest.raises(NotFound):
        bodies(ACTION, body, config_for(server.url))
    (emitted,) = bodies(ACTION, body, config_for(server.url, doNotThrow404=True))
    assert (emitted["statusCode"], emitted["responseBody"]) == (404, {"message": "none"})


@pytest.mark.parametrize(("method", "outcome"), [("GET", Rebound), ("POST", OutcomeUnknown), ("PUT", OutcomeUnknown)])
def test_only_safe_requests_are_repeated(method: str, outcome: type, server: Recorder) -> None:
    server.default = json_reply({}, 503)
    with pytest.raises(outcome):
        bodies(ACTION, {"method": method, "url": "/x"}, config_for(server.url))
    assert len(server.received) == (4 if method == "GET" else 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "http:evil",
        "\\\\evil",
        "/a/../../x",
        "/a/%2e%2E/x",
        "/a b",
        "/a#b",
        "/a\r\nHost: x",
        "/ä",
        "?x=1",
    ],
)
def test_other_hosts_are_refused(url: str, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=r"^url: "):
        bodies(ACTION, {"method": "GET", "url": url}, config_for(server.url))
    assert server.received == []


@pytest.mark.parametrize(
    ("body", "name"),
    [({"url": "/x"}, "method"), ({"method": "GET"}, "url"), ({"method": "TRACE", "url": "/x"}, "method")],
)
def test_method_and_address_are_required(body: Any, name: str, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=f"^{name}: "):
        bodies(ACTION, body, config_for(server.url))


@pytest.mark.parametrize("url", ["@evil.example/x", ":80@evil.example", "evil.example"])
def test_a_path_that_looks_like_a_host_stays_a_path(url: str, server: Recorder) -> None:
    bodies(ACTION, {"method": "GET", "url": url}, config_for(server.url))
    assert server.received[0].path == f"/{url}"
