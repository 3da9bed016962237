"""The webhook trigger: registration at the sandbox, and deliveries in the platform's format."""

import base64
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches
from elasticio import FlowFacts, Message
from elasticio.wire.incoming import Incoming

from lib.callfire import clock
from lib.callfire.api.credentials import Credentials
from lib.callfire.api.errors import CallFireError, InvalidSettings, NotAuthenticated
from lib.callfire.exact_json import portable
from lib.callfire.webhooks import webhook_delivery
from lib.callfire.webhooks.webhook_snapshot import WebhookSnapshot
from lib.triggers import inbound_events, new_inbound_texts
from tests.lib.steps import FakeStep

FLOW = FlowFacts(flow_id="flow-1", step_id="step_1", webhook_uri="http://127.0.0.1:9/hook/step_1")
NO_SERVER = "http://127.0.0.1:9/hook/other"
PHONE = "12135550111"


@pytest.fixture
def sandbox() -> Iterator[Any]:
    with start(switches=Switches(ids="large")) as running:
        requests.patch(f"{running.admin_url}/switches", json={"webhook_retries": 0}, timeout=10)
        yield running


@pytest.fixture
def config(sandbox: Any) -> dict[str, Any]:
    return {"username": sandbox.username, "password": sandbox.password, "server": sandbox.url}


@dataclass
class Hook:
    """The platform's side of one flow."""

    config: dict[str, Any]
    snapshot: Any = None
    replies: list[int] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)

    def begin(self) -> None:
        inbound_events.init(self.config, FLOW)

    def deliver(self, payload: Any, *, secret: str | None = None, headers: dict[str, str] | None = None) -> int:
        """Deliver one request; returns the status of the response."""
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        secret = secret or webhook_delivery.secret_for(Credentials.from_config(self.config), FLOW.flow_id, FLOW.step_id)
        signed = {"x-callfire-signature": webhook_delivery.signature(secret, raw.encode())}
        message = Message(body={"rawData": raw}, headers=signed if headers is None else headers, method="POST")
        return self.run(message)

    def tick(self) -> None:
        """The platform starts the flow by its schedule."""
        self.run(Message())

    def run(self, message: Message) -> int:
        step: Any = FakeStep(
            flow_id=FLOW.flow_id, step_id=FLOW.step_id, incoming=Incoming(thread_id="thread", reply_to="replies")
        )
        before = len(self.bodies)
        for emitted in inbound_events.process(step, message, self.config, self.snapshot):
            self.bodies.append(emitted.body)
            self.ids.append(emitted.id)
        for event, payload in step.emitted:
            if event == "snapshot":
                self.snapshot = json.loads(json.dumps(payload))
                assert len(json.dumps(payload)) < 5000
        replies = [payload["statusCode"] for event, payload in step.emitted if event == "httpReply"]
        self.replies += replies
        kinds = [event for event, _ in step.emitted]
        assert len(self.bodies) == before or kinds[-1] == "snapshot"
        return int(replies[0]) if replies else 0


@pytest.fixture
def hook(config: dict[str, Any]) -> Hook:
    hook = Hook(config)
    hook.begin()
    return hook


def text(number: int | str, **more: Any) -> dict[str, Any]:
    return {"id": number, "state": "FINISHED", "finalTextResult": "RECEIVED", "inbound": True, **more}


def told(*resources: dict[str, Any], event: str = "finished", resource: str = "InboundText") -> dict[str, Any]:
    events = [{"resourceType": resource, "eventType": event, "resource": entry} for entry in resources]
    return {"timestamp": 1, "webhookId": 2, "webhookName": "Flow", "resourceType": resource, "events": events}


def webhooks(sandbox: Any) -> list[dict[str, Any]]:
    auth = (sandbox.username, sandbox.password)
    found: list[dict[str, Any]] = requests.get(f"{sandbox.url}/webhooks", auth=auth, timeout=10).json()["items"]
    return found


def test_the_signature_is_that_of_callfire() -> None:
    raw = b'{"name":"test webhook", "callback":"sms:callfire"}'
    assert webhook_delivery.signature("mysecrets", raw) == "v14pF7d5C1+CHNIEWlg+sw9v0Xg="
    assert webhook_delivery.is_signed("mysecrets", raw, {"X-CallFire-Signature": "v14pF7d5C1+CHNIEWlg+sw9v0Xg="})
    assert not webhook_delivery.is_signed(
        "mysecrets", raw + b" ", {"x-callfire-signature": "v14pF7d5C1+CHNIEWlg+sw9v0Xg="}
    )
    assert not webhook_delivery.is_signed("mysecrets", raw, {"x-callfire-signature": "Grüße"})


