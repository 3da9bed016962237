"""Sequences of several actions with the sandbox, as in real flows."""

import base64
import io
import wave
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from callfire_sandbox.server import start
from callfire_sandbox.switches import Switches

from lib.callfire.api.errors import NotFound
from lib.callfire.exact_json import portable
from lib.callfire.operation import selects
from tests.lib.steps import FakeStep, bodies, run
from tests.lib.test_requests import MODULES

WAV = b"RIFF$\x00\x00\x00WAVEfmt "
"\x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"


def beep() -> bytes:
    """Return 0.1 s of silence as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with start(switches=Switches(ids="large")) as running:
        yield running


class Account:
    """Runs actions by their operation ID with the login of one account."""

    def __init__(self, sandbox: Any, username: str, password: str) -> None:
        self.sandbox = sandbox
        self.config = {"username": username, "password": password, "server": sandbox.url, "errorPolicy": "error"}

    def do(self, operation: str, /, **body: Any) -> Any:
        """Emit exactly one message and return its body."""
        (emitted,) = bodies(f"actions.{MODULES[operation]}", body, self.config)
        return emitted

    def items(self, operation: str, /, **body: Any) -> list[Any]:
        return bodies(f"actions.{MODULES[operation]}", body, self.config | {"emitBehavior": "emitIndividually"})

    def wait(self, seconds: int) -> None:
        body = {"advance": seconds * 1000}
        requests.post(f"{self.sandbox.admin_url}/clock", json=body, timeout=10).raise_for_status()


@pytest.fixture
def callfire(sandbox: Any) -> Account:
    return Account(sandbox, sandbox.username, sandbox.password)


def test_a_text_broadcast_and_its_statistics(callfire: Account) -> None:
    broadcast = callfire.do("createTextBroadcast", name="Spring", message="Sale!", labels="season")["id"]
    assert selects.text_broadcasts(callfire.config)[str(broadcast)] == "Spring"
    callfire.do("addTextBroadcastRecipients", id=broadcast, recipients={"phoneNumber": "12135550123"})
    batch = callfire.do(
        "addTextBroadcastBatch",
        id=broadcast,
        name="more",
        recipients=[{"phoneNumber": "12135550124"}],
        scrubDuplicates=True,
    )["id"]
    assert callfire.do("updateTextBroadcast", id=broadcast, name="Summer")["id"] == broadcast
    assert callfire.do("getTextBroadcast", id=broadcast)["name"] == "Summer"
    callfire.wait(60)
    assert callfire.do("getCampaignBatch", id=batch)["size"] == 1
    assert callfire.do("startTextBroadcast", id=broadcast) == {"id": broadcast}
    callfire.wait(600)
    texts = callfire.items("getTextBroadcastTexts", id=broadcast)
    assert {text["toNumber"] for text in texts} == {"12135550123", "12135550124"}
    assert [entry["id"] for entry in callfire.items("getTextBroadcastBatches", id=broadcast)].count(batch) == 1
    assert callfire.do("getTextBroadcastStats", id=broadcast)["sentCount"] == 2
    assert [text["id"] for text in callfire.items("findTexts", campaignId=broadcast, batchId=batch)]
    assert callfire.items("getDeliveryReports", campaignId=broadcast)
    assert callfire.do("archiveTextBroadcast", id=broadcast) == {"id": broadcast}


def test_a_call_broadcast_and_its_recordings(callfire: Account) -> None:
    sound = callfire.do("postTTSCampaignSound", message="Hello", voice="MALE1")["id"]
    assert str(sound) in selects.sounds(callfire.config)
    caller = callfire.items("getCallerIds")[0]["phoneNumber"]
    broadcast = callfire.do("createCallBroadcast", name="Calls", fromNumber=caller, sounds={"liveSoundId": str(sound)})[
        "id"
    ]
    callfire.do("addCallBroadcastRecipients", id=broadcast, recipients=[{"phoneNumber": "12135550125"}])
    callfire.do(
        "toggleCallBroadcastRecipientsStatus", id=broadcast, enable=True, recipients={"phoneNumber": "12135550125"}
    )
    callfire.do("startVoiceBroadcast", id=broadcast)
    callfire.wait(3600)
    (call,) = callfire.items("getCallBroadcastCalls", id=broadcast)
    assert callfire.do("getCall", id=call["id"])["toNumber"] == "12135550125"
    assert callfire.do("getCallBroadcastStats", id=broadcast)["totalOutboundCount"] == 1
    entry = {"fromNumber": "12135550126", "recordingSeconds": 2}
    answer = requests.post(f"{callfire.sandbox.admin_url}/calls", json=entry, timeout=10)
    answer.raise_for_status()
    callfire.wait(60)
    (recording,) = callfire.items("getCallRecordings", id=answer.json()["id"])
    assert callfire.do("getCallRecording", id=recording["id"])["callId"] == portable(answer.json()["id"])
    step = FakeStep()
    (payload,) = run("actions.get_call_recording_mp3", {"id": recording["id"]}, callfire.config, step=step)
    ((name, (content, kind)),) = step.attachments.files.items()
    assert payload["body"]["attachmentUrl"] == f"memory:{name}"
    assert name.endswith(".mp3")
    assert kind == "audio/mpeg"
    assert len(content) == payload["body"]["size"] > 0


def test_contacts_and_lists(callfire: Account) -> None:
    ids = [
        entry["id"]
        for entry in callfire.do(
            "createContacts",
            contacts=[
                {"firstName": "Ann", "mobilePhone": "12135550130", "properties": {"age": 41}},
                {"homePhone": "12135550131"},
            ],
        )["items"]
    ]
    callfire.do("updateContact", id=ids[0], lastName="Bee")
    assert callfire.do("getContact", id=ids[0]).items() >= {"firstName": "Ann", "lastName": "Bee"}.items()
    assert [contact["id"] for contact in callfire.items("findContacts", number=["12135550130"])] == [ids[0]]
    made = callfire.do("createContactList", name="Friends", contactIds=[str(ids[0])])["id"]
    callfire.wait(60)
    callfire.do("addContactListItems", id=made, contactIds=ids[1])
    callfire.wait(60)
    assert {contact["id"] for contact in callfire.items("getContactListItems", id=made)} == set(ids)
    assert selects.contact_lists(callfire.config)[str(made)] == "Friends (2)"
    assert callfire.do("removeContactListItem", id=made, contactId=ids[1]) == {"id": made, "contactId": ids[1]}
    assert callfire.do("removeContactListItems", id=made, contactId=ids[0]) == {"id": made, "contactId": ids[:1]}
    callfire.do("updateContactList", id=made, name="Former friends")
    assert [entry["id"] for entry in callfire.items("findContactLists", name="Former friends", exactMatch=True)] == [
        made
    ]
    callfire.do("sendTexts", recipients=[{"contactId": ids[0], "message": "Hi"}])
    assert len(callfire.do("getContactHistory", id=ids[0])["texts"]) == 1
    callfire.do("deleteContactList", id=made)
    with pytest.raises(NotFound):
        callfire.do("getContactList", id=made)
    assert callfire.do("deleteContact", id=ids[1]) == {"id": ids[1]}
    assert callfire.do("getContact", id=ids[1])["deleted"] is True


def test_a_list_from_rows(callfire: Account) -> None:
    rows = [{"firstName": f"N{number}", "mobilePhone": f"1213555{number:04}"} for number in range(200, 230)]
    made = callfire.do("createContactListFromFile", name="Rows", rows=rows, useCustomFields=False)["id"]
    callfire.wait(60)
    assert callfire.do("getContactList", id=made).items() >= {"name": "Rows", "size": 30, "status": "ACTIVE"}.items()
    assert len(callfire.items("getContactListItems", id=made)) == 30


def test_files_are_uploaded_and_downloaded(callfire: Account) -> None:
    file = {"content": base64.b64encode(beep()).decode(), "filename": "beep.wav"}
    sound = callfire.do("postFileCampaignSound", name="Beep", file=file)["id"]
    media = callfire.do("createMedia", file=file)["id"]
    assert callfire.do("getMedia", id=media)["id"] == media
    assert [entry["id"] for entry in callfire.items("findMedia")].count(media) == 1
    step = FakeStep()
    for operation, body in (
        ("get_media_data", {"id": media, "extension": "wav"}),
        ("get_media_data_binary", {"id": media}),
        ("get_campaign_sound_data_wav", {"id": sound}),
    ):
        run(f"actions.{operation}", body, callfire.config, step=step)
    assert [content for content, _ in step.attachments.files.values()].count(beep()) >= 2
    assert callfire.do("deleteCampaignSound", id=sound) == {"id": sound}


def test_do_not_contact_entries(callfire: Account) -> None:
    number = "12135550140"
    assert callfire.do("addDoNotContacts", numbers=number, source="shop", call=False) == {"numbers": [number]}
    assert callfire.do("getDoNotContact", number=number).items() >= {"call": False, "text": True}.items()
    callfire.do("updateDoNotContact", number=number, call=True)
    assert [entry["number"] for entry in callfire.items("findDoNotContacts", source="shop", call="true")] == [number]
    assert callfire.do("deleteDoNotContactsBySource", source="shop") == {"source": "shop"}
    assert callfire.items("findDoNotContacts", source="shop") == []


def test_numbers_and_keywords(callfire: Account) -> None:
    offered = callfire.items("findNumbersLocal", city="LOS ANGELES", limit=2)
    order = callfire.do("orderNumbers", numbers=[offered[0]["number"]])["id"]
    callfire.do("orderKeywords", keywords="SUNSHINE")
    callfire.wait(60)
    assert callfire.do("getOrder", id=order)["status"] == "FINISHED"
    assert order in {entry["id"] for entry in callfire.items("findOrders", status="FINISHED")}
    number = offered[0]["number"]
    assert number in selects.leased_numbers(callfire.config)
    callfire.do("updateNumberLease", number=number, labels=["west"], autoRenew="false")
    assert callfire.do("getNumberLease", number=number).items() >= {"labels": ["west"], "autoRenew": False}.items()
    forward = {"forwardEnabled": True, "forwardNumber": "12135550150"}
    callfire.do("updateNumberLeaseConfig", number=number, configType="TRACKING", callTrackingConfig={"recorded": True})
    assert callfire.do("getNumberLeaseConfig", number=number)["callTrackingConfig"]["recorded"] is True
    assert "SUNSHINE" in selects.leased_keywords(callfire.config)
    callfire.do("updateKeywordLeaseConfig", keyword="SUNSHINE", textInboundConfig=forward)
    assert callfire.do("getKeywordLeaseConfig", keyword="SUNSHINE")["textInboundConfig"] == forward
    assert callfire.do("isKeywordAvailable", keyword="SUNSHINE") == {"value": False}


def test_webhooks_and_auto_replies(callfire: Account) -> None:
    assert "InboundText" in selects.webhook_resources(callfire.config)
    hook = {"name": "In", "callback": "https://example.com/in", "resource": "InboundText", "events": "finished"}
    made = callfire.do("createWebhook", **hook)["id"]
    callfire.do("updateWebhook", id=made, enabled=False)
    assert callfire.do("getWebhook", id=made).items() >= {"name": "In", "enabled": False}.items()
    assert [entry["id"] for entry in callfire.items("findWebhooks", resource="InboundText", enabled=False)] == [made]
    assert callfire.do("deleteWebhook", id=made) == {"id": made}
    number = next(iter(selects.leased_numbers(callfire.config)))
    reply = callfire.do("createTextAutoReply", number=number, match="hours", message="9 to 5")["id"]
    assert [entry["id"] for entry in callfire.items("findTextAutoReplys", number=number)] == [reply]
    assert callfire.do("deleteTextAutoReply", id=reply) == {"id": reply}


def test_credentials_are_for_the_account_holder(sandbox: Any) -> None:
    holder = Account(sandbox, sandbox.account_username, sandbox.account_password)
    made = holder.do("createApiCredential", name="Flow")
    assert holder.do("disableApiCredentials", id=made["id"]) == {"id": made["id"]}
    assert holder.do("getApiCredential", id=made["id"])["enabled"] is False
    assert holder.do("enableApiCredentials", id=made["id"]) == {"id": made["id"]}
    assert holder.do("deleteApiCredential", id=made["id"]) == {"id": made["id"]}
