"""Parts of the flow runner: mapping, state, and the local platform with the runtime's clients."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticio import Message, PlatformError
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.object_storage import ObjectStorage
from elasticio_runner.engine.state_file import State
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.local_platform import webhook_message
from elasticio_runner.local_platform.object_store import ObjectStore
from elasticio_runner.local_platform.platform_api import LocalPlatform
from elasticio_runner.mapping.edge import Edge, compiled
from elasticio_runner.mapping.expression import MappingError

from tests.runner.hooked import Hooked

MESSAGE = {"body": {"n": 2, "text": "a private text", "none": None, "list": [1, 2]}, "headers": {"h": 1}, "id": "m"}


def carried(mapping: Any, **variables: Any) -> Any:
    edge = Edge("a", "b", compiled(mapping, ("mapping",)))
    result = edge.carry(MESSAGE, variables)
    assert result is not None
    assert {name: value for name, value in result.items() if name != "body"} == {"headers": {"h": 1}, "id": "m"}
    return json.loads(json.dumps(result["body"]))


@pytest.mark.parametrize(
    ("mapping", "body"),
    [
        ("body", MESSAGE["body"]),
        ("body.n + 1", 3),
        ({"a": "body.n", "b": {"c": ["'x' & body.n", 7, True, None]}}, {"a": 2, "b": {"c": ["x2", 7, True, None]}}),
        ({"gone": "body.missing", "null": "body.none"}, {"null": None}),
        (["body.missing", "body.n"], [2]),
        ("$variables.city", "Berlin"),
        ("body.list[$ > 1]", 2),
        ({"big": "9007199254740993"}, {"big": 9007199254740992}),
        ({}, {}),
        ("headers.h", 1),
    ],
)
def test_a_mapping_makes_the_next_body(mapping: Any, body: Any) -> None:
    assert carried(mapping, city="Berlin") == body


@pytest.mark.parametrize(
    "expression", ["body.text + 1", "$number(body.text)", "$error(body.text)", "($f := function($x){$f($x)}; $f(body))"]
)
def test_a_failing_mapping_names_the_place_and_no_value(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elasticio_runner.mapping.expression._LONGEST", 100)
    with pytest.raises(MappingError) as error:
        carried({"deep": [expression]})
    assert str(error.value).startswith("mapping.deep[0]: ")
    assert "private" not in str(error.value)


def test_a_mapping_without_a_result_fails() -> None:
    with pytest.raises(MappingError, match="yields nothing"):
        carried("body.missing")


@pytest.mark.parametrize(("condition", "taken"), [("body.n = 2", True), ("body.n > 2", False), ("body.missing", False)])
def test_a_condition_selects_the_edge(condition: str, taken: bool) -> None:
    edge = Edge("a", "b", condition=compiled(condition, ()))
    assert edge.carry(MESSAGE, {}) == (MESSAGE if taken else None)


def test_the_state_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    state = State(file)
    state.replace_snapshot("a", {"n": 1, "m": 1})
    state.update_snapshot("a", {"n": 2})
    state.update_snapshot("b", {"x": None})
    state.set_startup_data(None)
    again = State(file)
    assert again.snapshot("a") == {"n": 2, "m": 1}
    assert again.snapshot("b") == {"x": None}
    assert again.snapshot("c") == {}
    assert again.has_startup_data
    again.delete_startup_data()
    assert not State(file).has_startup_data
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1}', '{"version": 2, "snapshots": {}}'])
def test_an_invalid_state_file_is_not_replaced(tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(FlowError, match=r"state\.json"):
        State(file)
    assert file.read_text() == text


STEP = FlowStep("step", Path(), "f", config={"key": "old", "_account": "step"}, options={"passthrough": False})
FLOW = Flow("flow", "Flow", {"v": 1}, {"step": STEP})


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[LocalPlatform]:
    running = LocalPlatform(FLOW, State(), ObjectStore(tmp_path))
    running.start()
    yield running
    running.stop()


def api(platform: LocalPlatform) -> PlatformApi:
    return PlatformApi(platform.uri, platform.username, platform.api_key, 1, 1)


def test_the_platform_returns_the_data_of_a_step(platform: LocalPlatform) -> None:
    expected = {"config": STEP.config, "snapshot": {}, "is_passthrough": False, "variables": {"v": 1}}
    assert api(platform).step("flow", "step") == expected
    for flow_id, step_id in (("flow", "other"), ("other", "step")):
        with pytest.raises(PlatformError) as error:
            api(platform).step(flow_id, step_id)
        assert error.value.status == 404


def test_updated_keys_are_the_next_config(platform: LocalPlatform) -> None:
    api(platform).update_keys("step", {"key": "new"})
    assert api(platform).step("flow", "step")["config"] == {"key": "new", "_account": "step"}


def test_startup_data_is_kept_until_it_is_deleted(platform: LocalPlatform) -> None:
    client = api(platform)
    client.store_startup_data("flow", {"n": 1})
    client.store_startup_data("flow", {"n": 2})
    assert client.startup_data("flow") == {"n": 2}
    client.delete_startup_data("flow")
    with pytest.raises(PlatformError):
        client.startup_data("flow")


def test_a_wrong_login_is_refused(platform: LocalPlatform) -> None:
    with pytest.raises(PlatformError, match="401"):
        PlatformApi(platform.uri, platform.username, "guess", 1, 1).step("flow", "step")
    with pytest.raises(PlatformError, match="401"):
        ObjectStorage(platform.uri, "guess").get("any")
    assert requests.get(f"{platform.uri}/etc/passwd", timeout=10).status_code == 404


@pytest.mark.parametrize("stored", [True, False])
def test_files_are_stored_and_read(platform: LocalPlatform, stored: bool) -> None:
    storage = ObjectStorage(platform.uri, platform.token) if stored else None
    attachments = Attachments(storage, api(platform))
    content = bytes(range(256)) * 4096
    entry = attachments.add("a b.bin", iter([content[:1000], b"", content[1000:]]), "application/x-test")
    assert entry["size"] == len(content)
    with attachments.open(Message(attachments={"a": entry}), "a") as stream:
        assert stream.content_type == "application/x-test"
        assert stream.read() == content


def test_objects_can_be_replaced_and_deleted(platform: LocalPlatform) -> None:
    storage = ObjectStorage(platform.uri, platform.token)
    object_id = storage.put(b"one")
    assert storage.get(object_id) == b"one"
    storage.delete(object_id)
    with pytest.raises(PlatformError) as error:
        storage.get(object_id)
    assert error.value.status == 404


@pytest.fixture
def hooked(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hooked]:
    running = Hooked(tmp_path, **getattr(request, "param", {}))
    running.platform.start()
    yield running
    running.platform.stop()


def test_a_request_becomes_a_message(hooked: Hooked) -> None:
    answer = requests.put(f"{hooked.uri}?a=1&b=2&b=3&c=", json={"x": 1}, headers={"X-Upper": "Yes"}, timeout=10)
    assert (answer.status_code, answer.json()) == (200, {})
    message = hooked.sent[0][0]
    assert message["body"] == {"x": 1}
    assert message["headers"]["x-upper"] == "Yes"
    assert message["query"] == {"a": "1", "b": ["2", "3"], "c": ""}
    assert message["method"] == "PUT"
    assert message["url"] == "https://public.example/hook/hook?a=1&b=2&b=3&c="
    assert message["attachments"] == {}


def test_forms_and_files_are_read(hooked: Hooked) -> None:
    requests.post(hooked.uri, data={"a": "1 ü"}, timeout=10)
    requests.post(hooked.uri, data={"a": "2"}, files={"f": ("x.txt", b"\x00\xff", "text/plain")}, timeout=10)
    requests.post(hooked.uri, data=b"<xml/>", headers={"content-type": "application/xml"}, timeout=10)
    requests.get(hooked.uri, timeout=10)
    messages = [message for message, _ in hooked.sent]
    assert [message["body"] for message in messages] == [{"a": "1 ü"}, {"a": "2"}, {}, {}]
    assert messages[1]["attachments"] == {"x.txt": {"url": "stored:1", "content-type": "text/plain", "size": 2}}
    assert messages[2]["attachments"]["body"]["content-type"] == "application/xml"
    assert hooked.stored == [b"\x00\xff", b"<xml/>"]


@pytest.mark.parametrize("hooked", [{"consumes_raw_data": True}], indirect=True)
def test_raw_data_is_not_parsed(hooked: Hooked) -> None:
    requests.post(hooked.uri, data='{"a":  "ü"}'.encode(), headers={"content-type": "application/json"}, timeout=10)
    assert hooked.sent[0][0]["body"] == {"rawData": '{"a":  "ü"}'}
    assert requests.post(hooked.uri, data=b"\xff", timeout=10).status_code == 415


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("multipart/form-data; boundary=x", b"no form", 400),
        ("application/x-www-form-urlencoded", b"\xff", 415),
        ("text/plain", b"x" * (webhook_message.LIMIT + 1), 413),
    ],
)
def test_an_unreadable_request_is_refused(hooked: Hooked, content_type: str, body: bytes, status: int) -> None:
    answer = requests.post(hooked.uri, data=body, headers={"content-type": content_type}, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert hooked.sent == []


def test_the_reply_of_the_trigger_is_the_response(hooked: Hooked) -> None:
    reply = {"statusCode": 401, "headers": {"X-A": "b", "content-length": "7000"}, "body": "no entry"}
    hooked.react = lambda thread_id: hooked.gateway.replied(thread_id, "hook", reply)
    answer = requests.post(hooked.uri, timeout=10)
    assert (answer.status_code, answer.headers["x-a"], answer.text) == (401, "b", "no entry")


@pytest.mark.parametrize("hooked", [{"options": {"webhook": {"answeredBy": "last"}}}], indirect=True)
def test_the_reply_of_a_later_step_is_the_response(hooked: Hooked) -> None:
    def react(thread_id: str) -> None:
        hooked.gateway.settled(thread_id, "hook")
        hooked.gateway.replied(thread_id, "hook", {"statusCode": 500})
        hooked.gateway.replied(thread_id, "last", {"body": {"done": True}})

    hooked.react = react
    answer = requests.post(hooked.uri, timeout=10)
    assert (answer.status_code, answer.json()) == (200, {"done": True})


def test_the_response_to_a_failure_does_not_contain_the_reason(hooked: Hooked) -> None:
    hooked.react = hooked.gateway.failed
    assert requests.post(hooked.uri, timeout=10).status_code == 500


def test_a_flow_that_ends_refuses_requests(hooked: Hooked) -> None:
    hooked.gateway.close()
    assert requests.post(hooked.uri, timeout=10).status_code == 503
    assert requests.post(f"{hooked.platform.uri}/hook/other", timeout=10).status_code == 404
