"""Fixtures for tests with a real broker, and their measurements, shown at the end of the run."""

from collections.abc import Callable, Iterator

import pytest

from services.rabbitmq import Broker, PrivateBroker, private_broker
from services.step_queues import StepQueues, step_queues

Figure = Callable[[str, object], None]


@pytest.fixture
def queues(broker: Broker) -> Iterator[StepQueues]:
    """The exchange and the queues of one step."""
    with step_queues(broker.uri) as declared:
        yield declared


@pytest.fixture(scope="session")
def faulty_broker() -> Iterator[PrivateBroker]:
    """A RabbitMQ that tests may freeze, restart or block. Each test must restore it."""
    with private_broker() as running:
        yield running


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Record a measurement under a name. It is shown even if the test fails."""
    properties = request.node.user_properties  # pytest's own record_property warns under its default XML family
    return lambda name, value: properties.append((name, value))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the recorded measurements."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    noted = [report for report in reports if report.when == "call" and report.user_properties]
    if noted:
        terminalreporter.section("figures")
    for report in noted:
        figures = ", ".join(f"{name}: {value}" for name, value in report.user_properties)
        terminalreporter.line(f"{report.nodeid}  {figures}")
