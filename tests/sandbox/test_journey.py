"""A walk through the whole API over the network: every operation runs once and answers as declared."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from callfire_sandbox.api.callfire import Response

from tests.sandbox.conforming import OPERATIONS, check
from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client


class Walk:
    """`walk.getText(id=5)` performs the operation. Names that are not parameters go into the body."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        def perform(body: Any = None, files: Any = None, **values: Any) -> Any:
            method, path, operation = OPERATIONS[name]
            query = {}
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    path = path.replace(f"{{{parameter['name']}}}", str(values.pop(parameter["name"])))
                elif parameter["in"] == "query" and parameter["name"] in values:
                    query[parameter["name"]] = values.pop(parameter["name"])
            form = values if files else None
            body = values if body is None and not files and values else body
            callfire = self.client.callfire
            account = path.startswith("/me/api")
            login = (callfire.account_username, callfire.account_password) if account else self.client.auth
            url = callfire.url + path
            answer = requests.request(
                method, url, params=query, json=body, data=form, files=files, auth=login, timeout=10
            )
            assert answer.ok, (name, answer.status_code, answer.text)
            kind = answer.headers.get("content-type", "")
            check(name, Response(answer.status_code, answer.content, {"Content-Type": kind}))
            return answer.json() if kind == "application/json" else answer.content

        return perform


@pytest.fixture
def walk(client: Client) -> Walk:
    # CallFire's samples differ from its description in the shape of these responses.
    client.switch(update_answers_id=True, bare_number_lists=False)
    return Walk(client)


def items(page: dict[str, Any], key: str = "id") -> list[Any]:
    return [item[key] for item in page["items"]]


def test_texts(walk: Walk) -> None:
    (text,) = walk.sendTexts([{"phoneNumber": PHONE, "message": "hi"}])["items"]
    assert items(walk.findTexts()) == [text["id"]]
    assert walk.getText(id=text["id"])["state"] == "READY"
    reply = walk.createTextAutoReply(number=LEASED, match="hours", message="9 to 5")["id"]
    assert items(walk.findTextAutoReplys(number=LEASED)) == [reply]
    assert walk.getTextAutoReply(id=reply)["message"] == "9 to 5"
    walk.client.inbound("What are your HOURS?")
    walk.client.inbound("something else")
    assert walk.findTexts(inbound="false", fields="items(message)")["items"][0]["message"] == "9 to 5"
    assert walk.findTexts(inbound="false")["totalCount"] == 2
    walk.deleteTextAutoReply(id=reply)
    assert walk.findTextAutoReplys()["items"] == []
    walk.client.advance(1000)
    delivered = walk.getDeliveryReports(toNumber=PHONE, deliveryState="DELIVERED", startDate="2023-11-14")
    assert items(delivered, "messageText") == ["hi", "9 to 5"]
    assert walk.getDeliveryReports(endDate="2020-01-01")["items"] == []


def test_calls_and_recordings(walk: Walk) -> None:
    (call,) = walk.sendCalls([{"phoneNumber": PHONE, "liveMessage": "hello"}])["items"]
    walk.client.advance(1000)
    call = walk.getCall(id=call["id"])
    assert (call["state"], call["finalCallResult"]) == ("FINISHED", "LA")
    record = call["records"][0]
    times = [call["created"], record["originateTime"], record["answerTime"], record["finishTime"]]
    assert times == sorted(times)
    assert record["duration"] == 1
    came = walk.client.admin("POST", "/calls", {"fromNumber": PHONE, "toNumber": LEASED, "recordingSeconds": 4})
    assert items(walk.findCalls(inbound="true")) == [came["id"]]
    (recording,) = walk.getCallRecordings(id=came["id"])["items"]
    assert came["records"][0]["recordings"] == [recording]
    assert walk.getCallRecording(id=recording["id"]) == recording
    assert walk.getCallRecordingByName(id=came["id"], name=recording["name"]) == recording
    sound = walk.getCallRecordingMp3(id=recording["id"])
    assert len(sound) == recording["lengthInBytes"]
    assert walk.getCallRecordingMp3ByName(id=came["id"], name=recording["name"]) == sound


