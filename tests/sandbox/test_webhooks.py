"""Webhooks: signed, retried, duplicated, reordered and lost."""

import hashlib
import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest
from callfire_sandbox.switches import Switches
from callfire_sandbox.world import texting
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World
from callfire_sandbox.world.webhooks import signature

from tests.sandbox.conftest import LEASED, PHONE, Client

PATIENCE = 10


@dataclass
class Listener:
    """A receiver of webhooks: the requests it received and the statuses it responds with."""

    url: str
    received: "Queue[tuple[dict[str, str], bytes]]" = field(default_factory=Queue)
    statuses: list[int] = field(default_factory=list)

    def next(self) -> tuple[dict[str, str], Any]:
        headers, body = self.received.get(timeout=PATIENCE)
        return headers, json.loads(body)


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.put((dict(self.headers), body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Listener(f"http://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


def hook(client: Client, listener: Listener, **values: Any) -> int:
    body = {"name": "Mine", "resource": "InboundText", "callback": listener.url, **values}
    answer = client.post("/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_the_published_check_value_of_the_signature() -> None:
    body = b'{"name":"test webhook", "callback":"sms:callfire"}'
    assert signature("mysecrets", body) == "v14pF7d5C1+CHNIEWlg+sw9v0Xg="


def test_an_inbound_text_is_delivered_signed(client: Client, listener: Listener) -> None:
    number = hook(client, listener, secret="s3cret", events=["Finished"])
    text = client.inbound("hello")
    headers, body = listener.received.get(timeout=PATIENCE)
    expected = b64encode(hmac.new(b"s3cret", body, hashlib.sha1).digest()).decode()
    assert headers["X-CallFire-Signature"] == expected
    payload = json.loads(body)
    assert (payload["webhookId"], payload["webhookName"], payload["resourceType"]) == (number, "Mine", "InboundText")
    (event,) = payload["events"]
    assert (event["eventType"], event["resource"]) == ("Finished", {"labels": [], "media": [], **text})


def test_fields_no_secret_and_single_use(client: Client, listener: Listener) -> None:
    number = hook(client, listener, fields="message,records(textResult)", singleUse=True)
    client.inbound("one")
    headers, payload = listener.next()
    assert "X-CallFire-Signature" not in headers
    assert payload["events"][0]["resource"] == {"message": "one", "records": [{"textResult": "RECEIVED"}]}
    assert client.get(f"/webhooks/{number}").status_code == 404


@pytest.mark.parametrize("resource", ["OutboundText", "TextBroadcast", "ContactList", "InboundCall", "OutboundCall"])
def test_other_events(client: Client, listener: Listener, resource: str) -> None:
    hook(client, listener, resource=resource)
    client.text("hi")
    client.post("/calls", json=[{"phoneNumber": PHONE, "liveMessage": "hi"}])
    client.post("/texts/broadcasts?start=true", json={"message": "hi", "recipients": [{"phoneNumber": PHONE}]})
    client.post("/contacts/lists", json={"contactNumbers": [PHONE]})
    client.admin("POST", "/calls", {"fromNumber": PHONE})
    client.advance(1000)
    payload = listener.next()[1]
    assert payload["resourceType"] == resource
    event = {"TextBroadcast": "Started", "ContactList": "ValidationFinished"}.get(resource, "Finished")
    assert payload["events"][0]["eventType"] == event


@pytest.mark.parametrize("names", ["finished", "Finished", "FINISHED"])
def test_event_names_are_written_as_the_switch_says(client: Client, listener: Listener, names: str) -> None:
    client.switch(webhook_event_names=names)
    hook(client, listener)
    client.inbound()
    assert listener.next()[1]["events"][0]["eventType"] == names


def test_a_late_receipt_is_reported(client: Client, listener: Listener) -> None:
    hook(client, listener, resource="OutboundTextDeliveryReport")
    client.switch(changes_again_after=1000)
    client.text("hi")
    client.advance(5000)
    (event,) = listener.next()[1]["events"]
    assert (event["eventType"], event["resource"]["deliveryState"]) == ("Received", "DELIVERED")


def test_running_out_of_credits_is_announced(client: Client, listener: Listener) -> None:
    hook(client, listener, resource="LowBalance", events=["failed"])
    client.admin("PATCH", "/account", {"credits": 0})
    client.post("/texts/broadcasts?start=true", json={"message": "hi", "recipients": [{"phoneNumber": PHONE}]})
    client.advance(1000)
    (event,) = listener.next()[1]["events"]
    assert (event["eventType"], event["resource"]["balance"]) == ("Failed", 0)


@pytest.mark.parametrize("event", ["started", "stopped", "finished"])
def test_events_of_a_call_broadcast(client: Client, listener: Listener, event: str) -> None:
    hook(client, listener, resource="CallBroadcast", events=[event])
    path = "/calls/broadcasts"
    body = {"recipients": [{"phoneNumber": PHONE}], "sounds": {"liveSoundText": "hello"}}
    number = client.post(path, json=body).json()["id"]
    for step in ("start", "stop", "start"):
        assert client.post(f"{path}/{number}/{step}").ok
    client.advance(5000)
    (delivered,) = listener.next()[1]["events"]
    assert (delivered["eventType"].lower(), delivered["resource"]["id"]) == (event, number)


def test_a_failed_delivery_is_repeated(client: Client, listener: Listener) -> None:
    listener.statuses = [500, 404]
    hook(client, listener)
    client.inbound("again")
    for attempt, delay in enumerate((1000, 2000, 0), start=1):
        assert listener.next()[1]["events"][0]["resource"]["message"] == "again"
        while len(client.admin("GET", "/deliveries")[0]["attempts"]) < attempt:
            pass
        client.advance(delay)
    (delivery,) = client.admin("GET", "/deliveries")
    assert [attempt["outcome"] for attempt in delivery["attempts"]] == [500, 404, 200]
    assert (delivery["done"], delivery["succeeded"]) == (True, True)


def test_no_retries(client: Client, listener: Listener) -> None:
    client.switch(webhook_retries=0)
    listener.statuses = [500]
    hook(client, listener)
    client.inbound("once")
    listener.next()
    while not client.admin("GET", "/deliveries")[0]["done"]:
        pass
    assert client.admin("GET", "/deliveries")[0]["succeeded"] is False


def deliveries(switches: Switches, seed: int = 0) -> list[str]:
    """Return the messages of 200 inbound texts in delivery order."""
    world = World(seed=seed, clock=Clock(still_at=0), switches=switches)
    populate(world, "a", "b", "c", "d")
    world["webhooks"].add({"resource": "InboundText", "enabled": True, "callback": "http://x"})
    handed = []
    for number in range(200):
        texting.receive(world, sender=PHONE, to=LEASED, message=str(number))
        world.clock.advance(100)
        world.tasks.run_due(world)
        handed += [world.outbox.popleft() for _ in range(len(world.outbox))]
    world.clock.advance(60_000)
    world.tasks.run_due(world)
    found = [world["deliveries"].rows[number] for number in (*handed, *world.outbox)]
    return [delivery["payload"]["events"][0]["resource"]["message"] for delivery in found]


def test_duplicates_reordering_and_losses() -> None:
    messages = [str(number) for number in range(200)]
    assert deliveries(Switches()) == messages
    doubled = deliveries(Switches(webhook_duplicates=0.2))
    assert sorted(set(doubled), key=int) == messages
    assert 220 < len(doubled) < 260
    reordered = deliveries(Switches(webhook_reordered=0.2))
    assert reordered != messages
    assert sorted(reordered, key=int) == messages
    lost = deliveries(Switches(webhook_lost=0.2))
    assert 130 < len(lost) < 190


def test_the_same_seed_gives_the_same_failures() -> None:
    switches = Switches(webhook_duplicates=0.2, webhook_reordered=0.2, webhook_lost=0.2)
    assert deliveries(switches, 1) == deliveries(switches, 1) != deliveries(switches, 2)
