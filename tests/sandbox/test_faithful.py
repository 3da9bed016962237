"""Behavior that CallFire's samples and its clients' live tests show."""

from typing import Any

import pytest

from tests.sandbox.conftest import LEASED, NOW, OTHER_PHONE, PHONE, Client
from tests.sandbox.test_unhappy import message_of

CALL = [{"phoneNumber": PHONE, "liveMessage": "hi"}]


def contacts_in(client: Client, number: int) -> list[str]:
    items = client.get(f"/contacts/lists/{number}/items").json()["items"]
    return [contact["homePhone"] for contact in items]


def test_ids_are_of_the_size_of_the_samples_or_large(client: Client) -> None:
    small = client.text()["id"]
    assert len(str(small)) == 13
    client.switch(ids="large")
    large = client.text()["id"]
    assert len(str(large)) == 19
    assert {client.text()["id"] % 2**10 for _ in range(3)} != {large % 2**10}
    client.switch(ids="small")
    # Ids grow in any case, because they are the order of texts and calls
    assert client.text()["id"] > large
    client.admin("POST", "/reset")
    assert client.text()["id"] == small


def test_a_list_has_its_size_and_items_at_once(client: Client) -> None:
    numbers = [PHONE, OTHER_PHONE, "+1 (213) 555-0177", PHONE]
    number = client.post("/contacts/lists", json={"name": "l", "contactNumbers": numbers}).json()["id"]
    found = client.get(f"/contacts/lists/{number}").json()
    assert (found["status"], found["size"]) == ("VALIDATING", 2)
    assert contacts_in(client, number) == [PHONE, OTHER_PHONE]
    assert client.post(f"/contacts/lists/{number}/items", json={"contactNumbers": [PHONE, LEASED]}).ok
    assert client.get(f"/contacts/lists/{number}").json()["size"] == 3
    client.advance(1000)
    found = client.get(f"/contacts/lists/{number}").json()
    assert (found["status"], found["size"]) == ("ACTIVE", 3)


def test_items_removed_from_a_list_before_its_validation_stay_out(client: Client) -> None:
    number = client.post("/contacts/lists", json={"contactNumbers": [PHONE, OTHER_PHONE]}).json()["id"]
    first = client.get(f"/contacts/lists/{number}/items").json()["items"][0]["id"]
    assert client.delete(f"/contacts/lists/{number}/items/{first}").ok
    client.advance(1000)
    assert contacts_in(client, number) == [OTHER_PHONE]
    assert client.get(f"/contacts/lists/{number}").json()["status"] == "ACTIVE"


def test_items_after_the_validation_only(client: Client) -> None:
    client.switch(list_items_at_once=False)
    number = client.post("/contacts/lists", json={"contactNumbers": [PHONE]}).json()["id"]
    assert contacts_in(client, number) == []
    assert client.get(f"/contacts/lists/{number}").json()["size"] == 0
    client.advance(1000)
    assert contacts_in(client, number) == [PHONE]


def test_a_number_that_a_file_contains_twice_is_one_contact(client: Client) -> None:
    data = b"homePhone,firstName\n12135550177,Ann\n(213) 555-0177,Ann\n12135550188,Bob\n"
    number = client.post("/contacts/lists/upload", files={"file": ("a.csv", data)}).json()["id"]
    client.advance(1000)
    assert contacts_in(client, number) == [PHONE, OTHER_PHONE]
    assert client.get(f"/contacts/lists/{number}").json()["size"] == 2


def test_a_delivery_report_is_sent_for_each_outbound_text(client: Client) -> None:
    hook = {"resource": "OutboundTextDeliveryReport", "callback": "http://127.0.0.1:9/"}
    assert client.post("/webhooks", json=hook).ok
    sent = client.text()
    assert client.post("/contacts/dncs", json={"numbers": [OTHER_PHONE]}).ok
    blocked = client.text(number=OTHER_PHONE)
    client.inbound()
    client.advance(5000)
    reports = [entry["payload"]["events"][0]["resource"] for entry in client.admin("GET", "/deliveries")]
    states = {report["actionId"]: report["deliveryState"] for report in reports}
    assert states == {sent["id"]: "DELIVERED", blocked["id"]: "UNSENT_OPTED_OUT_LOCAL"}
    assert not {report["id"] for report in reports} & states.keys()
    assert {report["timestamp"] for report in reports} == {NOW + 100, NOW + 200}
    client.switch(receipt_after=0)
    client.text()
    client.advance(5000)
    assert len(client.admin("GET", "/deliveries")) == 2


