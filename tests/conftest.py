"""Services that tests share. A service starts when the first test requests it.

Without a service, every test that needs it fails with a text that names the packages to install. No test is skipped: a
green run means that every test ran.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import FrameType
from typing import TypeVar

import pytest

from services.api_descriptions import api_descriptions as install_api_descriptions
from services.fake_platform import FakePlatform, fake_platform
from services.node_sailor import NodeMissingError, NodeSailor, install_sailor
from services.rabbitmq import Broker, BrokerFailedError, BrokerMissingError, PrivateBroker, find_broker, private_broker

AnyBroker = TypeVar("AnyBroker", bound=Broker)
MARKS = {
    "broker": "rabbitmq",
    "own_broker": "rabbitmq",
    "node_sailor": "node",
    "browser": "browser",
    "axe": "node",
    "api_descriptions": "node",
}


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A shared RabbitMQ. Tests must use unique queue names, delete the queues, and never restart the broker."""
    yield from _entered(find_broker)


@pytest.fixture
def own_broker() -> Iterator[PrivateBroker]:
    """A RabbitMQ that only this test uses and may restart. It takes some seconds to start."""
    yield from _entered(private_broker)


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    """A fake platform: API, object storage, result URL."""
    with fake_platform() as running:
        yield running


@pytest.fixture(scope="session")
def node_sailor() -> NodeSailor:
    """The vendor's Node.js sailor, installed once per run."""
    try:
        return install_sailor()
    except NodeMissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def api_descriptions() -> Path:
    """The folder with descriptions of public APIs, installed once per run."""
    try:
        return install_api_descriptions()
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
    """Handle SIGTERM like Ctrl-C, so that fixtures clean up.

    A shell starts background jobs with SIGINT ignored, and their processes inherit that. Tests send SIGINT.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the services it uses, so that `-m "not rabbitmq"` excludes all of them."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKS:
                item.add_marker(MARKS[name])
