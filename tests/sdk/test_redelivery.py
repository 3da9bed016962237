"""What is done with a message that comes again after the connection was lost"""

from types import SimpleNamespace
from typing import Any

from elasticio.broker.rabbitmq.redelivery import InHand


def delivery(message_id: str | None = "m", body: bytes = b"body", redelivered: bool = False, **headers: Any) -> Any:
    # Of a delivery only these three are looked at; hashable, as the real one is
    return type("Delivery", (SimpleNamespace,), {"__hash__": object.__hash__, "__eq__": object.__eq__})(
        headers={"messageId": message_id, **headers}, body=body, redelivered=redelivered
    )


def lost_with(*deliveries: Any, settled: tuple[Any, ...] = ()) -> InHand:
    """Lose the connection with these deliveries in hand, and those settled before."""
    in_hand = InHand()
    for one in (*deliveries, *settled):
        in_hand.take(one)
    for number, one in enumerate(settled):
        in_hand.settled(one, number % 2 == 0)
    in_hand.connection_lost()
    return in_hand


def test_what_is_in_hand_is_recognised_once() -> None:
    first = delivery()
    in_hand = lost_with(first)
    assert in_hand.awaits_redelivery
    assert in_hand.recognise(delivery(redelivered=True)) is first
    assert not in_hand.awaits_redelivery
    assert in_hand.recognise(delivery(redelivered=True)) is None


def test_the_outcome_of_what_was_settled_long_ago_is_known() -> None:
    settled = tuple(delivery(f"m{number}") for number in range(1000))
    in_hand = lost_with(settled=settled)
    outcomes = [in_hand.recognise(delivery(f"m{number}", redelivered=True)) for number in range(1000)]
    assert outcomes == [True, False] * 500
    assert not in_hand.awaits_redelivery


def test_it_is_still_known_after_another_loss() -> None:
    in_hand = lost_with(settled=(delivery(),))
    for _ in range(2):
        assert in_hand.recognise(delivery(redelivered=True)) is True
        assert in_hand.recognise(delivery(redelivered=True)) is None
        in_hand.connection_lost()


def test_what_was_settled_is_forgotten_in_the_end() -> None:
    settled = tuple(delivery(f"m{number}") for number in range(10_001))
    in_hand = lost_with(settled=settled)
    assert in_hand.recognise(delivery("m0", redelivered=True)) is None
    assert in_hand.recognise(delivery("m1", redelivered=True)) is False


def test_a_new_message_is_none_that_was_there() -> None:
    in_hand = lost_with(delivery(), settled=(delivery("settled"),))
    for other in (
        delivery(),  # the broker says that it was never handed out
        delivery("settled"),
        delivery("another", redelivered=True),
        delivery(body=b"another", redelivered=True),
        delivery(reboundIteration=1, redelivered=True),
        delivery(end=2, redelivered=True),
    ):
        assert in_hand.recognise(other) is None


def test_without_a_loss_nothing_is_a_repetition() -> None:
    in_hand = InHand()
    in_hand.take(first := delivery())
    in_hand.settled(first, True)
    assert in_hand.recognise(delivery(redelivered=True)) is None


def test_equal_siblings_are_recognised_as_often_as_they_were_in_hand() -> None:
    twins = [delivery(), delivery()]
    in_hand = lost_with(*twins)
    found = [in_hand.recognise(delivery(redelivered=True)) for _ in range(3)]
    assert found[2] is None
    assert {id(one) for one in found[:2]} == {id(one) for one in twins}


def test_a_message_without_headers_is_recognised_by_its_content() -> None:
    bare = delivery()
    bare.headers = None
    in_hand = lost_with(bare)
    again = delivery(redelivered=True)
    again.headers = None
    assert in_hand.recognise(again) is bare


def test_without_an_id_what_was_settled_is_not_remembered() -> None:
    in_hand = lost_with(settled=(delivery(None),))
    assert in_hand.recognise(delivery(None, redelivered=True)) is None
