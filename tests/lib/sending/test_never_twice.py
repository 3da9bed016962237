"""Each recipient is sent to once, for every outcome of a request and every redelivery."""

from typing import Any

import pytest
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire.api.client import Answer, Client, Request
from lib.callfire.api.errors import NotAllowed, OutcomeUnknown, Rejected
from lib.callfire.sending import ledger
from tests.lib.sending.conftest import NUMBER, OTHER, THIRD, World, back, facts, send, states, until_done
from tests.lib.steps import FakeStep, run

AFTER: dict[str, dict[str, Any]] = {
    "reset": {"effect": "reset", "carriedOut": True},
    "500": {"effect": "status", "status": 500, "carriedOut": True},
    "503": {"effect": "status", "status": 503, "carriedOut": True},
    "half an answer": {"effect": "truncate"},
    "no JSON": {"effect": "garbage", "carriedOut": True},
    "silence": {"effect": "hang", "carriedOut": True},
}
BEFORE = {
    name: {**fault, "carriedOut": False} for name, fault in AFTER.items() if name in ("reset", "500", "503", "silence")
}


def test_without_a_fault_there_is_one_request(world: World) -> None:
    body = send(world)
    assert world.asked() == ["POST /texts"]
    assert states(body) == ["READY"]
    (row,) = body["results"]
    assert row["id"] == body["items"][0]["id"]
    assert body["items"][0]["attributes"] == {"connectorKey": row["key"]}


@pytest.mark.parametrize("fault", AFTER.values(), ids=list(AFTER))
@pytest.mark.parametrize("visible_after", [0, 2000])
def test_a_sent_text_is_found_and_not_sent_again(fault: dict[str, Any], visible_after: int, world: World) -> None:
    world.switch(visible_after=visible_after)
    world.fault("sendTexts", **fault)
    body = send(world, timeout="0.5")
    assert world.texts() == 1
    assert body["items"][0]["attributes"] == {"connectorKey": body["results"][0]["key"]}
    assert world.asked().count("POST /texts") == 1


@pytest.mark.parametrize("fault", BEFORE.values(), ids=list(BEFORE))
def test_an_unsent_text_is_sent_after_the_settle_time(fault: dict[str, Any], world: World) -> None:
    world.fault("sendTexts", **fault)
    body = until_done(world, lambda incoming: send(world, incoming=incoming, timeout="0.5", settleTime="20"))
    assert world.texts() == 1
    assert states(body) == ["READY"]
    assert sum(world.slept) >= 20


def test_a_redelivered_message_is_checked_before_sending(world: World) -> None:
    first = send(world)
    ledger.MESSAGES.forget()  # the process has died after the request
    world.asked()
    again = send(world, incoming=facts(redelivered=True))
    assert world.texts() == 1
    assert again["results"][0]["id"] == first["results"][0]["id"]
    assert world.asked() == ["GET /texts"]


def test_a_missing_text_proves_nothing_before_the_settle_time(world: World) -> None:
    world.switch(visible_after=50_000)
    send(world)
    ledger.MESSAGES.forget()
    with pytest.raises(Rebound, match="send outcome unknown"):
        send(world, incoming=facts(redelivered=True), settleTime="60", waitLimit="10")
    assert world.texts() == 1
    with pytest.raises(Rebound):
        send(world, incoming=back(world), settleTime="60", waitLimit="10")
    world.sleep(60)
    assert states(send(world, incoming=back(world, 2), settleTime="60")) == ["FINISHED"]
    assert world.texts() == 1


def test_the_settle_time_continues_between_deliveries(world: World) -> None:
    """A message that returns to the same process does not wait from the start."""
    world.fault("sendTexts", "reset")
    with pytest.raises(Rebound):
        send(world, settleTime="60", waitLimit="10")
    world.sleep(45)
    assert states(send(world, incoming=back(world), settleTime="60", waitLimit="10")) == ["READY"]
    assert world.texts() == 1


def test_the_settle_time_starts_again_in_another_process(world: World) -> None:
    world.fault("sendTexts", "reset")
    with pytest.raises(Rebound):
        send(world, settleTime="60", waitLimit="10")
    ledger.MESSAGES.forget()
    world.sleep(55)
    with pytest.raises(Rebound):
        send(world, incoming=facts(rebounds=1), settleTime="60", waitLimit="10")
    assert world.texts() == 0


def test_without_duplicate_prevention_a_text_is_sent_again(world: World) -> None:
    send(world, idempotency="off")
    body = send(world, idempotency="off", incoming=facts(redelivered=True))
    assert world.texts() == 2
    assert "attributes" not in body["items"][0]
    assert world.asked() == ["POST /texts", "POST /texts"]