def test_a_flow_registers_once_however_often_it_starts(sandbox: Any, config: dict[str, Any]) -> None:
    first = inbound_events.startup(config, FLOW)
    assert inbound_events.startup(config, FLOW) == first
    found = webhooks(sandbox)
    assert {webhook["resource"] for webhook in found} == {"InboundText", "InboundCall"}
    assert len(found) == 2
    assert {webhook["callback"] for webhook in found} == {FLOW.webhook_uri}
    assert all(len(webhook["secret"]) >= 40 and config["password"] not in webhook["secret"] for webhook in found)
    inbound_events.shutdown(config, first, FLOW)
    assert webhooks(sandbox) == []


def test_webhooks_of_an_earlier_run_are_updated_or_deleted(sandbox: Any, config: dict[str, Any]) -> None:
    inbound_events.startup(config | {"fields": "message"}, FLOW)
    moved = FlowFacts(flow_id="flow-1", step_id="step_1", webhook_uri="http://127.0.0.1:9/moved")
    other = FlowFacts(flow_id="flow-2", step_id="step_1", webhook_uri=NO_SERVER)
    inbound_events.startup(config, other)
    data = inbound_events.startup(config | {"events": ["InboundText.finished"], "name": "Mine"}, moved)
    (mine,) = [webhook for webhook in webhooks(sandbox) if webhook["callback"] != NO_SERVER]
    assert data == {"webhooks": [str(mine["id"])]}
    assert (mine["name"], mine["callback"]) == ("Mine [flow-1/step_1]", "http://127.0.0.1:9/moved")
    assert not mine.get("fields")
    inbound_events.shutdown(config, {}, moved)
    assert {webhook["callback"] for webhook in webhooks(sandbox)} == {NO_SERVER}


def test_shutdown_ignores_a_missing_webhook(sandbox: Any, config: dict[str, Any]) -> None:
    data = inbound_events.startup(config, FLOW)
    inbound_events.shutdown(config, data, FLOW)
    inbound_events.shutdown(config, data, FLOW)


def test_a_failed_registration_is_explained(config: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated, match="API password"):
        inbound_events.startup(config | {"password": "wrong"}, FLOW)
    with pytest.raises(InvalidSettings, match="webhook URL"):
        inbound_events.startup(config, FlowFacts(flow_id="f", step_id="s", webhook_uri=None))
    with pytest.raises(InvalidSettings, match=r"^events: "):
        inbound_events.startup(config | {"events": ["InboundText"]}, FLOW)
    with pytest.raises(CallFireError, match="resource: must be one of"):
        inbound_events.startup(config | {"events": ["Inbound.finished"]}, FLOW)


def test_a_new_password_updates_the_key_of_the_webhook(sandbox: Any, config: dict[str, Any]) -> None:
    inbound_events.startup(config, FLOW)
    old = {webhook["secret"] for webhook in webhooks(sandbox)}
    secrets: list[str] = []
    for password in ("changed", sandbox.password):
        state = requests.get(f"{sandbox.admin_url}/state", timeout=10).text
        before = config["password"]
        requests.put(f"{sandbox.admin_url}/state", data=state.replace(f'"{before}"', f'"{password}"'), timeout=10)
        config["password"] = password
        inbound_events.init(config, FLOW)
        auth = (config["username"], password)
        found = requests.get(f"{sandbox.url}/webhooks", auth=auth, timeout=10).json()["items"]
        secrets += {webhook["secret"] for webhook in found}
    assert len(secrets) == 2
    assert secrets[0] not in old
    assert {secrets[1]} == old


def test_a_missing_webhook_is_reported(sandbox: Any, config: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    inbound_events.init(config, FLOW)
    assert "No CallFire webhook exists for InboundText" in caplog.text
    inbound_events.init(config | {"server": "http://127.0.0.1:9"}, FLOW)
    assert "Check of the webhooks in CallFire failed" in caplog.text


def test_a_delivery_becomes_one_message_for_each_event(hook: Hook) -> None:
    assert hook.deliver(told(text(2**60 + 1), text(2**60 + 2))) == 200
    assert hook.bodies == told(text(str(2**60 + 1)), text(str(2**60 + 2)))["events"]
    assert len(set(hook.ids)) == 2
    kind = new_inbound_texts.trigger.kind
    polled = inbound_events.trigger._polling["InboundText"]
    assert polled.kind is kind


@pytest.mark.parametrize(
    "odd",
    [
        {"finalTextResult": "\ud83d", "message": "half an emoji \ud83d"},
        {"state": ["FINISHED"]},
        {"created": 10**20},
        {"records": 5},
    ],
)
@pytest.mark.parametrize("number", [1, 2**70, -1, "\ud83d", None])
def test_an_odd_event_is_emitted_once_and_does_not_stop_the_recovery(number: Any, odd: Any, hook: Hook) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 0}
    hook.tick()
    for _ in range(2):
        assert hook.deliver(told({**text(number), **odd}, text(7))) == 200
    assert [body["resource"]["id"] for body in hook.bodies] == [portable(number), 7]
    hook.tick()
    assert len(hook.bodies) == 2


