"""Further fields of the form: compliance and delivery tracking."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from lib.callfire import clock
from lib.callfire.api.errors import InvalidSettings, OutcomeUnknown
from lib.callfire.sending import ledger
from lib.callfire.sending.compliance import quiet_until
from lib.callfire.sending.send_channel import CALLS, TEXTS
from lib.callfire.sending.send_form import order_fields, send_fields
from lib.callfire.sending.send_options import SendOptions
from lib.callfire.sending.tracking import LONGEST_TRACKING
from tests.lib.recording import Recorder, json_reply
from tests.lib.sending.conftest import NUMBER, OTHER, THIRD, World, facts, send, states
from tests.lib.steps import bodies, config_for

THREE = [{"phoneNumber": number} for number in (NUMBER, OTHER, THIRD)]


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(clock, "utc_now", lambda: datetime.fromisoformat(text).astimezone(UTC))


def listed(world: World) -> None:
    dncs = world.running._server.control.world["dncs"]
    dncs.add({"number": NUMBER, "text": True, "call": False, "campaignId": 0})
    dncs.add({"number": THIRD, "text": False, "call": True, "campaignId": 0})
    world.admin("POST", "universal-dncs", {"toNumber": OTHER})


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ("off", ["DNC", "DNC", "READY"]),  # CallFire checks the list
        ("account", ["SKIPPED", "DNC", "READY"]),
        ("universal", ["DNC", "SKIPPED", "READY"]),
        ("both", ["SKIPPED", "SKIPPED", "READY"]),
    ],
)
def test_do_not_contact_lists(choice: str, wanted: list[str], world: World) -> None:
    listed(world)
    body = send(world, THREE, doNotContact=choice)
    assert states(body) == wanted
    assert ["do-not-contact list" in row.get("error", "") for row in body["results"]] == [True, True, False]
    assert not any(row["retryable"] for row in body["results"])


def test_calls_have_their_own_flag(world: World) -> None:
    listed(world)
    calls = [{**entry, "liveMessage": "hello"} for entry in THREE]
    body = send(world, calls, function="send_calls", doNotContact="account")
    assert states(body)[0] == "READY"
    assert states(body)[2] == "SKIPPED"


def test_nothing_goes_out_while_the_list_cannot_be_asked(world: World) -> None:
    world.fault("findDoNotContacts", "status", status=503, next=4)
    with pytest.raises(Exception, match="503"):
        send(world, THREE, doNotContact="account")
    assert world.texts() == 0


def test_sent_recipients_are_not_skipped_after_a_redelivery(world: World) -> None:
    first = send(world)
    listed(world)
    ledger.MESSAGES.forget()
    again = send(world, incoming=facts(redelivered=True), doNotContact="both")
    assert again["results"][0]["id"] == first["results"][0]["id"]


def test_a_message_with_only_skipped_recipients_succeeds(world: World) -> None:
    listed(world)
    body = send(world, doNotContact="account")
    assert states(body) == ["SKIPPED"]
    assert body["summary"]["skipped"] == 1
    assert body["items"] == []


def test_quiet_hours_are_those_of_the_recipient(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-03-02T09:00:00-05:00")  # six in Los Angeles
    new_york, unknown = {"phoneNumber": "12125550100"}, {"phoneNumber": "67076"}
    body = send(world, [{"phoneNumber": NUMBER}, new_york, unknown], quietHours="21:00-08:00")
    assert states(body) == ["SKIPPED", "READY", "SKIPPED"]
    quiet, _, strange = body["results"]
    assert quiet["retryable"] is True
    assert quiet["retryAfter"] == "2026-03-02T16:00:00Z"
    assert "time zone" in strange["error"]
    assert strange["retryable"] is False


def test_a_number_of_several_zones_has_the_quiet_hours_of_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-03-02T09:00:00-05:00")
    body = send(world, [{"phoneNumber": "18005550100"}], quietHours="21:00-08:00")
    assert states(body) == ["SKIPPED"]


MORNING = "2026-03-02T09:00:00-05:00"  # nine in New York, six in Los Angeles


@pytest.mark.parametrize("number", ["18005550100", "18765550100", "19245550100", "16795550100", "18375550100"])
@pytest.mark.parametrize(
    ("zone", "state", "retry_after"),
    [
        ("America/New_York", "READY", None),
        ("America/Los_Angeles", "SKIPPED", "2026-03-02T16:00:00Z"),
        ("", "SKIPPED", None),
    ],
)
def test_numbers_without_a_time_zone_use_the_zone_of_the_form(
    number: str, zone: str, state: str, retry_after: str | None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, MORNING)
    (row,) = send(world, [{"phoneNumber": number}], quietHours="21:00-08:00", unknownTimeZone=zone)["results"]
    assert (row["state"], row.get("retryAfter")) == (state, retry_after)
    assert row["retryable"] is (retry_after is not None)


def test_other_numbers_keep_their_own_zone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, MORNING)
    assert states(send(world, quietHours="21:00-08:00", unknownTimeZone="America/New_York")) == ["SKIPPED"]


@pytest.mark.parametrize("zone", ["EST5", "New York", "../etc/passwd", "America", "America/Nowhere", 5])
def test_a_time_zone_that_does_not_exist_is_named(zone: Any, world: World) -> None:
    with pytest.raises(InvalidSettings, match=r"^unknownTimeZone: "):
        send(world, quietHours="21:00-08:00", unknownTimeZone=zone)


def test_the_whole_do_not_contact_list_is_read_where_pages_are_capped(world: World) -> None:
    """A number may have one entry per source: 100 numbers have 200 entries, and a page has 100."""
    world.switch(max_limit=100)
    numbers = [f"1213200{index:04}" for index in range(100)]
    dncs = world.running._server.control.world["dncs"]
    for source in ("web", "list"):
        for number in numbers:
            dncs.add({"number": number, "text": True, "call": True, "campaignId": 0, "source": source})
    body = send(world, [{"phoneNumber": number} for number in numbers], doNotContact="account")
    assert states(body) == ["SKIPPED"] * 100
    assert "POST /texts" not in world.asked()


@pytest.mark.parametrize("listed_as", [NUMBER, f"+{NUMBER}", "(213) 200-0384"])
@pytest.mark.parametrize("given", [NUMBER, f"+{NUMBER}", "213-200-0384"])
def test_numbers_as_given_are_compared_in_one_notation(listed_as: str, given: str, server: Recorder) -> None:
    server.default = json_reply({"items": [{"number": listed_as, "text": True}]})
    message = {"recipients": [{"phoneNumber": given}], "defaultMessage": "Your table is ready"}
    config = config_for(server.url, doNotContact="account", numbers="asGiven")
    (body,) = bodies("actions.send_texts", message, config)
    assert states(body) == ["SKIPPED"]
    assert [(request.method, request.path) for request in server.received] == [("GET", "/contacts/dncs")]
    assert ("number", NUMBER) in server.received[0].query


def test_a_contact_cannot_be_checked(world: World) -> None:
    contact = world.running._server.control.world["contacts"].add({"mobilePhone": NUMBER})
    body = send(world, [{"contactId": contact["id"]}, {"phoneNumber": OTHER}], doNotContact="account")
    assert states(body) == ["FAILED", "READY"]
    assert "recipients[0].phoneNumber: is required for quiet hours" in body["results"][0]["error"]


@pytest.mark.parametrize(
    ("clock", "begin", "end", "over"),
    [
        ("20:59", "21:00", "08:00", None),
        ("21:00", "21:00", "08:00", "02T08:00"),
        ("23:59", "21:00", "08:00", "02T08:00"),
        ("00:00", "21:00", "08:00", "01T08:00"),
        ("07:59", "21:00", "08:00", "01T08:00"),
        ("08:00", "21:00", "08:00", None),
        ("12:30", "12:00", "13:00", "01T13:00"),
        ("13:00", "12:00", "13:00", None),
    ],
)
def test_when_quiet_hours_are_over(clock: str, begin: str, end: str, over: str | None) -> None:
    local = datetime.fromisoformat(f"2026-06-01T{clock}:59.999+02:00")
    found = quiet_until(local, time.fromisoformat(begin), time.fromisoformat(end))
    assert (found.strftime("%dT%H:%M") if found else None) == over
    assert not found or (found.second, found.microsecond) == (0, 0)


@pytest.mark.parametrize("value", ["21-8", "25:00-08:00", "08:00-08:00", "late"])
def test_invalid_quiet_hours_are_an_error(value: str, world: World) -> None:
    with pytest.raises(InvalidSettings, match="quietHours"):
        send(world, quietHours=value)


def test_waiting_for_the_outcome(world: World) -> None:
    world.admin("PUT", f"outcomes/{OTHER}", {"finalTextResult": "CARRIER_ERROR"})
    world.admin("PUT", f"outcomes/{THIRD}", {"finalTextResult": "CARRIER_TEMP_ERROR"})
    listed(world)
    body = send(world, [*THREE, {"phoneNumber": "12135550199"}], trackOutcome="wait")
    assert [row["outcome"] for row in body["results"]] == ["optedOut", "optedOut", "retryLater", "delivered"]
    assert body["results"][3]["result"] == "SENT"
    assert body["results"][3]["billedAmount"] == 1.0
    assert states(body) == ["DNC", "DNC", "FINISHED", "FINISHED"]


def test_emitting_at_once_and_again(world: World) -> None:
    first, second = send(world, trackOutcome="again")
    assert "outcome" not in first["results"][0]
    assert second["results"][0]["outcome"] == "delivered"
    assert world.texts() == 1


def test_the_limit_of_tracking(world: World) -> None:
    world.switch(text_takes=1_000_000)
    body = send(world, trackOutcome="wait", trackLimit="30")
    assert body["results"][0]["outcome"] == "pending"
    assert sum(world.slept) == 30


@pytest.mark.parametrize("limit", [str(LONGEST_TRACKING), "1501", "3600"])
def test_tracking_ends_before_a_redelivery(limit: str, world: World) -> None:
    """RabbitMQ redelivers a message after 30 minutes without an acknowledgement."""
    world.switch(text_takes=100_000_000)
    world.fault("sendTexts", "status", status=429, headers={"Retry-After": "15"})
    body = send(world, trackOutcome="wait", trackLimit=limit)
    assert body["results"][0]["outcome"] == "pending"
    assert sum(world.slept) == LONGEST_TRACKING == 1500


def test_tracking_accepts_odd_responses(server: Recorder) -> None:
    sent = {"id": 1, "state": "READY"}
    done = {**sent, "state": "FINISHED", "finalTextResult": "SENT", "records": [None, {"billedAmount": 2}, "x"]}
    server.replies += [json_reply({"items": [sent]}), json_reply({"items": [None, 5, {"id": [1]}, done]})]
    message = {"recipients": [{"phoneNumber": NUMBER}], "defaultMessage": "Your table is ready"}
    (body,) = bodies("actions.send_texts", message, config_for(server.url, trackOutcome="wait"))
    assert (body["results"][0]["outcome"], body["results"][0]["billedAmount"]) == ("delivered", 2)


def test_tracking_never_fails_a_send(world: World) -> None:
    world.fault("findTexts", "status", status=503, next=0)
    body = send(world, trackOutcome="wait", trackLimit="20")
    assert body["results"][0]["outcome"] == "pending"


@pytest.mark.parametrize(
    ("item", "outcome"),
    [
        ({"state": "READY"}, "pending"),
        ({"state": "FINISHED"}, "pending"),
        ({"state": "FINISHED", "finalTextResult": "SENT"}, "delivered"),
        ({"state": "FINISHED", "finalTextResult": "TOO_BIG"}, "failed"),
        ({"state": "FINISHED", "finalTextResult": "SOMETHING_NEW"}, "failed"),
        ({"state": "TIMEOUT"}, "retryLater"),
        ({"state": "DNC", "finalTextResult": "DNT"}, "optedOut"),
        ({"state": "SOMETHING_NEW"}, "pending"),
        ({}, "pending"),
    ],
)
def test_the_meaning_of_states(item: dict[str, str], outcome: str) -> None:
    assert TEXTS.outcome(item) == outcome


def test_the_meaning_of_call_results() -> None:
    outcomes = {
        result: CALLS.outcome({"state": "FINISHED", "finalCallResult": result}) for result in ("LA", "BUSY", "DNC", "?")
    }
    assert outcomes == {"LA": "delivered", "BUSY": "retryLater", "DNC": "optedOut", "?": "failed"}


def test_an_unknown_outcome_is_reported_in_its_row(world: World) -> None:
    world.fault("sendTexts", "delay", milliseconds=0)
    world.fault("sendTexts", "reset", carriedOut=True)
    world.fault("findTexts", "status", status=503, next=0)
    body = send(world, THREE, batchSize="1", errorPolicy="error")
    assert states(body) == ["READY", "UNKNOWN", "FAILED"]
    assert body["results"][1]["key"] in body["results"][1]["error"]
    assert [row["retryable"] for row in body["results"]] == [False, False, True]
    world.fault("sendTexts", "reset", carriedOut=True)
    with pytest.raises(OutcomeUnknown):
        send(world, incoming=facts("alone"), errorPolicy="error")


BOUNDS = [
    ("settleTime", 0.001, 86_400, 0, 86_400.001),
    ("waitLimit", 0.001, 600, 0, 600.001),
    ("trackLimit", 0.001, 3600, 0, 3600.001),
    ("batchSize", 1, 1000, 0, 1001),
    ("maxSegments", 0, 1000, -1, 1001),
    ("maxSegmentsPerRun", 0, 10_000_000, -1, 10_000_001),
    ("creditsPerSegment", 0, 999_999.9, -0.1, 1_000_000),
]


@pytest.mark.parametrize(("name", "least", "most", "below", "above"), BOUNDS)
def test_the_limits_of_numbers_in_the_form(name: str, least: float, most: float, below: float, above: float) -> None:
    allowed: tuple[Any, ...] = (least, most, str(least), str(most), "", None)
    for value in allowed:
        SendOptions.read({name: value}, 1000)
    refused: tuple[Any, ...] = (below, above, str(below), str(above), "x", [1], {}, True, "nan", "inf", 10**400)
    for value in refused:
        with pytest.raises(InvalidSettings, match=rf"^{name}: "):
            SendOptions.read({name: value}, 1000)


def test_no_field_of_the_form_is_required() -> None:
    for fields in (send_fields(TEXTS), send_fields(CALLS), order_fields()):
        assert {name: field["required"] for name, field in fields.items()} == dict.fromkeys(fields, False)