def test_text_broadcasts(walk: Walk) -> None:
    recipients = [{"phoneNumber": PHONE}, {"phoneNumber": OTHER_PHONE, "message": "own"}]
    number = walk.createTextBroadcast(name="News", message="all", recipients=recipients, labels=["red"])["id"]
    assert items(walk.findTextBroadcasts(label="red", name="new", running="false")) == [number]
    walk.updateTextBroadcast(id=number, name="Old news", maxActive=1)
    assert walk.getTextBroadcast(id=number)["name"] == "Old news"
    assert [text["state"] for text in walk.getTextBroadcastTexts(id=number)["items"]] == ["READY", "READY"]
    walk.toggleTextBroadcastRecipientsStatus([{"phoneNumber": OTHER_PHONE}], id=number)
    walk.startTextBroadcast(id=number)
    walk.client.advance(1000)
    states = {text["toNumber"]: text["state"] for text in walk.getTextBroadcastTexts(id=number)["items"]}
    assert states == {PHONE: "FINISHED", OTHER_PHONE: "DISABLED"}
    assert walk.getTextBroadcast(id=number)["status"] == "FINISHED"
    walk.toggleTextBroadcastRecipientsStatus([{"phoneNumber": OTHER_PHONE}], id=number, enable="true")
    walk.addTextBroadcastRecipients([{"phoneNumber": "12135550155"}], id=number)
    walk.startTextBroadcast(id=number)
    walk.stopTextBroadcast(id=number)
    batch = walk.addTextBroadcastBatch(id=number, name="More", recipients=[*recipients], scrubDuplicates=True)["id"]
    assert walk.getCampaignBatch(id=batch)["status"] == "VALIDATING"
    walk.client.advance(1000)
    assert walk.getCampaignBatch(id=batch)["size"] == 0
    walk.updateCampaignBatch(id=batch, enabled=False)
    assert [entry["enabled"] for entry in walk.getTextBroadcastBatches(id=number)["items"]] == [True, False]
    walk.startTextBroadcast(id=number)
    walk.client.advance(1000)
    stats = walk.getTextBroadcastStats(id=number)
    assert (stats["totalOutboundCount"], stats["sentCount"], stats["billedAmount"]) == (3, 3, 3.0)
    walk.archiveTextBroadcast(id=number)
    assert walk.findTextBroadcasts()["items"] == []


def test_call_broadcasts(walk: Walk) -> None:
    number = walk.createCallBroadcast(name="Ring", sounds={"liveSoundText": "hello"})["id"]
    walk.addCallBroadcastRecipients([{"phoneNumber": PHONE}], id=number)
    walk.addCallBroadcastBatch(id=number, recipients=[{"phoneNumber": OTHER_PHONE}])
    walk.client.advance(1000)
    walk.toggleCallBroadcastRecipientsStatus([{"phoneNumber": OTHER_PHONE}], id=number)
    walk.updateCallBroadcast(id=number, maxActive=5)
    walk.startVoiceBroadcast(id=number)
    assert items(walk.findCallBroadcasts(running="true")) == [number]
    walk.stopVoiceBroadcast(id=number)
    walk.startVoiceBroadcast(id=number)
    walk.client.advance(5000)
    assert walk.getCallBroadcast(id=number)["status"] == "FINISHED"
    assert items(walk.getCallBroadcastCalls(id=number), "toNumber") == [OTHER_PHONE, PHONE]
    assert walk.getCallBroadcastStats(id=number)["callsLiveAnswer"] == 1
    assert [batch["size"] for batch in walk.getCallBroadcastBatches(id=number)["items"]] == [1, 1]
    walk.archiveVoiceBroadcast(id=number)


def test_contacts_and_lists(walk: Walk) -> None:
    ann, bob = items(
        walk.createContacts([{"homePhone": PHONE, "properties": {"age": 7}}, {"mobilePhone": OTHER_PHONE}])
    )
    assert items(walk.findContacts(number=OTHER_PHONE)) == [bob]
    assert items(walk.findContacts(propertyName="age", propertyValue="7")) == [ann]
    walk.updateContact(id=ann, firstName="Ann")
    assert walk.getContact(id=ann)["firstName"] == "Ann"
    walk.sendTexts([{"contactId": ann, "message": "hi"}])
    assert len(walk.getContactHistory(id=ann)["texts"]) == 1
    made = walk.createContactList(name="Friends", contactIds=[ann])
    assert made["status"] == "VALIDATING"
    walk.client.advance(1000)
    assert walk.getContactList(id=made["id"])["status"] == "ACTIVE"
    walk.addContactListItems(id=made["id"], contactIds=[bob])
    assert items(walk.getContactListItems(id=made["id"])) == [ann, bob]
    assert items(walk.findContacts(contactListId=made["id"])) == [ann, bob]
    walk.removeContactListItem(id=made["id"], contactId=ann)
    walk.removeContactListItems(id=made["id"], contactId=[bob])
    assert walk.getContactList(id=made["id"])["size"] == 0
    walk.updateContactList(id=made["id"], name="Foes")
    csv = io.BytesIO(b"homePhone,first name,shoe\n12135550111,Eve,42\nnonsense,Mallory,1\n")
    upload = walk.createContactListFromFile(files={"file": ("people.csv", csv)}, useCustomFields="true")["id"]
    walk.client.advance(1000)
    assert items(walk.findContactLists(), "name") == ["Foes", "people.csv"]
    assert items(walk.findContactLists(name="Foe", exactMatch="true")) == []
    (eve,) = walk.getContactListItems(id=upload)["items"]
    assert (eve["firstName"], eve["homePhone"], eve["properties"]) == ("Eve", "12135550111", {"shoe": "42"})
    walk.deleteContactList(id=upload)
    walk.deleteContact(id=bob)
    assert walk.getContact(id=bob)["deleted"]
    assert bob not in items(walk.findContacts())


