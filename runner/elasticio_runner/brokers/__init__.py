"""Where a flow runs: all in this process over the memory broker, or each step in a process over RabbitMQ."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from elasticio.broker import Broker
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.runtime.settings import Settings

from elasticio_runner.engine.queues import IN_MEMORY, LANE_PREFETCH, Run
from elasticio_runner.hosts import Host, News, ThreadHost


class Backend(Protocol):
    """What a runner needs to know of it."""

    name: str

    def lane(self, kind: str, environ: Mapping[str, str]) -> Broker:
        """Return a connection to one of the run's queues; `environ` is any step's."""

    def hosts(self, environs: Mapping[str, Mapping[str, str]], news: News) -> dict[str, Host]:
        """Return a host for each step."""

    def open_messages(self, step_id: str) -> int:
        """Count the messages of a step whose process has died."""

    def renew(self) -> None:
        """Tell the broker that the queues are still in use."""


class MemoryBackend:
    """Everything here."""

    name = "the memory broker, steps in threads"

    def __init__(self, run: Run) -> None:
        self._run = run
        self._hub = Hub()
        self._hub.declare(run.topology())

    def lane(self, kind: str, environ: Mapping[str, str]) -> Broker:  # noqa: ARG002
        """Return a connection to the hub."""
        return MemoryBroker(self._hub, self._run.exchange, self._run.queue(kind), LANE_PREFETCH)

    def hosts(self, environs: Mapping[str, Mapping[str, str]], news: News) -> dict[str, Host]:
        """Return threads."""
        return {
            step_id: ThreadHost(environ, MemoryBroker.of(Settings.read(environ), self._hub), news)
            for step_id, environ in environs.items()
        }

    def open_messages(self, step_id: str) -> int:  # pragma: no cover
        """Never asked: there are no processes to die."""
        raise NotImplementedError(step_id)

    def renew(self) -> None:
        """Nothing expires here."""


@contextmanager
def backend(run: Run) -> Iterator[Backend]:
    """Yield the backend that a run's address asks for, ready to use; its queues go at the end."""
    if run.amqp_uri == IN_MEMORY:
        yield MemoryBackend(run)
        return
    from elasticio_runner.brokers.over_rabbitmq import RabbitBackend  # noqa: PLC0415 (a flow on the memory broker needs no pika)

    with RabbitBackend.prepared(run) as prepared:
        yield prepared