def test_repeats_are_dropped_regardless_of_upper_and_lower_case(hook: Hook) -> None:
    for event in ("finished", "Finished", "FINISHED"):
        assert hook.deliver(told(text(1), event=event)) == 200
    assert len(hook.bodies) == 1
    hook.begin()  # a new process knows only the snapshot
    hook.deliver(told(text(1), text(2)))
    hook.deliver(told(text(1, finalTextResult="TOO_BIG")))
    assert [body["resource"]["id"] for body in hook.bodies] == [1, 2, 1]


def test_events_that_the_form_does_not_name_are_dropped(hook: Hook) -> None:
    hook.config["events"] = "TextBroadcast.Finished"
    hook.deliver(told(text(1)))
    hook.deliver(told({"id": 1}, resource="TextBroadcast", event="started"))
    hook.deliver(told({"id": 1}, resource="TextBroadcast", event="FINISHED"))
    assert [body["resourceType"] for body in hook.bodies] == ["TextBroadcast"]


@pytest.mark.parametrize("headers", [{}, {"x-callfire-signature": ""}, {"x-callfire-signature": "v14pF7d5C1+="}])
def test_a_request_of_another_sender_is_refused(
    headers: dict[str, str], hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    assert hook.deliver(told(text(1, message="private")), headers=headers) == 401
    assert hook.bodies == []
    assert hook.snapshot is None
    assert [record.levelno for record in caplog.records if record.name == "component"] == [logging.WARNING]
    secret = webhook_delivery.secret_for(Credentials.from_config(hook.config), FLOW.flow_id, FLOW.step_id)
    assert secret not in caplog.text
    assert "private" not in caplog.text


def test_another_flows_key_is_refused(hook: Hook) -> None:
    other = webhook_delivery.secret_for(Credentials.from_config(hook.config), "flow-2", FLOW.step_id)
    assert hook.deliver(told(text(1)), secret=other) == 401


@pytest.mark.parametrize("raw", ["", "[]", "{", "{}", '{"events": [1]}', '{"events": {}}'])
def test_the_response_to_a_signed_request_without_a_delivery_is_400(raw: str, hook: Hook) -> None:
    assert hook.deliver(raw) == 400
    assert hook.bodies == []


def test_a_platform_without_raw_bodies_is_an_error(hook: Hook) -> None:
    with pytest.raises(CallFireError, match="raw request"):
        hook.run(Message(body=told(text(1)), method="POST"))


EMPTY = WebhookSnapshot().dump()
ODD_TIMES: tuple[Any, ...] = (float("inf"), float("nan"), 1.5, True, "5", None, 10**400)
ODD_MEMORIES: tuple[Any, ...] = (5, [1], {"InboundText": 5}, {"InboundText": []})


@pytest.mark.parametrize("snapshot", [{"version": 9}, "garbage", [1], {"version": 1, "recent": 5}])
def test_a_foreign_snapshot_is_an_error(snapshot: Any, hook: Hook) -> None:
    hook.snapshot = snapshot
    with pytest.raises(CallFireError, match="snapshot"):
        hook.deliver(told(text(1)))
    assert hook.bodies == []


@pytest.mark.parametrize(
    "damage", [*({"reconciled": odd} for odd in ODD_TIMES), *({"memories": odd} for odd in ODD_MEMORIES)]
)
def test_a_damaged_snapshot_is_an_error(damage: dict[str, Any]) -> None:
    with pytest.raises(CallFireError, match="Reset the snapshot"):
        WebhookSnapshot.load({**EMPTY, **damage})


def test_the_snapshot_stays_small_and_detects_repeats(hook: Hook) -> None:
    for first in range(0, 2000, 100):
        hook.deliver(told(*(text(number) for number in range(first, first + 100))))
    assert len(hook.bodies) == 2000
    hook.begin()
    hook.deliver(told(*(text(number) for number in range(1500, 2000))))
    assert len(hook.bodies) == 2000
    assert len(base64.b85decode(hook.snapshot["recent"])) == 500 * 7


def test_selected_fields_include_those_that_identify_repeats(sandbox: Any, config: dict[str, Any]) -> None:
    wanted = {"events": ["InboundText.finished", "TextBroadcast.started"], "fields": "message,contact(id,zip)"}
    inbound_events.startup(config | wanted, FLOW)
    fields = {webhook["resource"]: webhook["fields"] for webhook in webhooks(sandbox)}
    assert fields["TextBroadcast"] == "id,message,contact(id,zip)"
    assert fields["InboundText"] == "id,state,created,records,finalTextResult,message,contact(id,zip)"


def test_the_form_offers_the_events_of_callfire(config: dict[str, Any]) -> None:
    offered = inbound_events.webhook_events(config)
    assert offered["InboundText.finished"] == "Inbound text received (InboundText.finished)"
    assert list(offered)[:2] == ["InboundText.finished", "InboundCall.finished"]
    assert "LowBalance.failed" in offered


def arrive(sandbox: Any, count: int, kind: str = "texts") -> list[dict[str, Any]]:
    entries = [{"fromNumber": PHONE, "message": f"{number}"} for number in range(count)]
    found: list[dict[str, Any]] = requests.post(f"{sandbox.admin_url}/{kind}", json=entries, timeout=10).json()
    return found


def test_lost_deliveries_arrive_with_the_next_one(sandbox: Any, hook: Hook) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 0}
    hook.tick()
    for _ in range(5):
        items = arrive(sandbox, 12)
        hook.deliver(told(items[3]))
        hook.deliver(told(items[3]))
        hook.deliver(told(items[4]))
    calls = arrive(sandbox, 3, "calls")
    hook.tick()
    hook.begin()
    hook.tick()
    hook.deliver(told(*calls, resource="InboundCall"))
    numbers = [body["resource"]["id"] for body in hook.bodies]
    assert len(numbers) == len(set(numbers)) == 63
    assert len(set(hook.ids)) == 63
    assert {body["eventType"] for body in hook.bodies} == {"finished"}


