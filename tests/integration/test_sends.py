"""Each recipient is sent to exactly once despite all faults. Without faults there are no additional requests.

The large run is a command: see tests/integration/sends.
"""

import pytest

from services.rabbitmq import Broker
from tests.integration.conftest import Figure
from tests.integration.sends import Plan, StormResults, storm


def weather(plan: Plan, broker: Broker, figure: Figure) -> StormResults:
    """Run a storm and check the guarantees of all storms."""
    with storm(plan, broker) as running:
        results = running.run()
    for name, value in results.lines().items():
        figure(name, value)
    assert results.twice == 0
    assert not results.missing  # with these settings each outcome is known: all were found or sent
    assert set(results.outputs) == results.asked  # each target has its result
    assert results.mistaken == 0
    assert results.unknown == 0
    assert not results.errors
    assert min(results.kills, results.cuts, results.faults, results.looks) > 0, (
        "nothing went wrong: that proves nothing"
    )
    return results


@pytest.mark.parametrize("action", ["sendTexts", "sendCalls", "addTextBroadcastRecipients"])
def test_each_recipient_is_sent_to_exactly_once_despite_faults_and_kills(
    action: str, broker: Broker, figure: Figure
) -> None:
    weather(Plan(action, recipients=120, kills=2, cuts=2), broker, figure)


@pytest.mark.parametrize("action", ["orderNumbers", "orderKeywords"])
def test_orders_that_differ_are_placed_exactly_once_one_at_a_time(action: str, broker: Broker, figure: Figure) -> None:
    weather(Plan(action, recipients=25, kills=2, cuts=1), broker, figure)


def test_several_containers_send_to_each_recipient_exactly_once(broker: Broker, figure: Figure) -> None:
    """Clocks may differ by five seconds. With several containers, an outcome stays unknown longer than that."""
    plan = Plan(
        recipients=100,
        kills=4,
        cuts=3,
        containers=3,
        pause=1500,
        config={"settleTime": "5", "waitLimit": "2"},
    )
    weather(plan, broker, figure)


def test_without_faults_there_are_no_additional_requests(broker: Broker, figure: Figure) -> None:
    calm = Plan(recipients=200, kills=0, cuts=0, faults=(), switches={}, sizes=(1,))
    with storm(calm, broker) as running:
        results = running.run()
    figure("sends", results.recipients)
    figure("requests", results.posts + results.looks)
    assert results.twice == 0
    assert not results.missing
    assert (results.posts, results.looks) == (200, 0)
