"""The server of the page: order and texts of the description, access, calls of the component"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from elasticio.cli import main
from elasticio_runner.preview import calls
from elasticio_runner.preview.description import description
from elasticio_runner.preview.page_access import HEADER
from elasticio_runner.preview.server import PreviewServer

from tests.runner.preview.conftest import COMPONENT, VALUES, Client, only


def test_functions_and_fields_have_the_order_of_the_designer() -> None:
    shown = description(COMPONENT)
    assert [(entry["kind"], entry["id"]) for entry in shown["functions"] if entry["kind"] == "trigger"] == [
        ("trigger", "hook"),
        ("trigger", "poll"),
    ]
    actions = [entry["id"] for entry in shown["functions"] if entry["kind"] == "action"]
    assert actions == ["old", "act", "form", "selects", "hostile", "zebra", "apple"]
    assert [field["id"] for field in shown["credentials"]["fields"]] == ["user", "secret"]
    form = next(entry for entry in shown["functions"] if entry["id"] == "form")
    orders = [field["order"] for field in form["fields"]]
    assert orders == sorted(orders, reverse=True)
    assert form["fields"][-1]["id"] == "tokens"


def test_every_value_is_a_text_and_every_mistake_is_a_problem() -> None:
    shown = description(COMPONENT)
    hostile = next(entry for entry in shown["functions"] if entry["id"] == "hostile")
    number = next(field for field in hostile["fields"] if field["id"] == "number")
    assert (number["label"], number["viewClass"]) == ('{"a": 1}', "7")
    assert shown["problems"] == [
        "component.json: actions.hostile.fields.list: must be an object.",
        'The command "elasticio check" lists all mistakes.',
    ]


@pytest.mark.parametrize(
    "content", ['{"triggers": [], "actions": 7, "credentials": "x"}', '{"actions": {"a": {"order": 1e999}}}']
)
def test_odd_components_are_described(content: str, tmp_path: Path) -> None:
    (tmp_path / "component.json").write_text(content)
    assert description(tmp_path)["title"] == tmp_path.name


REFUSED: list[tuple[dict[str, str], int]] = [
    ({HEADER: "wrong"}, 401),
    ({HEADER: ""}, 401),
    ({"Host": "evil.example"}, 403),
    ({"Host": "127.0.0.1:1"}, 403),
    ({"Host": "evil.example:{port}"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
    ({"Origin": "null"}, 403),
]


@pytest.mark.parametrize("path", ["/api/component", "/api/schemas", "/api/files/a/1/0"])
@pytest.mark.parametrize(("headers", "status"), REFUSED, ids=str)
def test_requests_of_other_sites_are_refused(
    client: Client, headers: Mapping[str, str], status: int, path: str
) -> None:
    port = client.root.rpartition(":")[2]
    answer = client.get(path, **{name: value.format(port=port) for name, value in headers.items()})
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers
    assert client.token not in answer.text


def test_a_call_of_another_site_runs_nothing(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        body = {"kind": "run", "function": "act", "config": VALUES, "body": {"hang": listener.getsockname()[1]}}
        for headers in ({}, {HEADER: client.token, "Origin": "https://evil.example"}):
            refused = requests.post(f"{client.root}/api/calls", json=body, headers=headers, timeout=30)
            assert refused.status_code in (401, 403)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_the_page_itself_needs_no_token_and_contains_none(client: Client) -> None:
    answer = requests.get(client.root, timeout=30)
    assert answer.status_code == 200
    assert client.token not in answer.text
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) <= {"'none'", "'self'", "'self' data:"}
    assert requests.get(client.root, headers={"Host": "evil.example"}, timeout=30).status_code == 403
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/page/", "/api/files/..%2f/1/0"):
        assert client.get(path).status_code == 404, path


def test_credentials_are_refused_with_the_reason_and_a_traceback(client: Client) -> None:
    events = client.call("verify", config={"user": "ann", "secret": "wrong"})
    reason = "secret: the carrier refused the key of ann. Ask for a new one."
    assert only(events, "result")["value"] == {"verified": False, "reason": reason}
    assert any("Traceback" in event.get("text", "") for event in events)


def test_the_error_of_a_select_is_its_text(client: Client) -> None:
    failed = only(client.call("options", "selects", field="broken"), "failed")
    assert failed == {"event": "failed", "reason": "The carrier is on strike. Try again tomorrow."}


def test_a_run_reports_events_files_and_logs_apart(client: Client) -> None:
    sent = {"files": ["a.txt", "b.txt"]}
    files = [{"name": "in.txt", "content": "aGVsbG8="}]
    events = client.call("run", "act", body=sent, files=files)
    [data] = [event for event in events if event["event"] == "data"]
    assert data["body"] == {"sent": sent, "user": "ann"}
    assert [file["name"] for file in data["files"]] == ["a.txt", "b.txt", "copy of in.txt"]
    contents = [client.get(f"/api/files/{events[0]['call']}/{file['place']}") for file in data["files"]]
    assert [answer.text for answer in contents] == ["content of a.txt", "content of b.txt", "hello"]
    assert contents[0].headers["Content-Type"] == "application/octet-stream"
    assert {"event": "log", "who": "component", "text": "sending a parcel"} in events
    assert {"event": "output", "text": "printed by the component"} in events
    assert only(events, "done") == {"event": "done", "ok": True}


def test_files_of_several_events_are_apart_and_have_safe_names(client: Client) -> None:
    events = client.call("run", "act", body={"files": ["x/a.txt", ".."], "twice": True})
    files = [file for event in events if event["event"] == "data" for file in event["files"]]
    assert [file["name"] for file in files] == ["a.txt", "file"] * 2
    assert len({file["place"] for file in files}) == 4
    assert client.get(f"/api/files/{events[0]['call']}/{files[2]['place']}").text == "content of x/a.txt"


def test_the_error_of_a_run_is_apart_from_its_traceback(client: Client) -> None:
    events = client.call("run", "act", body={"error": "no stamps"})
    assert only(events, "error") == {"event": "error", "text": "ValueError: no stamps"}
    [traceback] = [event["text"] for event in events if "Traceback" in event.get("text", "")]
    assert "preview_act.py" in traceback
    assert "no stamps" not in traceback.splitlines()[-1]
    assert only(events, "done") == {"event": "done", "ok": False}


def test_a_process_that_ends_is_a_failure(client: Client) -> None:
    failed = only(client.call("run", "act", body={"exit": 3}), "failed")
    assert failed == {"event": "failed", "reason": "The component ended the process with exit code 3."}


def test_a_hanging_call_ends_at_its_time_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(calls, "LIMITS", {**calls.LIMITS, "sample": 0.1})
        last = only(client.call("sample", "act", body={"hang": listener.getsockname()[1]}), "stopped")
    assert last == {"event": "stopped", "reason": "The call did not end within 0.1 s and was stopped."}


def test_stopping_the_server_ends_calls_and_deletes_files() -> None:
    server = PreviewServer(COMPONENT)
    server.start()
    client = Client(server)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        body = {"kind": "run", "function": "act", "config": VALUES, "body": {"hang": listener.getsockname()[1]}}
        with client.post(body, stream=True):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(30)
                server.stop()
                assert connection.recv(1) == b""
    assert not server._files.exists()


@pytest.mark.parametrize("body", [[], {"kind": "x"}, {"kind": "run", "config": 1}, {"kind": "run", "files": [1]}])
def test_invalid_calls_are_refused(client: Client, body: object) -> None:
    assert client.post(body).status_code == 400


def test_changed_files_are_used_at_once(tmp_path: Path) -> None:
    component = shutil.copytree(COMPONENT, tmp_path / "parcels", ignore=shutil.ignore_patterns("__pycache__"))
    server = PreviewServer(component)
    server.start()
    try:
        client = Client(server)
        before = client.get("/api/component").json()
        assert client.get(f"/api/component?known={before['revision']}").json() == {"revision": before["revision"]}
        module = component / "preview_form.py"
        module.write_text(module.read_text().replace("France", "La France"))
        assert only(client.call("options", "selects", field="country"), "result")["value"]["fr"] == "La France"
        (component / "component.json").write_text("{")
        assert "component.json" in client.get(f"/api/component?known={before['revision']}").json()["problem"]
        (component / "component.json").write_text(json.dumps({"title": "Repaired"}))
        assert client.get("/api/component").json()["component"]["title"] == "Repaired"
    finally:
        server.stop()


def test_schemas_are_read_within_the_component(client: Client) -> None:
    found = client.get("/api/schemas?function=hostile&kind=action").json()
    assert found["out"] == {"problem": "metadata.out: ../../../outside.json is outside of the component's folder"}
    assert client.get("/api/schemas?function=zebra&kind=action").json() == {"in": None, "out": None}


def test_the_command_serves_until_ctrl_c() -> None:
    program = (sys.executable, "-m", "elasticio", "preview", str(COMPONENT), "--config", '{"secret": "${KEY}"}')
    environ = {**os.environ, "KEY": "right"}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        root, _, token = address.partition("/#token=")
        shown = requests.get(f"{root}/api/component", headers={HEADER: token}, timeout=30).json()
        assert shown["values"] == {"secret": "${KEY}"}
        body = {"kind": "verify", "config": {"user": "ann", "secret": "${KEY}"}}
        answer = requests.post(f"{root}/api/calls", json=body, headers={HEADER: token}, timeout=30)
        assert '"verified": true' in answer.text
        process.send_signal(signal.SIGINT)
        rest = process.communicate()
        assert process.returncode == 0, rest
        assert "right" not in "".join(rest)


def test_a_folder_without_a_component_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["preview", str(tmp_path)])
    assert ended.value.code == 2
    assert f"{tmp_path} has no component.json. Name the folder of a component." in capsys.readouterr().err


@pytest.mark.parametrize("config", ["{", "[]", "@/nowhere"])
def test_an_invalid_config_is_an_error(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["preview", str(COMPONENT), "--config", config])
    assert ended.value.code == 2
    assert "argument --config" in capsys.readouterr().err