def test_do_not_contact(walk: Walk) -> None:
    walk.addDoNotContacts(numbers=[PHONE, OTHER_PHONE], source="me")
    assert items(walk.findDoNotContacts(prefix="1213", text="true", source="me"), "number") == [PHONE, OTHER_PHONE]
    assert walk.getDoNotContact(number=PHONE)["call"] is True
    walk.updateDoNotContact(number=PHONE, text=False)
    texts = walk.sendTexts([{"phoneNumber": number, "message": "hi"} for number in (PHONE, OTHER_PHONE)])["items"]
    assert [text["state"] for text in texts] == ["READY", "DNC"]
    walk.deleteDoNotContact(number=f"{PHONE},{OTHER_PHONE}")
    walk.addDoNotContacts(numbers=[PHONE], source="me")
    walk.deleteDoNotContactsBySource(source="me")
    assert walk.findDoNotContacts()["items"] == []
    walk.client.admin("POST", "/universal-dncs", {"toNumber": PHONE})
    assert walk.getUniversalDoNotContacts(toNumber=PHONE)["items"][0]["outboundText"] is True
    assert walk.sendTexts([{"phoneNumber": PHONE, "message": "hi"}])["items"][0]["state"] == "DNC"


def test_numbers_keywords_and_orders(walk: Walk) -> None:
    assert items(walk.findNumberRegions(city="chicago"), "prefix") == ["1312"]
    (local,) = items(walk.findNumbersLocal(zipcode="60602", limit=1), "number")
    (free,) = items(walk.findNumbersTollfree(pattern="88*", limit=1), "number")
    assert (local[:4], free[:3]) == ("1312", "188")
    order = walk.orderNumbers(numbers=[local, free])["id"]
    assert walk.getOrder(id=order)["status"] == "PROCESSING"
    walk.client.advance(1000)
    assert walk.getOrder(id=order)["localNumbers"]["fulfilled"] == [local]
    assert items(walk.findNumberLeases(state="IL"), "number") == [local]
    assert items(walk.findNumberLeases(tollFree="true"), "number") == [free]
    walk.updateNumberLease(number=local, labels=["office"], autoRenew=False)
    assert walk.getNumberLease(number=local)["autoRenew"] is False
    assert items(walk.findNumberLeaseConfigs(labelName="office"), "number") == [local]
    walk.updateNumberLeaseConfig(number=local, configType="IVR", ivrInboundConfig={"dialplanXml": "<dialplan/>"})
    assert walk.getNumberLeaseConfig(number=local)["configType"] == "IVR"
    assert walk.isKeywordAvailable(keyword="SUN") is True
    assert items(walk.findKeywords(keywords=["sun", "a", "moon"]), "keyword") == ["SUN", "MOON"]
    order = walk.orderKeywords(keywords=["sun"])["id"]
    walk.client.advance(1000)
    assert items(walk.findOrders(status="FINISHED"))[1] == order
    assert walk.isKeywordAvailable(keyword="SUN") is False
    lease = walk.getKeywordLease(keyword="sun")
    assert walk.getKeywordLeaseById(id=lease["id"]) == lease
    walk.updateKeywordLease(keyword="SUN", labels=["light"])
    assert items(walk.findKeywordLeases(labelName="light"), "keyword") == ["SUN"]
    walk.updateKeywordLeaseConfig(keyword="SUN", textInboundConfig={"forwardEnabled": True, "forwardNumber": PHONE})
    assert walk.getKeywordLeaseConfig(keyword="SUN")["textInboundConfig"]["forwardEnabled"] is True
    assert items(walk.findKeywordLeaseConfigs(), "keyword") == ["SUN"]


