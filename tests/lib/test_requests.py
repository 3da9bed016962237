"""Every operation over real HTTP: the request for an input with all properties.

CallFire's published description is the source of expected_requests.json, not the connector's declarations.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput, Unavailable
from lib.callfire.exact_json import portable
from tests.lib.recording import Recorder, Reply, json_reply, recording
from tests.lib.steps import FakeStep, config_for, run
from tools.functions import ROOT, function_id

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "expected_requests.json").read_text())
MODULES = {function_id(path.stem): path.stem for path in (ROOT / "lib" / "actions").glob("[!_]*.py")}
# this test checks requests, not the preparation of recipients
AS_GIVEN = {"idempotency": "off", "numbers": "asGiven"}
JSON_ONLY = [name for name, expected in EXPECTED.items() if "form" not in expected]


@pytest.mark.parametrize("name", JSON_ONLY)
def test_all_inputs_are_sent_as_described(name: str, server: Recorder) -> None:
    expected = EXPECTED[name]
    run(f"actions.{MODULES[name]}", expected["input"], config_for(server.url + "/v2", **AS_GIVEN))
    (request,) = server.received
    assert request.method == expected["method"]
    assert request.path == "/v2" + expected["path"]
    assert sorted(request.query) == sorted(map(tuple, expected["query"]))
    if "body" in expected:
        assert request.headers["content-type"] == "application/json"
        assert request.json == expected["body"]
    else:
        assert request.body == b""
        assert "content-type" not in request.headers
    assert request.headers["authorization"] == "Basic bG9naW46czNjcjN0LXBhc3M="
    assert request.headers["user-agent"].startswith("callfire-connector/")


@pytest.mark.parametrize("name", JSON_ONLY)
def test_missing_inputs_are_not_sent(name: str, server: Recorder) -> None:
    expected = EXPECTED[name]
    needed = minimal(name, expected)
    run(f"actions.{MODULES[name]}", needed, config_for(server.url, pageSize="7", **AS_GIVEN))
    (request,) = server.received
    paging = {"limit": "7", "offset": "0"}
    takes = {name for name, _ in expected["query"]}
    in_query = {name: str(value) for name, value in needed.items() if name in takes and not isinstance(value, list)}
    sent = {name: value for name, value in request.query if name not in ("keywords", "contactId")}
    assert sent == in_query | {name: value for name, value in paging.items() if name in takes}
    if "body" in expected:
        in_body = {name: value for name, value in needed.items() if name not in expected["required"]}
        assert request.json == (in_body if isinstance(expected["body"], dict) else next(iter(in_body.values())))


def minimal(name: str, expected: dict[str, Any]) -> dict[str, Any]:
    demanded = {
        "addDoNotContacts": ["numbers"],
        "findKeywords": ["keywords"],
        "orderKeywords": ["keywords"],
        "postCallCampaignSound": ["toNumber"],
        "postTTSCampaignSound": ["message"],
        "removeContactListItems": ["contactId"],
        "verifyCallerId": ["verificationCode"],
    }
    whole = [key for key in ("recipients", "contacts") if isinstance(expected.get("body"), list)]
    names = [*expected["required"], *demanded.get(name, []), *(key for key in whole if key in expected["input"])]
    return {key: expected["input"][key] for key in names}


REQUIRED = [(name, field) for name in JSON_ONLY for field in minimal(name, EXPECTED[name])]
MISSING = [(*entry, value) for entry in REQUIRED for value in ("left out", None, "")]


@pytest.mark.parametrize(("name", "field", "missing"), MISSING)
def test_a_missing_required_input_is_refused_before_the_request(
    name: str, field: str, missing: str | None, server: Recorder
) -> None:
    values = minimal(name, EXPECTED[name])
    if missing == "left out":
        del values[field]
    else:
        values[field] = missing
    with pytest.raises(InvalidInput, match=field):
        run(f"actions.{MODULES[name]}", values, config_for(server.url))
    assert server.received == []


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in JSON_ONLY for field in EXPECTED[name]["required"]]
)
@pytest.mark.parametrize("value", [".", ".."])
def test_a_path_value_cannot_change_the_path(name: str, field: str, value: str, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=field):
        run(f"actions.{MODULES[name]}", minimal(name, EXPECTED[name]) | {field: value}, config_for(server.url))
    assert server.received == []


@pytest.mark.parametrize("name", [name for name in EXPECTED if not EXPECTED[name]["answers"]])
@pytest.mark.parametrize("status", [200, 204])
def test_the_result_of_an_empty_response_names_the_object(name: str, status: int, server: Recorder) -> None:
    server.default = Reply(status, b"")
    values = minimal(name, EXPECTED[name])
    (payload,) = run(f"actions.{MODULES[name]}", values, config_for(server.url))
    assert payload["body"]
    assert payload["body"].items() <= {name: portable(value) for name, value in values.items()}.items()
    assert set(EXPECTED[name]["required"]) <= set(payload["body"])


def test_bare_values_become_objects(server: Recorder) -> None:
    server.replies += [json_reply(True), json_reply([{"number": "18005550100"}])]
    config = config_for(server.url)
    assert run("actions.is_keyword_available", {"keyword": "SUN"}, config) == [{"body": {"value": True}}]
    assert run("actions.find_numbers_tollfree", {}, config)[0]["body"] == {"items": [{"number": "18005550100"}]}


def test_ids_keep_all_their_digits(server: Recorder) -> None:
    server.default = Reply(200, b'{"id": 9223372036854775807, "campaignId": 9007199254740991, "n": -9007199254740992}')
    (payload,) = run("actions.get_text", {"id": "9223372036854775807"}, config_for(server.url))
    assert server.received[0].path == "/texts/9223372036854775807"
    assert payload["body"] == {"id": "9223372036854775807", "campaignId": 9007199254740991, "n": "-9007199254740992"}


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("9007199254740991", 9007199254740991),
        ("9007199254740992", "9007199254740992"),
        ("-9007199254740991", -9007199254740991),
        ("-9007199254740992", "-9007199254740992"),
        ("12345678901234567", "12345678901234567"),
        ("-999999999999999", -999999999999999),
        ("9" * 5000, "9" * 5000),
        ("1e30", 1e30),
        ('"9223372036854775807"', "9223372036854775807"),
    ],
)
def test_integers_that_javascript_rounds_are_text(digits: str, value: Any, server: Recorder) -> None:
    server.default = Reply(200, b'{"items": [{"deep": [%b]}], "totalCount": 1}' % digits.encode())
    (payload,) = run("actions.find_texts", {"limit": 1}, config_for(server.url))
    (found,) = payload["body"]["items"][0]["deep"]
    assert (found, type(found)) == (value, type(value))


def test_connections_are_used_again(server: Recorder) -> None:
    for _ in range(5):
        run("actions.get_account", {}, config_for(server.url))
    assert len(server.received) == 5
    assert server.connections == 1


def test_a_connection_closed_while_idle_is_not_a_failure(server: Recorder) -> None:
    """A send on this connection would have an unknown outcome. The client must detect it before writing."""
    server.replies += [Reply(200, b"{}", {"X-Gone": "yes"})]
    send = {"recipients": {"phoneNumber": "12132000384"}, "defaultMessage": "Your table is ready"}
    run("actions.send_texts", send, config_for(server.url))
    assert server.closed.wait(10)
    run("actions.send_texts", send, config_for(server.url))
    assert (len(server.received), server.connections) == (2, 2)


def test_a_proxy_receives_no_unencrypted_login(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with recording() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("https_proxy", proxy.url)
        run("actions.get_account", {}, config_for(server.url))
        with pytest.raises(Unavailable):
            run("actions.get_account", {}, config_for("https://callfire.invalid", errorPolicy="error"))
        assert len(server.received) == 1
        assert {request.method for request in proxy.received} == {"CONNECT"}
        assert not any("authorization" in request.headers for request in proxy.received)


def test_a_form_selection_replaces_a_missing_value(server: Recorder) -> None:
    config = config_for(server.url, id="17")
    run("actions.get_contact_list", {}, config)
    run("actions.get_contact_list", {"id": 18}, config)
    assert [request.path for request in server.received] == ["/contacts/lists/17", "/contacts/lists/18"]


def test_actions_without_file_inputs_send_no_files(server: Recorder) -> None:
    step = FakeStep()
    run("actions.get_account", {}, config_for(server.url), step=step, attachments={"a.txt": {"url": "x"}})
    assert len(server.received) == 1


def test_a_contact_is_deleted_and_a_lease_released_by_an_update(server: Recorder) -> None:
    config = config_for(server.url)
    run("actions.update_contact", {"id": 5, "deleted": "true"}, config)
    run("actions.update_keyword_lease", {"keyword": "SUN", "status": "RELEASED"}, config)
    assert [request.json for request in server.received] == [{"deleted": True}, {"status": "RELEASED"}]
