"""One run: fill a step's queue, start the step, and sample the number of results.

The measurement must not affect the result. A body is encrypted once and published in bulk before the step starts.
Results are not consumed. A hundred times per second the run reads the number of results and the step's CPU time.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pika

from bench.environment import Environment, Job
from bench.runtimes import Runtime
from bench.step import StepProcess
from services.encryption import encrypt
from services.step_queues import StepQueues, step_queues

PATIENCE = 60  # seconds without a first result
PAUSE = 0.01
QUIET = 1.5  # seconds without a result after which the run is over
WARM = 0.2  # the steady state begins after this share of the results
Metrics = dict[str, float]


@dataclass(frozen=True)
class Sample:
    """The progress at one moment: seconds on the clock, number of results, milliseconds of CPU time."""

    moment: float
    results: int
    cpu_ms: float


@dataclass(frozen=True)
class Load:
    """The load of a step: `count` messages, a prefetch, a protocol version, and the latency of the target (seconds).

    A run ends after the last result, or `seconds` after the first one.
    """

    count: int
    seconds: float = 3.0
    prefetch: int = 1
    version: int = 1
    processes: int = 1
    latency: float = 0.0

    @property
    def settings(self) -> dict[str, Any]:
        """The step's settings."""
        return {"rabbitmq_prefetch_sailor": self.prefetch, "protocol_version": self.version}


def throughput(environment: Environment, runtime: Runtime, job: Job, load: Load) -> Metrics:
    """Measure results per second, CPU time per result and peak memory, of all processes together.

    With a latency, `share` is the rate as a share of prefetch / latency, the maximum for messages that each wait once.
    """
    with step_queues(environment.broker_uri) as queues, ExitStack() as running:
        fill(queues, job.body, load.count, load.version)
        steps = [
            running.enter_context(environment.start(runtime, job, queues, **load.settings))
            for _ in range(load.processes)
        ]
        samples = watch(queues, steps, lambda results: results >= load.count, load.seconds)
        found = metrics(steps[0].started, samples) | {"peak_rss_mb": sum(step.peak_rss_mb() for step in steps)}
        share = {"share": found["steady_rate"] * load.latency / load.prefetch} if load.latency else {}
        return found | share


def cold_start(environment: Environment, runtime: Runtime, job: Job) -> Metrics:
    """Measure the seconds from the start of the process to its first result, with one message waiting."""
    with step_queues(environment.broker_uri) as queues:
        fill(queues, job.body, 1)
        with environment.start(runtime, job, queues) as step:
            queues.receive("data")
            return {"cold_s": time.monotonic() - step.started}


def loss(environment: Environment, runtime: Runtime, job: Job, load: Load, kill_after: int) -> Metrics:
    """Kill the step after `kill_after` results, start it again, and count lost and duplicated results.

    With `kill_after` 0, the step is not killed.
    """
    with step_queues(environment.broker_uri) as queues:
        fill(queues, job.body, load.count)
        if kill_after:
            with environment.start(runtime, job, queues, **load.settings) as step:
                watch(queues, [step], lambda results: results >= kill_after, PATIENCE, pause=0.001)
                step.kill()
        with environment.start(runtime, job, queues, **load.settings) as step:
            _settle(queues, step)
        results = queues.waiting(queues.queue("data"))
        ids = [result.headers["parentMessageId"] for result in queues.receive("data", results)]
    return {"lost": load.count - len(set(ids)), "twice": len(ids) - len(set(ids))}


def backlog(environment: Environment, runtime: Runtime, job: Job, total: int, seconds: float) -> Metrics:
    """Poll a backlog of `total` items: one polling message after the other, until all are emitted or time is up."""
    with step_queues(environment.broker_uri) as queues, ExitStack() as running:
        fill(queues, {}, 1)
        step = running.enter_context(environment.start(runtime, job, queues))
        last = [0, time.monotonic()]
        memory: list[float] = []  # when a fifth of the items is emitted

        def done(results: int) -> bool:
            now = time.monotonic()
            if results >= total * WARM and not memory:
                memory.append(step.rss_mb())
            if results != last[0]:
                last[:] = [results, now]
            elif results and now - last[1] > QUIET:  # the trigger has emitted its page; poll again
                fill(queues, {}, 1)
                last[1] = now
            return results >= total

        samples = watch(queues, [step], done, seconds)
        found = metrics(step.started, samples)
        growth = {"growth_mb": step.rss_mb() - memory[0]} if memory else {}
        return found | growth | {"peak_rss_mb": step.peak_rss_mb(), "items": samples[-1].results}


def fill(queues: StepQueues, body: Any, count: int, version: int = 1) -> None:
    """Publish `count` messages into the step's queue and wait for the confirm."""
    payload = encrypt({"body": body}, version)
    with pika.BlockingConnection(pika.URLParameters(queues.uri)) as connection:
        channel = connection.channel()
        for number in range(count):
            headers = {"messageId": f"{queues.name}-{number}", "protocolVersion": version}
            channel.basic_publish("", queues.input, payload, pika.BasicProperties(headers=headers))
        channel.confirm_delivery()
        channel.basic_publish("", "amq.rabbitmq.nowhere", b"")  # confirmed after all earlier messages


def watch(
    queues: StepQueues,
    steps: Sequence[StepProcess],
    done: Callable[[int], bool],
    seconds: float,
    *,
    pause: float = PAUSE,
) -> list[Sample]:
    """Sample until `done(results)` is true or `seconds` have passed since the first result.

    Raises RuntimeError if a step exits, emits an error, or emits nothing.
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
            raise RuntimeError(f"No result in {PATIENCE} seconds; its output:\n{steps[0].output()}")
        time.sleep(pause)


def metrics(started: float, samples: Sequence[Sample]) -> Metrics:
    """Return rates and CPU time of the whole run and of the steady state, from 20 % to 100 % of the results."""
    results = samples[-1].results
    end = next(sample for sample in samples if sample.results == results)  # the moment of the last result
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
    """Return the first sample with at least `results` results."""
    return next(sample for sample in samples if sample.results >= results)


def _settle(queues: StepQueues, step: StepProcess) -> None:
    """Wait until the input queue is empty and no result has arrived for a while, then stop the step."""
    quiet_since, last = time.monotonic(), -1
    while time.monotonic() - quiet_since < QUIET or queues.waiting(queues.input):
        step.check()
        if (results := queues.waiting(queues.queue("data"))) != last:
            quiet_since, last = time.monotonic(), results
        time.sleep(PAUSE)
    step.stop()
    if left := queues.waiting(queues.input):
        raise RuntimeError(f"The step stopped with {left} waiting messages: lost results cannot be counted")