def test_media_and_sounds(walk: Walk) -> None:
    picture = b"\x89PNG not really"
    media = walk.createMedia(files={"file": ("cat.png", picture)}, name="Cat")["id"]
    assert items(walk.findMedia(filter="cat")) == [media]
    about = walk.getMedia(id=media)
    assert (about["mediaType"], about["lengthInBytes"]) == ("image/png", len(picture))
    assert walk.getMediaData(id=media, extension="png") == picture
    assert walk.getMediaDataBinary(id=media) == picture
    key = about["publicUrl"].rpartition("/")[2].removesuffix(".png")
    assert walk.getMediaDataByKey(key=key, extension="png") == picture
    spoken = walk.postTTSCampaignSound(message="Hello, this is a rather long sentence.", voice="MALE1")
    assert spoken["lengthInSeconds"] == 3
    sound = walk.getCampaignSoundDataWav(id=spoken["id"])
    assert sound[:4] == b"RIFF"
    assert walk.getCampaignSoundDataMp3(id=spoken["id"])[:2] == b"\xff\xfb"
    again = walk.postFileCampaignSound(files={"file": ("again.wav", sound)})
    assert (again["duplicate"], again["lengthInSeconds"], again["name"]) == (True, 3, "again.wav")
    called = walk.postCallCampaignSound(name="By phone", toNumber=PHONE)["id"]
    assert called not in items(walk.findCampaignSounds())
    assert called in items(walk.findCampaignSounds(includePending="true"))
    walk.client.advance(1000)
    assert walk.getCampaignSound(id=called)["status"] == "ACTIVE"
    walk.deleteCampaignSound(id=called)
    assert called not in items(walk.findCampaignSounds())
    assert called in items(walk.findCampaignSounds(includeArchived="true"))


def test_webhooks(walk: Walk) -> None:
    assert "InboundText" in items(walk.findWebhookResources(), "resource")
    assert walk.getWebhookResource(resource="InboundText")["supportedEvents"] == ["finished"]
    hook = walk.createWebhook(
        name="Mine", resource="InboundText", events=["Finished"], callback="http://127.0.0.1:9/", secret="s"
    )["id"]
    assert items(walk.findWebhooks(resource="InboundText", event="FINISHED", enabled="true")) == [hook]
    walk.updateWebhook(id=hook, enabled=False)
    assert walk.getWebhook(id=hook)["enabled"] is False
    walk.deleteWebhook(id=hook)
    assert walk.findWebhooks()["items"] == []


def test_the_account(walk: Walk) -> None:
    assert walk.getAccount(fields="name,dateTimeZone(id)") == {
        "name": "Sandbox",
        "dateTimeZone": {"id": "America/Los_Angeles"},
    }
    before = walk.getBillingPlanUsage()["totalRemainingCredits"]
    walk.sendTexts([{"phoneNumber": PHONE, "message": "x" * 161}])
    walk.client.advance(1000)
    assert walk.getBillingPlanUsage()["totalRemainingCredits"] == before - 2
    assert walk.getCreditUsage() == {
        "intervalBegin": 0,
        "intervalEnd": NOW + 1000,
        "callsDurationMinutes": 0,
        "textsSent": 1,
        "creditsUsed": 2.0,
    }
    walk.sendVerificationCodeToCallerId(callerid=PHONE)
    assert PHONE not in items(walk.getCallerIds(), "phoneNumber")
    assert walk.verifyCallerId(callerid=PHONE, verificationCode="0") is False
    assert walk.verifyCallerId(callerid=PHONE, verificationCode="1234") is True
    assert PHONE in items(walk.getCallerIds(), "phoneNumber")
    login = walk.createApiCredential(name="Second")
    assert login["id"] in items(walk.findApiCredentials(name="second"))
    url = f"{walk.client.callfire.url}/me/account"
    auth = (login["username"], login["password"])
    assert requests.get(url, auth=auth, timeout=10).status_code == 200
    walk.disableApiCredentials(id=login["id"])
    assert requests.get(url, auth=auth, timeout=10).status_code == 401
    walk.enableApiCredentials(id=login["id"])
    assert walk.getApiCredential(id=login["id"])["enabled"] is True
    walk.deleteApiCredential(id=login["id"])
    assert requests.get(url, auth=auth, timeout=10).status_code == 401


def test_every_operation_is_performed() -> None:
    """Every operation is performed by some walk above."""
    assert set(re.findall(r"walk\.(\w+)\(", Path(__file__).read_text())) >= set(OPERATIONS)