def test_recovery_waits_for_its_interval(sandbox: Any, hook: Hook) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 3600}
    hook.tick()
    items = arrive(sandbox, 3)
    hook.deliver(told(items[0]))
    assert len(hook.bodies) == 1


def test_an_event_that_may_still_be_delivered_is_not_recovered(
    sandbox: Any, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 120}
    items = arrive(sandbox, 250)
    hook.tick()
    assert hook.bodies == []
    for item in items[10:]:
        hook.deliver(told(item))
    now = clock.unix_ms()
    monkeypatch.setattr(clock, "unix_ms", lambda: now + 61_000)
    hook.tick()
    hook.tick()
    assert Counter(int(body["resource"]["id"]) for body in hook.bodies) == Counter(item["id"] for item in items)


def test_a_delivered_event_that_is_listed_later_is_not_recovered(sandbox: Any, hook: Hook) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 0}
    requests.patch(f"{sandbox.admin_url}/switches", json={"visible_after": 60_000}, timeout=10)
    early = arrive(sandbox, 20)
    hook.deliver(told(*early))
    requests.patch(f"{sandbox.admin_url}/switches", json={"visible_after": 0}, timeout=10)
    hook.tick()
    hook.deliver(told(*arrive(sandbox, 200)))  # more than the maximum of the window of repeats
    requests.post(f"{sandbox.admin_url}/clock", json={"advance": 61_000}, timeout=10)
    hook.tick()
    assert len(hook.bodies) == 220


def test_a_failed_recovery_does_not_fail_the_delivery(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.config |= {"reconcile": True, "reconcileInterval": 0, "server": "http://127.0.0.1:9"}
    assert hook.deliver(told(text(1, created=1))) == 200
    assert len(hook.bodies) == 1
    assert "Recovery of missed events failed" in caplog.text


def test_a_sample_is_made_of_existing_items(sandbox: Any, config: dict[str, Any]) -> None:
    step: Any = FakeStep(is_debug=True)
    with pytest.raises(CallFireError, match="No sample available"):
        list(inbound_events.process(step, Message(), config, {}))
    arrive(sandbox, 1)
    (message,) = inbound_events.process(step, Message(), config, {})
    assert message.body["resourceType"] == "InboundText"
    assert step.emitted == []