def test_at_the_end_the_outcome_is_unknown(world: World) -> None:
    world.fault("sendTexts", "reset", carriedOut=True)
    world.fault("findTexts", "status", status=503, next=0)
    with pytest.raises(Rebound):
        send(world)
    with pytest.raises(OutcomeUnknown, match=r"outcome is unknown.*connectorKey = \w+-0"):
        send(world, incoming=facts(rebounds=6))
    assert world.texts() == 1


def test_the_error_policy_reports_an_unknown_outcome_at_once(world: World) -> None:
    world.fault("sendTexts", "reset", carriedOut=True)
    world.fault("findTexts", "status", status=503, next=0)
    with pytest.raises(OutcomeUnknown, match="POST /texts: the outcome is unknown"):
        send(world, errorPolicy="error")
    assert world.texts() == 1


def test_a_manual_retry_in_the_same_process_is_recognized(world: World) -> None:
    world.fault("sendTexts", "reset", carriedOut=True)
    world.fault("findTexts", "status", status=503, next=4)
    with pytest.raises(OutcomeUnknown):
        send(world, errorPolicy="error")
    assert states(send(world)) == ["FINISHED"]
    assert world.texts() == 1


def test_check_before_sending_finds_texts_of_another_process(world: World) -> None:
    send(world)
    ledger.MESSAGES.forget()
    world.asked()
    send(world, lookFirst="always")
    assert world.asked() == ["GET /texts"]
    assert world.texts() == 1
    send(world, incoming=facts("new"), lookFirst="always")
    assert world.asked() == ["GET /texts", "POST /texts"]
    assert world.slept == []


def test_the_form_can_request_an_error_after_the_settle_time(world: World) -> None:
    world.fault("sendTexts", "reset")
    with pytest.raises(OutcomeUnknown, match="may have been sent"):
        send(world, whenNotFound="fail", settleTime="5")
    assert world.texts() == 0


def test_a_mapped_key_holds_across_messages(world: World) -> None:
    given = {"idempotencyKey": "order 17"}
    body = send(world, given=given)
    assert body["results"][0]["key"] == "order 17-0"
    again = send(world, given=given, incoming=facts("another message"))
    assert again["results"][0]["id"] == body["results"][0]["id"]
    assert world.texts() == 1


def test_messages_with_the_same_id_differ_by_their_body(world: World) -> None:
    """All messages that a step emits for one input have the same ID."""
    send(world, [{"phoneNumber": NUMBER}])
    send(world, [{"phoneNumber": OTHER}])
    send(world, [{"phoneNumber": NUMBER, "message": "Another text"}])
    assert world.asked() == ["POST /texts"] * 3


def test_attributes_of_the_input_are_kept(world: World) -> None:
    body = send(world, [{"phoneNumber": NUMBER, "attributes": {"order": 17}}])
    assert body["items"][0]["attributes"] == {"order": "17", "connectorKey": body["results"][0]["key"]}


def test_a_recipient_may_have_its_own_key(world: World) -> None:
    body = send(world, [{"phoneNumber": NUMBER, "idempotencyKey": "a"}, {"phoneNumber": OTHER}])
    assert body["items"][0]["attributes"] == {"connectorKey": "a"}
    assert "idempotencyKey" not in str(body["items"])


def test_the_same_key_twice_is_refused(world: World) -> None:
    same = [{"phoneNumber": NUMBER, "idempotencyKey": "a"}, {"phoneNumber": OTHER, "idempotencyKey": "a"}]
    with pytest.raises(Exception, match=r"recipients\[1\]\.idempotencyKey: recipients\[0\] has the same key"):
        send(world, same)


def test_only_unsent_recipients_of_a_batch_are_sent(world: World) -> None:
    """CallFire refuses the second of three requests, and the message is redelivered."""
    three = [{"phoneNumber": number} for number in (NUMBER, OTHER, THIRD)]
    world.fault("sendTexts", "delay", milliseconds=0)
    world.fault("sendTexts", "status", status=429, next=4)
    with pytest.raises(Rebound):
        send(world, three, batchSize="1")
    assert [world.texts(number) for number in (NUMBER, OTHER, THIRD)] == [1, 0, 0]
    world.admin("DELETE", "faults")
    world.asked()
    body = send(world, three, batchSize="1", incoming=back(world))
    assert world.asked() == ["POST /texts", "POST /texts"]
    assert [world.texts(number) for number in (NUMBER, OTHER, THIRD)] == [1, 1, 1]
    assert [row["phoneNumber"] for row in body["results"]] == [NUMBER, OTHER, THIRD]


def test_after_a_crash_only_unsent_recipients_of_a_batch_are_sent(world: World) -> None:
    numbers = [f"1213200{index:04}" for index in range(60)]
    world.fault("sendTexts", "reset")
    recipients = [{"phoneNumber": number} for number in numbers]
    body = until_done(world, lambda incoming: send(world, recipients, incoming=incoming, batchSize="20"))
    assert {world.texts(number) for number in numbers} == {1}
    ledger.MESSAGES.forget()
    world.asked()
    begun = facts(redelivered=True, started=world.running._server.control.world.clock.now())
    again = send(world, recipients, incoming=begun)
    assert [row["id"] for row in again["results"]] == [row["id"] for row in body["results"]]
    assert len(world.asked()) == 1  # one page contains all of them


