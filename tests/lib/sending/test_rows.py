"""Batches, numbers and lengths. The output has one row per recipient in the given order."""

from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput, InvalidSettings, NotAllowed, Rejected
from lib.callfire.phone_numbers import normalize, time_zones
from lib.callfire.sending.text_length import measure
from tests.lib.sending.conftest import NUMBER, OTHER, THIRD, World, send, states


def many(count: int) -> list[dict[str, Any]]:
    return [{"phoneNumber": f"1213200{index:04}"} for index in range(count)]


def test_recipients_are_split_into_requests(world: World) -> None:
    body = send(world, many(2500))
    assert world.asked() == ["POST /texts"] * 3
    assert [row["index"] for row in body["results"]] == list(range(2500))
    assert [row["phoneNumber"] for row in body["results"]] == [entry["phoneNumber"] for entry in many(2500)]
    assert [row["id"] for row in body["results"]] == [item["id"] for item in body["items"]]
    assert body["summary"] == {
        "recipients": 2500,
        "accepted": 2500,
        "failed": 0,
        "skipped": 0,
        "unknown": 0,
        "segments": 2500,
    }


def test_calls_go_out_ten_at_a_time(world: World) -> None:
    send(world, [{**entry, "liveMessage": "hello"} for entry in many(11)], function="send_calls")
    assert world.asked() == ["POST /calls"] * 2


def test_the_form_may_reduce_the_batch_size(world: World) -> None:
    send(world, many(5), batchSize="2")
    assert world.asked() == ["POST /texts"] * 3
    with pytest.raises(InvalidSettings, match="batchSize: must be from 1 to 1000"):
        send(world, batchSize="1001")


def test_a_bad_number_fails_alone(world: World) -> None:
    body = send(world, [{"phoneNumber": NUMBER}, {"phoneNumber": "12"}, {"phoneNumber": OTHER}])
    assert states(body) == ["READY", "FAILED", "READY"]
    bad = body["results"][1]
    assert bad["error"].startswith("recipients[1].phoneNumber: is too short")
    assert bad["retryable"] is False
    assert "id" not in bad
    assert body["summary"]["failed"] == 1
    assert len(body["items"]) == 2


def test_with_strict_validation_it_fails_all(world: World) -> None:
    with pytest.raises(InvalidInput, match=r"recipients\[1\]\.phoneNumber"):
        send(world, [{"phoneNumber": NUMBER}, {"phoneNumber": "12"}], given={"strictValidation": True})
    assert world.asked() == []


@pytest.mark.parametrize("bad_number", ["invalid", "refuse"])
def test_a_number_that_callfire_refuses_fails_alone(bad_number: str, world: World) -> None:
    """CallFire's response to an invalid number is unknown, so both variants must work."""
    world.switch(bad_number=bad_number)
    recipients = [*many(9), {"phoneNumber": "99999999999"}]
    body = send(world, recipients, numbers="asGiven")
    assert states(body)[:9] == ["READY"] * 9
    assert states(body)[9] == ("INVALID" if bad_number == "invalid" else "FAILED")
    assert body["results"][9]["error"]
    assert body["summary"] | {"segments": 0} == {
        "recipients": 10, "accepted": 9, "failed": 1, "skipped": 0, "unknown": 0, "segments": 0
    }  # fmt: skip
    assert {world.texts(entry["phoneNumber"]) for entry in many(9)} == {1}


def test_a_fault_of_all_recipients_costs_few_requests(world: World) -> None:
    world.fault("sendTexts", "status", status=400, next=0)
    with pytest.raises(Rejected, match="400"):
        send(world, many(1000))
    assert len(world.asked()) <= 70


def test_results_of_sent_recipients_are_kept_if_others_are_refused(world: World) -> None:
    world.admin("PATCH", "account", {"credits": 2})
    body = send(world, many(4), batchSize="2")
    assert states(body) == ["READY", "READY", "FAILED", "FAILED"]
    assert "credits" in body["results"][2]["error"]


def test_a_temporary_failure_in_the_middle_may_be_an_error(world: World) -> None:
    world.fault("sendTexts", "delay", milliseconds=0)
    world.fault("sendTexts", "status", status=429, next=4)
    body = send(world, many(2), batchSize="1", errorPolicy="error")
    assert states(body) == ["READY", "FAILED"]
    assert body["results"][1]["retryable"] is True


def test_rows_may_be_emitted_one_by_one(world: World) -> None:
    bodies = send(world, [{"phoneNumber": NUMBER}, {"phoneNumber": "x"}], emitBehavior="emitIndividually")
    assert [body["state"] for body in bodies] == ["READY", "FAILED"]
    assert bodies[0]["item"]["id"] == bodies[0]["id"]
    assert bodies[1]["item"] is None


def test_fields_that_leave_out_the_key_do_not_matter(world: World) -> None:
    body = send(world, many(3), given={"fields": "items(id)"})
    assert [row["id"] for row in body["results"]] == [item["id"] for item in body["items"]]
    assert states(body) == ["ACCEPTED"] * 3


