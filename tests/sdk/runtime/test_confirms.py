"""Unconfirmed publications: their number, waiting for them, and their failures."""

import threading
from collections import deque

import pytest
from elasticio import BrokerError, MessageError
from elasticio.broker import OnEnd, Publication
from elasticio.runtime.emitter import WINDOW, WINDOW_BYTES, Confirms


class SlowBroker:
    """A broker that confirms when the test calls it."""

    def __init__(self) -> None:
        self.open: deque[OnEnd] = deque()
        self.asked = threading.Semaphore(0)

    def publish(self, _publication: Publication, on_end: OnEnd) -> None:
        self.open.append(on_end)
        self.asked.release()

    def end(self, failure: BrokerError | MessageError | None = None) -> None:
        self.open.popleft()(failure)


@pytest.fixture
def broker() -> SlowBroker:
    return SlowBroker()


@pytest.fixture
def confirms(broker: SlowBroker) -> Confirms:
    return Confirms(broker)  # type: ignore[arg-type] # of a broker only this is used


def message(size: int = 1) -> Publication:
    return Publication("key", b"x" * size, {})


class Elsewhere:
    """A call in another thread."""

    def __init__(self, call: object, *args: object) -> None:
        self._thread = threading.Thread(target=call, args=args, daemon=True)  # type: ignore[arg-type]
        self._thread.start()

    def is_over(self) -> bool:
        self._thread.join(30)
        return not self._thread.is_alive()

    @property
    def waits(self) -> bool:
        return self._thread.is_alive()


def test_publish_returns_at_once_and_wait_returns_after_all_confirms(broker: SlowBroker, confirms: Confirms) -> None:
    for _ in range(3):
        confirms.publish(message())
    waiting = Elsewhere(confirms.wait)
    broker.end()
    broker.end()
    assert waiting.waits
    broker.end()
    assert waiting.is_over()


@pytest.mark.parametrize(
    ("count", "size", "needed"),
    [(WINDOW, 1, WINDOW // 2 + 1), (1, WINDOW_BYTES, 1), (4, WINDOW_BYTES // 4, 1)],
)
def test_publish_waits_until_a_full_window_has_room(
    count: int, size: int, needed: int, broker: SlowBroker, confirms: Confirms
) -> None:
    for _ in range(count):
        confirms.publish(message(size))
    one_more = Elsewhere(confirms.publish, message(size))
    for confirmed in range(needed):
        assert len(broker.open) == count - confirmed
        assert one_more.waits
        broker.end()
    assert one_more.is_over()
    assert len(broker.open) == count - needed + 1


def test_a_publication_larger_than_the_window_is_sent_alone(broker: SlowBroker, confirms: Confirms) -> None:
    confirms.publish(message(2 * WINDOW_BYTES))
    assert len(broker.open) == 1


def test_a_failure_is_raised_once_by_the_next_call(broker: SlowBroker, confirms: Confirms) -> None:
    confirms.publish(message())
    broker.end(BrokerError("full"))
    with pytest.raises(BrokerError, match="full"):
        confirms.publish(message())
    confirms.publish(message())
    broker.end()
    confirms.wait()


def test_at_end_is_called_after_the_last_confirm(broker: SlowBroker, confirms: Confirms) -> None:
    ends: list[BrokerError | MessageError | None] = []
    confirms.publish(message())
    confirms.publish(message())
    confirms.at_end(ends.append)
    broker.end()
    assert ends == []
    broker.end()
    assert ends == [None]
    confirms.at_end(ends.append)
    assert ends == [None, None]


def test_at_end_is_called_with_a_failure(broker: SlowBroker, confirms: Confirms) -> None:
    ends: list[BrokerError | MessageError | None] = []
    failure = BrokerError("full")
    confirms.publish(message())
    confirms.publish(message())
    confirms.at_end(ends.append)
    broker.end(failure)
    broker.end()
    assert ends == [failure]
    confirms.publish(message())  # the resulting error


def test_a_thread_that_waits_is_woken_although_the_message_ends_with_the_same_confirm(
    broker: SlowBroker, confirms: Confirms
) -> None:
    confirms.publish(message())
    ends: list[BrokerError | MessageError | None] = []
    waiting = Elsewhere(confirms.wait)
    confirms.at_end(ends.append)
    while not confirms._changed._waiters:  # type: ignore[attr-defined]
        pass
    broker.end()
    assert waiting.is_over()
    assert ends == [None]


def test_an_unexpected_error_of_the_broker_does_not_count_as_unconfirmed(
    broker: SlowBroker, confirms: Confirms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(broker, "publish", publish)
    with pytest.raises(ArithmeticError):
        confirms.publish(message())
    assert Elsewhere(confirms.wait).is_over()
