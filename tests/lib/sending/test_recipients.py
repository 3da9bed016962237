"""Recipients: duplicates, missing texts, and matching with the items of CallFire's response."""

from typing import Any

import pytest

from lib.callfire.api.errors import InvalidInput, OutcomeUnknown
from lib.callfire.sending.recipients import Recipient, paired
from tests.lib.recording import Recorder, json_reply
from tests.lib.sending.conftest import NUMBER, OTHER, THIRD, World, facts, send, states
from tests.lib.steps import bodies, config_for, run

TEXT = "Your table is ready"


def test_a_duplicate_in_another_notation_is_sent_once(world: World) -> None:
    body = send(
        world, [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER}, {"phoneNumber": "(213) 200-0384", "message": TEXT}]
    )
    assert states(body) == ["READY", "READY", "SKIPPED"]
    duplicate = body["results"][2]
    assert duplicate["error"] == "Duplicate of recipients[0]: the same recipient and the same text."
    assert (duplicate["duplicateOf"], duplicate["retryable"]) == (0, False)
    assert body["summary"] | {"segments": 0} == {
        "recipients": 3, "accepted": 2, "failed": 0, "skipped": 1, "unknown": 0, "segments": 0
    }  # fmt: skip
    assert (world.texts(), world.texts(OTHER)) == (1, 1)


def test_duplicates_are_recognized_in_numbers_sent_as_given(world: World) -> None:
    body = send(world, [{"phoneNumber": f"+{NUMBER}"}, {"phoneNumber": NUMBER}], numbers="asGiven")
    assert states(body) == ["READY", "SKIPPED"]


def test_the_form_may_ask_for_duplicates(world: World) -> None:
    assert states(send(world, [{"phoneNumber": NUMBER}] * 2, duplicates="send")) == ["READY", "READY"]
    assert world.texts() == 2


@pytest.mark.parametrize(
    "second",
    [
        {"message": "Another text"},
        {"message": "For ${name}", "attributes": {"name": "Bob"}},
        {"media": [{"publicUrl": "https://example.com/b.png"}]},
    ],
)
def test_another_text_for_the_same_number_is_not_a_duplicate(second: dict[str, Any], world: World) -> None:
    first = {"phoneNumber": NUMBER, "message": "For ${name}", "attributes": {"name": "Ann"}}
    assert states(send(world, [first, {"phoneNumber": NUMBER, **second}])) == ["READY", "READY"]


def test_different_attributes_do_not_make_another_text(world: World) -> None:
    recipients = [{"phoneNumber": NUMBER, "attributes": {"row": row}} for row in range(2)]
    assert states(send(world, recipients)) == ["READY", "SKIPPED"]


def test_contacts_and_calls_have_duplicates_too(world: World) -> None:
    contact = world.running._server.control.world["contacts"].add({"mobilePhone": NUMBER})
    body = send(world, [{"contactId": contact["id"]}] * 2)
    assert states(body) == ["READY", "SKIPPED"]
    assert [result["contactId"] for result in body["results"]] == [str(contact["id"])] * 2
    call = {"phoneNumber": OTHER, "liveMessage": "hello"}
    other = {**call, "liveMessage": "good bye"}
    assert states(send(world, [call, other, call], function="send_calls")) == ["READY", "READY", "SKIPPED"]


def test_a_failed_recipient_does_not_make_the_next_one_a_duplicate(world: World) -> None:
    """Its text may be the reason, so the next recipient is not skipped as a duplicate."""
    recipients = [{"phoneNumber": NUMBER, "fromNumber": "12"}, {"phoneNumber": NUMBER}]
    assert states(send(world, recipients)) == ["FAILED", "READY"]


def test_a_recipient_without_a_text_fails_alone_and_is_named(world: World) -> None:
    recipients = [{"phoneNumber": NUMBER, "message": TEXT}, {"phoneNumber": OTHER}]
    body = send(world, recipients, given={"defaultMessage": None})
    assert states(body) == ["READY", "FAILED"]
    assert body["results"][1]["error"].startswith("recipients[1].message: is required")
    assert world.asked() == ["POST /texts"]


@pytest.mark.parametrize("given", [None, ""])
def test_a_message_without_any_text_is_refused_before_the_wire(given: str | None, world: World) -> None:
    with pytest.raises(InvalidInput, match=r"^recipients\[0\]\.message: is required"):
        send(world, [{"phoneNumber": NUMBER, "message": given}], given={"defaultMessage": given})
    with pytest.raises(InvalidInput, match=r"^recipients\[0\]\.liveMessage: is required"):
        send(world, [{"phoneNumber": NUMBER}], function="send_calls")
    assert world.asked() == []


