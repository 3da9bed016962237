"""The measurements of the benchmark, and their sizes."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench import runs
from bench.environment import Environment, Job, echo, get_call, send_many_texts, send_texts
from bench.runs import Load, Metrics
from bench.runtimes import AWAITED_NO_NAGLE, NOT_AWAITED, PYTHON, RUNTIMES, Runtime
from bench.slow_api import slow_api
from bench.target import CALL, Target, many_texts, sandbox

JOBS: Mapping[str, Callable[[Target], Job]] = {"getCall": get_call, "sendTexts": send_texts, "echo": echo}
# For sections about something else than the prefetch: the throughput section shows the cost of Nagle's algorithm.
STEADY_RUNTIMES = (PYTHON, NOT_AWAITED, AWAITED_NO_NAGLE)
KILL_AFTER, LOSS_COUNT = 100, 600
LATENCY = 0.05  # seconds
RECIPIENTS = 1000  # of one message
MEGABYTE = 1_000_000
# Each poll reads whole pages. The names are those of the trigger's form.
POLLING = {"startTime": "1577836800000", "pageSize": "1000"}


@dataclass(frozen=True)
class Sizes:
    """The sizes of the runs. `seconds` is the duration of a run after its first result."""

    runs: int = 3
    prefetches: Sequence[int] = (1, 10, 50)
    messages: int = 2500  # enough for Node.js to be warm in the steady state
    echoes: int = 6000
    seconds: float = 6.0
    cold_runs: int = 3
    kills: int = 3
    body_sizes: Sequence[int] = (1_000, 10_000, 100_000, MEGABYTE, 5 * MEGABYTE)
    volume: int = 40 * MEGABYTE  # bytes per run with bodies of one size
    processes: Sequence[int] = (1, 2, 4)
    latency_prefetches: Sequence[int] = (10, 50, 200)
    batches: int = 400  # messages with RECIPIENTS recipients
    backlog: int = 100_000
    backlog_runs: int = 3
    backlog_seconds: float = 5.0  # for the Node.js runtimes; the Python runtime reads all of it

    def count(self, function: str) -> int:
        """Return the number of messages of one run."""
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
    latency_prefetches=(10,),
    batches=100,
    processes=(1, 2),
    backlog=5_000,
    backlog_runs=1,
    backlog_seconds=3.0,
)


@dataclass(frozen=True)
class Point:
    """One measurement, made with several runtimes in turns."""

    section: str
    facts: Mapping[str, Any]
    runtimes: Sequence[Runtime]
    runs: int
    measure: Callable[[Runtime], Metrics]


def throughput(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure every function at every prefetch, with nginx as target."""
    for function, job_for in JOBS.items():
        for prefetch in sizes.prefetches:
            load = Load(sizes.count(function), sizes.seconds, prefetch)
            yield _loaded("throughput", environment, job_for(environment.nginx), load, sizes, *RUNTIMES)


