"""A step's process under attack: it gets hostile messages, each followed by good ones.

The checks after each group of cases:

- The process runs. Each message is settled, with one log line.
- The good messages have their results within BOUND seconds.
- Each hostile message has exactly one outcome, and an expected one.
- The step has opened no further connection to the broker.
- No log line and no published error contains a secret.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.fake_platform import FakePlatform, fake_platform
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import StepQueues, step_queues
from tests.integration.hostile.case import Case, Failure
from tests.integration.hostile.outcomes import Outcomes, faults_in_log, settlements
from tests.integration.proxy import Proxy, proxy
from tests.integration.step_process import ROOT, Checkout, StepProcess, python_step

GOOD = 3  # good messages after each hostile one
BOUND = 15.0  # seconds until the good messages of a group have their results, on a busy machine
PATIENCE = 60.0  # seconds until the hostile messages of a group are settled
BOUND_OF_ONE, PATIENCE_OF_ONE = 6.0, 20.0  # the same for a single case


@dataclass
class Target:
    """The step to attack.

    good       returns the payload of the n-th good message
    check      yields further failures of a case, e.g. by the requests that a server has received
    component  folder of the component; None: the one of the checkout
    prefetch   messages in progress
    group      number of cases that are sent before the checks
    variables  further environment variables of the step
    wrapper    command that runs the step's command
    is_cut     whether the connections to the broker are cut while the messages of a group are processed
    """

    function: str
    good: Callable[[int], bytes]
    check: Callable[[Case], Iterator[str]] = lambda _: iter(())
    component: Path | None = ROOT / "tests/integration/scripted"
    config: Mapping[str, Any] = field(default_factory=dict)
    prefetch: int = 10
    group: int = 50
    variables: Mapping[str, Any] = field(default_factory=dict)
    wrapper: Sequence[str] = ()
    is_cut: bool = False


@dataclass
class Report:
    """The results: the number of cases by class, the failures, and the longest time until all good results, in seconds.

    Reports of several attacks can be added.
    """

    count: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, other: "Report") -> None:
        """Add the results of another attack."""
        self.count += other.count
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)

    def __str__(self) -> str:
        failed = Counter(failure.kind for failure in self.failures)
        rows = [f"{kind:24} {number:6} cases {failed[kind]:5} failures" for kind, number in sorted(self.count.items())]
        total = f"{'total':24} {self.count.total():6} cases {len(self.failures):5} failures"
        return "\n".join((*rows, total, f"slowest good messages: {self.slowest:.1f} s"))


class Attack:
    """The attack on one process."""

    def __init__(self, target: Target, queues: StepQueues, cable: Proxy, step: StepProcess) -> None:
        self.target, self.queues, self.cable, self.step = target, queues, cable, step
        self.report = Report()
        self._good = 0
        self._read = 0  # log lines of earlier groups
        self._is_broken = False

    def run(self, cases: Sequence[Case], size: int) -> Sequence[Case]:
        """Attack with groups of `size` cases until the step no longer works. Returns the remaining cases."""
        while cases and not self._is_broken:
            group, cases = cases[:size], cases[size:]
            self.report.count.update(case.kind for case in group)
            self.report.failures += self._attack(group)
        return cases

    def _attack(self, group: Sequence[Case]) -> Iterator[Failure]:
        """Send a group, wait for its end, and yield the failures."""
        began, connections, outcomes = time.monotonic(), self.cable.accepted, Outcomes()
        bound, patience = (BOUND, PATIENCE) if len(group) > 1 else (BOUND_OF_ONE, PATIENCE_OF_ONE)
        expected = self._send(group)
        if self.target.is_cut:
            self.cable.cut()
        while not (expected <= outcomes.results.keys()) and time.monotonic() < began + bound and self._runs:
            self.queues.sleep(0.01)
            outcomes.read_results(self.queues)
        self.report.slowest = max(self.report.slowest, time.monotonic() - began)
        missing = len(expected - outcomes.results.keys())
        if not missing:
            self._await_settlements(len(group) + len(expected), patience)
        lines = self.step.lines[self._read :]
        self._read += len(lines)
        outcomes.read(self.queues, lines)
        if not self.target.is_cut:  # otherwise messages are delivered again
            yield from self._judged(group, outcomes, lines, self.cable.accepted - connections)
        name, kind = _name(group), group[0].kind
        self._is_broken = bool(missing) or not self._runs
        if not self._runs:
            yield Failure(kind, name, f"the process has ended: {self.step.lines[-1].strip()[:1000]}")
        elif missing:
            yield Failure(kind, name, f"{missing} good messages have no result after {bound:g} s")

    def _judged(
        self, group: Sequence[Case], outcomes: Outcomes, lines: Sequence[str], connections: int
    ) -> Iterator[Failure]:
        """Yield the failures of the single cases, and those that cannot be assigned to a case."""
        total = (GOOD + 1) * len(group)
        reasons = [*faults_in_log(lines), *outcomes.secrets]
        if outcomes.settled.total() != total:
            reasons.append(f"{outcomes.settled.total()} of {total} messages have their settlement in the log")
        if connections:
            reasons.append(f"{connections} connections were opened again")
        yield from (Failure(group[0].kind, _name(group), reason) for reason in reasons)
        for case in group:
            for reason in (*outcomes.wrong(case), *self.target.check(case)):
                yield Failure(case.kind, case.name, reason)

    def _send(self, group: Sequence[Case]) -> set[str]:
        """Send hostile and good messages; returns the IDs of the good ones."""
        names = set()
        for case in group:
            self.queues.send_encoded(case.payload, case.properties)
            for _ in range(GOOD):
                self._good += 1
                names.add(f"good-{self._good}")
                self.queues.send_raw(self.target.good(self._good), {"messageId": f"good-{self._good}"})
        return names

    def _await_settlements(self, count: int, patience: float) -> None:
        deadline = time.monotonic() + patience
        while len(settlements(self.step.lines[self._read :])) < count and time.monotonic() < deadline and self._runs:
            self.queues.sleep(0.05)

    @property
    def _runs(self) -> bool:
        return self.step.process.poll() is None

    def finish(self) -> None:
        """End the process. Adds the failures of its end."""
        if self._is_broken:
            return
        try:
            code = self.step.end()
        except subprocess.TimeoutExpired:
            self.report.failures.append(Failure("end", "SIGTERM", "the process has not ended"))
            return
        if code != 0:
            self.report.failures.append(Failure("end", "SIGTERM", f"exit code {code}"))
        unsettled = [line for line in self.step.lines if "Leaving a message unsettled" in line]
        if unsettled or self.queues.waiting(self.queues.input):
            self.report.failures.append(Failure("end", "SIGTERM", f"unsettled messages: {unsettled[:3]}"))
        self.report.failures += [Failure("end", "log", text) for text in faults_in_log(self.step.lines[self._read :])]


def _name(group: Sequence[Case]) -> str:
    return group[0].name if len(group) == 1 else f"{len(group)} cases from {group[0].name}"


def attack(uri: str, target: Target, cases: Sequence[Case], checkout: Checkout, *, each: bool = False) -> Report:
    """Attack a step with the cases. With `each`, the cases run one at a time, and a failed step is replaced."""
    report, rest = Report(), [case for case in cases if case.can_be_written]
    while rest:
        with attacked(uri, target, checkout) as one:
            rest = list(one.run(rest, 1 if each else target.group))
            if not rest:
                one.finish()
        report.add(one.report)
    return report


@contextmanager
def attacked(uri: str, target: Target, checkout: Checkout) -> Iterator[Attack]:
    """Start a step and yield the attack on it."""
    with ExitStack() as stack:
        platform: FakePlatform = stack.enter_context(fake_platform())
        platform.steps[FLOW, STEP] = {"config": dict(target.config), "snapshot": {}}
        queues = stack.enter_context(step_queues(uri))
        cable = stack.enter_context(proxy(uri))
        limits: dict[str, Any] = dict.fromkeys(("data_rate_limit", "error_rate_limit", "snapshot_rate_limit"), 10**6)
        variables = step_environment(
            queues,
            platform,
            function=target.function,
            component_path=os.path.relpath(target.component or checkout.folder, checkout.folder),
            rabbitmq_prefetch_sailor=target.prefetch,
            amqp_uri=cable.uri,
            rebound_initial_expiration=10**8,  # so that rebounds wait for the checks
            **limits,
            **target.variables,
        )
        step = stack.enter_context(python_step({**variables, "LOG_LEVEL": "debug"}, checkout, target.wrapper))
        yield Attack(target, queues, cable, step.ready())