def test_texts_and_calls_have_the_contact_at_the_other_end(client: Client) -> None:
    (ann,) = client.post("/contacts", json=[{"mobilePhone": PHONE, "firstName": "Ann"}]).json()["items"]
    for action in (client.text(), client.inbound(), client.post("/calls", json=CALL).json()["items"][0]):
        assert action["contact"] == {"id": ann["id"], "mobilePhone": PHONE, "firstName": "Ann"}
    came = client.admin("POST", "/calls", {"fromNumber": PHONE})
    assert came["contact"]["id"] == ann["id"]


def test_a_plain_number_has_a_contact_that_only_its_id_finds(client: Client) -> None:
    first, second = client.text(), client.inbound()
    contact = first["contact"]
    assert contact == second["contact"] == {"id": contact["id"], "homePhone": PHONE}
    assert client.get("/contacts").json()["items"] == []
    assert client.get("/contacts", params={"number": PHONE}).json()["items"] == []
    path = f"/contacts/{contact['id']}"
    assert client.get(path).json() == {**contact, "deleted": False}
    assert len(client.get(f"{path}/history").json()["texts"]) == 2
    assert client.put(path, json={"firstName": "Ann"}).ok
    assert client.get("/contacts").json()["items"] == [{**contact, "firstName": "Ann", "deleted": False}]
    assert client.text()["contact"] == {**contact, "firstName": "Ann"}
    again = client.post("/texts", json=[{"contactId": contact["id"], "message": "hi"}]).json()["items"][0]
    assert again["toNumber"] == PHONE


def test_without_a_contact_for_plain_numbers(client: Client) -> None:
    client.switch(contact_for_number=False)
    assert "contact" not in client.text()
    assert "contact" not in client.inbound()
    assert client.post("/contacts", json=[{"homePhone": PHONE}]).ok
    assert client.text()["contact"]["homePhone"] == PHONE


@pytest.mark.parametrize(("path", "one"), [("/texts", {"message": "hi"}), ("/calls", {"liveMessage": "hi"})])
def test_one_request_is_one_batch(client: Client, path: str, one: dict[str, str]) -> None:
    body = [{"phoneNumber": number, **one} for number in (PHONE, OTHER_PHONE)]
    batches = [{action["batchId"] for action in client.post(path, json=body).json()["items"]} for _ in range(2)]
    assert [len(batch) for batch in batches] == [1, 1]
    (number,) = batches[0]
    assert number not in batches[1]
    assert len(client.get(path, params={"batchId": number}).json()["items"]) == 2
    found = client.get(f"/campaigns/batches/{number}").json()
    assert (found["size"], found["status"], found["enabled"], found["broadcastId"]) == (2, "ACTIVE", True, 0)


def test_recipients_join_the_first_batch_of_a_broadcast(client: Client) -> None:
    path = "/texts/broadcasts"
    number = client.post(path, json={"message": "hi", "recipients": [{"phoneNumber": PHONE}]}).json()["id"]
    added = client.post(f"{path}/{number}/recipients", json=[{"phoneNumber": OTHER_PHONE}]).json()["items"]
    (batch,) = client.get(f"{path}/{number}/batches").json()["items"]
    assert (added[0]["batchId"], batch["size"], batch["remaining"]) == (batch["id"], 2, 2)


@pytest.mark.parametrize(
    ("recipients", "status", "sent"), [([{"phoneNumber": PHONE}], "ACTIVE", 1), ([], "SOURCE_ERROR", 0)]
)
def test_a_broadcast_waits_for_the_validation_of_its_batches(
    client: Client, recipients: list[dict[str, str]], status: str, sent: int
) -> None:
    path = "/texts/broadcasts"
    number = client.post(path, json={"message": "hi"}).json()["id"]
    contacts = {"name": "Friends", "contactNumbers": [one["phoneNumber"] for one in recipients] or [OTHER_PHONE]}
    made = client.post("/contacts/lists", json=contacts).json()["id"]
    if not recipients:
        (contact,) = client.get(f"/contacts/lists/{made}/items").json()["items"]
        client.delete(f"/contacts/lists/{made}/items/{contact['id']}")
    batch = client.post(f"{path}/{number}/batches", json={"contactListId": made}).json()["id"]
    client.post(f"{path}/{number}/start")
    assert client.get(f"{path}/{number}").json()["status"] == "RUNNING"
    client.advance(5000)
    assert client.get(f"/campaigns/batches/{batch}").json()["status"] == status
    assert client.get(f"{path}/{number}").json()["status"] == "FINISHED"
    texts = client.get(f"{path}/{number}/texts").json()["items"]
    assert [text["state"] for text in texts] == ["FINISHED"] * sent


