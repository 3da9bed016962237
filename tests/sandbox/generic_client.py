"""A walk through all operations for clients that are generated from the description, in Python and in JavaScript.

A step is [operation, parameters, saved]. `$name` in a parameter is a value that an earlier answer gave; `saved` maps
such names to paths in the answer. The step "admin" sends a request to the admin API.
"""

import json
import re
from typing import Any

import requests

from tests.sandbox.conftest import LEASED, OTHER_PHONE, PHONE

ACCOUNT_ONLY = "/me/api/credentials"
TONE = "tone.mp3"
FILES = {
    TONE: b"\xff\xfb\x90\xc4" + bytes(413),
    "a.png": b"\x89PNG",
    "people.csv": b"homePhone,firstName\n12135550177,Ann\n",
}
"""Uploaded files by name."""
RECIPIENT = [{"phoneNumber": OTHER_PHONE}]
Step = list[Any]

TEXTS: list[Step] = [
    ["admin", {"method": "POST", "path": "/texts", "body": {"fromNumber": PHONE, "message": "hello"}}, {}],
    [
        "sendTexts",
        {"body": [{"phoneNumber": PHONE, "message": "hi"}]},
        {"text": "items.0.id", "batch": "items.0.batchId"},
    ],
    ["getText", {"id": "$text"}, {}],
    ["findTexts", {"id": ["$text"]}, {}],
    ["findTexts", {"batchId": "$batch"}, {"found": "items.0.id"}],
    ["getCampaignBatch", {"id": "$batch"}, {}],
    ["updateCampaignBatch", {"id": "$batch", "body": {"enabled": True}}, {}],
    ["createTextAutoReply", {"body": {"match": "menu", "message": "soup"}}, {"reply": "id"}],
    ["findTextAutoReplys", {}, {}],
    ["getTextAutoReply", {"id": "$reply"}, {}],
    ["deleteTextAutoReply", {"id": "$reply"}, {}],
    ["getDeliveryReports", {"toNumber": PHONE}, {}],
]
CALLS: list[Step] = [
    [
        "admin",
        {"method": "POST", "path": "/calls", "body": {"fromNumber": PHONE, "recordingSeconds": 2}},
        {"inbound": "id"},
    ],
    ["sendCalls", {"body": [{"phoneNumber": PHONE, "liveMessage": "hi"}]}, {"call": "items.0.id"}],
    ["findCalls", {"id": ["$call"]}, {}],
    ["getCall", {"id": "$call"}, {}],
    ["getCallRecordings", {"id": "$inbound"}, {"recording": "items.0.id", "name": "items.0.name"}],
    ["getCallRecording", {"id": "$recording"}, {}],
    ["getCallRecordingMp3", {"id": "$recording"}, {}],
    ["getCallRecordingByName", {"id": "$inbound", "name": "$name"}, {}],
    ["getCallRecordingMp3ByName", {"id": "$inbound", "name": "$name"}, {}],
]


def broadcasts(noun: str, verb: str, table: str, content: dict[str, Any]) -> list[Step]:
    """Return the steps of text or call broadcasts."""
    body = {"name": "b", "recipients": RECIPIENT, **content}
    number = {"id": "$broadcast"}
    return [
        [f"create{noun}", {"body": body}, {"broadcast": "id"}],
        [f"find{noun}s", {}, {}],
        [f"get{noun}", number, {}],
        [f"update{noun}", {**number, "body": {"name": "c"}}, {}],
        [f"add{noun}Recipients", {**number, "body": [{"phoneNumber": PHONE}]}, {}],
        [f"toggle{noun}RecipientsStatus", {**number, "body": [{"phoneNumber": PHONE}], "enable": False}, {}],
        [f"add{noun}Batch", {**number, "body": {"name": "d", "recipients": [{"phoneNumber": LEASED}]}}, {}],
        [f"get{noun}Batches", number, {"batch": "items.0.id"}],
        ["getCampaignBatch", {"id": "$batch"}, {}],
        [f"get{noun}{table}", {**number, "batchId": "$batch"}, {"action": "items.0.id"}],
        [f"get{noun}Stats", number, {}],
        [f"start{verb}", number, {}],
        [f"stop{verb}", number, {}],
        [f"archive{verb}", number, {}],
    ]