@pytest.mark.parametrize(
    ("given", "region", "digits"),
    [
        ("12132000384", "US", "12132000384"),
        (" (213) 200-0384 ", "US", "12132000384"),
        ("+1 213.200.0384", "DE", "12132000384"),
        ("1-800-FLOWERS", "US", "18003569377"),
        ("(416) 555-0123", "CA", "14165550123"),
        ("0171 1234567", "DE", "491711234567"),
        ("+44 20 7946 0958", "US", "442079460958"),
        ("67076", "US", "67076"),
        ("818818", "US", "818818"),
    ],
)
def test_numbers_are_accepted_in_common_notations(given: str, region: str, digits: str) -> None:
    assert normalize(given, region) == digits


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "is not a phone number"),
        ("call me", "is not a phone number"),
        ("213200038", "too short"),
        ("200-0384", "area code"),
        ("+1 213 200 0384 1234", "too long"),
        ("+999 1234567", "is not a phone number|country code"),
        ("213-200-0384 ext. 5", "extension"),
    ],
)
def test_an_invalid_number_is_explained(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        normalize(given, "US")


def test_calls_reach_no_short_codes() -> None:
    with pytest.raises(ValueError, match="too short"):
        normalize("67076", "US", short_codes=False)


def test_numbers_are_converted_unless_the_form_says_as_given(world: World) -> None:
    body = send(world, [{"phoneNumber": "(213) 200-0384", "fromNumber": "67076"}, {"phoneNumber": 12132000385}])
    assert [item["toNumber"] for item in body["items"]] == [NUMBER, OTHER]
    with pytest.raises(InvalidSettings, match="defaultRegion"):
        send(world, defaultRegion="Germany")
    refused = send(world, [{"phoneNumber": "0171 1234567"}, {"phoneNumber": THIRD}], numbers="asGiven")
    assert states(refused) == ["INVALID", "READY"]


def test_a_call_reaches_no_short_code_but_the_sender_may_be_one(world: World) -> None:
    call = {"phoneNumber": NUMBER, "liveMessage": "hello"}
    refused = send(world, [{**call, "phoneNumber": "67076"}, call], function="send_calls")
    assert states(refused) == ["FAILED", "READY"]
    assert "too short" in refused["results"][0]["error"]
    with pytest.raises(NotAllowed, match="caller id is not verified"):  # CallFire's decision, not that of the notation
        send(world, [{**call, "fromNumber": "67076", "liveMessage": "again"}], function="send_calls")


def test_errors_contain_no_full_number(world: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        send(world, [{"phoneNumber": "213200038455555"}])
    assert "2132" not in str(caught.value)


def test_the_area_code_determines_the_time_zone() -> None:
    assert time_zones("12132000384") == ("America/Los_Angeles",)
    assert time_zones("67076") == ()
    assert len(time_zones("18005550100")) != 1


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        (
            "a" * 152 + "€" + "a" * 152,
            "GSM-7",
            306,
            3,
        ),  # the pair does not fit into the first segment
        ("Grüße, Ñandú", "UCS-2", 12, 1),
        ("ç" * 70, "UCS-2", 70, 1),
        ("ç" * 71, "UCS-2", 71, 2),
        ("👋" * 35, "UCS-2", 70, 1),
        ("👋" * 36, "UCS-2", 72, 2),
        ("👋" * 67, "UCS-2", 134, 3),  # 67 units contain 33 whole pairs
        ("ÄÖÑÜäöñüàèéùìò\n\r\f^{}\\[~]|", "GSM-7", 34, 1),
    ],
)
def test_segments(text: str, encoding: str, units: int, segments: int) -> None:
    length = measure(text)
    assert (length.encoding, length.units, length.segments) == (encoding, units, segments)


def test_segments_and_their_price_are_in_the_output(world: World) -> None:
    recipients = [{"phoneNumber": NUMBER, "message": "👋" * 40}, {"phoneNumber": OTHER}]
    body = send(world, recipients, creditsPerSegment="0.5")
    assert [(row["segments"], row["encoding"]) for row in body["results"]] == [(2, "UCS-2"), (1, "GSM-7")]
    assert (body["summary"]["segments"], body["summary"]["estimatedCredits"]) == (3, 1.5)


def test_a_text_that_is_too_long_fails_alone(world: World) -> None:
    body = send(world, [{"phoneNumber": NUMBER, "message": "a" * 500}, {"phoneNumber": OTHER}], maxSegments="3")
    assert states(body) == ["FAILED", "READY"]
    assert "4 segments" in body["results"][0]["error"]


def test_above_the_total_limit_nothing_is_sent(world: World) -> None:
    with pytest.raises(InvalidInput, match="the texts have 6 segments, the form's maxSegmentsPerRun allows 5"):
        send(world, many(6), maxSegmentsPerRun="5")
    assert world.asked() == []