def test_a_running_broadcast_is_updated(client: Client) -> None:
    path = "/texts/broadcasts"
    recipients = [{"phoneNumber": PHONE}, {"phoneNumber": OTHER_PHONE, "message": "own"}, {"phoneNumber": LEASED}]
    body = {"message": "old", "recipients": recipients, "maxActive": 1}
    number = client.post(f"{path}?start=true", json=body).json()["id"]
    client.advance(50)
    assert client.put(f"{path}/{number}", json={"name": "n", "message": "new"}).ok
    assert client.get(f"{path}/{number}").json()["name"] == "n"
    client.advance(5000)
    sent = {entry["number"]: entry["texts"][0]["message"] for entry in client.admin("GET", "/received")}
    assert sent == {PHONE: "old", OTHER_PHONE: "own", LEASED: "new"}


def test_a_deleted_do_not_contact_number_has_all_flags_false(client: Client) -> None:
    path = f"/contacts/dncs/{PHONE}"
    assert client.get(path).status_code == 404
    assert client.post("/contacts/dncs", json={"numbers": [PHONE]}).ok
    assert client.delete(path).ok
    found = client.get(path).json()
    assert (found["number"], found["call"], found["text"]) == (PHONE, False, False)
    assert client.get("/contacts/dncs").json()["items"] == []
    assert client.delete(path).status_code == 404
    assert client.text()["state"] == "READY"
    client.switch(deleted_dnc="not_found")
    assert client.get(path).status_code == 404
    assert client.post("/contacts/dncs", json={"numbers": [PHONE]}).ok
    assert client.get(path).json()["call"] is True


def test_the_account_has_the_permissions_of_the_service(client: Client) -> None:
    assert client.get("/me/account").json()["permissions"] == ["ACCOUNT_HOLDER", "API"]


@pytest.mark.parametrize("whole_seconds", [False, True])
@pytest.mark.parametrize("takes", [0, 300, 30_000])
def test_the_times_of_a_call_follow_one_another(client: Client, takes: int, whole_seconds: bool) -> None:
    client.switch(call_takes=takes, whole_seconds=whole_seconds)
    number = client.post("/calls", json=CALL).json()["items"][0]["id"]
    client.advance(60_000)
    call = client.get(f"/calls/{number}").json()
    record = call["records"][0]
    times = [call["created"], record["originateTime"], record["answerTime"], record["finishTime"]]
    assert times == sorted(times)
    assert record["finishTime"] == call["modified"]
    assert record["duration"] == -(-(record["finishTime"] - record["answerTime"]) // 1000)
    assert record["result"] == record["callResult"] == "LA"


def test_a_recorded_inbound_call_began_before_it_was_over(client: Client) -> None:
    call = client.admin("POST", "/calls", {"fromNumber": PHONE, "recordingSeconds": 7})
    record = call["records"][0]
    assert (call["created"], record["answerTime"], record["finishTime"]) == (NOW - 7000, NOW - 7000, NOW)
    assert record["duration"] == record["recordings"][0]["lengthInSeconds"] == 7


def test_a_call_that_is_not_answered_has_no_answer_time(client: Client) -> None:
    client.admin("PUT", f"/outcomes/{PHONE}", {"finalCallResult": "BUSY"})
    number = client.post("/calls", json=CALL).json()["items"][0]["id"]
    client.advance(1000)
    record = client.get(f"/calls/{number}").json()["records"][0]
    assert (record["result"], record["duration"]) == ("BUSY", 0)
    assert "answerTime" not in record


@pytest.mark.parametrize(("name", "kept"), [("result", {"result"}), ("callResult", {"callResult"})])
def test_the_name_of_a_call_result(client: Client, name: str, kept: set[str]) -> None:
    client.switch(call_result_name=name)
    number = client.post("/calls", json=CALL).json()["items"][0]["id"]
    client.advance(1000)
    record = client.get(f"/calls/{number}").json()["records"][0]
    assert {"result", "callResult"} & record.keys() == kept


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/calls/broadcasts", {"sounds": {"liveSoundText": "hello"}}),
        ("/calls/broadcasts", {"dialplanXml": "<dialplan/>"}),
        ("/texts/broadcasts", {"message": "hello"}),
        ("/texts/broadcasts", {"recipients": [{"phoneNumber": PHONE, "message": "own"}]}),
    ],
)
def test_a_broadcast_without_content_does_not_start(client: Client, path: str, content: Any) -> None:
    body = {"name": "b", "recipients": [{"phoneNumber": PHONE}]}
    assert "cannot be started" in message_of(client.post(f"{path}?start=true", json=body))
    assert client.get(path).json()["items"] == []
    number = client.post(path, json=body).json()["id"]
    assert "cannot be started" in message_of(client.post(f"{path}/{number}/start"))
    assert client.get(f"{path}/{number}").json()["status"] == "SETUP"
    assert client.post(f"{path}?start=true", json={**body, **content}).status_code == 201