CONTACTS: list[Step] = [
    ["createContacts", {"body": [{"firstName": "Ann", "homePhone": PHONE}]}, {"contact": "items.0.id"}],
    ["findContacts", {"id": ["$contact"]}, {"found": "items.0.id"}],
    ["getContact", {"id": "$contact"}, {}],
    ["updateContact", {"id": "$contact", "body": {"lastName": "Lee"}}, {}],
    ["getContactHistory", {"id": "$contact"}, {}],
    ["createContactList", {"body": {"name": "l", "contactIds": ["$contact"]}}, {"list": "id"}],
    ["createContactListFromFile", {"file": "people.csv", "name": "f"}, {}],
    ["findContactLists", {}, {}],
    ["getContactList", {"id": "$list"}, {}],
    ["updateContactList", {"id": "$list", "body": {"name": "m"}}, {}],
    ["addContactListItems", {"id": "$list", "body": {"contactNumbers": [OTHER_PHONE, LEASED]}}, {}],
    ["getContactListItems", {"id": "$list"}, {"first": "items.0.id", "second": "items.1.id"}],
    ["removeContactListItem", {"id": "$list", "contactId": "$first"}, {}],
    ["removeContactListItems", {"id": "$list", "contactId": ["$second"]}, {}],
    ["deleteContactList", {"id": "$list"}, {}],
    ["deleteContact", {"id": "$contact"}, {}],
    ["addDoNotContacts", {"body": {"numbers": [OTHER_PHONE, LEASED], "source": "s"}}, {}],
    ["findDoNotContacts", {}, {"number": "items.0.number"}],
    ["getDoNotContact", {"number": "$number"}, {}],
    ["updateDoNotContact", {"number": "$number", "body": {"text": False}}, {}],
    ["deleteDoNotContact", {"number": "$number"}, {}],
    ["deleteDoNotContactsBySource", {"source": "s"}, {}],
    ["getUniversalDoNotContacts", {"toNumber": PHONE}, {}],
]
NUMBERS: list[Step] = [
    ["findNumbersLocal", {"city": "boston", "limit": 1}, {}],
    ["findNumbersTollfree", {"limit": 1}, {}],
    ["findNumberRegions", {"city": "boston"}, {}],
    ["findNumberLeases", {}, {"lease": "items.0.number"}],
    ["getNumberLease", {"number": "$lease"}, {}],
    ["updateNumberLease", {"number": "$lease", "body": {"labels": ["x"]}}, {}],
    ["findNumberLeaseConfigs", {}, {}],
    ["getNumberLeaseConfig", {"number": "$lease"}, {}],
    [
        "updateNumberLeaseConfig",
        {"number": "$lease", "body": {"configType": "TRACKING", "callTrackingConfig": {"recorded": True}}},
        {},
    ],
    ["findKeywords", {"keywords": ["MOON"]}, {"keyword": "items.0.keyword"}],
    ["isKeywordAvailable", {"keyword": "$keyword"}, {}],
    ["orderKeywords", {"body": {"keywords": ["$keyword"]}}, {"order": "id"}],
    ["orderNumbers", {"body": {"localCount": 1, "city": "chicago"}}, {}],
    ["admin", {"method": "POST", "path": "/clock", "body": {"advance": 5000}}, {}],
    ["findOrders", {}, {}],
    ["getOrder", {"id": "$order"}, {}],
    ["findKeywordLeases", {}, {"leased": "items.0.id"}],
    ["getKeywordLeaseById", {"id": "$leased"}, {}],
    ["getKeywordLease", {"keyword": "$keyword"}, {}],
    ["updateKeywordLease", {"keyword": "$keyword", "body": {"labels": ["x"]}}, {}],
    ["findKeywordLeaseConfigs", {}, {}],
    ["getKeywordLeaseConfig", {"keyword": "$keyword"}, {}],
    ["updateKeywordLeaseConfig", {"keyword": "$keyword", "body": {}}, {}],
]
FILES_AND_SOUNDS: list[Step] = [
    ["createMedia", {"file": "a.png", "name": "picture"}, {"media": "id"}],
    ["findMedia", {}, {"key": "items.0.publicUrl"}],
    ["getMedia", {"id": "$media"}, {}],
    ["getMediaData", {"id": "$media", "extension": "png"}, {}],
    ["getMediaDataBinary", {"id": "$media"}, {}],
    ["getMediaDataByKey", {"key": "$key", "extension": "png"}, {}],
    ["postTTSCampaignSound", {"body": {"message": "hello"}}, {"sound": "id"}],
    ["postCallCampaignSound", {"body": {"name": "n", "toNumber": PHONE}}, {}],
    ["postFileCampaignSound", {"file": TONE, "name": "tone"}, {}],
    ["findCampaignSounds", {}, {}],
    ["getCampaignSound", {"id": "$sound"}, {}],
    ["getCampaignSoundDataMp3", {"id": "$sound"}, {}],
    ["getCampaignSoundDataWav", {"id": "$sound"}, {}],
    ["deleteCampaignSound", {"id": "$sound"}, {}],
]
ACCOUNT: list[Step] = [
    ["getAccount", {}, {}],
    ["getBillingPlanUsage", {}, {}],
    ["getCreditUsage", {}, {}],
    ["getCallerIds", {}, {}],
    ["sendVerificationCodeToCallerId", {"callerid": PHONE}, {}],
    ["verifyCallerId", {"callerid": PHONE, "body": {"verificationCode": "1234"}}, {}],
    ["createApiCredential", {"body": {"name": "x"}}, {"credential": "id"}],
    ["findApiCredentials", {}, {}],
    ["getApiCredential", {"id": "$credential"}, {}],
    ["disableApiCredentials", {"id": "$credential"}, {}],
    ["enableApiCredentials", {"id": "$credential"}, {}],
    ["deleteApiCredential", {"id": "$credential"}, {}],
    [
        "createWebhook",
        {"body": {"name": "w", "resource": "InboundText", "callback": "http://127.0.0.1:9/"}},
        {"hook": "id"},
    ],
    ["findWebhooks", {}, {}],
    ["getWebhook", {"id": "$hook"}, {}],
    [
        "updateWebhook",
        {"id": "$hook", "body": {"name": "v", "resource": "InboundText", "callback": "http://127.0.0.1:9/"}},
        {},
    ],
    ["deleteWebhook", {"id": "$hook"}, {}],
    ["findWebhookResources", {}, {"resource": "items.0.resource"}],
    ["getWebhookResource", {"resource": "$resource"}, {}],
]
STEPS = [
    *TEXTS,
    *CALLS,
    *broadcasts("TextBroadcast", "TextBroadcast", "Texts", {"message": "news"}),
    *broadcasts("CallBroadcast", "VoiceBroadcast", "Calls", {"sounds": {"liveSoundText": "news"}}),
    *CONTACTS,
    *NUMBERS,
    *FILES_AND_SOUNDS,
    *ACCOUNT,
]


