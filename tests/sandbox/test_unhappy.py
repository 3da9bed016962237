"""Error cases: no credits, invalid files, wrong states, numbers that must not be called."""

import gc
import json
from typing import Any

import pytest

from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client

TEXT = [{"phoneNumber": PHONE, "message": "hi"}]
CALL = [{"phoneNumber": PHONE, "liveMessage": "hi"}]


def message_of(answer: Any, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["message"])


def credits_left(client: Client) -> float:
    return float(client.get("/me/billing/plan-usage").json()["totalRemainingCredits"])


@pytest.mark.parametrize(
    ("path", "body"),
    [("/texts", TEXT * 6), ("/calls", CALL * 6), ("/orders/numbers", {"localCount": 1, "state": "IL"})],
)
def test_without_credits_nothing_is_done(client: Client, path: str, body: Any) -> None:
    client.admin("PATCH", "/account", {"credits": 5})
    assert "credits" in message_of(client.post(path, json=body), 403)
    assert client.admin("GET", "/received") == []
    assert client.get("/orders").json()["items"] == []
    assert credits_left(client) == 5


def test_a_broadcast_without_credits_is_suspended_and_resumed(client: Client) -> None:
    client.admin("PATCH", "/account", {"credits": 1})
    recipients = [{"phoneNumber": PHONE}, {"phoneNumber": OTHER_PHONE}]
    body = {"message": "hi", "recipients": recipients, "maxActive": 1}
    number = client.post("/texts/broadcasts?start=true", json=body).json()["id"]
    client.advance(5000)
    assert client.get(f"/texts/broadcasts/{number}").json()["status"] == "SUSPENDED"
    client.admin("PATCH", "/account", {"credits": 10})
    assert client.post(f"/texts/broadcasts/{number}/start").ok
    client.advance(5000)
    assert client.get(f"/texts/broadcasts/{number}").json()["status"] == "FINISHED"
    assert sorted(entry["number"] for entry in client.admin("GET", "/received")) == [PHONE, OTHER_PHONE]


@pytest.mark.parametrize("result", ["CARRIER_ERROR", "TOO_BIG", "UNDIALED"])
def test_an_outcome_is_set(client: Client, result: str) -> None:
    client.admin("PUT", f"/outcomes/{PHONE}", {"finalTextResult": result, "finalCallResult": "BUSY"})
    text = client.text()["id"]
    call = client.post("/calls", json=CALL).json()["items"][0]["id"]
    client.advance(1000)
    assert client.get(f"/texts/{text}").json()["finalTextResult"] == result
    assert client.get(f"/calls/{call}").json()["records"][0]["result"] == "BUSY"
    client.admin("PUT", f"/outcomes/{PHONE}", {})
    assert client.get(f"/texts/{text}").json()["state"] == "FINISHED"


def test_a_late_receipt_changes_the_result(client: Client) -> None:
    client.admin("PUT", f"/outcomes/{PHONE}", {"finalTextResultLater": "CARRIER_ERROR"})
    text = client.text()["id"]
    client.advance(500)
    assert client.get(f"/texts/{text}").json()["finalTextResult"] == "SENT"
    client.advance(1000)
    changed = client.get(f"/texts/{text}").json()
    assert (changed["finalTextResult"], changed["modified"]) == ("CARRIER_ERROR", NOW + 1100)


def test_stop_opts_out(client: Client) -> None:
    client.inbound("stop ")
    assert client.text()["state"] == "DNC"
    assert client.get(f"/contacts/dncs/{PHONE}").json()["source"] == "STOP"
    (delivery,) = client.get("/reports/delivery").json()["items"]
    assert (delivery["deliveryCategory"], delivery["deliveryState"]) == ("OPTED_OUT", "UNSENT_OPTED_OUT_LOCAL")


def test_a_keyword_puts_its_sender_on_its_list(client: Client) -> None:
    made = client.post("/contacts/lists", json={"contactNumbers": [OTHER_PHONE]}).json()["id"]
    client.post("/orders/keywords", json={"keywords": ["sun"]})
    client.advance(1000)
    assert client.put("/keywords/leases/SUN", json={"contactListId": made}).ok
    client.inbound("Sun please", toNumber="67076")
    numbers = [contact["homePhone"] for contact in client.get(f"/contacts/lists/{made}/items").json()["items"]]
    assert numbers == [OTHER_PHONE, PHONE]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"homePhone\n" + b"1" * 256, "COLUMN_TOO_LARGE"),
        (b"", "PARSE_FAILED"),
        (b'"never closed', "PARSE_FAILED"),
        (b"\xff\xfe\x00", "PARSE_FAILED"),
        (b"homePhone\nnonsense\n", "ERRORS"),
        (b"homePhone\n12135550177\nnonsense\n", "ACTIVE"),
        (b"12135550177,Ann\n", "ACTIVE"),
    ],
)
def test_uploaded_lists(client: Client, data: bytes, status: str) -> None:
    number = client.post("/contacts/lists/upload", files={"file": ("a.csv", data)}).json()["id"]
    assert client.get(f"/contacts/lists/{number}").json()["status"] == "VALIDATING"
    client.advance(1000)
    found = client.get(f"/contacts/lists/{number}").json()
    assert (found["status"], found["size"]) == (status, int(status == "ACTIVE"))


