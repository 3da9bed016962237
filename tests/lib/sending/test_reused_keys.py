"""A mapped idempotency key identifies one recipient and one text. Other content with the key is an error."""

from typing import Any

import pytest
from elasticio import Rebound

from lib.callfire.api.errors import InvalidInput
from lib.callfire.sending import ledger
from lib.callfire.sending.recipients import Recipient
from tests.lib.sending.conftest import NUMBER, OTHER, THIRD, World, back, facts, send, states
from tests.lib.sending.test_orders import LOCAL, order, placed

KEY = {"idempotencyKey": "reply-9007199254740992"}  # of ids that JavaScript has rounded


def one(number: str = NUMBER, text: str = "Your table is ready", **more: Any) -> list[dict[str, Any]]:
    return [{"phoneNumber": number, "message": text, **more}]


def test_another_recipient_with_the_same_key_is_an_error(world: World) -> None:
    assert states(send(world, one(), given=KEY)) == ["READY"]
    for name, number in (("second", OTHER), ("third", THIRD)):
        with pytest.raises(InvalidInput, match=r"^idempotencyKey: this key was used for another text\."):
            send(world, one(number), given=KEY, incoming=facts(name))
    assert [world.texts(number) for number in (NUMBER, OTHER, THIRD)] == [1, 0, 0]
    assert world.slept == []  # the error is reported at once


def test_another_text_with_the_same_key_is_an_error(world: World) -> None:
    send(world, one(), given=KEY)
    with pytest.raises(InvalidInput, match="used for another text"):
        send(world, one(text="Your table is gone"), given=KEY, incoming=facts("second"))
    assert world.texts() == 1


def test_the_same_text_with_the_same_key_has_the_same_result(world: World) -> None:
    first = send(world, one(), given=KEY)
    again = send(world, one("(213) 200-0384"), given=KEY, incoming=facts("second"))
    assert again["results"][0]["id"] == first["results"][0]["id"]
    assert world.texts() == 1


def test_the_results_of_an_unfinished_message_are_not_shared(world: World) -> None:
    """Of two batches, the first is sent and the second waits. Then another message with the same key arrives."""
    mine = [*one(), *one(OTHER)]
    world.fault("sendTexts", "delay", milliseconds=0)
    world.fault("sendTexts", "status", status=429, next=4)
    with pytest.raises(Rebound):
        send(world, mine, given=KEY, batchSize="1")
    world.admin("DELETE", "faults")
    with pytest.raises(InvalidInput, match="used for another text"):
        send(world, one(text="Another text"), given=KEY, incoming=facts("second"))
    assert states(send(world, mine, given=KEY, batchSize="1", incoming=back(world))) == ["READY", "READY"]
    assert [world.texts(number) for number in (NUMBER, OTHER)] == [1, 1]


def test_a_key_without_a_sent_text_can_be_used_again(world: World) -> None:
    world.fault("sendTexts", "status", status=400)
    with pytest.raises(Exception, match="400"):
        send(world, one(text="Refused"), given=KEY)
    assert states(send(world, one(), given=KEY, incoming=facts("second"))) == ["READY"]


def test_a_key_cannot_be_used_again_while_its_outcome_is_unknown(world: World) -> None:
    world.fault("sendTexts", "reset")
    world.fault("findTexts", "status", status=503, next=0)
    with pytest.raises(Rebound):
        send(world, one(), given=KEY)
    with pytest.raises(InvalidInput, match="used for another text"):
        send(world, one(OTHER), given=KEY, incoming=facts("second"))
    assert world.texts(OTHER) == 0


def test_a_text_found_by_its_key_is_compared(world: World) -> None:
    send(world, one(), given=KEY)
    ledger.MESSAGES.forget()  # another process has sent the text
    with pytest.raises(InvalidInput, match=r"^idempotencyKey: this key was used for another text"):
        send(world, one(text="Another text"), given=KEY, incoming=facts("second"), lookFirst="always")
    again = send(world, one(text="Your  table is ready "), given=KEY, incoming=facts("third"), lookFirst="always")
    assert states(again) == ["READY"]
    assert world.texts() == 1


def test_a_recipients_own_key_is_compared_too(world: World) -> None:
    send(world, one(idempotencyKey="order 17"))
    ledger.MESSAGES.forget()
    body = send(
        world,
        [*one(text="Another text", idempotencyKey="order 17"), *one(OTHER)],
        incoming=facts("second"),
        lookFirst="always",
    )
    assert states(body) == ["FAILED", "READY"]
    assert body["results"][0]["error"].startswith("recipients[0].idempotencyKey: this key was used for another text")
    assert (world.texts(), world.texts(OTHER)) == (1, 1)


def test_calls_are_compared_by_number_and_what_is_said(world: World) -> None:
    def call(number: str, text: str, name: str) -> Any:
        recipient = [{"phoneNumber": number, "liveMessage": text}]
        return send(world, recipient, given=KEY, function="send_calls", incoming=facts(name))

    call(NUMBER, "hello", "first")
    for number, text in ((OTHER, "hello"), (NUMBER, "good bye")):
        with pytest.raises(InvalidInput, match="used for another call"):
            call(number, text, "second")
    assert (world.calls(), world.calls(OTHER)) == (1, 0)


def test_another_order_under_the_same_key_is_an_error(world: World) -> None:
    world.admin("PATCH", "account", {"credits": 100_000})
    order(world, LOCAL | KEY)
    with pytest.raises(InvalidInput, match=r"^idempotencyKey: this key was used for another order"):
        order(world, {"tollFreeCount": 1} | KEY, incoming=facts("second"))
    assert placed(world) == 1


@pytest.mark.parametrize(
    ("wanted", "number", "item", "fits"),
    [
        ("Hello", NUMBER, {"toNumber": NUMBER, "message": "Hello"}, True),
        ("Hello", NUMBER, {"toNumber": NUMBER, "message": "Hello!"}, False),
        ("Hello", NUMBER, {"toNumber": OTHER, "message": "Hello"}, False),
        ("Hello", NUMBER, {"toNumber": f"+{NUMBER}", "message": "Hello"}, True),
        ("Hello", "6582345678", {"toNumber": "6582345678", "message": "Hello"}, True),  # also (658) 234-5678
        ("Hello", NUMBER, {"id": 1}, True),  # `fields` left out the rest
        ("", NUMBER, {"toNumber": NUMBER, "message": "the broadcast's"}, True),
        ("Hello ${name}", NUMBER, {"toNumber": NUMBER, "message": "Hello Ann"}, True),
        ("a" * 200, NUMBER, {"toNumber": NUMBER, "message": "a" * 160}, True),  # trimmed
        ("a" * 200, NUMBER, {"toNumber": NUMBER, "message": "a" * 158}, False),
        ("a" * 200, NUMBER, {"toNumber": NUMBER, "message": "b" * 160}, False),
    ],
)
def test_texts_that_count_as_the_same(wanted: str, number: str, item: dict[str, Any], fits: bool) -> None:
    recipient = Recipient(0, "key", {"phoneNumber": number}, number=number, content=(number, wanted, ""))
    assert recipient.asks_for(item) is fits
