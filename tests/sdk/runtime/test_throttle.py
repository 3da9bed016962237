"""The rate limits. The pauses are those of p-throttle 2.1.0, which Node's sailor uses."""

import threading

import pytest
from elasticio.runtime.throttle import Throttle


class Clock:
    """Stands in for `time`: nobody really sleeps, and time passes only where a test lets it."""

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
    """Return how long each of so many callers that come at the same moment has to wait."""
    result = []
    for _ in range(callers):
        before = len(clock.slept)
        throttle.wait()
        result.append(sum(clock.slept[before:]))
    return result


def test_as_many_as_the_limit_pass_at_once(clock: Clock) -> None:
    assert pauses(Throttle(3, 100), clock, 3) == [0, 0, 0]


def test_the_rest_wait_for_the_intervals_that_follow(clock: Clock) -> None:
    assert pauses(Throttle(2, 100), clock, 7) == [0, 0, 0.1, 0.1, 0.2, 0.2, 0.3]


def test_a_new_interval_starts_afresh(clock: Clock) -> None:
    throttle = Throttle(2, 100)
    assert pauses(throttle, clock, 2) == [0, 0]
    clock.now += 0.101
    assert pauses(throttle, clock, 3) == [0, 0, 0.1]


def test_what_is_left_of_an_interval_is_waited_for(clock: Clock) -> None:
    throttle = Throttle(1, 100)
    throttle.wait()
    clock.now += 0.03
    assert pauses(throttle, clock, 2) == [0.07, 0.17]


def test_a_place_that_was_given_away_stays_given(clock: Clock) -> None:
    throttle = Throttle(1, 100)
    assert pauses(throttle, clock, 3) == [0, 0.1, 0.2]
    clock.now += 0.15
    assert pauses(throttle, clock, 1) == [0.15]


def test_nobody_is_lost_where_many_threads_ask(clock: Clock) -> None:
    throttle = Throttle(5, 100)
    threads = [threading.Thread(target=throttle.wait) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.slept) == [round(place * 0.1, 6) for place in range(1, 10) for _ in range(5)]
