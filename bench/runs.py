"""One run: fill a step's queue, start the step, watch its results come out.

The measuring must not be what is measured. A body is encrypted once and published in bulk before the step starts.
Results are not consumed: their queue is asked for its count, a hundred times a second, and the process for its
processor time with it.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pika

from bench.sides import Side
from bench.step import StepProcess
from bench.world import Work, World
from services.encryption import encrypt
from services.step_queues import StepQueues, step_queues

PATIENCE = 60  # seconds without a first result
PAUSE = 0.01
QUIET = 1.5  # seconds without a result, after which none is expected
WARM = 0.2  # steady state begins when this share of the results is out
Figures = dict[str, float]


@dataclass(frozen=True)
class Sample:
    """How far the steps were at a moment: seconds on the clock, results, milliseconds of processor time."""

    moment: float
    results: int
    cpu_ms: float


@dataclass(frozen=True)
class Load:
    """What a step finds: `count` messages, with its prefetch and protocol version.

    A run ends when all of them have come out, or `seconds` after the first result.
    """

    count: int
    seconds: float = 3.0
    prefetch: int = 1
    version: int = 1
    processes: int = 1

    @property
    def settings(self) -> dict[str, Any]:
        """What the step is told."""
        return {"rabbitmq_prefetch_sailor": self.prefetch, "protocol_version": self.version}


def throughput(world: World, side: Side, work: Work, load: Load) -> Figures:
    """Results a second, processor time for each and peak memory; of all processes together."""
    with step_queues(world.broker_uri) as queues, ExitStack() as running:
        fill(queues, work.body, load.count, load.version)
        steps = [running.enter_context(world.start(side, work, queues, **load.settings)) for _ in range(load.processes)]
        samples = watch(queues, steps, lambda results: results >= load.count, load.seconds)
        return figures(steps[0].started, samples) | {"peak_rss_mb": sum(step.peak_rss_mb() for step in steps)}


def cold_start(world: World, side: Side, work: Work) -> Figures:
    """Seconds from spawning the process to its first result, with one message waiting."""
    with step_queues(world.broker_uri) as queues:
        fill(queues, work.body, 1)
        with world.start(side, work, queues) as step:
            queues.receive("data")
            return {"cold_s": time.monotonic() - step.started}


def loss(world: World, side: Side, work: Work, load: Load, kill_after: int) -> Figures:
    """Kill the step after so many results, start it again, and count what came out never, and what came twice."""
    with step_queues(world.broker_uri) as queues:
        fill(queues, work.body, load.count)
        with world.start(side, work, queues, **load.settings) as step:
            watch(queues, [step], lambda results: results >= kill_after, PATIENCE, pause=0.001)
            step.kill()
        with world.start(side, work, queues, **load.settings) as step:
            _settle(queues, step)
        results = queues.waiting(queues.queue("data"))
        came = [result.headers["parentMessageId"] for result in queues.receive("data", results)]
    return {"lost": load.count - len(set(came)), "twice": len(came) - len(set(came))}


def backlog(world: World, side: Side, work: Work, total: int, seconds: float) -> Figures:
    """Poll `total` items, with one polling message after the other until all are out or the time is over."""
    with step_queues(world.broker_uri) as queues, ExitStack() as running:
        fill(queues, {}, 1)
        step = running.enter_context(world.start(side, work, queues))
        last = [0, time.monotonic()]

        def done(results: int) -> bool:
            now = time.monotonic()
            if results != last[0]:
                last[:] = [results, now]
            elif (
                results and now - last[1] > QUIET
            ):  # the trigger has had its page for this interval; it is polled again
                fill(queues, {}, 1)
                last[1] = now
            return results >= total

        samples = watch(queues, [step], done, seconds)
        return figures(step.started, samples) | {"peak_rss_mb": step.peak_rss_mb(), "items": samples[-1].results}


def fill(queues: StepQueues, body: Any, count: int, version: int = 1) -> None:
    """Put `count` messages into the step's queue and wait until they are there."""
    payload = encrypt({"body": body}, version)
    with pika.BlockingConnection(pika.URLParameters(queues.uri)) as connection:
        channel = connection.channel()
        for number in range(count):
            headers = {"messageId": f"{queues.name}-{number}", "protocolVersion": version}
            channel.basic_publish("", queues.input, payload, pika.BasicProperties(headers=headers))
        channel.confirm_delivery()
        channel.basic_publish("", "amq.rabbitmq.nowhere", b"")  # confirmed after all that went before


def watch(
    queues: StepQueues,
    steps: Sequence[StepProcess],
    done: Callable[[int], bool],
    seconds: float,
    *,
    pause: float = PAUSE,
) -> list[Sample]:
    """Sample until it is done or `seconds` have passed since the first result; the last sample is the end.

    Raises RuntimeError if a step ends or no result ever comes.
    """
    samples = [Sample(steps[0].started, 0, 0.0)]
    queue = queues.queue("data")
    first: float | None = None
    while True:
        results = queues.waiting(queue)
        now = time.monotonic()
        for step in steps:
            step.check()
        if queues.waiting(queues.queue("error")):
            raise RuntimeError(f"A step emitted an error: {queues.receive('error')[0].message['error']}")
        samples.append(Sample(now, results, sum(step.cpu_ms() for step in steps)))
        if results and first is None:
            first = now
        if done(results) or (first is not None and now - first > seconds):
            return samples
        if first is None and now - steps[0].started > PATIENCE:
            raise RuntimeError(f"No result in {PATIENCE} seconds; the step said:\n{steps[0].said()}")
        time.sleep(pause)


def figures(started: float, samples: Sequence[Sample]) -> Figures:
    """Rates and processor time over the whole run, and in the steady state: from 20 % to 100 % of the results."""
    results = samples[-1].results
    end = next(sample for sample in samples if sample.results == results)  # when the last one came
    warm = _when(samples, WARM * results)
    worked = max(1e-9, results - warm.results)
    return {
        "results": results,
        "steady_rate": worked / max(1e-9, end.moment - warm.moment),
        "whole_rate": results / (end.moment - started),
        "steady_cpu_ms": (end.cpu_ms - warm.cpu_ms) / worked,
        "whole_cpu_ms": end.cpu_ms / results,
    }


def _when(samples: Sequence[Sample], results: float) -> Sample:
    """Return the first sample with so many results."""
    return next(sample for sample in samples if sample.results >= results)


def _settle(queues: StepQueues, step: StepProcess) -> None:
    """Wait until the input queue is empty and results have ceased, then end the step in its orderly way."""
    quiet_since, last = time.monotonic(), -1
    while time.monotonic() - quiet_since < QUIET or queues.waiting(queues.input):
        step.check()
        if (results := queues.waiting(queues.queue("data"))) != last:
            quiet_since, last = time.monotonic(), results
        time.sleep(PAUSE)
    step.end()
    if left := queues.waiting(queues.input):
        raise RuntimeError(f"The step ended with {left} messages still waiting, so what was lost cannot be told")
