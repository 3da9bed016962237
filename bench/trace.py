"""Traces one message through the code: counts its files, functions and hops.

python -m bench.trace            a table for echo, getCall and sendTexts; exit code 1 if a goal is missed
python -m bench.trace getCall    also the files of getCall, with the number of calls into each

A step runs in this process, over RabbitMQ, against the sandbox. Earlier messages warm it up; only the last one counts.
The trace counts calls of functions in sdk/ and lib/, from the delivery of the message to its ack. A hop is a call from
one file into another. A call that goes through a library counts from the last traced function of the same thread.
"""

import os
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.platform.api import PlatformApi
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import Settings

from bench.runtimes import ROOT
from bench.target import LOGIN, TEXT, Target, sandbox
from services.fake_platform import FakePlatform, fake_platform
from services.rabbitmq import find_broker
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import StepQueues, step_queues

WARM_UP = 3  # messages
AFTER_RESULT = 0.5  # maximum seconds until the ack is written
ROOMS = ("sdk", "lib")


@dataclass(frozen=True)
class Goal:
    """The maximum numbers of one message."""

    files: int
    hops: int | None = None


GOALS: Mapping[str, Goal] = {"echo": Goal(17), "getCall": Goal(27, 65), "sendTexts": Goal(38)}


@dataclass(frozen=True)
class Job:
    """One message: the component that processes it, and its body."""

    component: Path
    body: Any


@dataclass
class Trace:
    """The traced calls: {(caller's file, called file): count}. The first call of a thread has None as caller's file."""

    calls: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    functions: set[CodeType] = field(default_factory=set)
    on: bool = False
    _files: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        """Count a call; this is the function for `threading.setprofile`."""
        if event != "call" or not self.on:
            return
        name = self.file(frame.f_code)
        if name is None:
            return
        caller = frame.f_back
        while caller is not None and self.file(caller.f_code) is None:
            caller = caller.f_back
        self.calls[None if caller is None else self.file(caller.f_code), name] += 1
        self.functions.add(frame.f_code)

    def file(self, code: CodeType) -> str | None:
        """Return the file of a function, or None if it is not traced."""
        name = code.co_filename
        if name not in self._files:
            path = Path(name)
            inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ROOMS
            self._files[name] = str(path.relative_to(ROOT)) if inside else None
        return self._files[name]

    @property
    def files(self) -> list[str]:
        """The traced files in alphabetical order."""
        return sorted({called for _, called in self.calls})

    @property
    def hops(self) -> int:
        """The number of calls from one file into another."""
        return sum(count for (caller, called), count in self.calls.items() if caller != called)

    def calls_into(self, file: str) -> int:
        """Return the number of calls of functions in a file."""
        return sum(count for (_, called), count in self.calls.items() if called == file)

    def misses(self, goal: Goal) -> list[str]:
        """Return a line for each number above its goal."""
        found = []
        if len(self.files) > goal.files:
            found.append(f"{len(self.files)} files, the goal is at most {goal.files}")
        if goal.hops is not None and self.hops > goal.hops:
            found.append(f"{self.hops} hops, the goal is at most {goal.hops}")
        return found


def traced(function: str, job: Job, target: Target, platform: FakePlatform, queues: StepQueues) -> Trace:
    """Run a step in this process and return the trace of one message."""
    folder = os.path.relpath(job.component, Path.cwd())
    variables = step_environment(queues, platform, component_path=folder, function=function)
    platform.steps[FLOW, STEP] = {"config": {**LOGIN, "server": target.url}, "snapshot": {}}
    settings = Settings.read(variables)
    trace = Trace()
    threading.setprofile(trace)
    sailor = Sailor(settings, RabbitBroker.of(settings), PlatformApi.of(settings))
    sailor.start()
    try:
        for number in range(WARM_UP + 1):
            trace.on = number == WARM_UP
            queues.send({"body": job.body})
            queues.receive("data")
            queues.sleep(AFTER_RESULT)
        trace.on = False
    finally:
        threading.setprofile(None)
        sailor.stop()
        _forget_component(job.component)
    return trace


def _forget_component(folder: Path) -> None:
    """Unload the component's modules: the next component has its own `lib`."""
    for name in [name for name in sys.modules if name.split(".")[0] == "lib"]:
        del sys.modules[name]
    sys.path.remove(str(folder))


def report(traces: Mapping[str, Trace], with_files: Sequence[str] = ()) -> int:
    """Print the table, the files of the functions in `with_files`, and missed goals; return the exit code."""
    print(f"{'function':<12}{'files':>14}{'functions':>12}{'hops':>14}")
    missed = []
    for function, trace in traces.items():
        goal = GOALS[function]
        files = f"{len(trace.files)} (≤ {goal.files})"
        hops = f"{trace.hops}" + (f" (≤ {goal.hops})" if goal.hops is not None else "")
        print(f"{function:<12}{files:>14}{len(trace.functions):>12}{hops:>14}")
        if function in with_files:
            for file in trace.files:
                print(f"    {trace.calls_into(file):>6}  {file}")
        missed += [f"{function}: {line}" for line in trace.misses(goal)]
    print("\n".join(missed) or "All goals are reached.")
    return 1 if missed else 0


def main(arguments: list[str]) -> int:
    """Trace one message of each function and report."""
    traces = {}
    with ExitStack() as stack:
        broker = stack.enter_context(find_broker())
        platform = stack.enter_context(fake_platform())
        target = stack.enter_context(sandbox())
        jobs = {
            "echo": Job(ROOT / "bench/echo", {"text": "hello"}),
            "getCall": Job(ROOT, {"id": target.call_id}),
            "sendTexts": Job(ROOT, {"recipients": [TEXT]}),
        }
        for function, job in jobs.items():
            with step_queues(broker.uri) as queues:
                traces[function] = traced(function, job, target, platform, queues)
    return report(traces, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
