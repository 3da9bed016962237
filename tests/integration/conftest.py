"""What the tests over a real broker share, and the figures they measure, shown at the end of the run"""

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
    """A RabbitMQ that tests may freeze, restart or take the memory from; each test leaves it in order."""
    with private_broker() as running:
        yield running


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Note a figure under a name; it is shown whether the test passes or fails."""
    properties = request.node.user_properties  # pytest's own record_property warns under its default XML family
    return lambda name, value: properties.append((name, value))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was noted."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    noted = [report for report in reports if report.when == "call" and report.user_properties]
    if noted:
        terminalreporter.section("figures")
    for report in noted:
        figures = ", ".join(f"{name}: {value}" for name, value in report.user_properties)
        terminalreporter.line(f"{report.nodeid}  {figures}")
