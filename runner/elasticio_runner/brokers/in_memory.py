"""A flow in this process: the memory broker, and all steps in threads."""

from collections.abc import Mapping

from elasticio.broker import Broker
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.runtime.settings import Settings

from elasticio_runner.engine.queues import LANE_PREFETCH, FlowRun
from elasticio_runner.hosts import StepEvents, StepHost
from elasticio_runner.hosts.thread_host import ThreadHost


class MemoryBackend:
    """Implements `Backend` with a hub of the memory broker."""

    name = "the memory broker, steps in threads"

    def __init__(self, run: FlowRun) -> None:
        self._run = run
        self._hub = Hub()
        self._hub.declare(run.topology())

    def lane(self, kind: str, environ: Mapping[str, str]) -> Broker:  # noqa: ARG002
        """Return a connection to a queue of the hub."""
        return MemoryBroker(self._hub, self._run.exchange, self._run.queue(kind), LANE_PREFETCH)

    def hosts(self, environs: Mapping[str, Mapping[str, str]], events: StepEvents) -> dict[str, StepHost]:
        """Return a host with threads for each step."""
        return {
            step_id: ThreadHost(environ, MemoryBroker.of(Settings.read(environ), self._hub), events)
            for step_id, environ in environs.items()
        }

    def open_messages(self, step_id: str) -> int:  # pragma: no cover
        """Raise NotImplementedError: there are no processes that could die."""
        raise NotImplementedError(step_id)

    def renew(self) -> None:
        """Do nothing: queues in memory do not expire."""
