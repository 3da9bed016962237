"""Fixtures for tests with a real broker, and their measurements, shown at the end of the run."""

from collections.abc import Callable, Iterator

import pytest

from services.rabbitmq import Broker, PrivateBroker, private_broker
from services.step_queues import StepQueues, step_queues
from tests.integration.broker_client import Log, sailor_log

Figure = Callable[[str, object], None]


@pytest.fixture
def server(broker: Broker) -> Broker | PrivateBroker:
    """The RabbitMQ of `queues`. A module may define another one under this name."""
    return broker


@pytest.fixture
def queues(server: Broker | PrivateBroker) -> Iterator[StepQueues]:
    """The exchange and the queues of one step."""
    with step_queues(server.uri) as declared:
        yield declared


@pytest.fixture
def log() -> Iterator[Log]:
    """The lines that the sailor logs in this process, from level info."""
    with sailor_log() as lines:
        yield lines


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
