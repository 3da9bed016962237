"""Every key of CallFire's published sample responses and webhook payloads exists in the sandbox's.

The samples are those of the official clients and guides. A key path such as `records/billedAmount` goes through lists.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from callfire_sandbox.api.callfire import Sandbox
from callfire_sandbox.world import calling, texting
from callfire_sandbox.world.clock import Clock
from callfire_sandbox.world.leases import lease_keyword
from callfire_sandbox.world.seed import populate
from callfire_sandbox.world.state import World

from tests.sandbox.conforming import handle
from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE

CONTACT = "contact/id contact/homePhone"
ACTION = f"id fromNumber toNumber state campaignId batchId {CONTACT} inbound created modified"
RECORD = "records/id records/billedAmount records/finishTime"
TEXT = f"{ACTION} message finalTextResult {RECORD} records/message records/textResult"
CALL = f"{ACTION} agentCall finalCallResult {RECORD} records/callResult"
BROADCAST = (
    "id name status lastModified fromNumber localTimeRestriction/enabled retryConfig/maxAttempts "
    "retryConfig/minutesBetweenAttempts retryConfig/retryPhoneTypes resumeNextDay"
)
SOUNDS = "sounds/liveSoundText sounds/liveSoundId sounds/machineSoundText sounds/machineSoundId answeringMachineConfig"
BATCH = "id name status broadcastId created size remaining enabled"
WEBHOOK = "id enabled name resource events callback createdAt updatedAt"
LEASE = (
    "number nationalFormat tollFree region/prefix region/city region/state region/zipcode region/lata "
    "region/rateCenter region/latitude region/longitude region/timeZone leaseBegin leaseEnd autoRenew status "
    "callFeatureStatus textFeatureStatus"
)
SAMPLES: dict[str, str] = {
    "/texts/{text}": TEXT,
    "/texts?id={text}": " ".join(f"items/{key}" for key in TEXT.split()) + " limit offset totalCount",
    "/calls/{call}": CALL,
    "/calls?id={call}": " ".join(f"items/{key}" for key in CALL.split()) + " limit offset totalCount",
    "/texts/broadcasts/{news}": f"{BROADCAST} message",
    "/texts/broadcasts/{news}/texts": "items/id items/message items/batchId items/contact/id totalCount",
    "/texts/broadcasts/{news}/stats": "totalOutboundCount remainingOutboundCount billedAmount sentCount unsentCount "
    "recievedCount doNotTextCount tooBigCount errorCount",
    "/texts/broadcasts/{news}/batches": " ".join(f"items/{key}" for key in BATCH.split()) + " limit offset",
    "/calls/broadcasts/{ring}": f"{BROADCAST} {SOUNDS}",
    "/calls/broadcasts/{ring}/calls": "items/id items/batchId items/agentCall limit offset totalCount",
    "/calls/broadcasts/{ring}/stats": "totalOutboundCount remainingOutboundCount billedAmount callsAttempted "
    "callsPlaced callsDuration billedDuration responseRatePercent callsRemaining callsAwaitingRedial callsLiveAnswer "
    "totalCount answeringMachineCount busyCount dialedCount doNotCallCount errorCount liveCount miscCount "
    "noAnswerCount transferCount",
    "/campaigns/batches/{batch}": BATCH,
    "/calls/{inbound}/recordings": "items/id items/callId items/campaignId items/name items/created "
    "items/lengthInBytes items/lengthInSeconds items/hash items/mp3Url items/state",
    "/contacts/{ann}": "id firstName lastName homePhone",
    "/contacts/{ann}/history": "id calls/id calls/contact/firstName calls/agentCall texts/id texts/message "
    "texts/batchId",
    "/contacts/lists": "items/id items/name items/size items/created items/status totalCount",
    "/contacts/lists/{list}/items": "items/id items/firstName items/lastName items/homePhone totalCount",
    f"/contacts/dncs/{OTHER_PHONE}": "number call text created",
    f"/contacts/dncs/universals/{PHONE}": "items/toNumber items/inboundCall items/inboundText items/outboundCall "
    "items/outboundText",
    "/keywords/leases/SUN": "shortCode keyword leaseBegin leaseEnd autoRenew status",
    "/keywords?keywords=MOON": "items/shortCode items/keyword",
    "/me/account": "id email name firstName lastName permissions",
    "/me/billing/plan-usage": "intervalStart intervalEnd remainingPlanCredits remainingPayAsYouGoCredits "
    "totalRemainingCredits",
    "/me/billing/credit-usage": "intervalBegin intervalEnd callsDurationMinutes textsSent creditsUsed",
    "/me/callerids": "items/phoneNumber",
    "/me/api/credentials": "items/id items/name items/username items/password items/enabled totalCount",
    "/media/{media}": "id accountId name created lengthInBytes mediaType publicUrl",
    f"/numbers/leases/{LEASED}": LEASE,
    f"/numbers/leases/configs/{LEASED}": "number configType",
    "/numbers/regions?city=boston": "items/prefix items/city items/state items/zipcode items/lata items/rateCenter "
    "items/latitude items/longitude items/timeZone limit offset totalCount",
    "/numbers/local?city=boston&limit=1": "number nationalFormat tollFree region/prefix region/lata region/rateCenter",
    "/numbers/tollfree?limit=1": "number nationalFormat tollFree",
    "/orders/{order}": "id status created totalCost localNumbers/ordered localNumbers/unitCost localNumbers/fulfilled",
    "/texts/auto-replys": "items/id items/match items/message items/number limit offset totalCount",
    "/webhooks/resources": "items/resource items/events items/supportedEvents limit offset totalCount",
    "/webhooks/resources/InboundText": "resource events supportedEvents",
    "/webhooks": " ".join(f"items/{key}" for key in WEBHOOK.split()) + " limit offset totalCount",
}
ENVELOPE = (
    "timestamp webhookId webhookName resourceType events/timestamp events/webhookId events/resourceType "
    "events/eventType"
)
SCHEDULED = (
    "schedules/id schedules/startDate/year schedules/startTimeOfDay/hour schedules/timeZone "
    "retryConfig/retryResults maxActive labels recipients/contactId"
)
PAYLOADS: dict[str, str] = {
    "OutboundCall": "id fromNumber toNumber state campaignId batchId contact/id inbound created modified labels "
    f"finalCallResult {RECORD} records/result records/originateTime records/answerTime records/duration agentCall",
    "OutboundText": f"id fromNumber toNumber state campaignId contact/id labels message {RECORD} media",
    "InboundText": f"{' '.join(key for key in TEXT.split() if key != 'batchId')} labels media",
    "TextBroadcast": f"{BROADCAST} {SCHEDULED} recipients/message message bigMessageStrategy media",
    "CallBroadcast": f"{BROADCAST} {SCHEDULED} {SOUNDS} maxActiveTransfers",
    "ContactList": "id name size created status",
    "OutboundTextDeliveryReport": "id actionId campaignId toNumber fromNumber timestamp deliveryState deliveryCategory",
}
PERIOD: dict[str, Any] = {"startDate": {"year": 2023, "month": 11, "day": 1}, "startTimeOfDay": {"hour": 9}}
SCHEDULE = {**PERIOD, "stopTimeOfDay": {"hour": 17}, "timeZone": "America/Los_Angeles", "daysOfWeek": ["MONDAY"]}


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Every path to a key in a value, through lists."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, before)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield before + name
            yield from paths(item, f"{before}{name}/")


class Furnished:
    """A sandbox in which everything has happened once."""

    def __init__(self) -> None:
        self.world = World(clock=Clock(still_at=NOW))
        populate(self.world, "me", "secret", "account", "secret")
        self.sandbox = Sandbox(self.world)
        self.ids: dict[str, int] = {}

    def post(self, path: str, body: Any, query: str = "") -> Any:
        answer = handle(self.sandbox, ("POST", path, query, {}, json.dumps(body).encode()))
        assert answer.status < 300, answer.body
        return json.loads(answer.body) if answer.body else None

    def get(self, path: str) -> Any:
        bare, _, query = path.partition("?")
        answer = handle(self.sandbox, ("GET", bare, query, {}, b""))
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def furnish(self) -> None:
        world, ids = self.world, self.ids
        for resource in PAYLOADS:
            self.post("/webhooks", {"name": "w", "resource": resource, "callback": "http://127.0.0.1:9/"})
        ann = {"firstName": "Ann", "lastName": "Lee", "homePhone": PHONE}
        ids["ann"] = self.post("/contacts", [ann])["items"][0]["id"]
        ids["list"] = self.post("/contacts/lists", {"name": "l", "contactIds": [ids["ann"]]})["id"]
        ids["text"] = self.post("/texts", [{"phoneNumber": PHONE, "message": "hi"}])["items"][0]["id"]
        (call,) = self.post("/calls", [{"phoneNumber": PHONE, "liveMessage": "hi"}])["items"]
        ids["call"], ids["batch"] = call["id"], call["batchId"]
        texting.receive(world, sender="12135550166", to=LEASED, message="hello")
        ids["inbound"] = calling.receive(world, caller=PHONE, to=LEASED, recording_seconds=3)["id"]
        common = {"fromNumber": LEASED, "recipients": [{"phoneNumber": PHONE}], "schedules": [SCHEDULE]}
        ids["news"] = self.post("/texts/broadcasts", {"message": "news", **common}, "start=true")["id"]
        sounds = {"liveSoundText": "hello", "machineSoundText": "hello machine"}
        ids["ring"] = self.post("/calls/broadcasts", {"sounds": sounds, **common}, "start=true")["id"]
        self.post("/contacts/dncs", {"numbers": [OTHER_PHONE]})
        world["universal_dncs"].add(
            {"toNumber": PHONE, "inboundCall": False, "inboundText": False, "outboundCall": True, "outboundText": True}
        )
        lease_keyword(world, "SUN")
        ids["order"] = self.post("/orders/numbers", {"localCount": 1, "city": "chicago"})["id"]
        self.post("/texts/auto-replys", {"number": LEASED, "match": "x", "message": "y"})
        ids["media"] = world["media"].add(dict.fromkeys(SAMPLES["/media/{media}"].split()[1:], ""))["id"]
        world.clock.advance(60_000)
        world.tasks.run_due(world)


@pytest.fixture(scope="module")
def furnished() -> Furnished:
    made = Furnished()
    made.furnish()
    return made


@pytest.mark.parametrize("path", SAMPLES)
def test_every_key_of_a_sample_is_returned(furnished: Furnished, path: str) -> None:
    answered = set(paths(furnished.get(path.format(**furnished.ids))))
    assert set(SAMPLES[path].split()) <= answered


@pytest.mark.parametrize("resource", PAYLOADS)
def test_every_key_of_a_sample_payload_is_sent(furnished: Furnished, resource: str) -> None:
    found = [entry["payload"] for entry in furnished.world["deliveries"] if entry["resource"] == resource]
    assert found
    for payload in found:
        assert set(ENVELOPE.split()) <= set(paths(payload))
        assert set(PAYLOADS[resource].split()) <= set(paths(payload["events"][0]["resource"]))
        assert payload["events"][0]["eventType"][0].isupper()


def test_ids_have_13_digits_at_most(furnished: Furnished) -> None:
    assert max(record["id"] for table in furnished.world for record in table) < 10**13


def test_a_media_file_has_the_keys_of_its_sample(furnished: Furnished) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nx\r\n--b--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    made = json.loads(handle(furnished.sandbox, ("POST", "/media", "", headers, form)).body)
    assert set(SAMPLES["/media/{media}"].split()) <= set(furnished.get(f"/media/{made['id']}"))