def test_columns_are_renamed_without_custom_fields(client: Client) -> None:
    data = b"homePhone,shoe,hat\n12135550177,42,7\n"
    number = client.post("/contacts/lists/upload", files={"file": ("a.csv", data)}).json()["id"]
    client.advance(1000)
    (contact,) = client.get(f"/contacts/lists/{number}/items").json()["items"]
    assert contact["properties"] == {"A": "42", "B": "7"}


def test_callers_must_be_verified_and_few(client: Client) -> None:
    assert "caller id" in message_of(client.post("/calls", json=[{**CALL[0], "fromNumber": OTHER_PHONE}]), 403)
    assert "no more than 10" in message_of(client.post("/calls", json=CALL * 11))
    assert "a message, a sound" in message_of(client.post("/calls", json=[{"phoneNumber": PHONE}]))
    assert "no sound" in message_of(client.post("/calls", json=[{"phoneNumber": PHONE, "liveMessageSoundId": 1}]))
    assert client.post("/calls", json=[{**CALL[0], "fromNumber": LEASED}]).ok


def test_states_that_forbid(client: Client) -> None:
    body = {"message": "hi", "recipients": TEXT}
    number = client.post("/texts/broadcasts", json=body).json()["id"]
    path = f"/texts/broadcasts/{number}"
    assert "cannot be stopped" in message_of(client.post(f"{path}/stop"))
    assert client.post(f"{path}/start").ok
    assert "cannot be started" in message_of(client.post(f"{path}/start"))
    assert client.put(path, json={"name": "x"}).ok
    client.switch(update_running=False)
    assert "cannot be changed" in message_of(client.put(path, json={"name": "y"}))
    assert client.get(path).json()["name"] == "x"
    assert "cannot be archived" in message_of(client.post(f"{path}/archive"))


def test_a_scheduled_broadcast_waits_for_its_time(client: Client) -> None:
    schedule = {"startDate": {"year": 2023, "month": 11, "day": 15}, "timeZone": "America/New_York"}
    body = {"message": "hi", "recipients": TEXT, "schedules": [schedule]}
    number = client.post("/texts/broadcasts?start=true", json=body).json()["id"]
    found = client.get("/texts/broadcasts", params={"scheduled": "true"}).json()["items"]
    assert [entry["status"] for entry in found] == ["SCHEDULED"]
    client.advance(24 * 3600 * 1000)
    assert client.get(f"/texts/broadcasts/{number}").json()["status"] == "FINISHED"
    begun = client.get("/texts").json()["items"][0]["modified"]
    assert begun == 1_700_024_400_000 + 100


def test_an_invalid_schedule_is_refused(client: Client) -> None:
    schedule = {"startDate": {"year": 2023, "month": 14, "day": 1}}
    body = {"message": "hi", "recipients": TEXT, "schedules": [schedule]}
    assert "schedules" in message_of(client.post("/texts/broadcasts?start=true", json=body))
    assert client.get("/texts/broadcasts").json()["items"] == []
    assert client.get("/texts").json()["items"] == []


def test_long_messages_of_a_broadcast(client: Client) -> None:
    sent = {}
    for strategy in ("SEND_MULTIPLE", "TRIM", "DO_NOT_SEND"):
        body = {"message": "x" * 200, "bigMessageStrategy": strategy, "recipients": [{"phoneNumber": PHONE}]}
        number = client.post("/texts/broadcasts?start=true", json=body).json()["id"]
        client.advance(1000)
        (text,) = client.get(f"/texts/broadcasts/{number}/texts").json()["items"]
        sent[strategy] = (len(text["message"]), text["finalTextResult"])
    assert sent == {"SEND_MULTIPLE": (200, "SENT"), "TRIM": (160, "SENT"), "DO_NOT_SEND": (200, "TOO_BIG")}


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("/webhooks", {"resource": "Nonsense", "callback": "http://x"}, "resource: must be one of"),
        ("/webhooks", {"resource": "InboundText", "callback": "x"}, "http or https"),
        ("/webhooks", {"resource": "InboundText", "callback": "http://x", "events": ["started"]}, "has no started"),
        ("/orders/numbers", {}, "localCount or tollFreeCount"),
        ("/orders/numbers", {"numbers": [LEASED]}, "not available"),
        ("/orders/keywords", {"keywords": ["a"]}, "not available"),
        ("/contacts/lists", {"contactIds": [1], "contactNumbers": [PHONE]}, "exactly one of"),
        ("/contacts/lists", {"contactNumbers": [PHONE], "contactNumbersField": "fax"}, "contactNumbersField"),
        ("/contacts/dncs", {"numbers": ["x"]}, "valid phone numbers"),
        ("/texts/auto-replys", {"match": "x"}, "message: is required"),
        ("/campaigns/sounds/tts", {"voice": "ROBOT"}, "not one of"),
    ],
)
def test_refusals(client: Client, path: str, body: Any, complaint: str) -> None:
    assert complaint in message_of(client.post(path, json=body))