@pytest.mark.parametrize("blank", ["  ", "\n", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE} "])
def test_a_blank_text_is_refused(blank: str, world: World) -> None:
    with pytest.raises(InvalidInput, match=r"^recipients\[0\]\.message: "):
        send(world, [{"phoneNumber": NUMBER, "message": blank}])
    with pytest.raises(InvalidInput, match=r"^defaultMessage: "):
        send(world, given={"defaultMessage": blank})
    with pytest.raises(InvalidInput, match=r"^recipients\[0\]\.liveMessage: "):
        send(world, [{"phoneNumber": NUMBER, "liveMessage": blank}], function="send_calls")
    assert world.asked() == []


def test_a_broadcast_or_media_replace_a_text(world: World) -> None:
    table = world.running._server.control.world["text_broadcasts"]
    broadcast = table.add({"name": "b", "status": "STOPPED", "message": "hi", "_": {}})
    none = {"defaultMessage": None}
    assert states(send(world, given={**none, "campaignId": broadcast["id"]})) == ["READY"]
    media = [{"phoneNumber": OTHER, "media": [{"publicUrl": "https://example.com/a.png"}]}]
    assert states(send(world, media, given=none, incoming=facts("media"))) == ["READY"]
    added = {"id": broadcast["id"], "recipients": [{"phoneNumber": THIRD}]}
    (payload,) = run("actions.add_text_broadcast_recipients", added, world.config())
    assert states(payload["body"]) == ["READY"]


@pytest.mark.parametrize("number", [12132000384, 12132000384.0, "12132000384.0"])
def test_a_number_of_a_spreadsheet_is_sent_to(number: Any, world: World) -> None:
    assert send(world, [{"phoneNumber": number}])["results"][0]["phoneNumber"] == NUMBER


def recipient(index: int, number: str = "", contact: int | None = None) -> Recipient:
    return Recipient(
        index, f"key-{index}", {"contactId": contact} if contact else {"phoneNumber": number}, number=number
    )


THREE = [recipient(0, NUMBER), recipient(1, OTHER), recipient(2, contact=7)]


@pytest.mark.parametrize(
    ("items", "ids"),
    [
        # by position
        ([{"id": 1}, {"id": 2}, {"id": 3}], [1, 2, 3]),
        ([{"id": 1, "toNumber": NUMBER}, {"id": 2, "toNumber": OTHER}, {"id": 3, "toNumber": THIRD}], [1, 2, 3]),
        ([{"id": 1, "toNumber": "unlike"}, {"id": 2}, {"id": 3}], [1, 2, 3]),
        # by key in any order, the rest by position
        (
            [{"id": 3}, {"id": 2, "attributes": {"connectorKey": "key-1"}}, {"id": 1, "toNumber": NUMBER}],
            [1, 2, None],
        ),
        ([{"id": number, "attributes": {"connectorKey": f"key-{number}"}} for number in (2, 0, 1)], [0, 1, 2]),
        # the same number of items in another order
        ([{"id": 2, "toNumber": OTHER}, {"id": 1, "toNumber": f"+{NUMBER}"}, {"id": 3}], [1, 2, None]),
        # fewer items
        ([{"id": 2, "toNumber": OTHER}, {"id": 3, "contact": {"id": 7}, "toNumber": THIRD}], [None, 2, 3]),
        ([{"id": 1, "toNumber": OTHER}, {"id": 2, "toNumber": OTHER}], [None, None, None]),
        ([{"id": 1}], [None, None, None]),
        # more items
        ([{"id": 1, "toNumber": NUMBER}, *({"id": number} for number in range(2, 5))], [1, None, None]),
    ],
)
def test_items_are_matched_by_key_position_or_number(items: list[dict[str, Any]], ids: list[int | None]) -> None:
    found = {one.index: item["id"] for one, item in paired(THREE, items)}
    assert [found.get(index) for index in range(3)] == ids


def test_numbers_in_another_order_are_matched_by_number() -> None:
    both = [recipient(0, NUMBER), recipient(1, OTHER)]
    found = paired(both, [{"id": 2, "toNumber": OTHER}, {"id": 1, "toNumber": NUMBER}])
    assert {one.index: item["id"] for one, item in found} == {0: 1, 1: 2}


def test_a_number_of_two_recipients_matches_neither() -> None:
    twice = [recipient(0, NUMBER), recipient(1, NUMBER), recipient(2, OTHER)]
    assert [one.index for one, _ in paired(twice, [{"toNumber": NUMBER}, {"toNumber": OTHER}])] == [2]


def test_without_keys_only_unmatched_recipients_are_unknown(server: Recorder) -> None:
    server.default = json_reply({"items": [{"id": 5, "toNumber": OTHER, "state": "READY"}]})
    message = {"recipients": [{"phoneNumber": NUMBER}, {"phoneNumber": OTHER}], "defaultMessage": TEXT}
    (body,) = bodies("actions.send_texts", message, config_for(server.url, idempotency="off"))
    assert states(body) == ["UNKNOWN", "READY"]
    assert body["results"][1]["id"] == 5
    assert "connectorKey" not in body["results"][0]["error"]
    assert len(server.received) == 1


@pytest.mark.parametrize("answer", [5, "abc", {"items": None}, {"items": "abc"}])
def test_a_success_without_items_has_an_unknown_outcome(answer: Any, server: Recorder) -> None:
    server.default = json_reply(answer)
    message = {"recipients": [{"phoneNumber": NUMBER}], "defaultMessage": TEXT}
    with pytest.raises(OutcomeUnknown):
        run("actions.send_texts", message, config_for(server.url, idempotency="off"))
