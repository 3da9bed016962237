"""Every filter of every find operation: a value that selects, and one that does not."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.switches import Switches
from callfire_sandbox.world import calling, texting
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.leases import lease_keyword, lease_number
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World

from tests.sandbox.conforming import OPERATIONS, handle

NOW = 1_700_000_000_000
PHONE, OTHER_PHONE, LEASED = "12135550177", "12135550188", "12135550100"
NEITHER = {"fields", "limit", "offset", "orderBy"}

# For each filter a value that finds something and one that finds nothing (or less); {…} is filled from FOUND.
CASES: dict[str, dict[str, tuple[Any, Any]]] = {
    "findApiCredentials": {"name": ("sandbox", "other")},
    "findCallBroadcasts": {
        "label": ("red", "blue"),
        "name": ("RING", "other"),
        "running": ("true", "false"),
        "scheduled": ("false", "true"),
        "intervalBegin": (NOW, NOW + 1),
        "intervalEnd": (NOW, NOW - 1),
    },
    "findTextBroadcasts": {
        "label": ("red", "blue"),
        "name": ("NEWS", "other"),
        "running": ("true", "false"),
        "scheduled": ("false", "true"),
        "intervalBegin": (NOW, NOW + 1),
        "intervalEnd": (NOW, NOW - 1),
    },
    "findCalls": {
        "id": ("{call}", 5),
        "campaignId": ("{ring}", 5),
        "batchId": ("{ring_batch}", 5),
        "fromNumber": (PHONE, OTHER_PHONE),
        "toNumber": (LEASED, "12135550199"),
        "label": ("red", "blue"),
        "states": ("FINISHED,DNC", "DUP"),
        "results": ("LA", "AM,BUSY"),
        "inbound": ("true", None),
        "intervalBegin": (NOW, NOW + 1),
        "intervalEnd": (NOW, NOW - 1),
    },
    "findTexts": {
        "id": ("{text}", 5),
        "campaignId": ("{news}", 5),
        "batchId": ("{news_batch}", 5),
        "fromNumber": (PHONE, OTHER_PHONE),
        "toNumber": (LEASED, "12135550199"),
        "label": ("red", "blue"),
        "states": ("finished", "DUP"),
        "results": ("RECEIVED", "SENT"),
        "inbound": ("true", None),
        "intervalBegin": (NOW, NOW + 1),
        "intervalEnd": (NOW, NOW - 1),
    },
    "findCampaignSounds": {
        "filter": ("HELLO", "other"),
        "includeArchived": ("true", "false"),
        "includePending": ("true", "false"),
        "includeScrubbed": ("true", None),
    },
    "findContactLists": {"name": ("rien", "foe"), "exactMatch": ("false", None), "contactCount": (1, 2)},
    "findContacts": {
        "id": ("{ann}", 5),
        "number": (PHONE, "12135550199"),
        "contactListId": ("{friends}", 5),
        "propertyName": ("age", "size"),
        "propertyValue": ("7", "8"),
    },
    "findDoNotContacts": {
        "prefix": ("1213", "1312"),
        "campaignId": (0, 5),
        "source": ("me", "you"),
        "call": ("true", "false"),
        "text": ("true", "false"),
        "inboundCall": ("false", "true"),
        "inboundText": ("false", "true"),
        "number": (OTHER_PHONE, PHONE),
    },
    "findKeywordLeaseConfigs": {"filter": ("su", "moon"), "labelName": ("red", "blue")},
    "findKeywordLeases": {"filter": ("su", "moon"), "labelName": ("red", "blue")},
    "findKeywords": {"keywords": ("MOON", "SUN")},
    "findMedia": {"filter": ("CAT", "dog")},
    "findNumberLeaseConfigs": {
        "prefix": ("1312", "1415"),
        "city": ("chicago", "boston"),
        "state": ("il", "MA"),
        "zipcode": ("60601", "60602"),
        "labelName": ("red", "blue"),
    },
    "findNumberLeases": {
        "prefix": ("1312", "1415"),
        "city": ("chicago", "boston"),
        "state": ("il", "MA"),
        "zipcode": ("60601", "60602"),
        "labelName": ("red", "blue"),
        "tollFree": ("false", "true"),
    },
    "findNumberRegions": {
        "prefix": ("1312", "1999"),
        "city": ("chic", "rome"),
        "state": ("IL", "XX"),
        "zipcode": ("60601", "60602"),
        "cityPrefix": ("CHI", "HIC"),
        "country": ("US", "CA"),
    },
    "findNumbersLocal": {
        "prefix": ("1312555", "1312556"),
        "city": ("chicago", "rome"),
        "state": ("IL", "XX"),
        "zipcode": ("60602", None),
    },
    "findNumbersTollfree": {"pattern": ("88*", "81*")},
    "findOrders": {"status": ("FINISHED", "VOID,NEW"), "intervalBegin": (NOW, NOW + 1), "intervalEnd": (NOW, NOW - 1)},
    "findTextAutoReplys": {"number": (LEASED, OTHER_PHONE)},
    "findWebhooks": {
        "name": ("min", "yours"),
        "resource": ("InboundText", "InboundCall"),
        "event": ("Finished", "started"),
        "callback": ("http://x/", "http://y/"),
        "enabled": ("true", "false"),
    },
    "getDeliveryReports": {
        "startDate": ("2023-11-14", "2023-11-16"),
        "endDate": ("2023-11-16T00:00:00Z", "2023-11-14"),
        "campaignId": ("{news}", 5),
        "fromNumber": ("67076", LEASED),
        "toNumber": (OTHER_PHONE, "12135550199"),
        "deliveryCategory": ("OPTED_OUT", "NO_CREDITS"),
        "deliveryState": ("UNSENT_OPTED_OUT_LOCAL", "UNKNOWN"),
        "carrier": ("Verizon", "Nobody"),
        "messageText": ("NEWS", "olds"),
    },
    "getCallBroadcastCalls": {"batchId": ("{ring_batch}", 5)},
    "getTextBroadcastTexts": {"batchId": ("{news_batch}", 5)},
}
FOUND: dict[str, int] = {}


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    world = World(clock=Clock(still_at=NOW), switches=Switches(bare_number_lists=False))
    populate(world, "me", "secret", "account", "secret")
    made = Sandbox(world)

    def post(path: str, body: Any, query: str = "") -> Any:
        answer = handle(made, ("POST", path, query, {}, json.dumps(body).encode()))
        assert answer.status < 300, answer.body
        return json.loads(answer.body) if answer.body else None

    FOUND["text"] = texting.receive(world, sender=PHONE, to=LEASED, message="hello", labels=["red"])["id"]
    FOUND["call"] = calling.receive(world, caller=PHONE, to=LEASED, labels=["red"])["id"]
    post("/contacts/dncs", {"numbers": [OTHER_PHONE], "source": "me"})
    post("/texts", [{"phoneNumber": OTHER_PHONE, "message": "not delivered"}])
    recipients = [{"phoneNumber": OTHER_PHONE}, {"phoneNumber": PHONE}]
    common = {"labels": ["red"], "recipients": recipients, "maxActive": 0}
    FOUND["news"] = post("/texts/broadcasts", {"name": "News", "message": "news", **common}, "start=true")["id"]
    ring = {"name": "Ring", "sounds": {"liveSoundText": "ring"}, **common}
    FOUND["ring"] = post("/calls/broadcasts", ring, "start=true")["id"]
    batches = {batch["broadcastId"]: batch["id"] for batch in world["batches"]}
    FOUND["news_batch"], FOUND["ring_batch"] = batches[FOUND["news"]], batches[FOUND["ring"]]
    (ann,) = post("/contacts", [{"homePhone": PHONE, "properties": {"age": "7"}}])["items"]
    FOUND["ann"] = ann["id"]
    FOUND["friends"] = post("/contacts/lists", {"name": "Friends", "contactIds": [ann["id"]]})["id"]
    for words in ("hello there", "another hello"):
        sound = post("/campaigns/sounds/tts", {"message": words})
    handle(made, ("DELETE", f"/campaigns/sounds/{sound['id']}", "", {}, b""))
    lease_keyword(world, "SUN")["labels"].append("red")
    lease_number(world, "13125550200")["labels"].append("red")
    post("/orders/keywords", {"keywords": ["STAR"]})
    post("/texts/auto-replys", {"number": LEASED, "message": "x", "match": "nothing"})
    post("/webhooks", {"name": "Mine", "resource": "InboundText", "callback": "http://x/"})
    world["media"].add({"name": "Cat"})
    world.clock.advance(1000)
    world.tasks.run_due(world)
    post("/campaigns/sounds/calls", {"name": "hello by phone", "toNumber": PHONE})
    world["text_broadcasts"].change(world["text_broadcasts"].rows[FOUND["news"]], maxActive=100)
    return made


def count(sandbox: Sandbox, name: str, query: dict[str, Any]) -> int:
    path = OPERATIONS[name][1].replace("{id}", str(FOUND["news" if "Text" in name else "ring"]))
    answer = handle(sandbox, ("GET", path, urlencode(query), {}, b""))
    assert answer.status == 200, answer.body
    return len(json.loads(answer.body)["items"])


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, keys in CASES.items() for key in keys])
def test_a_filter_selects(sandbox: Sandbox, name: str, key: str) -> None:
    some, none = CASES[name][key]
    found = count(sandbox, name, {key: str(some).format(**FOUND)})
    assert found > 0
    if none is not None:
        assert count(sandbox, name, {key: none}) < found


def test_no_filter_is_left_out() -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        declared = {entry["name"] for entry in operation["parameters"] if entry["in"] == "query"}
        if name.startswith("find") or name in CASES:
            assert declared - NEITHER == CASES.get(name, {}).keys(), name
