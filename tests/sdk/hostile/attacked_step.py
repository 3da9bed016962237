"""A step on the memory broker with real worker threads. It checks the guarantee for each message."""

import dataclasses
import io
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Literal

from elasticio import Message, Step
from elasticio.broker import Delivery, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.broker.topology import Queue, Topology
from elasticio.platform.body_storage import BodyStorage
from elasticio.runtime.context import StepContext, StepData, Throttles
from elasticio.runtime.execution import begin
from elasticio.runtime.logging import BunyanFormatter
from elasticio.runtime.workers import Workers
from elasticio.testing import MemoryAttachments
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import identity

from tests.sdk.hostile.values import OWN, PHONE, SECRET
from tests.sdk.settings import settings
from tests.sdk.wire.amqp import round_trip

PATIENCE = 20  # seconds
PREFETCH = 4
EXCHANGE = "exchange"
ROUTES = ("data", "error", "rebound", "snapshot")
IDENTITY = dict.fromkeys(
    ("exec_id", "flow_id", "workspace_id", "container_id", "user_id", "step_id", "comp_id", "function"), "step"
)
End = Literal["ack", "reject", "rebound"]


@dataclasses.dataclass(frozen=True)
class Case:
    """A message as the broker has it: without the limits of a publication."""

    body: bytes
    headers: Any
    properties: Mapping[str, Any]


class WatchedDelivery:
    """A delivery that tells the step how it is settled."""

    redelivered, unreadable = False, None

    def __init__(self, delivery: Delivery, step: "AttackedStep") -> None:
        self._delivery, self._step = delivery, step
        self.number = int(delivery.properties["message_id"])
        case = step.cases[self.number]
        self.body, self.headers, self.properties = case.body, case.headers, case.properties

    def ack(self) -> None:
        self._delivery.ack()
        self._step.settled(self.number, "ack")

    def reject(self) -> None:
        self._delivery.reject()
        self._step.settled(self.number, "reject")

    def replace(self, publications: Sequence[Publication], *, failed: bool, timeout: float | None = None) -> bool:
        for publication in publications:
            round_trip(publication)
        replaced = self._delivery.replace(publications, failed=failed, timeout=timeout)
        self._step.settled(self.number, "rebound")
        return replaced


class WatchedBroker(MemoryBroker):
    """The memory broker. It checks each publication with pika's codec and records it."""

    published: list[Publication]

    def publish(self, publication: Publication, on_end: Any) -> None:
        round_trip(publication)
        self.published.append(publication)
        super().publish(publication, on_end)


