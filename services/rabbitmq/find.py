"""Which broker: the order, and what to say when there is none"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from services.rabbitmq.private import PrivateBroker, Recipe
from services.rabbitmq.probe import Broker, BrokerFailedError, refusal, where
from services.rabbitmq.recipes import UnavailableError, apt_server, docker_container, installed_server

LOCAL = "amqp://guest:guest@127.0.0.1:5672"  # not localhost: to some clients that is ::1 alone
INSTALL = """Do one of these and run it again:
  Debian, Ubuntu   sudo apt-get install rabbitmq-server
  macOS            brew install rabbitmq
  anywhere         start Docker
  or name a broker of yours: AMQP_URI=amqp://USER:PASSWORD@HOST:5672"""


class BrokerMissingError(Exception):
    """This machine has no broker and cannot get one. The message says what was tried and what to install."""

    def __init__(self, tried: list[str]) -> None:
        super().__init__("\n".join(("There is no RabbitMQ to run against.", *(f"- {line}" for line in tried), INSTALL)))


@contextmanager
def find_broker() -> Iterator[Broker]:
    """Yield the first broker to be had; one that was started for it is stopped at the end.

    Raises BrokerFailedError if AMQP_URI names one that cannot be used: a wish that was spelt out is never passed over.
    """
    if uri := os.environ.get("AMQP_URI"):
        if reason := refusal(uri):
            raise BrokerFailedError(f"AMQP_URI names {where(uri)}, but: {reason}. Correct AMQP_URI or unset it.")
        yield Broker(uri, f"{where(uri)} (AMQP_URI)")
        return
    if (reason := refusal(LOCAL)) is None:
        yield Broker(LOCAL, "localhost:5672")
        return
    with _private_broker(["AMQP_URI: not set", f"localhost:5672, as guest: {reason}"]) as broker:
        yield broker


@contextmanager
def private_broker() -> Iterator[PrivateBroker]:
    """Yield a running broker that is nobody else's and may be restarted; it is stopped and removed at the end."""
    with _private_broker([]) as broker:
        yield broker


@contextmanager
def _private_broker(tried: list[str]) -> Iterator[PrivateBroker]:
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        broker = PrivateBroker.of(_recipe(folder, stack, tried), folder / "broker.log")
        stack.callback(broker.stop)
        broker.start()
        yield broker


def _recipe(folder: Path, stack: ExitStack, tried: list[str]) -> Recipe:
    ways: dict[str, Callable[[Path], AbstractContextManager[Recipe]]] = {
        "rabbitmq-server": installed_server,
        "Docker": docker_container,
        "apt-get": apt_server,
    }
    for name, way in ways.items():
        try:
            return stack.enter_context(way(folder))
        except UnavailableError as reason:
            tried.append(f"{name}: {reason}")
    raise BrokerMissingError(tried)
