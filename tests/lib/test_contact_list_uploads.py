"""Uploads of contact files: the created list, and waiting until it is active."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches

from lib.callfire.api.errors import CallFireError
from tests.lib.recording import Recorder, json_reply
from tests.lib.steps import FakeStep, config_for, run
from tests.lib.test_contact_files import ACTION, ASCII, ROWS, table
from tests.lib.test_files import attached, parts


def test_changes_are_logged_without_data(server: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    step, attachments = attached("contacts.csv", table(ROWS, ";").encode("cp1252"), "text/csv")
    with caplog.at_level("INFO"):
        run(ACTION, {}, config_for(server.url), step=step, attachments=attachments)
    assert "Converted the contact file: encoding cp1252, separator semicolon" in caplog.text
    assert "12135550177" not in caplog.text
    assert parts(server.received[0])["file"] == ("contacts.csv", "text/csv", ROWS.encode())
    assert int(server.received[0].headers["content-length"]) == len(server.received[0].body)


def test_a_repeated_upload_reads_the_file_once(server: Recorder, pauses: list[float]) -> None:
    server.replies += [json_reply({}, 429), json_reply({}, 429)]
    step, attachments = attached("contacts.csv", table(ROWS, ";").encode(), "text/csv")
    opened: list[str] = []
    original = step.attachments.open

    def open_counted(message: Any, name: str) -> Any:
        opened.append(name)
        return original(message, name)

    step.attachments.open = open_counted  # type: ignore[method-assign]
    run(ACTION, {}, config_for(server.url), step=step, attachments=attachments)
    assert [parts(request)["file"][2] for request in server.received] == [ROWS.encode()] * 3
    assert opened == ["contacts.csv"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with start(switches=Switches(ids="large")) as running:
        yield running


class TestAgainstTheSandbox:
    @pytest.mark.parametrize(
        "content",
        [
            table(ROWS, ";").encode(),
            b"\xff\xfe" + ROWS.encode("utf-16-le"),
            ROWS.encode("cp1252"),
            ROWS.replace("\n", "").encode(),
            ROWS.replace("12135550177", "1.2135550177E+10").encode(),
            ROWS.replace("12135550177", "12135550177.0").encode(),
        ],
        ids=["semicolons", "UTF-16", "Windows-1252", "CR", "exponent", "float"],
    )
    def test_the_list_becomes_active(self, sandbox: Any, content: bytes) -> None:
        step, attachments = attached("contacts.csv", content, "text/csv")
        config = {"username": sandbox.username, "password": sandbox.password, "server": sandbox.url}
        (payload,) = run(ACTION, {}, config, step=step, attachments=attachments)
        requests.post(f"{sandbox.admin_url}/clock", json={"advance": 3_600_000}, timeout=10).raise_for_status()
        (found,) = run("actions.get_contact_list", payload["body"], config)
        assert (found["body"]["status"], found["body"]["size"]) == ("ACTIVE", 2)
        items = run("actions.get_contact_list_items", payload["body"], config | {"emitBehavior": "emitAll"})
        names = sorted(contact["lastName"] for contact in items[0]["body"]["items"])
        assert names == ["Müller", "O\u2019Brien"]


class Clock:
    """The connector's clock. A sleep advances it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("lib.callfire.clock.monotonic", lambda: self.now)
        monkeypatch.setattr("lib.callfire.clock.sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def waiting(server: Recorder, step: FakeStep | None = None, snapshot: Any = None, **form: Any) -> list[dict[str, Any]]:
    step = step or FakeStep()
    step.attachments.files["a.csv"] = (ASCII.encode(), "text/csv")
    config = config_for(server.url, waitUntilActive="on", **form)
    return run(ACTION, {}, config, step=step, snapshot=snapshot, attachments={"a.csv": {"url": "memory:"}})


@pytest.mark.usefixtures("clock")
class TestWaiting:
    def test_waiting_ends_when_the_list_is_active(self, server: Recorder) -> None:
        server.replies += [json_reply({"id": 5})]
        server.replies += [
            json_reply({"id": 5, "status": status}) for status in ("VALIDATING", "IMPORTING", "VALIDATING")
        ]
        server.replies += [json_reply({"id": 5, "status": "ACTIVE", "size": 12})]
        assert waiting(server) == [{"body": {"id": 5, "status": "ACTIVE", "size": 12}}]
        assert [request.method for request in server.received] == ["POST", "GET", "GET", "GET", "GET"]
        assert {request.path for request in server.received[1:]} == {"/contacts/lists/5"}

    @pytest.mark.parametrize("status", ["PARSE_FAILED", "COLUMN_TOO_LARGE", "IMPORT_FAILED", "ERRORS", "DELETED"])
    def test_a_list_that_fails(self, server: Recorder, status: str) -> None:
        server.replies += [json_reply({"id": 5}), json_reply({"id": 5, "status": status})]
        with pytest.raises(
            CallFireError, match=rf"^contact list 5: was created, but its status is {status}\."
        ) as caught:
            waiting(server)
        assert type(caught.value).__name__ == "Rejected"

    @pytest.mark.parametrize(
        "reply",
        [json_reply({"id": 5, "status": "VALIDATING"}), json_reply({}, 503), json_reply({}, 404), json_reply([])],
    )
    def test_the_time_limit_neither_rebounds_nor_creates_a_second_list(
        self, server: Recorder, clock: Clock, reply: Any
    ) -> None:
        server.replies += [json_reply({"id": 5})]
        server.default = reply
        with pytest.raises(CallFireError, match=r"^contact list 5: was created, but its status is still") as caught:
            waiting(server, waitLimit="60")
        assert type(caught.value).__name__ == "OutcomeUnknown"
        assert [request.method for request in server.received].count("POST") == 1
        assert 50 <= clock.now <= 60

    def test_a_status_that_cannot_be_read(self, server: Recorder) -> None:
        server.replies += [json_reply({"id": 5}), json_reply({"message": "no"}, 403)]
        with pytest.raises(CallFireError, match=r"^contact list 5: was created, but its status cannot be read"):
            waiting(server)

    def test_a_redelivered_message_creates_no_second_list(self, server: Recorder) -> None:
        step = FakeStep()
        server.replies += [json_reply({"id": 5}), json_reply({"id": 5, "status": "ACTIVE", "size": 1})]
        waiting(server, step, {"createdLists": {str(number): number for number in range(30)}, "other": 1})
        ((event, update),) = [emitted for emitted in step.emitted if emitted[0] != "data"]
        assert event == "updateSnapshot"
        assert len(update["createdLists"]) == 10
        assert update["createdLists"][step.incoming.message_id] == 5
        again = FakeStep(incoming=_redelivered(step))
        server.replies += [json_reply({"id": 5, "status": "ACTIVE", "size": 1})]
        assert waiting(server, again, update) == [{"body": {"id": 5, "status": "ACTIVE", "size": 1}}]
        assert [request.method for request in server.received].count("POST") == 1

    def test_a_manual_retry_creates_a_new_list(self, server: Recorder) -> None:
        step = FakeStep()
        server.replies += [json_reply({"id": 6}), json_reply({"id": 6, "status": "ACTIVE", "size": 1})]
        body = waiting(server, step, {"createdLists": {step.incoming.message_id: 5}})[0]["body"]
        assert body["id"] == 6

    @pytest.mark.parametrize("snapshot", [None, "x", {"createdLists": "x"}, {"createdLists": [1]}])
    def test_any_snapshot(self, server: Recorder, snapshot: Any) -> None:
        step = FakeStep(incoming=_redelivered(FakeStep()))
        server.replies += [json_reply({"id": 5}), json_reply({"id": 5, "status": "ACTIVE", "size": 1})]
        assert waiting(server, step, snapshot)[0]["body"]["status"] == "ACTIVE"

    def test_a_response_without_an_id(self, server: Recorder) -> None:
        server.replies += [json_reply({})]
        with pytest.raises(CallFireError, match="CallFire's response has no ID"):
            waiting(server)

    @pytest.mark.parametrize("limit", ["0", "1201", "x"])
    def test_an_invalid_time_limit(self, server: Recorder, limit: str) -> None:
        with pytest.raises(CallFireError, match=r"^waitLimit: "):
            waiting(server, waitLimit=limit)
        assert server.received == []

    def test_waiting_is_not_the_default(self, server: Recorder) -> None:
        server.replies += [json_reply({"id": 5})]
        step, attachments = attached("a.csv", ASCII.encode(), "text/csv")
        assert run(ACTION, {}, config_for(server.url), step=step, attachments=attachments) == [{"body": {"id": 5}}]
        assert len(server.received) == 1


def _redelivered(step: FakeStep) -> Any:
    return replace(step.incoming, redelivered=True)