def test_a_contact_is_found_by_its_numbers(world: World) -> None:
    contact = world.running._server.control.world["contacts"].add({"homePhone": OTHER})
    send(world, [{"contactId": contact["id"]}])
    ledger.MESSAGES.forget()
    send(world, [{"contactId": contact["id"]}], incoming=facts(redelivered=True))
    assert world.texts(OTHER) == 1
    assert world.slept == []


@pytest.mark.parametrize("finished", [True, False], ids=["finished", "under way"])
@pytest.mark.parametrize("field", ["created", "modified", "finished"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_number_with_a_long_history_is_searched_completely(
    field: str, order: str, finished: bool, world: World
) -> None:
    world.switch(interval_field=field, order=order, interval_bounds="()", whole_seconds=True, total_count="unknown")
    history(world, 130)
    began = world.running._server.control.world.clock.now()
    world.switch(text_takes=0 if finished else 3_600_000)
    body = send(world, incoming=facts("mine"))
    world.sleep(10)
    history(world, 120, "later")
    ledger.MESSAGES.forget()
    world.slept.clear()
    world.asked()
    again = send(world, incoming=facts("mine", redelivered=True, started=began))
    assert again["results"][0]["id"] == body["results"][0]["id"]
    assert world.slept == []
    assert 1 < len(world.asked()) <= 6
    assert world.texts() == 251


def history(world: World, count: int, name: str = "before") -> None:
    for index in range(count):
        send(world, incoming=facts(f"{name} {index}"))
    if name == "before":
        world.sleep(3600)


def test_a_mapped_key_is_found_however_old_it_is(world: World) -> None:
    world.switch(order="oldest")
    body = send(world, given={"idempotencyKey": "order 17"}, incoming=facts("old"))
    world.sleep(86_400)
    history(world, 130)
    ledger.MESSAGES.forget()
    world.switch(order="newest")
    now = facts("new", redelivered=True, started=world.running._server.control.world.clock.now())
    again = send(world, given={"idempotencyKey": "order 17"}, incoming=now)
    assert again["results"][0]["id"] == body["results"][0]["id"]


def test_two_steps_that_get_the_same_message_both_send(world: World) -> None:
    body = {"recipients": [{"phoneNumber": NUMBER}], "defaultMessage": "Your table is ready"}
    for step_id in ("step 1", "step 2"):
        run("actions.send_texts", body, world.config(), step=FakeStep(incoming=facts(), step_id=step_id))
    assert world.asked() == ["POST /texts"] * 2


def test_messages_without_an_id_are_not_duplicates(world: World) -> None:
    """An alarm with the same text must be sent every time."""
    for _ in range(2):
        send(world, incoming=Incoming(thread_id="thread"))
    assert world.asked() == ["POST /texts"] * 2


def test_an_unexpected_exception_leaves_the_outcome_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Client.call

    def broken(client: Client, request: Request) -> Answer:
        real(client, request)
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(Client, "call", broken)
    with pytest.raises(RuntimeError):
        send(world)
    monkeypatch.setattr(Client, "call", real)
    send(world)
    assert world.texts() == 1


def test_calls_and_broadcast_recipients_are_sent_once(world: World) -> None:
    live = {"phoneNumber": NUMBER, "liveMessage": "hello"}
    world.fault("sendCalls", "reset", carriedOut=True)
    send(world, [live], function="send_calls")
    assert world.calls() == 1
    for kind in ("text", "call"):
        table = world.running._server.control.world[f"{kind}_broadcasts"]
        broadcast = table.add({"name": "b", "status": "STOPPED", "message": "hi", "_": {}})
        world.fault(f"add{kind.capitalize()}BroadcastRecipients", "reset", carriedOut=True)
        given = {"id": broadcast["id"], "recipients": [{"phoneNumber": OTHER}]}
        action = f"actions.add_{kind}_broadcast_recipients"
        (payload,) = run(action, given, world.config(), step=FakeStep(incoming=facts()))
        assert payload["body"]["results"][0]["id"]
    assert (world.texts(OTHER), world.calls(OTHER)) == (1, 1)


def test_a_refusal_is_an_error_with_a_known_outcome(world: World) -> None:
    world.admin("PATCH", "account", {"credits": 0})
    with pytest.raises(NotAllowed, match="credits"):
        send(world)
    world.admin("PATCH", "account", {"credits": 100})
    world.asked()
    send(world)
    assert world.asked() == ["POST /texts"]
    world.fault("sendTexts", "status", status=400)
    with pytest.raises(Rejected):
        send(world, [{"phoneNumber": OTHER}], incoming=facts("none"))
