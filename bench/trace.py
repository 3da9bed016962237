"""Trace one message through the code: which files it passes, how many functions run, how often a call changes the file.

python -m bench.trace            a table for echo, getCall and sendTexts
python -m bench.trace getCall    also the files of getCall, with the number of calls into each

The step runs in this process, over RabbitMQ, against the sandbox. Messages that warm it up go first. Counted are calls
of functions in this repository from the delivery of the last message to its ack; `hops` are calls from one file into
another. A call through a library or from another thread counts from the last function of ours on the same thread.
"""

import os
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.platform.api import PlatformApi
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import Settings

from bench.sides import ROOT
from bench.target import LOGIN, TEXT, Target, sandbox
from services.fake_platform import FakePlatform, fake_platform
from services.rabbitmq import find_broker
from services.step_environment import step_environment
from services.step_queues import StepQueues, step_queues

WARM_UP = 3  # messages
AFTERMATH = 0.5  # seconds after the result has come, in which the ack is written


@dataclass
class Trace:
    """Calls seen so far: {(caller's file, callee's file): count}; the caller's file is None at a thread's start."""

    calls: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    functions: set[CodeType] = field(default_factory=set)
    on: bool = False
    _files: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
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
        name = code.co_filename
        if name not in self._files:
            path = Path(name)
            inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ("sdk", "lib")
            self._files[name] = str(path.relative_to(ROOT)) if inside else None
        return self._files[name]


def traced(
    function: str, component: Path, body: Any, target: Target, *, platform: FakePlatform, queues: StepQueues
) -> Trace:
    """Run a step in this process and return the trace of one message."""
    variables = step_environment(
        queues, platform, component_path=os.path.relpath(component, Path.cwd()), function=function
    )
    platform.steps["flow1", "step1"] = {"config": {**LOGIN, "server": target.url}, "snapshot": {}}
    settings = Settings.read(variables)
    trace = Trace()
    threading.setprofile(trace)
    sailor = Sailor(settings, RabbitBroker.of(settings), PlatformApi.of(settings))
    sailor.start()
    try:
        for number in range(WARM_UP + 1):
            trace.on = number == WARM_UP
            queues.send({"body": body})
            queues.receive("data")
            time.sleep(AFTERMATH)
        trace.on = False
    finally:
        threading.setprofile(None)
        sailor.stop()
        for name in [name for name in sys.modules if name.split(".")[0] == "lib"]:  # the next component has its own
            del sys.modules[name]
        sys.path.remove(str(component))
    return trace


def main(arguments: list[str]) -> int:
    """Print the table, and the files of the functions that are named."""
    with ExitStack() as stack:
        broker = stack.enter_context(find_broker())
        platform = stack.enter_context(fake_platform())
        target = stack.enter_context(sandbox())
        jobs = {
            "echo": (ROOT / "bench/echo", {"text": "hello"}),
            "getCall": (ROOT, {"id": target.call_id}),
            "sendTexts": (ROOT, {"recipients": [TEXT]}),
        }
        print(f"{'function':<12}{'files':>8}{'functions':>12}{'hops':>8}")
        for function, (component, body) in jobs.items():
            with step_queues(broker.uri) as queues:
                trace = traced(function, component, body, target, platform=platform, queues=queues)
            files = sorted({callee for _, callee in trace.calls})
            hops = sum(n for (caller, callee), n in trace.calls.items() if caller != callee)
            print(f"{function:<12}{len(files):>8}{len(trace.functions):>12}{hops:>8}")
            if function in arguments:
                for name in files:
                    print(f"    {sum(n for (_, callee), n in trace.calls.items() if callee == name):>6}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
