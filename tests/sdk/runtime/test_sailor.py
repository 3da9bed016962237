"""The main thread of a step: it logs each message that takes long, once, and stops for the first failure."""

import threading
import time
from typing import Any

import pytest
from elasticio import BrokerError
from elasticio.runtime import sailor as module
from elasticio.runtime.sailor import Sailor

from tests.sdk.settings import settings


class HeldJob:
    """A message in flight that started a number of seconds ago."""

    def __init__(self, name: str, age: float) -> None:
        self.identifiers = {"messageId": name}
        self.started = time.monotonic() - age
        self.gate = threading.Event()

    def run(self) -> None:
        self.gate.wait(30)


class Looks:
    """The sailor's `ended` event. Each `wait` is one look; the last one ends the step."""

    def __init__(self, looks: int) -> None:
        self._left = looks

    def wait(self, _timeout: float) -> bool:
        self._left -= 1
        return self._left < 0


def idle_sailor() -> Sailor:
    nothing: Any = None
    return Sailor(settings(), nothing, nothing)


def waited(caplog: pytest.LogCaptureFixture, looks: int, *jobs: HeldJob) -> list[str]:
    """Return the IDs of the messages that the sailor has logged, in the order of the lines."""
    sailor = idle_sailor()
    sailor.ended = Looks(looks)  # type: ignore[assignment]
    for job in jobs:
        sailor.workers.start(job)
    sailor.wait()
    for job in jobs:
        job.gate.set()
        sailor.workers.end(job)
    return [record.context["messageId"] for record in caplog.records]  # type: ignore[attr-defined]


def test_a_message_in_progress_for_over_a_minute_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    assert waited(caplog, 5, HeldJob("slow", 61)) == ["slow"]
    assert caplog.messages == ["Still processing a message after 60 s"]
    assert caplog.records[0].levelname == "WARNING"


def test_other_messages_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert waited(caplog, 3, HeldJob("fast", 1), HeldJob("slow", 100)) == ["slow"]


def test_the_sailor_looks_several_times_a_minute() -> None:
    assert module._LOOK <= module._SLOW / 6


def test_the_first_failure_is_the_reason_for_the_end() -> None:
    sailor = idle_sailor()
    first = BrokerError("first")
    sailor.fail(first)
    sailor.fail(BrokerError("second"))
    sailor.wait()
    assert sailor.failure is first
