"""What is measured, and with which sizes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench import runs
from bench.runs import Figures, Load
from bench.sides import NO_NAGLE_SIDE, NOT_AWAITED, OURS, SIDES, Side
from bench.target import Target, sandbox
from bench.world import Work, World, echo, get_call, send_texts

JOBS: Mapping[str, Callable[[Target], Work]] = {"getCall": get_call, "sendTexts": send_texts, "echo": echo}
# Where the prefetch is not the question: what Nagle costs has been seen by then.
STEADY_SIDES = (OURS, NOT_AWAITED, NO_NAGLE_SIDE)
KILL_AFTER, LOSS_COUNT = 100, 600
MEGABYTE = 1_000_000
# A poll asks for whole pages; the config's names are those of our trigger's form.
POLLING = {"startTime": "1577836800000", "pageSize": "1000"}


@dataclass(frozen=True)
class Sizes:
    """How much. Times are seconds: how long a run goes on after its first result."""

    runs: int = 3
    prefetches: Sequence[int] = (1, 10, 50)
    messages: int = 2500  # enough for Node to be warm in the steady state
    echoes: int = 6000
    seconds: float = 6.0
    cold_runs: int = 3
    kills: int = 3
    body_sizes: Sequence[int] = (1_000, 10_000, 100_000, MEGABYTE, 5 * MEGABYTE)
    volume: int = 40 * MEGABYTE  # of each run with bodies of one size
    processes: Sequence[int] = (1, 2, 4)
    backlog: int = 100_000
    backlog_runs: int = 3
    backlog_seconds: float = 5.0  # for the peer; ours goes to the end

    def count(self, function: str) -> int:
        """Return how many messages a run begins with."""
        return self.echoes if function == "echo" else self.messages


FULL = Sizes()
QUICK = replace(
    FULL,
    runs=1,
    messages=1000,
    echoes=3000,
    seconds=1.5,
    cold_runs=1,
    kills=1,
    body_sizes=(1_000, 100_000, 5 * MEGABYTE),
    volume=20 * MEGABYTE,
    prefetches=(1, 10),
    processes=(1, 2),
    backlog=5_000,
    backlog_runs=1,
    backlog_seconds=3.0,
)


@dataclass(frozen=True)
class Point:
    """One thing to measure on several sides, in turns."""

    section: str
    facts: Mapping[str, Any]
    sides: Sequence[Side]
    runs: int
    measure: Callable[[Side], Figures]


def throughput(world: World, sizes: Sizes) -> Iterator[Point]:
    """Every function at every prefetch, over nginx."""
    for function, job in JOBS.items():
        for prefetch in sizes.prefetches:
            load = Load(sizes.count(function), sizes.seconds, prefetch)
            yield _loaded("throughput", world, job(world.nginx), load, sizes, *SIDES)


def cold(world: World, sizes: Sizes) -> Iterator[Point]:
    """From spawn to the first result."""
    for function, job in JOBS.items():
        work = job(world.nginx)

        def measure(side: Side, work: Work = work) -> Figures:
            return runs.cold_start(world, side, work)

        yield Point("cold", {"function": function}, SIDES, sizes.cold_runs, measure)


def losses(world: World, sizes: Sizes) -> Iterator[Point]:
    """A kill in the middle; the more a step has in hand, the more it may lose."""
    work = get_call(world.nginx)
    for prefetch in sizes.prefetches:
        load = Load(LOSS_COUNT, prefetch=prefetch)

        def measure(side: Side, load: Load = load) -> Figures:
            return runs.loss(world, side, work, load, KILL_AFTER)

        yield Point("loss", {"function": work.function, "prefetch": prefetch}, SIDES, sizes.kills, measure)


def against_sandbox(world: World, sizes: Sizes) -> Iterator[Point]:
    """With a target that has to work for its answers."""
    for job in (get_call, send_texts):
        load = Load(sizes.messages, sizes.seconds, 10)
        yield _loaded("sandbox", world, job(world.sandbox), load, sizes, *SIDES)


def protocol(world: World, sizes: Sizes) -> Iterator[Point]:
    """Protocol version 2: no base64."""
    for job in (get_call, echo):
        work = job(world.nginx)
        load = Load(sizes.count(work.function), sizes.seconds, 10, version=2)
        yield _loaded("protocol", world, work, load, sizes, *STEADY_SIDES)


def growth(world: World, sizes: Sizes) -> Iterator[Point]:
    """Several processes on one queue."""
    for processes in sizes.processes:
        load = Load(sizes.messages * processes, sizes.seconds, 10, processes=processes)
        yield _loaded("growth", world, get_call(world.nginx), load, sizes, *STEADY_SIDES)


def bodies(world: World, sizes: Sizes) -> Iterator[Point]:
    """Small and large bodies; at prefetch 1, so that memory is that of one message."""
    for size in sizes.body_sizes:
        load = Load(min(sizes.messages, max(12, sizes.volume // size)), sizes.seconds)
        point = _loaded("bodies", world, echo(world.nginx, size), load, sizes, *STEADY_SIDES)
        yield replace(point, facts={**point.facts, "bytes": size})


def polling(world: World, sizes: Sizes) -> Iterator[Point]:
    """A backlog of inbound texts. The peer is stopped before its end: it would take minutes."""
    with sandbox(sizes.backlog) as target:
        work = Work("newInboundTexts", target, {}, POLLING)

        def measure(side: Side) -> Figures:
            seconds = 600.0 if side is OURS else sizes.backlog_seconds
            return runs.backlog(world, side, work, sizes.backlog, seconds)

        facts = {"function": work.function, "texts": sizes.backlog}
        yield Point("polling", facts, SIDES, sizes.backlog_runs, measure)


def _loaded(section: str, world: World, work: Work, load: Load, sizes: Sizes, *sides: Side) -> Point:
    facts = {
        "function": work.function,
        "target": "none" if work.function == "echo" else work.target.name,
        "prefetch": load.prefetch,
        "version": load.version,
        "processes": load.processes,
    }
    return Point(section, facts, sides, sizes.runs, lambda side: runs.throughput(world, side, work, load))


SECTIONS: Mapping[str, Callable[[World, Sizes], Iterator[Point]]] = {
    "throughput": throughput,
    "cold": cold,
    "loss": losses,
    "growth": growth,
    "sandbox": against_sandbox,
    "protocol": protocol,
    "bodies": bodies,
    "polling": polling,
}
