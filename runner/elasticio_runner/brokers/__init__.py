"""The broker of a run: in memory with steps in threads, or RabbitMQ with each step in a process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from elasticio.broker import Broker

from elasticio_runner.engine.queues import IN_MEMORY, FlowRun
from elasticio_runner.hosts import StepEvents, StepHost


class Backend(Protocol):
    """A broker with the queues of one run, and the hosts for its steps."""

    name: str

    def lane(self, kind: str, environ: Mapping[str, str]) -> Broker:
        """Return a connection to one of the relay's queues. `environ` is the environment of any step."""

    def hosts(self, environs: Mapping[str, Mapping[str, str]], events: StepEvents) -> dict[str, StepHost]:
        """Return a host for each step."""

    def open_messages(self, step_id: str) -> int:
        """Return the number of open messages of a step whose process has died."""

    def renew(self) -> None:
        """Tell the broker that the queues are still in use."""


@contextmanager
def opened(run: FlowRun) -> Iterator[Backend]:
    """Declare the queues of a run on its broker; delete them at the end."""
    if run.amqp_uri == IN_MEMORY:
        from elasticio_runner.brokers.in_memory import MemoryBackend  # noqa: PLC0415 (imported only if the run uses it)

        yield MemoryBackend(run)
        return
    from elasticio_runner.brokers.over_rabbitmq import RabbitBackend  # noqa: PLC0415 (as above)

    with RabbitBackend.prepared(run) as prepared:
        yield prepared
