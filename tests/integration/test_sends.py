"""Nobody is texted or called twice, whatever goes wrong, and safety costs no request while nothing does

The large run is a command: see tests/integration/sends.
"""

import pytest

from services.rabbitmq import Broker
from tests.integration.conftest import Figure
from tests.integration.sends import Figures, Plan, storm


def weather(plan: Plan, broker: Broker, figure: Figure) -> Figures:
    """Run a storm and hold it against what all of them must come to."""
    with storm(plan, broker) as running:
        figures = running.run()
    for name, value in figures.lines().items():
        figure(name, value)
    assert figures.twice == 0
    assert not figures.missing  # the switches allow to tell in each case: all were found or sent
    assert set(figures.outputs) == figures.asked  # and each has its row
    assert figures.mistaken == 0
    assert figures.unknown == 0
    assert not figures.errors
    assert min(figures.kills, figures.cuts, figures.faults, figures.looks) > 0, (
        "nothing went wrong: that proves nothing"
    )
    return figures


@pytest.mark.parametrize("action", ["sendTexts", "sendCalls", "addTextBroadcastRecipients"])
def test_each_recipient_is_sent_to_exactly_once_through_faults_kills_and_cuts(
    action: str, broker: Broker, figure: Figure
) -> None:
    weather(Plan(action, recipients=120, kills=2, cuts=2), broker, figure)


@pytest.mark.parametrize("action", ["orderNumbers", "orderKeywords"])
def test_orders_that_differ_are_placed_exactly_once_one_at_a_time(action: str, broker: Broker, figure: Figure) -> None:
    weather(Plan(action, recipients=40, kills=2, cuts=1), broker, figure)


def test_several_containers_send_to_each_recipient_exactly_once(broker: Broker, figure: Figure) -> None:
    """Clocks may differ by five seconds: with several containers a doubt lasts longer than that."""
    plan = Plan(
        recipients=150,
        kills=5,
        cuts=4,
        containers=3,
        pause=1500,
        config={"settleTime": "5", "waitLimit": "2"},
    )
    weather(plan, broker, figure)


def test_without_faults_safety_costs_no_request(broker: Broker, figure: Figure) -> None:
    calm = Plan(recipients=200, kills=0, cuts=0, faults=(), switches={}, sizes=(1,))
    with storm(calm, broker) as running:
        figures = running.run()
    figure("sends", figures.recipients)
    figure("requests", figures.posts + figures.looks)
    assert figures.twice == 0
    assert not figures.missing
    assert (figures.posts, figures.looks) == (200, 0)
