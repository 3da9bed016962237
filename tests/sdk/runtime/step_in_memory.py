"""A step on the memory broker that processes one delivery after the other in the calling thread."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from elasticio import BrokerError, MessageError
from elasticio.broker import OnEnd, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.broker.topology import Queue, Topology
from elasticio.runtime.context import StepContext, StepData, Throttles
from elasticio.runtime.execution import begin
from elasticio.runtime.settings import Settings
from elasticio.runtime.workers import Job, Task
from elasticio.testing import MemoryAttachments
from elasticio.wire.encryption import Encryptor

from tests.sdk.settings import settings
from tests.sdk.wire.amqp import round_trip

ROUTES = ("data_routing_key", "error_routing_key", "rebound_routing_key", "snapshot_routing_key")
EXCHANGE = "publish_messages_to"
IDENTITY = {"stepId": "step", "taskId": "flow"}


class FakeDelivery:
    """A delivery that records how it is settled."""

    def __init__(
        self,
        body: bytes,
        headers: Any,
        properties: Mapping[str, Any] | None = None,
        *,
        unreadable: str | None = None,
        is_lost: bool = False,
        refusal: MessageError | None = None,
    ) -> None:
        self.body, self.headers, self.properties = body, headers, properties or {}
        self.redelivered, self.unreadable = False, unreadable
        self.is_lost, self.refusal = is_lost, refusal
        self.ends: list[str] = []
        self.rebound: Publication | None = None

    def ack(self) -> None:
        self.ends.append("ack")

    def reject(self) -> None:
        self.ends.append("reject")

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        assert not failed
        if self.refusal:
            raise self.refusal
        (self.rebound,) = publications
        round_trip(self.rebound)
        self.ends.append("lost" if self.is_lost else "rebound")
        return not self.is_lost


class CheckingBroker(MemoryBroker):
    """The memory broker. It checks each publication with pika's codec. Those for which `refuses` has an error fail."""

    refuses: Callable[[Publication], BrokerError | MessageError | None] = staticmethod(lambda _: None)

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub, EXCHANGE, "input")
        self.published: list[Publication] = []

    def publish(self, publication: Publication, on_end: OnEnd) -> None:
        round_trip(publication)
        if refusal := self.refuses(publication):
            on_end(refusal)
            return
        self.published.append(publication)
        super().publish(publication, on_end)


class CallingWorkers:
    """Runs each task immediately in the calling thread."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.in_flight = 0

    def start(self, job: Job) -> None:
        self.in_flight += 1
        job.run()

    def submit(self, task: Task) -> None:
        task()

    def end(self, _job: Job, failure: BaseException | None = None) -> None:
        self.in_flight -= 1
        if failure:
            self.failures.append(failure)


class MemoryStep:
    """The step; `process` is the component."""

    def __init__(self, process: Callable[..., Any], data: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.settings: Settings = dataclasses.replace(
            settings(), data_rate_limit=10**9, error_rate_limit=10**9, **options
        )
        hub = Hub()
        queues = [Queue(name, (getattr(self.settings, name),)) for name in ROUTES]
        hub.declare(Topology(EXCHANGE, (*queues, Queue("input", ("input",)), Queue("reply", ("reply",)))))
        self.broker = CheckingBroker(hub)
        self.broker.connect()
        self.encryptor = Encryptor("password", "0123456789abcdef")
        self.workers = CallingWorkers()
        stand_in: Any = SimpleNamespace
        self.context = StepContext(
            settings=self.settings,
            broker=self.broker,
            api=stand_in(),
            encryptor=self.encryptor,
            bodies=stand_in(),
            attachments=MemoryAttachments(),
            throttles=Throttles.of(self.settings),
            workers=self.workers,  # type: ignore[arg-type] # as far as an execution uses them
            data=StepData.read(data or {}),
            function=stand_in(resolves_references=True),
            process=process,
            identity=IDENTITY,
        )

    def deliver(self, delivery: FakeDelivery) -> FakeDelivery:
        """Process a delivery, and check that it is settled exactly once."""
        self.broker.published.clear()
        begin(self.context, delivery)
        assert len(delivery.ends) == 1, delivery.ends
        assert self.workers.in_flight == 0
        return delivery

    def send(self, message: Any, headers: Any = None, **options: Any) -> FakeDelivery:
        """Deliver a message in protocol version 1."""
        given = {"messageId": "m", **(headers or {})}
        return self.deliver(FakeDelivery(self.encryptor.encode(message, 1), given, **options))

    def published(self, route: str) -> list[Publication]:
        """Return the publications of the last delivery on a route: data, error, rebound, snapshot or reply."""
        key = getattr(self.settings, f"{route}_routing_key", route)
        return [publication for publication in self.broker.published if publication.routing_key == key]

    def errors(self) -> list[Any]:
        """Return the errors that the last delivery has published, decrypted."""
        bodies = [publication.body for publication in self.published("error")]

        return [self.encryptor.decode(json.loads(body)["error"].encode(), 1) for body in bodies]
