"""The order of confirms, of a generator's clean-up, and of the settlement of a message."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticio import BrokerError, Rebound
from elasticio.broker import OnEnd, Publication
from elasticio.runtime.emitter import Confirms
from elasticio.runtime.execution import begin

from tests.sdk.runtime.step_in_memory import FakeDelivery, MemoryStep

PATIENCE = 30


def rebounding(*_: object) -> Iterator[Any]:
    yield {"body": "a result"}
    raise Rebound("later")


def returning(*_: object) -> Iterator[Any]:
    yield {"body": "a result"}


def ignore(_failure: object) -> None:
    pass


class LateConfirms:
    """Withholds the confirms of a step's results. `stopped` is set when the worker waits, settles or ends."""

    def __init__(self, step: MemoryStep, delivery: FakeDelivery, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stopped = threading.Event()
        self.withheld: list[OnEnd] = []
        self._publish, self._wait, self._replace = step.broker.publish, Confirms.wait, delivery.replace
        monkeypatch.setattr(step.broker, "publish", self._withhold)
        monkeypatch.setattr(Confirms, "wait", lambda confirms, timeout=None: self._begin_to_wait(confirms, timeout))
        monkeypatch.setattr(delivery, "replace", self._settle)
        self._worker = threading.Thread(target=self._work, args=(step, delivery), daemon=True)
        self._worker.start()

    def confirm(self) -> None:
        """Confirm the results, and wait for the end of the worker."""
        for on_end in self.withheld:
            on_end(None)
        self._worker.join(PATIENCE)

    def _withhold(self, publication: Publication, on_end: OnEnd) -> None:
        self.withheld.append(on_end)
        self._publish(publication, ignore)

    def _begin_to_wait(self, confirms: Confirms, timeout: float | None) -> None:
        self.stopped.set()
        self._wait(confirms, timeout)

    def _settle(self, publications: Any, **options: Any) -> bool:
        replaced = self._replace(publications, **options)
        self.stopped.set()
        return replaced

    def _work(self, step: MemoryStep, delivery: FakeDelivery) -> None:
        begin(step.context, delivery)
        self.stopped.set()


@pytest.mark.parametrize(("process", "end"), [(rebounding, "rebound"), (returning, "ack")])
def test_a_message_is_settled_after_the_confirms_of_its_results(
    process: Callable[..., Any], end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = MemoryStep(process)
    delivery = FakeDelivery(step.encryptor.encode({"body": 1}, 1), {"messageId": "m"})
    late = LateConfirms(step, delivery, monkeypatch)
    assert late.stopped.wait(PATIENCE)
    assert len(late.withheld) == 1
    assert delivery.ends == []
    late.confirm()
    assert delivery.ends == [end]


def test_a_message_whose_result_fails_is_not_rebounded() -> None:
    step = MemoryStep(rebounding)
    step.broker.refuses = lambda publication: (
        BrokerError("the queue is full") if publication.routing_key == "data_routing_key" else None
    )
    assert step.send({"body": 1}).ends == ["reject"]
    assert [error["message"] for error in step.errors()] == ["the queue is full"]


def test_a_generator_is_closed_before_its_message_is_settled() -> None:
    """The generator may hold a file or a lock. The component may keep it, so the garbage collector is not enough."""
    kept: list[Iterator[Any]] = []
    ends: list[list[str]] = []

    def results() -> Iterator[Any]:
        try:
            yield {"body": object()}  # cannot be sent
        finally:
            ends.append([*delivery.ends, *(publication.routing_key for publication in step.broker.published)])

    def process(*_: object) -> Iterator[Any]:
        kept.append(results())
        return kept[-1]

    step = MemoryStep(process)
    delivery = FakeDelivery(step.encryptor.encode({"body": 1}, 1), {"messageId": "m"})
    assert step.deliver(delivery).ends == ["reject"]
    assert ends == [[]]
