"""The webhook trigger in `elasticio flow run`, with deliveries of the sandbox."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches
from callfire_sandbox.world.webhooks import signature

from tests.contract.repository import ROOT

PATIENCE = 60
READY = "waiting for requests at "
HARSH = {"webhook_duplicates": 0.3, "webhook_reordered": 0.3, "webhook_retries": 0}


class Flow:
    """A flow in a separate process. `bodies` contains the messages of its last step."""

    def __init__(self, folder: Path, sandbox: Any, **config: Any) -> None:
        login = {"username": sandbox.username, "password": "${PASSWORD}", "server": sandbox.url}
        file = folder / "events.flow.json"
        hook = {"id": "hook", "component": str(ROOT), "function": "inboundEvents", "credentials": login}
        steps = [hook | {"config": config}, {"id": "show", "component": "builtin", "function": "console"}]
        file.write_text(json.dumps({"steps": steps, "edges": [{"from": "hook", "to": "show"}]}))
        self.bodies: list[Any] = []
        self.told: list[str] = []
        self.uri = ""
        self._changed = threading.Condition()
        command = [sys.executable, "-m", "elasticio", "flow", "run", str(file), "--state", str(folder / "state.json")]
        environ = {**os.environ, "PYTHONPATH": str(ROOT / "sdk"), "PASSWORD": sandbox.password}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._readers = [threading.Thread(target=self._read, args=(name,)) for name in ("stdout", "stderr")]
        for reader in self._readers:
            reader.start()

    def ready(self) -> "Flow":
        self.wait(lambda: bool(self.uri))
        return self

    def _read(self, name: str) -> None:
        for line in getattr(self._process, name):
            with self._changed:
                if name == "stdout":
                    self.bodies.append(json.loads(line))
                else:
                    self.told.append(line)
                    self.uri = line.partition(READY)[2].strip() or self.uri
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def wait(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: condition() or self._process.poll() is not None, PATIENCE), self.told
            assert condition(), self.told

    def end(self) -> int:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE)
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe
            pipe.close()
        return code

    def numbers(self) -> list[int]:
        return [int(body["resource"]["id"]) for body in self.bodies]  # large ids leave a step as text


@pytest.fixture
def begin(sandbox: Any, tmp_path: Path) -> Iterator[Callable[..., Flow]]:
    flows: list[Flow] = []

    def begin(**config: Any) -> Flow:
        flows.append(Flow(tmp_path, sandbox, **config))
        return flows[-1].ready()

    yield begin
    for flow in flows:
        flow.end()


@pytest.fixture
def sandbox() -> Iterator[Any]:
    with start(switches=Switches(ids="large")) as running:
        yield running


def switch(sandbox: Any, **switches: Any) -> None:
    requests.patch(f"{sandbox.admin_url}/switches", json=switches, timeout=10).raise_for_status()


def arrive(sandbox: Any, kind: str, count: int) -> set[int]:
    entries = [{"fromNumber": "12135550111", "message": f"{number}"} for number in range(count)]
    answer = requests.post(f"{sandbox.admin_url}/{kind}", json=entries, timeout=30)
    return {entry["id"] for entry in answer.json()}


def webhooks(sandbox: Any) -> list[Any]:
    auth = (sandbox.username, sandbox.password)
    found: list[Any] = requests.get(f"{sandbox.url}/webhooks", auth=auth, timeout=10).json()["items"]
    return found


def deliveries(sandbox: Any) -> list[Any]:
    found: list[Any] = requests.get(f"{sandbox.admin_url}/deliveries", timeout=10).json()
    return found


def test_repeated_and_reordered_deliveries_start_the_flow_once(sandbox: Any, begin: Callable[..., Flow]) -> None:
    switch(sandbox, **HARSH)
    flow = begin()
    due = arrive(sandbox, "texts", 150) | arrive(sandbox, "calls", 50)
    flow.wait(lambda: len(set(flow.numbers())) == len(due))
    # The last delivery of each webhook follows all repeats.
    requests.post(f"{sandbox.admin_url}/clock", json={"advance": 5000}, timeout=10)
    switch(sandbox, webhook_duplicates=0, webhook_reordered=0)
    due |= arrive(sandbox, "texts", 1) | arrive(sandbox, "calls", 1)
    flow.wait(lambda: len(set(flow.numbers())) == len(due))
    assert Counter(flow.numbers()) == Counter(due)
    made = [delivery for delivery in deliveries(sandbox) if delivery["done"]]
    assert len(made) > len(due) + 30
    assert all(delivery["succeeded"] for delivery in made)
    assert len(webhooks(sandbox)) == 2
    assert flow.end() == 0
    assert webhooks(sandbox) == []


def test_an_unsigned_delivery_is_refused(sandbox: Any, begin: Callable[..., Flow]) -> None:
    flow = begin()
    (secret,) = {webhook["secret"] for webhook in webhooks(sandbox)}
    event = {"resourceType": "InboundText", "eventType": "finished", "resource": {"id": 1, "message": "private"}}
    for headers in ({}, {"X-CallFire-Signature": "v14pF7d5C1+CHNIEWlg+sw9v0Xg="}):
        answer = requests.post(flow.uri, json={"events": [event]}, headers=headers, timeout=PATIENCE)
        assert answer.status_code == 401
    due = arrive(sandbox, "texts", 3)
    flow.wait(lambda: len(flow.bodies) >= 3)
    assert flow.end() == 0
    assert set(flow.numbers()) == due
    told = "".join(flow.told)
    assert told.count("Rejected a request with a missing signature") == 1
    assert told.count("Rejected a request with a wrong signature") == 1
    assert secret not in told
    assert "private" not in told
    assert sandbox.password not in told


def test_lost_deliveries_are_recovered(sandbox: Any, begin: Callable[..., Flow]) -> None:
    switch(sandbox, **HARSH, webhook_lost=0.3)
    flow = begin(reconcile=True, reconcileInterval=0)
    due = arrive(sandbox, "texts", 60) | arrive(sandbox, "calls", 40)
    requests.post(f"{sandbox.admin_url}/clock", json={"advance": 5000}, timeout=10)
    switch(sandbox, webhook_lost=0)
    due |= arrive(sandbox, "texts", 1) | arrive(sandbox, "calls", 1)
    flow.wait(lambda: len(set(flow.numbers())) == len(due))
    assert flow.end() == 0
    assert Counter(flow.numbers()) == Counter(due)
    delivered = {delivery["payload"]["events"][0]["resource"]["id"] for delivery in deliveries(sandbox)}
    assert len(due - delivered) > 10


def test_a_restarted_flow_does_not_emit_events_again(sandbox: Any, begin: Callable[..., Flow]) -> None:
    first = begin()
    arrive(sandbox, "texts", 3)
    first.wait(lambda: len(first.bodies) >= 3)
    (webhook, *_) = [entry for entry in webhooks(sandbox) if entry["resource"] == "InboundText"]
    assert first.end() == 0
    second = begin()
    again = deliveries(sandbox)[0]["payload"]
    raw = json.dumps(again).encode()
    (secret,) = {entry["secret"] for entry in webhooks(sandbox)}
    assert secret == webhook["secret"]
    signed = sign(secret, raw)
    assert requests.post(second.uri, data=raw, headers=signed, timeout=PATIENCE).status_code == 200
    due = arrive(sandbox, "texts", 1)
    second.wait(lambda: bool(second.bodies))
    assert second.end() == 0
    assert set(second.numbers()) == due


def sign(secret: str, raw: bytes) -> dict[str, str]:
    return {"X-CallFire-Signature": signature(secret, raw), "Content-Type": "application/json"}
