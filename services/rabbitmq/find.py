"""Selects a broker. The error lists the packages to install if no broker is available."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from services.rabbitmq.check import Broker, BrokerFailedError, connection_failure, host_and_port
from services.rabbitmq.launchers import UnavailableError, apt_server, docker_container, installed_server
from services.rabbitmq.private import LaunchCommand, PrivateBroker

LOCAL = "amqp://guest:guest@127.0.0.1:5672"  # some clients resolve localhost to ::1 only
INSTALL = """Do one of the following and try again:
  Debian, Ubuntu   sudo apt-get install rabbitmq-server
  macOS            brew install rabbitmq
  anywhere         start Docker
  or use your own broker: AMQP_URI=amqp://USER:PASSWORD@HOST:5672"""


class BrokerMissingError(Exception):
    """No broker is available and none can be started. The text lists the attempts and the packages to install."""

    def __init__(self, tried: list[str]) -> None:
        super().__init__("\n".join(("No RabbitMQ is available.", *(f"- {line}" for line in tried), INSTALL)))


@contextmanager
def find_broker() -> Iterator[Broker]:
    """Yield the first available broker. If this function starts a broker, it stops the broker at the end.

    Raises BrokerFailedError if AMQP_URI names a broker that cannot be used: no other broker replaces it. Raises
    BrokerMissingError if no broker is available.
    """
    if uri := os.environ.get("AMQP_URI"):
        if reason := connection_failure(uri):
            raise BrokerFailedError(
                f"AMQP_URI names {host_and_port(uri)}, but: {reason}. Correct AMQP_URI or unset it."
            )
        yield Broker(uri, f"{host_and_port(uri)} (AMQP_URI)")
        return
    if (reason := connection_failure(LOCAL)) is None:
        yield Broker(LOCAL, "localhost:5672")
        return
    with _private_broker(["AMQP_URI: not set", f"localhost:5672, as guest: {reason}"]) as broker:
        yield broker


@contextmanager
def private_broker() -> Iterator[PrivateBroker]:
    """Yield a running broker that only the caller uses and may restart. Stop and remove the broker at the end."""
    with _private_broker([]) as broker:
        yield broker


@contextmanager
def _private_broker(tried: list[str]) -> Iterator[PrivateBroker]:
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        broker = PrivateBroker.of(_launch_command(folder, stack, tried), folder / "broker.log")
        stack.callback(broker.stop)
        broker.start()
        yield broker


def _launch_command(folder: Path, stack: ExitStack, tried: list[str]) -> LaunchCommand:
    launchers: dict[str, Callable[[Path], AbstractContextManager[LaunchCommand]]] = {
        "rabbitmq-server": installed_server,
        "Docker": docker_container,
        "apt-get": apt_server,
    }
    for name, launcher in launchers.items():
        try:
            return stack.enter_context(launcher(folder))
        except UnavailableError as reason:
            tried.append(f"{name}: {reason}")
    raise BrokerMissingError(tried)
