"""A flow over RabbitMQ: each step is a process in run mode, as on the platform."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from elasticio.broker import Broker
from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.errors import BrokerError
from elasticio.runtime.settings import Settings

from elasticio_runner.brokers import rabbitmq_queues
from elasticio_runner.engine.queues import LANE_PREFETCH, REBOUND, FlowRun
from elasticio_runner.hosts import StepEvents, StepHost
from elasticio_runner.hosts.process_host import ProcessHost

_NOTICE = 30.0  # seconds within which RabbitMQ notices that a process has died


class RabbitBackend:
    """Implements `Backend` with RabbitMQ."""

    def __init__(self, run: FlowRun) -> None:
        self._run = run
        self.name = f"RabbitMQ at {rabbitmq_queues.where(run.amqp_uri)}, steps in processes"

    @classmethod
    @contextmanager
    def prepared(cls, run: FlowRun) -> "Iterator[RabbitBackend]":
        """Declare the queues of a run; delete them at the end."""
        logging.getLogger("pika").setLevel(logging.CRITICAL)  # the runner reports each failure in one line
        rabbitmq_queues.declare(run.amqp_uri, run.topology())
        try:
            yield cls(run)
        finally:
            rabbitmq_queues.delete(run.amqp_uri, run.topology())

    def lane(self, kind: str, environ: Mapping[str, str]) -> Broker:
        """Return a connection to a queue in RabbitMQ."""
        settings = replace(
            Settings.read(environ), listen_messages_on=self._run.queue(kind), rabbitmq_prefetch_sailor=LANE_PREFETCH
        )
        return RabbitBroker.of(settings)

    def hosts(self, environs: Mapping[str, Mapping[str, str]], events: StepEvents) -> dict[str, StepHost]:
        """Return a host with a process for each step."""
        return {step_id: ProcessHost(step_id, environ, events) for step_id, environ in environs.items()}

    def open_messages(self, step_id: str) -> int:
        """Return the number of waiting messages, after the broker has requeued those of the dead process."""
        deadline = time.monotonic() + _NOTICE
        before: tuple[int, int] | None = None
        while True:
            rebounds = self._rebounds(step_id)
            inputs, consumers = rabbitmq_queues.waiting(self._run.amqp_uri, self._run.queue(f"{step_id}.input"))
            if not consumers and (rebounds, inputs) == before:  # no message has moved between the queues
                return rebounds + inputs
            if time.monotonic() > deadline:
                raise BrokerError(f"RabbitMQ still counts a consumer for step {step_id}, whose process has died")
            before = (rebounds, inputs)
            time.sleep(0.05)

    def renew(self) -> None:
        """Declare the queues again."""
        rabbitmq_queues.declare(self._run.amqp_uri, self._run.topology())

    def _rebounds(self, step_id: str) -> int:
        if not self._run.returns_rebounds(self._run.flow.steps[step_id]):
            return 0
        return rabbitmq_queues.waiting(self._run.amqp_uri, self._run.queue(f"{step_id}.{REBOUND}"))[0]