def test_a_running_text_broadcast_refuses_a_recipient_without_a_message(client: Client) -> None:
    path = "/texts/broadcasts"
    body = {"recipients": [{"phoneNumber": PHONE, "message": "own"}]}
    number = client.post(f"{path}?start=true", json=body).json()["id"]
    answer = client.post(f"{path}/{number}/recipients", json=[{"phoneNumber": OTHER_PHONE}])
    assert "a message or media" in message_of(answer)


def test_a_message_that_is_added_later_reaches_the_recipients(client: Client) -> None:
    path = "/texts/broadcasts"
    number = client.post(path, json={"recipients": [{"phoneNumber": PHONE}]}).json()["id"]
    assert client.put(f"{path}/{number}", json={"message": "late"}).ok
    assert client.post(f"{path}/{number}/start").ok
    client.advance(1000)
    assert client.admin("GET", "/received")[0]["texts"][0]["message"] == "late"


@pytest.mark.parametrize("number", [OTHER_PHONE, "12135550101", "12345"])
def test_texts_come_from_leased_numbers_only(client: Client, number: str) -> None:
    text = {"phoneNumber": PHONE, "message": "hi", "fromNumber": number}
    assert "not leased" in message_of(client.post("/texts", json=[text]))
    broadcast = {"message": "hi", "fromNumber": number, "recipients": [{"phoneNumber": PHONE}]}
    assert "not leased" in message_of(client.post("/texts/broadcasts", json=broadcast))
    assert client.admin("GET", "/received") == []
    for allowed in (LEASED, "67076", "818818"):
        assert client.post("/texts", json=[{**text, "fromNumber": allowed}]).ok
    assert client.put(f"/numbers/leases/{LEASED}", json={"textFeatureStatus": "DISABLED"}).ok
    assert "disabled" in message_of(client.post("/texts", json=[{**text, "fromNumber": LEASED}]))


@pytest.mark.parametrize("kind", ["texts", "calls"])
def test_inbound_items_go_to_leased_numbers_only(client: Client, kind: str) -> None:
    url = f"{client.callfire.admin_url}/{kind}"
    answer = client.post(url, json={"fromNumber": PHONE, "toNumber": OTHER_PHONE})
    assert "not leased" in message_of(answer)
    assert client.get(f"/{kind}").json()["items"] == []


def test_more_than_1000_recipients_are_refused(client: Client) -> None:
    body = [{"phoneNumber": PHONE, "message": "hi"}] * 1001
    assert "no more than 1000" in message_of(client.post("/texts", json=body))
    assert client.post("/texts", json=body[:1000]).ok


def test_a_verified_caller_id_is_not_verified_again(client: Client) -> None:
    assert "already verified" in message_of(client.post("/me/callerids/12135550101"))
    assert client.post(f"/me/callerids/{PHONE}").ok
    assert client.post(f"/me/callerids/{PHONE}").ok


def test_passwords_are_shown_once(client: Client) -> None:
    client.auth = (client.callfire.account_username, client.callfire.account_password)
    made = client.post("/me/api/credentials", json={"name": "x"}).json()
    shown = f"****{made['password'][-4:]}"
    assert len(made["password"]) == 16
    assert client.get(f"/me/api/credentials/{made['id']}").json()["password"] == shown
    assert client.get("/me/api/credentials").json()["items"][-1]["password"] == shown
    client.auth = (made["username"], made["password"])
    assert client.get("/me/account").ok


def test_texts_of_a_call_broadcast_become_sounds(client: Client) -> None:
    sounds = {"liveSoundText": "hello", "machineSoundText": "hello machine", "machineSoundTextVoice": "MALE1"}
    number = client.post("/calls/broadcasts", json={"name": "b", "sounds": sounds}).json()["id"]
    found = client.get(f"/calls/broadcasts/{number}").json()["sounds"]
    assert sounds.items() <= found.items()
    assert client.get(f"/campaigns/sounds/{found['liveSoundId']}.wav").content[:4] == b"RIFF"
    assert client.get("/campaigns/sounds").json()["items"] == []


def test_auto_replies_belong_to_leased_numbers(client: Client) -> None:
    reply = {"match": "x", "message": "y"}
    assert "not leased" in message_of(client.post("/texts/auto-replys", json={**reply, "number": OTHER_PHONE}))
    for number in (LEASED, "67076"):
        assert client.post("/texts/auto-replys", json={**reply, "number": number}).status_code == 201
