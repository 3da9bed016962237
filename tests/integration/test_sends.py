"""Nobody is texted twice, whatever goes wrong, and safety costs no request while nothing does

The large run is a command: see tests/integration/sends.py.
"""

from tests.broker import Broker
from tests.integration.conftest import Figure
from tests.integration.sends import Plan, storm


def test_each_recipient_is_texted_exactly_once_through_faults_kills_and_cuts(broker: Broker, figure: Figure) -> None:
    with storm(Plan(recipients=400, kills=6, cuts=3), broker.uri) as running:
        figures = running.run()
    for name, value in figures.lines().items():
        figure(name, value)
    assert figures.twice == 0
    assert len(figures.texts) == figures.recipients  # the switches allow to tell in each case: all were found or sent
    assert set(figures.outputs) == set(figures.texts)  # and each has its row
    assert figures.unknown == 0
    assert not figures.errors
    assert min(figures.kills, figures.cuts, figures.faults, figures.looks) > 0, (
        "nothing went wrong: that proves nothing"
    )


def test_without_faults_safety_costs_no_request(broker: Broker, figure: Figure) -> None:
    calm = Plan(recipients=200, kills=0, cuts=0, faults=(), switches={}, sizes=(1,))
    with storm(calm, broker.uri) as running:
        figures = running.run()
    figure("sends", figures.recipients)
    figure("requests", figures.posts + figures.looks)
    assert figures.twice == 0
    assert (figures.posts, figures.looks) == (200, 0)
