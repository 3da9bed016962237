"""Services that tests share, started when the first test asks for them

A service that cannot be had fails every test that needs it, with one message that says what to install. It never
skips: a green run means that everything ran.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from types import FrameType
from typing import TypeVar

import pytest

from services.fake_platform import FakePlatform, fake_platform
from services.node import NodeMissingError, NodeSailor, install_sailor
from services.rabbitmq import Broker, BrokerFailedError, BrokerMissingError, PrivateBroker, find_broker, private_broker

AnyBroker = TypeVar("AnyBroker", bound=Broker)
MARKS = {"broker": "rabbitmq", "own_broker": "rabbitmq", "node_sailor": "node"}


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A RabbitMQ that may be somebody's: name queues uniquely, delete them, never restart it."""
    yield from _entered(find_broker)


@pytest.fixture
def own_broker() -> Iterator[PrivateBroker]:
    """A RabbitMQ of the test's own, which it may restart. Takes some seconds to start."""
    yield from _entered(private_broker)


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    """The platform's API."""
    with fake_platform() as running:
        yield running


@pytest.fixture(scope="session")
def node_sailor() -> NodeSailor:
    """The vendor's Node.js sailor, installed once."""
    try:
        return install_sailor()
    except NodeMissingError as error:
        pytest.fail(str(error), pytrace=False)


def _entered(finder: Callable[[], AbstractContextManager[AnyBroker]]) -> Iterator[AnyBroker]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(finder())
        except (BrokerMissingError, BrokerFailedError) as error:
            pytest.fail(str(error), pytrace=False)
        yield found


def pytest_configure() -> None:
    """Let a run that is ended by SIGTERM tidy up like one that is ended by Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the services it asks for, so that `-m "not rabbitmq"` misses none."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKS:
                item.add_marker(MARKS[name])
