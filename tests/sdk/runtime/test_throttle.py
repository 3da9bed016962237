"""The rate limits. The pauses are those of p-throttle 2.1.0, which the Node.js sailor uses."""

import threading

import pytest
from elasticio.runtime.throttle import Throttle


class Clock:
    """A replacement for `time`: it does not sleep, and the test advances the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("elasticio.runtime.throttle.time", clock)
    return clock


def pauses(throttle: Throttle, clock: Clock, callers: int) -> list[float]:
    """Return the waiting time of each of `count` simultaneous callers."""
    result = []
    for _ in range(callers):
        before = len(clock.slept)
        throttle.wait()
        result.append(sum(clock.slept[before:]))
    return result


def test_callers_up_to_the_limit_do_not_wait(clock: Clock) -> None:
    assert pauses(Throttle(3, 100), clock, 3) == [0, 0, 0]


def test_other_callers_wait_for_later_intervals(clock: Clock) -> None:
    assert pauses(Throttle(2, 100), clock, 7) == [0, 0, 0.1, 0.1, 0.2, 0.2, 0.3]


def test_a_new_interval_has_the_full_limit(clock: Clock) -> None:
    throttle = Throttle(2, 100)
    assert pauses(throttle, clock, 2) == [0, 0]
    clock.now += 0.101
    assert pauses(throttle, clock, 3) == [0, 0, 0.1]


def test_a_caller_waits_for_the_rest_of_the_interval(clock: Clock) -> None:
    throttle = Throttle(1, 100)
    throttle.wait()
    clock.now += 0.03
    assert pauses(throttle, clock, 2) == [0.07, 0.17]


def test_reserved_places_in_later_intervals_stay_reserved(clock: Clock) -> None:
    throttle = Throttle(1, 100)
    assert pauses(throttle, clock, 3) == [0, 0.1, 0.2]
    clock.now += 0.15
    assert pauses(throttle, clock, 1) == [0.15]


def test_every_caller_proceeds_with_many_threads(clock: Clock) -> None:
    throttle = Throttle(5, 100)
    threads = [threading.Thread(target=throttle.wait) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.slept) == [round(place * 0.1, 6) for place in range(1, 10) for _ in range(5)]
