"""Redeliveries after a lost connection"""

from types import SimpleNamespace
from typing import Any

from elasticio.broker.rabbitmq.redelivery import InFlight


def delivery(message_id: str | None = "m", body: bytes = b"body", redelivered: bool = False, **headers: Any) -> Any:
    # InFlight reads only these three attributes; the real class is hashable too
    return type("Delivery", (SimpleNamespace,), {"__hash__": object.__hash__, "__eq__": object.__eq__})(
        headers={"messageId": message_id, **headers}, body=body, redelivered=redelivered
    )


def lost_with(*deliveries: Any, settled: tuple[Any, ...] = ()) -> InFlight[Any]:
    """Lose the connection with some deliveries in flight and others settled."""
    in_flight: InFlight[Any] = InFlight()
    for one in (*deliveries, *settled):
        in_flight.add(one)
    for number, one in enumerate(settled):
        in_flight.settled(one, number % 2 == 0)
    in_flight.connection_lost()
    return in_flight


def test_a_delivery_in_flight_is_recognized_once() -> None:
    first = delivery()
    in_flight = lost_with(first)
    assert in_flight.awaits_redelivery
    assert in_flight.recognize(delivery(redelivered=True)) is first
    assert not in_flight.awaits_redelivery
    assert in_flight.recognize(delivery(redelivered=True)) is None


def test_the_outcome_of_a_delivery_settled_long_ago_is_known() -> None:
    settled = tuple(delivery(f"m{number}") for number in range(1000))
    in_flight = lost_with(settled=settled)
    outcomes = [in_flight.recognize(delivery(f"m{number}", redelivered=True)) for number in range(1000)]
    assert outcomes == [True, False] * 500
    assert not in_flight.awaits_redelivery


def test_the_outcome_is_still_known_after_another_loss() -> None:
    in_flight = lost_with(settled=(delivery(),))
    for _ in range(2):
        assert in_flight.recognize(delivery(redelivered=True)) is True
        assert in_flight.recognize(delivery(redelivered=True)) is None
        in_flight.connection_lost()


def test_the_number_of_remembered_deliveries_is_limited() -> None:
    settled = tuple(delivery(f"m{number}") for number in range(10_001))
    in_flight = lost_with(settled=settled)
    assert in_flight.recognize(delivery("m0", redelivered=True)) is None
    assert in_flight.recognize(delivery("m1", redelivered=True)) is False


def test_a_new_message_is_not_a_redelivery() -> None:
    in_flight = lost_with(delivery(), settled=(delivery("settled"),))
    for other in (
        delivery(),  # the broker reports that it was never delivered before
        delivery("settled"),
        delivery("another", redelivered=True),
        delivery(body=b"another", redelivered=True),
        delivery(reboundIteration=1, redelivered=True),
        delivery(end=2, redelivered=True),
    ):
        assert in_flight.recognize(other) is None


def test_without_a_lost_connection_no_message_is_a_redelivery() -> None:
    in_flight: InFlight[Any] = InFlight()
    in_flight.add(first := delivery())
    in_flight.settled(first, True)
    assert in_flight.recognize(delivery(redelivered=True)) is None


def test_equal_siblings_are_recognized_as_often_as_they_were_in_flight() -> None:
    twins = [delivery(), delivery()]
    in_flight = lost_with(*twins)
    found = [in_flight.recognize(delivery(redelivered=True)) for _ in range(3)]
    assert found[2] is None
    assert {id(one) for one in found[:2]} == {id(one) for one in twins}


def test_a_message_without_headers_is_recognized_by_its_content() -> None:
    bare = delivery()
    bare.headers = None
    in_flight = lost_with(bare)
    again = delivery(redelivered=True)
    again.headers = None
    assert in_flight.recognize(again) is bare


def test_without_an_id_a_settled_delivery_is_not_remembered() -> None:
    in_flight = lost_with(settled=(delivery(None),))
    assert in_flight.recognize(delivery(None, redelivered=True)) is None
