"""The flow files in examples/ run against the sandbox and do what their descriptions say."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from callfire_sandbox.server import Running as Sandbox
from callfire_sandbox.server import start as start_sandbox
from elasticio_runner.engine.queues import IN_MEMORY
from elasticio_runner.flow_file import reader

from tests.runner.recorder import Running

EXAMPLES = Path(__file__).parents[2] / "examples"
POLLING_INTERVAL = 0.1  # seconds
PHONE, OTHER = "12135550141", "12135550142"


@pytest.fixture
def callfire() -> Iterator[Sandbox]:
    with start_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def run(callfire: Sandbox) -> Iterator[Callable[..., Running]]:
    """Start a recipe with variables of the environment. `runs` limits the runs of its trigger.

    Quiet hours are off: the tests also run at night.
    """
    started: list[Running] = []

    def begin(name: str, *, runs: int | None = None, **variables: str) -> Running:
        login = {"SERVER": callfire.url, "USERNAME": callfire.username, "PASSWORD": callfire.password}
        environ = {**os.environ, **{f"CALLFIRE_{key}": value for key, value in login.items()}, **variables}
        flow = reader.read(EXAMPLES / f"{name}.flow.json", environ)
        trigger = flow.trigger
        if not trigger.is_webhook:
            limit = {"runs": runs} if runs else {}
            schedule = {**trigger.options["schedule"], "every": POLLING_INTERVAL, **limit}
            trigger = replace(trigger, options={**trigger.options, "schedule": schedule})
        steps = {**flow.steps, trigger.id: trigger}
        for step_id, step in steps.items():
            if "quietHours" in step.config:
                steps[step_id] = replace(step, config={**step.config, "quietHours": ""})
        running = Running(replace(flow, steps=steps), amqp_uri=IN_MEMORY)
        started.append(running)
        return running

    yield begin
    for running in started:
        running.runner.abort()
        running._thread.join()


def first_run(running: Running, trigger: str) -> None:
    """Wait until the trigger has made its first run: a polling trigger emits only what arrives later."""
    counts = running.runner.progress.counts[trigger]
    with running.runner.progress.changed:
        assert running.runner.progress.changed.wait_for(lambda: counts.received > 0 and not counts.open, 60)


def settled(running: Running, step: str, count: int) -> None:
    """Wait until a step has processed `count` messages."""
    counts = running.runner.progress.counts[step]
    with running.runner.progress.changed:
        assert running.runner.progress.changed.wait_for(lambda: counts.received - counts.open >= count, 60)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as table:
        return list(csv.DictReader(table))


def texts(callfire: Sandbox, number: str) -> list[str]:
    return [text["message"] for text in callfire.sent_texts(number)]


def test_appointment_reminders(callfire: Sandbox, run: Callable[..., Running], tmp_path: Path) -> None:
    table, log = tmp_path / "appointments.csv", tmp_path / "reminders.csv"
    table.write_text(f"id,name,phone,date,time\n1,Ann,{PHONE},May 4,9:30\n2,Bob,(213) 555-0142,May 4,10:00\n")
    running = run("appointment-reminders", APPOINTMENTS=str(table), REMINDERS=str(log))
    settled(running, "log", 2)
    table.write_text(f"{table.read_text()}3,Cleo,12135550143,May 5,11:00\n")
    settled(running, "log", 3)
    assert running.end()
    assert [row["id"] for row in rows(log)] == ["1", "2", "3"]
    (reminder,) = texts(callfire, OTHER)
    assert reminder.startswith("Hello Bob, your appointment is on May 4 at 10:00.")
    assert len(texts(callfire, PHONE)) == len(texts(callfire, "12135550143")) == 1


def test_text_back_after_a_missed_call(callfire: Sandbox, run: Callable[..., Running]) -> None:
    running = run("missed-call", COMPANY="Flowers Ltd.")
    first_run(running, "calls")
    callfire.receive_call(PHONE, result="LA")
    callfire.receive_call(OTHER, result="NO_ANS")
    settled(running, "show", 1)
    assert running.end()
    assert texts(callfire, PHONE) == []
    (text,) = texts(callfire, OTHER)
    assert text.endswith("Flowers Ltd.")


def test_a_broadcast_to_a_list_and_its_statistics(
    callfire: Sandbox, run: Callable[..., Running], tmp_path: Path
) -> None:
    api, login = callfire.url, (callfire.username, callfire.password)
    contacts = {"name": "List", "contactNumbers": [PHONE, OTHER]}
    made: dict[str, Any] = requests.post(f"{api}/contacts/lists", json=contacts, auth=login, timeout=10).json()
    callfire.advance(60)
    variables = {"BROADCAST_NAME": "Sale", "BROADCAST_TEXT": "20 % off", "CONTACT_LIST_ID": str(made["id"])}
    running = run("broadcast", **variables)
    settled(running, "show", 1)
    assert running.end()
    callfire.advance(600)
    assert texts(callfire, PHONE) == texts(callfire, OTHER) == ["20 % off"]
    table = tmp_path / "statistics.csv"
    running = run("broadcast-statistics", runs=1, STATISTICS=str(table))
    settled(running, "table", 1)
    assert running.end()
    (row,) = rows(table)
    assert (row["broadcast"], row["sent"], row["errors"]) == ("Sale", "2", "0")


@pytest.mark.parametrize("schedule_starts", [True, False])
def test_a_scheduled_broadcast(
    callfire: Sandbox, run: Callable[..., Running], tmp_path: Path, schedule_starts: bool
) -> None:
    callfire.set_switches(schedule_starts=schedule_starts)
    api, login = callfire.url, (callfire.username, callfire.password)
    contacts = {"name": "List", "contactNumbers": [PHONE, OTHER]}
    made: dict[str, Any] = requests.post(f"{api}/contacts/lists", json=contacts, auth=login, timeout=10).json()
    callfire.advance(60)
    tomorrow = datetime.now(ZoneInfo("America/New_York")) + timedelta(days=1)
    plan, table = tmp_path / "plan.csv", tmp_path / "scheduled.csv"
    plan.write_text(
        "id,name,text,contactListId,date,time,timeZone\n"
        f"1,Sale,20 % off,{made['id']},{tomorrow:%Y-%m-%d},{tomorrow:%H:%M},America/New_York\n"
    )
    running = run("scheduled-broadcast", PLAN=str(plan), SCHEDULED=str(table))
    settled(running, "table", 1)
    assert running.end()
    (row,) = rows(table)
    assert (row["name"], row["status"]) == ("Sale", "SCHEDULED" if schedule_starts else "SETUP")
    callfire.advance(23 * 3600)
    assert texts(callfire, PHONE) == []
    callfire.advance(2 * 3600)
    sent = ["20 % off"] if schedule_starts else []
    assert texts(callfire, PHONE) == texts(callfire, OTHER) == sent


def test_delivery_results_in_a_table(callfire: Sandbox, run: Callable[..., Running], tmp_path: Path) -> None:
    table = tmp_path / "results.csv"
    running = run("delivery-results", RESULTS=str(table))
    first_run(running, "results")
    callfire.set_outcome(OTHER, finalTextResult="CARRIER_ERROR")
    body = [{"phoneNumber": PHONE, "message": "a"}, {"phoneNumber": OTHER, "message": "b"}]
    login = (callfire.username, callfire.password)
    requests.post(f"{callfire.url}/texts", json=body, auth=login, timeout=10).raise_for_status()
    settled(running, "table", 2)
    assert running.end()
    assert {row["number"]: row["outcome"] for row in rows(table)} == {PHONE: "delivered", OTHER: "failed"}


def test_opt_outs_in_other_lists(callfire: Sandbox, run: Callable[..., Running], tmp_path: Path) -> None:
    table = tmp_path / "opt-outs.csv"
    running = run("opt-out-sync", OPT_OUTS=str(table))
    first_run(running, "optOuts")
    callfire.receive_text("please remove me", PHONE)
    callfire.receive_text("Stop", OTHER)
    settled(running, "list", 1)
    settled(running, "table", 1)
    assert running.end()
    login = (callfire.username, callfire.password)
    entry = requests.get(f"{callfire.url}/contacts/dncs/{OTHER}", auth=login, timeout=10).json()
    assert entry["text"] is True
    assert OTHER in {row["id"] for row in rows(table)}
    assert PHONE not in {row["id"] for row in rows(table)}


def test_call_recordings_in_a_folder(callfire: Sandbox, run: Callable[..., Running], tmp_path: Path) -> None:
    running = run("recordings", RECORDINGS=str(tmp_path / "recordings"))
    first_run(running, "recordings")
    callfire.receive_call(PHONE, recordingSeconds=2)
    settled(running, "show", 1)
    assert running.end()
    (file,) = (tmp_path / "recordings").iterdir()
    assert file.suffix == ".mp3"
    assert file.stat().st_size > 1000


def test_one_time_codes(callfire: Sandbox, run: Callable[..., Running]) -> None:
    running = run("one-time-codes")
    request = {"requestId": "r1", "phone": "(213) 555-0141", "code": "271828"}
    response = requests.post(running.display.webhook_uri, json=request, timeout=60)
    assert response.json() == {"requestId": "r1", "state": "READY"}
    assert running.end()
    (text,) = texts(callfire, PHONE)
    assert text.startswith("Your code is 271828.")


def test_every_recipe_has_a_test() -> None:
    source = Path(__file__).read_text()
    names = {path.name.removesuffix(".flow.json") for path in EXAMPLES.glob("*.flow.json")}
    tested_by_the_demo = {"auto-reply"}
    assert all(f'run("{name}"' in source for name in names - tested_by_the_demo)