class AttackedStep:
    """The step. Each message has a number, its case; `process` is the component's function for that case.

    failures  the reasons for which the process would end
    lines     the log, as the platform would read it
    """

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        limits = dict.fromkeys(("data_rate_limit", "error_rate_limit", "snapshot_rate_limit"), 10**9)
        keys = {f"{route}_routing_key": route for route in ROUTES}
        changes: dict[str, Any] = {**limits, **keys, **options}
        self.settings = dataclasses.replace(settings(), **changes)
        hub = Hub()
        names = (*ROUTES, "input", "reply")
        hub.declare(Topology(EXCHANGE, tuple(Queue(name, (name,)) for name in names)))
        self._hub = hub
        self.broker = WatchedBroker(hub, EXCHANGE, "input", PREFETCH)
        self.broker.published = []
        self.failures: list[BaseException] = []
        self.cases: dict[int, Case] = {}
        self.ends: dict[int, list[End]] = {}
        self._changed = threading.Condition()
        self._number = 0
        self.process: Callable[..., Any] = echo
        self.encryptor = Encryptor("password", "0123456789abcdef")
        self.workers = Workers(PREFETCH, self._fail)
        self.log = io.StringIO()
        stand_in: Any = SimpleNamespace
        self.context = StepContext(
            settings=self.settings,
            broker=self.broker,
            api=stand_in(update_keys=update_keys),
            encryptor=self.encryptor,
            bodies=BodyStorage(None, self.encryptor),
            attachments=MemoryAttachments(),
            throttles=Throttles.of(self.settings),
            workers=self.workers,
            data=StepData.read(data or {}),
            function=stand_in(resolves_references=True),
            process=self._process,
            identity=identity(**IDENTITY),
        )

    def __enter__(self) -> "AttackedStep":
        self._handler = logging.StreamHandler(self.log)
        self._handler.setFormatter(BunyanFormatter({}))
        for name in ("sailor", "component"):
            logging.getLogger(name).addHandler(self._handler)
        self.broker.connect(self.failures.append)
        self.broker.consume(self._on_delivery)
        return self

    def __exit__(self, *_: object) -> None:
        if not self.failures:
            self.workers.finish()
        self.broker.close()
        for name in ("sailor", "component"):
            logging.getLogger(name).removeHandler(self._handler)

    def _on_delivery(self, delivery: Delivery) -> None:
        begin(self.context, WatchedDelivery(delivery, self))

    def _process(self, step: Step, message: Message, *rest: Any) -> Any:
        return (echo if message.body == {"good": True} else self.process)(step, message, *rest)

    def _fail(self, reason: BaseException) -> None:
        with self._changed:
            self.failures.append(reason)
            self._changed.notify_all()

    def settled(self, case: int, end: End) -> None:
        with self._changed:
            self.ends[case].append(end)
            self._changed.notify_all()

    def attack(
        self, body: bytes, headers: Any, properties: Mapping[str, Any] | None = None, *, owns_text: bool = False
    ) -> End:
        """Send a message and a good one behind it, check the guarantee, and return how the message has ended.

        owns_text  whether the component itself puts the secrets into the text of an error
        """
        self.log.seek(0)
        self.log.truncate()
        self.broker.published.clear()
        case = self._send(body, headers, properties or {})
        good = self._send(self.encryptor.encode({"body": {"good": True}}, 1), {"messageId": "good"}, {})
        with self._changed:
            assert self._changed.wait_for(lambda: self.failures or (self.ends[case] and self.ends[good]), PATIENCE), (
                f"not settled: {self.ends}\n{self.log.getvalue()}"
            )
        assert self.failures == [], self.log.getvalue()
        assert self.ends.pop(good) == [self._expected_of_good]
        [end] = self.ends.pop(case)
        self._check(end, owns_text)
        return end

    @property
    def _expected_of_good(self) -> End:
        return "reject" if self.settings.input_format == "error" else "ack"

    def _send(self, body: bytes, headers: Any, properties: Mapping[str, Any]) -> int:
        self._number += 1
        self.ends[self._number] = []
        self.cases[self._number] = Case(body, headers, properties)
        self._hub.publish(EXCHANGE, Publication("input", b"", {}, {"message_id": str(self._number)}))
        return self._number

    def _check(self, end: End, owns_text: bool) -> None:
        records = [json.loads(line) for line in self.log.getvalue().splitlines()]
        errors = self.errors()
        unreadable = [record for record in records if record["msg"].startswith("Rejected an unreadable message")]
        if self.settings.input_format == "error":
            unreadable.pop()  # the good message
        assert len(unreadable) <= 1
        if end == "reject":
            assert bool(errors) != bool(unreadable), self.log.getvalue()
        else:
            assert not unreadable
        for secret in (SECRET, PHONE, OWN):
            assert secret not in self.log.getvalue(), self.log.getvalue()
            assert owns_text or secret == OWN or secret not in json.dumps(errors), errors

    def errors(self) -> list[Any]:
        """Return the published errors of the last case, decrypted."""
        bodies = [one.body for one in self.broker.published if one.routing_key == "error"]
        return [self.encryptor.decode(json.loads(body)["error"].encode(), 1) for body in bodies]

    def count(self) -> Counter[str]:
        """Return the number of publications by route for the last case."""
        return Counter(one.routing_key for one in self.broker.published)


def echo(_step: Step, message: Message, *_: object) -> Any:
    return message


def update_keys(_account: str, keys: Any) -> None:
    json.dumps(keys)