class GenericClient:
    """A client with a method for each operation of a Swagger 2.0 description."""

    def __init__(self, url: str, login: tuple[str, str], account_login: tuple[str, str]) -> None:
        self._description = requests.get(f"{url}/api-docs/swagger.json", timeout=10).json()
        self._logins = {False: login, True: account_login}
        self._operations = {
            operation["operationId"]: (method, path, operation["parameters"])
            for path, methods in self._description["paths"].items()
            for method, operation in methods.items()
        }

    def call(self, name: str, given: dict[str, Any]) -> requests.Response:
        """Send the request of an operation, built from its declared parameters only."""
        method, path, parameters = self._operations[name]
        query: dict[str, Any] = {}
        form: dict[str, str] = {}
        options: dict[str, Any] = {}
        for parameter in parameters:
            key, place = parameter["name"], parameter["in"]
            if key not in given:
                assert not parameter["required"], (name, key)
            elif place == "path":
                path = path.replace(f"{{{key}}}", str(given[key]))
            elif place == "body":
                options["json"] = given[key]
            elif parameter["type"] == "file":
                options["files"] = {key: (given[key], FILES[given[key]])}
            else:
                (query if place == "query" else form)[key] = _text(given[key])
        where = f"{self._description['schemes'][0]}://{self._description['host']}{self._description['basePath']}"
        login = self._logins[path.startswith(ACCOUNT_ONLY)]
        return requests.request(
            method, where + path, params=query, data=form or None, auth=login, timeout=10, **options
        )


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def fill(value: Any, known: dict[str, Any]) -> Any:
    """Return parameters with the values of earlier answers."""
    if isinstance(value, dict):
        return {name: fill(item, known) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, known) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        found = known[value[1:]]
        return re.sub(r".*/public/(\w+)\.\w+", r"\1", found) if isinstance(found, str) else found
    return value


def pick(answer: Any, path: str) -> Any:
    """Return the value at a path such as items.0.id."""
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def walk(client: GenericClient, admin_url: str) -> dict[str, int]:
    """Perform all steps and return the status of each operation."""
    known: dict[str, Any] = {}
    statuses: dict[str, int] = {}
    for name, parameters, saved in STEPS:
        given = fill(parameters, known)
        if name == "admin":
            answer = requests.request(given["method"], admin_url + given["path"], json=given["body"], timeout=10)
        else:
            answer = client.call(name, given)
            statuses[name] = answer.status_code
        assert answer.ok, (name, answer.status_code, answer.text)
        known.update({key: pick(json.loads(answer.text), path) for key, path in saved.items()})
    return statuses