@pytest.mark.parametrize(
    ("path", "query"),
    [("/numbers/local", {}), ("/numbers/tollfree", {"pattern": "855"}), ("/keywords", {}), ("/texts/abc", {})],
)
def test_refused_queries(client: Client, path: str, query: dict[str, str]) -> None:
    message_of(client.get(path, params=query))


def test_uploads_of_the_wrong_kind(client: Client) -> None:
    assert "must be one of" in message_of(client.post("/media", files={"file": ("a.exe", b"x")}))
    assert client.post("/media", files={"file": ("file", b"\x89PNG")}).ok
    assert "must be one of" in message_of(client.post("/media", files={"file": ("file", b"x")}))
    assert "WAV or MP3" in message_of(client.post("/campaigns/sounds/files", files={"file": ("a.wav", b"x")}))
    assert "no file" in message_of(client.post("/media", files={"other": ("a.png", b"x")}))
    assert "multipart" in message_of(client.post("/media", data=b"x"))


def test_a_large_file_is_returned_unchanged(client: Client) -> None:
    data = b"\x89PNG" + bytes(3_000_000)
    media = client.post("/media", files={"file": ("large.png", data)}).json()["id"]
    gc.collect()
    assert client.get(f"/media/{media}/file").content == data


def test_text_of_every_kind_is_returned_unchanged(client: Client) -> None:
    for message in ("ünï ☃ 😀", "half a pair: \ud83d", "\x00\x1f", '"quotes" \\ / \u2028'):
        body = json.dumps([{"phoneNumber": PHONE, "message": message}])
        answer = client.post("/texts", data=body)
        assert answer.json()["items"][0]["message"] == message
        assert client.get("/texts").json()["items"][0]["message"] == message
    nan = client.post("/texts", data=b'[{"phoneNumber": NaN, "message": "x"}]')
    assert "NaN" in message_of(nan)


@pytest.mark.parametrize("path", ["texts", "clock", "load", "faults", "universal-dncs"])
@pytest.mark.parametrize("body", ["[1]", "{", '"x"', "7", "{}"])
def test_controls_explain_what_they_cannot_read(client: Client, path: str, body: str) -> None:
    answer = client.post(f"{client.callfire.admin_url}/{path}", data=body)
    assert message_of(answer)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://[", "//", "http://localhost@evil.example"])
def test_controls_refuse_other_web_pages(client: Client, origin: str) -> None:
    url = f"{client.callfire.admin_url}/reset"
    assert client.post(url, headers={"Origin": origin}).status_code == 403
    assert client.post(url, headers={"Origin": client.callfire.admin_url.removesuffix("/sandbox")}).ok


@pytest.mark.parametrize(
    ("method", "path", "body", "name"),
    [
        ("POST", "/texts", {"from": PHONE, "message": "hi"}, "from"),
        ("POST", "/texts", [{"fromNumber": PHONE, "mesage": "hi"}], "mesage"),
        ("POST", "/calls", {"fromNumber": PHONE, "finalCallResult": "LA"}, "finalCallResult"),
        ("POST", "/load", {"kind": "texts", "total": 1, "perSecond": 1, "number": PHONE}, "number"),
        ("POST", "/clock", {"advance": 1, "seconds": 1}, "seconds"),
        ("PATCH", "/account", {"credits": 1, "balance": 1}, "balance"),
        ("POST", "/universal-dncs", {"toNumber": PHONE, "text": True}, "text"),
        ("POST", "/accounts", {"name": "second", "password": "secret"}, "password"),
        ("POST", "/faults", {"effect": "status", "stauts": 500}, "stauts"),
        ("PATCH", "/switches", {"ordr": "oldest"}, "ordr"),
        ("PUT", f"/outcomes/{PHONE}", {"result": "SENT"}, "result"),
    ],
)
def test_the_admin_api_names_a_property_that_it_would_ignore(
    client: Client, method: str, path: str, body: Any, name: str
) -> None:
    text = message_of(client.request(method, client.callfire.admin_url + path, json=body))
    assert text.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"operation": "sendText"}, "operation: the API has no operation 'sendText'. Did you mean 'sendTexts'?"),
        ({"operation": "/texts"}, "operation: the API has no operation '/texts'."),
        ({"method": "SEND"}, "method: 'SEND' is not one of GET, POST, PUT, DELETE."),
        ({"path": "texts("}, "path: the regular expression is not valid"),
    ],
)
def test_a_fault_that_can_hit_nothing_is_refused(client: Client, given: Any, text: str) -> None:
    body = {"effect": "status", **given}
    assert message_of(client.request("POST", f"{client.callfire.admin_url}/faults", json=body)).startswith(text)
