"""Orders: they are recognized by their content, if it is unique."""

from typing import Any

import pytest
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire.api.errors import OutcomeUnknown, Rejected
from lib.callfire.sending import ledger
from lib.callfire.sending.order_matching import ANSWERED, asks_for_the_same, matching_order
from lib.callfire.sending.outbound_delivery import Undecided
from tests.lib.sending.conftest import World, facts, until_done
from tests.lib.steps import FakeStep, run

LOCAL = {"localCount": 2, "prefix": "1213"}


def order(
    world: World, given: dict[str, Any], action: str = "order_numbers", incoming: Any = None, **config: Any
) -> Any:
    (payload,) = run(f"actions.{action}", given, world.config(**config), step=FakeStep(incoming=incoming or facts()))
    return payload["body"]


def placed(world: World) -> int:
    return len(world.running._server.control.world["orders"])


def now(world: World) -> int:
    moment: int = world.admin("GET", "clock")["now"]
    return moment


@pytest.fixture(autouse=True)
def _rich(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.admin("PATCH", "account", {"credits": 100_000})
    world.asked()


def test_without_a_fault_there_is_one_request(world: World) -> None:
    assert set(order(world, LOCAL)) == {"id"}
    assert world.asked() == ["POST /orders/numbers"]


@pytest.mark.parametrize(
    ("action", "operation", "given"),
    [
        ("order_numbers", "orderNumbers", LOCAL),
        ("order_numbers", "orderNumbers", {"tollFreeCount": 1}),
        ("order_keywords", "orderKeywords", {"keywords": ["sun", "MOON"]}),
    ],
)
def test_an_order_that_was_placed_is_found(action: str, operation: str, given: Any, world: World) -> None:
    world.fault(operation, "reset", carriedOut=True)
    body = order(world, given, action)
    assert body["assumed"] is True
    assert placed(world) == 1
    world.sleep(60)  # fulfilled
    ledger.MESSAGES.forget()
    again = order(world, given, action, facts(redelivered=True, started=now(world) - 60_000))
    assert again["id"] == body["id"]
    assert placed(world) == 1


def test_a_missing_order_is_placed_after_the_settle_time(world: World) -> None:
    world.fault("orderNumbers", "reset")
    until_done(world, lambda incoming: order(world, LOCAL, incoming=incoming))
    assert placed(world) == 1
    assert sum(world.slept) >= 20


def test_other_orders_are_not_mistaken_for_it(world: World) -> None:
    order(world, {"tollFreeCount": 2}, incoming=facts("a"))
    order(world, {"keywords": ["STAR", "SKY"]}, "order_keywords", facts("b"))
    order(world, LOCAL, incoming=facts("c"))  # the same content, but an order of another message
    world.fault("orderNumbers", "reset", carriedOut=True)
    body = order(world, LOCAL)
    assert placed(world) == 4
    assert int(body["id"]) == max(entry["id"] for entry in world.running._server.control.world["orders"])


def test_an_old_order_is_not_mistaken_for_it(world: World) -> None:
    order(world, LOCAL, incoming=facts("a"))
    ANSWERED.forget()
    world.sleep(3600)
    ledger.MESSAGES.forget()
    with pytest.raises(Rebound):
        order(world, LOCAL, incoming=facts(redelivered=True, started=now(world)), settleTime="60", waitLimit="5")


def test_several_equal_orders_are_an_error(world: World) -> None:
    for name in ("a", "b"):
        order(world, LOCAL, incoming=facts(name))
    ANSWERED.forget()
    world.fault("orderNumbers", "reset")
    with pytest.raises(OutcomeUnknown, match=r"may be one of these: \d+, \d+"):
        order(world, LOCAL)
    assert placed(world) == 2


def test_an_equal_order_is_an_error_if_the_start_of_the_message_is_unknown(world: World) -> None:
    order(world, LOCAL, incoming=facts("a"))
    ANSWERED.forget()
    with pytest.raises(OutcomeUnknown, match="may be one of these"):
        order(world, LOCAL, incoming=facts("b", redelivered=True))


def test_messages_without_an_id_are_not_duplicates(world: World) -> None:
    for _ in range(2):
        order(world, LOCAL, incoming=Incoming(thread_id="thread"))
    assert world.asked() == ["POST /orders/numbers"] * 2


def test_without_duplicate_prevention_an_order_is_placed_again(world: World) -> None:
    order(world, LOCAL, idempotency="off")
    order(world, LOCAL, idempotency="off", incoming=facts(redelivered=True))
    assert placed(world) == 2


def test_a_refusal_is_an_error(world: World) -> None:
    with pytest.raises(Rejected):
        order(world, {"localCount": 1, "prefix": "1999"} | {"numbers": ["67076"]})


def test_certain_numbers_are_compared(world: World) -> None:
    order_of = {"localNumbers": {"ordered": 1, "fulfilled": ["12135550100"]}, "tollFreeNumbers": {"ordered": 1}}
    assert asks_for_the_same(order_of, {"numbers": ["(213) 555-0100", "18005550100"]})
    assert not asks_for_the_same(order_of, {"numbers": ["12135550199", "18005550100"]})
    assert not asks_for_the_same(order_of, {"numbers": ["12135550100"]})
    assert not asks_for_the_same(order_of, {"keywords": ["SUN"]})
    assert not asks_for_the_same({"keywords": {"ordered": 1}}, {"localCount": 1})
    assert asks_for_the_same({"keywords": {"ordered": 1, "fulfilled": ["SUN"]}}, {"keywords": ["sun"]})


@pytest.mark.parametrize("ordered", [2, 2.0])
@pytest.mark.parametrize("created", [10**12, 1e12, True, "2026-11-26", None, {}])
def test_an_order_with_odd_numbers_is_found(ordered: Any, created: Any) -> None:
    """Otherwise it would be placed again."""
    listed = {"id": 1, "created": created, "localNumbers": {"ordered": ordered}}
    assert matching_order([listed], LOCAL, "token", 10**12) == listed
    assert matching_order([{**listed, "created": 1.0}], LOCAL, "token", 10**12) is None


KEYWORD = {"keywords": ["SUN"]}


@pytest.mark.parametrize("given", [KEYWORD, {"numbers": ["12135550100"]}])
def test_an_order_counts_as_found_after_its_items_are_known(given: Any, world: World) -> None:
    """Until then all orders with the same counts look the same."""
    kind = "keywords" if given is KEYWORD else "localNumbers"
    (name,) = next(iter(given.values()))
    in_work = {"id": 1, "status": "PROCESSING", kind: {"ordered": 1, "fulfilled": []}}
    with pytest.raises(Undecided, match=r"in progress.* 1"):
        matching_order(iter([in_work]), given, "token", 0)
    mine, other = (
        {**in_work, "id": number, "status": "FINISHED", kind: {"ordered": 1, "fulfilled": [got]}}
        for number, got in ((2, name), (3, "OTHER"))
    )
    assert matching_order(iter([in_work, mine, other]), given, "token", 0) == mine
    assert matching_order(iter([other]), given, "token", 0) is None
    with pytest.raises(OutcomeUnknown, match=r"may be one of these: 4"):
        matching_order(iter([{**in_work, "id": 4, "status": "ERRORED"}]), given, "token", 0)


def test_an_order_of_another_keyword_is_not_mistaken_for_it(world: World) -> None:
    world.switch(order_takes=100_000)
    order(world, {"keywords": ["STAR"]}, "order_keywords", facts("a"))
    ANSWERED.forget()  # of another process
    world.fault("orderKeywords", "reset")
    with pytest.raises(Rebound, match="in progress"):
        order(world, KEYWORD, "order_keywords")
    body = until_done(world, lambda incoming: order(world, KEYWORD, "order_keywords", incoming), facts(rebounds=1))
    assert "assumed" not in body
    assert placed(world) == 2