def cold(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure the seconds from the start of the process to the first result."""
    for function, job_for in JOBS.items():
        job = job_for(environment.nginx)

        def measure(runtime: Runtime, job: Job = job) -> Metrics:
            return runs.cold_start(environment, runtime, job)

        yield Point("cold", {"function": function}, RUNTIMES, sizes.cold_runs, measure)


def losses(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Kill the step during the run. With a higher prefetch, more messages can be lost."""
    job = get_call(environment.nginx)
    for prefetch in sizes.prefetches:
        load = Load(LOSS_COUNT, prefetch=prefetch)

        def measure(runtime: Runtime, load: Load = load) -> Metrics:
            return runs.loss(environment, runtime, job, load, KILL_AFTER)

        yield Point("loss", {"function": job.function, "prefetch": prefetch}, RUNTIMES, sizes.kills, measure)


def complete(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Count lost and duplicated results of runs without a kill."""
    job = get_call(environment.nginx)
    for prefetch in sizes.prefetches:
        load = Load(LOSS_COUNT, prefetch=prefetch)

        def measure(runtime: Runtime, load: Load = load) -> Metrics:
            return runs.loss(environment, runtime, job, load, 0)

        yield Point("complete", {"function": job.function, "prefetch": prefetch}, STEADY_RUNTIMES, sizes.kills, measure)


def latency(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure with an API that has a latency of 50 ms. The limit of the rate is prefetch / latency."""
    call = CALL.read_bytes()
    call_id = str(json.loads(call)["id"])
    with slow_api({f"/v2/calls/{call_id}": call}, LATENCY, "50 ms latency", call_id) as target:
        for prefetch in sizes.latency_prefetches:
            load = Load(int(sizes.seconds * prefetch / LATENCY), sizes.seconds, prefetch, latency=LATENCY)
            yield _loaded("latency", environment, get_call(target), load, sizes, *STEADY_RUNTIMES)


def many_recipients(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure sendTexts with 1,000 recipients per message."""
    with many_texts(environment.sandbox, RECIPIENTS) as target:
        for prefetch in sizes.prefetches[:2]:
            load = Load(sizes.batches, sizes.seconds, prefetch)
            job = send_many_texts(target, RECIPIENTS)
            yield _loaded("recipients", environment, job, load, sizes, *STEADY_RUNTIMES)


def against_sandbox(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure with the sandbox as target, which computes its responses."""
    for job_for in (get_call, send_texts):
        load = Load(sizes.messages, sizes.seconds, 10)
        yield _loaded("sandbox", environment, job_for(environment.sandbox), load, sizes, *RUNTIMES)


def protocol(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure protocol version 2, which does not use base64."""
    for job_for in (get_call, echo):
        job = job_for(environment.nginx)
        load = Load(sizes.count(job.function), sizes.seconds, 10, version=2)
        yield _loaded("protocol", environment, job, load, sizes, *STEADY_RUNTIMES)


def growth(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure several processes that consume one queue."""
    for processes in sizes.processes:
        load = Load(sizes.messages * processes, sizes.seconds, 10, processes=processes)
        yield _loaded("growth", environment, get_call(environment.nginx), load, sizes, *STEADY_RUNTIMES)


def bodies(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure small and large bodies at prefetch 1: the memory is that of one message."""
    for size in sizes.body_sizes:
        load = Load(min(sizes.messages, max(12, sizes.volume // size)), sizes.seconds)
        point = _loaded("bodies", environment, echo(environment.nginx, size), load, sizes, *STEADY_RUNTIMES)
        yield replace(point, facts={**point.facts, "bytes": size})


def polling(environment: Environment, sizes: Sizes) -> Iterator[Point]:
    """Measure a backlog of inbound texts. The Node.js runtimes read a part: all of it would take minutes."""
    with sandbox(sizes.backlog) as target:
        job = Job("newInboundTexts", target, {}, POLLING)

        def measure(runtime: Runtime) -> Metrics:
            seconds = 600.0 if runtime is PYTHON else sizes.backlog_seconds
            return runs.backlog(environment, runtime, job, sizes.backlog, seconds)

        facts = {"function": job.function, "texts": sizes.backlog}
        yield Point("polling", facts, RUNTIMES, sizes.backlog_runs, measure)


def _loaded(section: str, environment: Environment, job: Job, load: Load, sizes: Sizes, *runtimes: Runtime) -> Point:
    facts = {
        "function": job.function,
        "target": "none" if job.function == "echo" else job.target.name,
        "prefetch": load.prefetch,
        "version": load.version,
        "processes": load.processes,
    }
    return Point(section, facts, runtimes, sizes.runs, lambda runtime: runs.throughput(environment, runtime, job, load))


SECTIONS: Mapping[str, Callable[[Environment, Sizes], Iterator[Point]]] = {
    "throughput": throughput,
    "cold": cold,
    "latency": latency,
    "recipients": many_recipients,
    "complete": complete,
    "loss": losses,
    "growth": growth,
    "sandbox": against_sandbox,
    "protocol": protocol,
    "bodies": bodies,
    "polling": polling,
}
