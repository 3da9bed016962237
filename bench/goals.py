"""The goals: for ratios of Python to a Node.js runtime, and for numbers of Python alone.

A row of the goals' table combines goals that differ only in one fact, such as the prefetch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.results import Results
from bench.runtimes import AWAITED_NO_NAGLE, NOT_AWAITED

PREFETCHES = (1, 10, 50)
FUNCTIONS = ("getCall", "sendTexts")
BACKLOG = 100_000
MEMORY_GROWTH = 10.0  # megabytes


@dataclass(frozen=True)
class Goal:
    """A goal: at least or at most `bound`.

    variant  what distinguishes the goal within its row, e.g. "prefetch 10"
    to       the Node.js runtime of a ratio; empty for a number of Python alone
    of_runs  combines the runs of a number of Python alone
    """

    variant: str
    metric: str
    section: str
    bound: float
    at_least: bool
    facts: Mapping[str, Any]
    to: str = ""
    of_runs: Callable[[Sequence[float]], float] = median

    def measured(self, results: Results) -> float | None:
        """Return the measured number, None if it was not measured."""
        if self.to:
            ratio = results.ratio(self.metric, self.section, self.to, **self.facts)
            return ratio.median if ratio else None
        cell = results.cell(self.section, "python", **self.facts)
        known = cell is not None and all(self.metric in run for run in cell.runs)
        return self.of_runs([run[self.metric] for run in cell.runs]) if cell and known else None

    def reached(self, measured: float) -> bool:
        """Return whether a measured number reaches the goal."""
        return measured >= self.bound if self.at_least else measured <= self.bound


@dataclass(frozen=True)
class GoalRow:
    """A row of the table: a name, and goals that differ in one fact."""

    name: str
    goals: Sequence[Goal]


def goal_rows() -> Iterator[GoalRow]:
    """Yield all goals."""
    for to, title in ((NOT_AWAITED, "Node, not awaited"), (AWAITED_NO_NAGLE, "Node, awaited, no Nagle")):
        bounds = {1: 1.3, 10: 1.5, 50: 1.5} if to is NOT_AWAITED else {1: 2.0, 10: 1.5, 50: 1.5}
        for function in FUNCTIONS:
            yield _loaded(f"{function}: messages per second, ratio to {title}", function, "steady_rate", bounds, to.key)
    bounds = dict.fromkeys(PREFETCHES, 1.0)
    yield _loaded("echo: messages per second, ratio to Node, not awaited", "echo", "steady_rate", bounds)
    for function in FUNCTIONS:
        bounds = dict.fromkeys(PREFETCHES, 0.6)
        yield _loaded(f"{function}: CPU time per message, ratio", function, "steady_cpu_ms", bounds, at_least=False)
    for function in FUNCTIONS:
        bounds = dict.fromkeys(PREFETCHES, 0.3)
        yield _loaded(f"{function}: peak memory, ratio", function, "peak_rss_mb", bounds, at_least=False)
    cold = [
        Goal(function, "cold_s", "cold", 0.35, False, {"function": function}, NOT_AWAITED.key) for function in FUNCTIONS
    ]
    yield GoalRow("Cold start, ratio", cold)
    yield _absolute("API with 50 ms latency: share of the limit", "share", "latency", 0.95, (10, 50), at_least=True)
    yield from _backlog()
    for name, metric in (("Lost messages", "lost"), ("Duplicated messages", "twice")):
        yield _absolute(f"{name} without a kill", metric, "complete", 0, PREFETCHES, at_least=False)
    yield _absolute("Lost messages in a kill", "lost", "loss", 0, PREFETCHES, at_least=False)


def _loaded(
    name: str,
    function: str,
    metric: str,
    bounds: Mapping[int, float],
    to: str = NOT_AWAITED.key,
    *,
    at_least: bool = True,
) -> GoalRow:
    goals = [
        Goal(
            f"prefetch {prefetch}", metric, "throughput", bound, at_least, _facts(prefetch) | {"function": function}, to
        )
        for prefetch, bound in bounds.items()
    ]
    return GoalRow(name, goals)


def _absolute(
    name: str, metric: str, section: str, bound: float, prefetches: Sequence[int], *, at_least: bool
) -> GoalRow:
    """Return a row of Python alone: the median of shares, the maximum of counts."""
    combined = median if at_least else max
    goals = [
        Goal(f"prefetch {prefetch}", metric, section, bound, at_least, _facts(prefetch), of_runs=combined)
        for prefetch in prefetches
    ]
    return GoalRow(name, goals)


def _backlog() -> Iterator[GoalRow]:
    facts = {"texts": BACKLOG}
    rate = Goal("", "whole_rate", "polling", 1.0, True, facts, NOT_AWAITED.key)
    yield GoalRow(f"Backlog of {BACKLOG:,} texts: items per second, ratio", [rate])
    yield GoalRow(
        f"Backlog of {BACKLOG:,} texts: emitted items",
        [Goal("", "items", "polling", BACKLOG, True, facts, of_runs=min)],
    )
    growth = Goal("", "growth_mb", "polling", MEMORY_GROWTH, False, facts, of_runs=max)
    yield GoalRow(f"Backlog of {BACKLOG:,} texts: growth of memory after the first fifth, MB", [growth])


def _facts(prefetch: int) -> dict[str, Any]:
    return {"prefetch": prefetch}
