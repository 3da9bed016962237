"""A storm over sends: faults before and after the text went out, kill -9 between the two, a broker that goes away

python -m tests.integration.sends --recipients 10000 --kills 60 --cuts 20

Each recipient is a number of its own, so the sandbox knows how often it was texted. Kills strike when a text has just
gone out and nothing of it has been answered, or some milliseconds later: wherever the step then is. What the step puts
back comes again after its time, as on the platform.
"""

import argparse
import random
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.server import Running, start
from sandbox.switches import Switches
from tests.broker import find_broker
from tests.integration.proxy import Proxy, proxy
from tests.integration.step_process import FLOW, PYTHON, STEP, StepProcess, environ
from tests.integration.wire import Received, Wire, wire
from tests.sdk.fake_platform import fake_platform

PATIENCE = 180  # seconds without any progress; only a failing run waits so long
BEFORE, AFTER = {"carriedOut": False}, {"carriedOut": True}
# Primes, so that each meets the others in every order.
FAULTS = (
    {"operation": "sendTexts", "effect": "reset", "every": 13, **AFTER},
    {"operation": "sendTexts", "effect": "reset", "every": 17, **BEFORE},
    {"operation": "sendTexts", "effect": "status", "status": 503, "every": 19, **AFTER},
    {"operation": "sendTexts", "effect": "status", "status": 500, "every": 23, **BEFORE},
    {"operation": "sendTexts", "effect": "truncate", "every": 29},
    {"operation": "sendTexts", "effect": "garbage", "every": 31, **AFTER},
    {"operation": "sendTexts", "effect": "status", "status": 429, "every": 37, **BEFORE},
    {"operation": "sendTexts", "effect": "hang", "every": 211, **AFTER},
    {"operation": "findTexts", "effect": "status", "status": 503, "every": 7},
    {"operation": "findTexts", "effect": "reset", "every": 11},
    {"operation": "findTexts", "effect": "garbage", "every": 41},
)
# Texts appear late, in no order, and filters mean what is least convenient.
HARSH: dict[str, Any] = {
    "visible_after": 700,
    "order": "shuffled",
    "interval_field": "finished",
    "interval_bounds": "()",
    "whole_seconds": True,
    "total_count": "unknown",
    "max_limit": 100,
    "text_takes": 500,
}
CONFIG = {"settleTime": "2.5", "waitLimit": "1", "timeout": "2"}


@dataclass(frozen=True)
class Plan:
    """What to do. `sizes` are the numbers of recipients that messages have, in turn."""

    recipients: int = 10_000
    kills: int = 60
    cuts: int = 20
    faults: tuple[dict[str, Any], ...] = FAULTS
    switches: dict[str, Any] = field(default_factory=lambda: dict(HARSH))
    config: dict[str, str] = field(default_factory=dict)
    sizes: tuple[int, ...] = (1, 1, 1, 1, 1, 1, 1, 1, 1, 5)
    prefetch: int = 20
    containers: int = 1
    component: str = "."
    seed: int = 1


@dataclass
class Figures:
    """What has come of it. `texts` counts the texts by number, `outputs` the rows by number and state."""

    texts: Counter[str] = field(default_factory=Counter)
    states: dict[str, str] = field(default_factory=dict)
    outputs: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    recipients: int = 0
    posts: int = 0
    looks: int = 0
    faults: int = 0
    kills: int = 0
    cuts: int = 0
    rebounds: int = 0
    seconds: float = 0.0

    @property
    def twice(self) -> int:
        """How many recipients were texted more than once."""
        return sum(count > 1 for count in self.texts.values())

    @property
    def unknown(self) -> int:
        """How many recipients the step reported to be unknown."""
        return sum(state == "UNKNOWN" for state in self.states.values()) + self.errors["OutcomeUnknown"]

    def lines(self) -> dict[str, object]:
        """The figures to show."""
        return {
            "sends": self.recipients,
            "texted once": sum(count == 1 for count in self.texts.values()),
            "texted twice": self.twice,
            "not texted": self.recipients - len(self.texts),
            "reported unknown": self.unknown,
            "errors": dict(self.errors),
            "faults": self.faults,
            "kills": self.kills,
            "connections cut": self.cuts,
            "rebounds": self.rebounds,
            "requests that send": self.posts,
            "requests that look": self.looks,
            "seconds": round(self.seconds),
        }


class Storm:
    """One run."""

    def __init__(self, plan: Plan, queues: Wire, through: Proxy, callfire: Running, variables: dict[str, str]) -> None:
        self.plan = plan
        self.random = random.Random(plan.seed)
        self.queues, self.through, self.callfire, self.variables = queues, through, callfire, variables
        self.figures = Figures(recipients=plan.recipients)
        self.left = {number(index) for index in range(plan.recipients)}
        self._steps: list[StepProcess] = []
        self._kill_at = self._cut_at = 0
        self._lock = threading.Lock()
        callfire._server.control.requests = Requests(self)  # the moment after the text went out, before the answer

    def run(self) -> Figures:
        """Put all messages into the queue and wait until there is an output for each recipient."""
        self._publish()
        began = progress = time.monotonic()
        while self.left:
            self._start()
            before = (len(self.left), self.figures.posts, self.figures.kills)
            self._take()
            self.queues.sleep(0.05)
            if (len(self.left), self.figures.posts, self.figures.kills) != before:
                progress = time.monotonic()
            if time.monotonic() - progress > PATIENCE:
                raise TimeoutError(f"nothing happens any more, {len(self.left)} recipients are left: {self._said()}")
        for step in self._steps:
            step.end(signal.SIGTERM)
        self._take()
        self.figures.seconds = time.monotonic() - began
        self._count()
        return self.figures

    def requested(self, method: str) -> None:
        """The sandbox has carried out a request and not answered it yet; kill the step, now or soon."""
        with self._lock:
            self.figures.posts += method == "POST"
            self.figures.looks += method == "GET"
            if self.figures.posts == self._kill_at:
                self._kill_at = 0
                if self.random.random() < 0.5:
                    self._kill()
                else:
                    threading.Timer(self.random.uniform(0, 0.08), self._kill).start()
            if self.figures.posts == self._cut_at:
                self.figures.cuts += 1
                self._plan_cut()
                threading.Timer(self.random.uniform(0, 0.05), self.through.cut).start()

    def _kill(self) -> None:
        step = self.random.choice(self._steps)
        if step.process.poll() is None:
            step.process.kill()
            self.figures.kills += 1

    def _start(self) -> None:
        """Start what does not run: at first, and after a kill."""
        dead = [step for step in self._steps if step.process.poll() is not None]
        for step in dead:
            step.exit_code()
        missing = self.plan.containers - len(self._steps) + len(dead)
        if not missing:
            return
        fresh = [StepProcess(PYTHON, self.variables) for _ in range(missing)]
        with self._lock:
            self._steps = [step for step in self._steps if step not in dead] + fresh
            if self.figures.kills < self.plan.kills:
                usual = max(4, 2 * self.plan.recipients // (self.plan.kills + 1) // 3)
                self._kill_at = self.figures.posts + self.random.randint(1, usual)
            if not self._cut_at:
                self._plan_cut()

    def _plan_cut(self) -> None:
        usual = max(4, self.plan.recipients // (self.plan.cuts + 1))
        more = self.figures.cuts < self.plan.cuts
        self._cut_at = self.figures.posts + self.random.randint(usual // 2 + 1, usual) if more else -1

    def _publish(self) -> None:
        sizes, first, place = self.plan.sizes, 0, 0
        while first < self.plan.recipients:
            size = min(sizes[place % len(sizes)], self.plan.recipients - first)
            recipients = [{"phoneNumber": number(index)} for index in range(first, first + size)]
            body = {"recipients": recipients, "defaultMessage": "Your table is ready"}
            self.queues.send({"body": body}, {"messageId": f"message {place}", "start": int(time.time() * 1000)})
            first, place = first + size, place + 1

    def _take(self) -> None:
        self.figures.rebounds += len(self._arrived("rebound"))
        for output in self._arrived("data"):
            for row in output.message["body"]["results"]:
                self.figures.outputs[row["phoneNumber"]] += 1
                self.figures.states[row["phoneNumber"]] = row["state"]
                self.left.discard(row["phoneNumber"])
        for error in self._arrived("error"):
            message = error.message
            if "errorInput" not in message:
                raise RuntimeError(f"the step does not start: {message['error']['message']}")
            self.figures.errors[message["error"]["name"]] += 1
            self.left -= {row["phoneNumber"] for row in message["errorInput"]["body"]["recipients"]}

    def _arrived(self, route: str) -> list[Received]:
        waiting = self.queues.waiting(self.queues.queue(route))
        return self.queues.receive(route, waiting) if waiting else []

    def _count(self) -> None:
        self.figures.texts = Counter(text["toNumber"] for text in self.callfire._server.control.world["texts"])
        self.figures.faults = sum(fault["hits"] for fault in self.callfire._server.control.faults.dump())

    def _said(self) -> str:
        return "".join(line for step in self._steps for line in step.lines[-20:])

    def end(self) -> None:
        """Leave no process behind."""
        for step in self._steps:
            step.end(signal.SIGKILL)


class Requests(deque[dict[str, Any]]):
    """The sandbox's list of requests, which tells of each."""

    def __init__(self, storm: Storm) -> None:
        super().__init__(maxlen=1000)
        self._storm = storm

    def append(self, entry: dict[str, Any]) -> None:
        super().append(entry)
        self._storm.requested(entry["method"])


def number(index: int) -> str:
    """A number of its own for each recipient."""
    return f"1213{2_000_000 + index}"


@contextmanager
def storm(plan: Plan, uri: str) -> Iterator[Storm]:
    """Start all that a run needs, and stop it."""
    with ExitStack() as stack:
        queues = stack.enter_context(wire(uri))
        through = stack.enter_context(proxy(uri))
        platform = stack.enter_context(fake_platform())
        callfire = stack.enter_context(start(switches=Switches().changed(plan.switches)))
        requests.patch(f"{callfire.admin_url}/account", json={"credits": 1e9}, timeout=10).raise_for_status()
        for fault in plan.faults:
            requests.post(f"{callfire.admin_url}/faults", json=fault, timeout=10).raise_for_status()
        login = {"username": callfire.username, "password": callfire.password, "server": callfire.url}
        platform.steps[FLOW, STEP] = {"config": {**login, **CONFIG, **plan.config}, "snapshot": {}}
        settings: dict[str, Any] = {"rabbitmq_prefetch_sailor": plan.prefetch, "data_rate_limit": 10_000}
        settings |= {"rebound_initial_expiration": 500, "amqp_reconnect_attempts": 100, "error_rate_limit": 1000}
        variables = environ(queues, platform, function="sendTexts", **settings)
        variables |= {"ELASTICIO_COMPONENT_PATH": plan.component, "ELASTICIO_AMQP_URI": through.uri}
        comes_again(queues)
        running = Storm(plan, queues, through, callfire, variables)
        stack.callback(running.end)
        yield running


def comes_again(queues: Wire) -> None:
    """Bring what is rebounded back into the input once its time is over, as the platform does."""
    later = f"{queues.name}.later"
    back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": queues.input}
    queues._channel.queue_declare(later, arguments=back, auto_delete=False, exclusive=True)
    queues._channel.queue_bind(later, queues.name, "rebound")


def main() -> int:
    """Run a storm and print its figures; fails where anybody was texted twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.sends", description=__doc__)
    parser.add_argument("--settle", default=CONFIG["settleTime"], help="the form's settleTime, in seconds")
    for name in ("recipients", "kills", "cuts", "prefetch", "containers", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    parser.add_argument("--component", default=".", help="the component to run, e.g. a copy that is broken on purpose")
    given = vars(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all that was started is stopped
    plan = Plan(config={"settleTime": given.pop("settle")}, **given)
    with find_broker() as broker, storm(plan, broker.uri) as running:
        figures = running.run()
    for name, value in figures.lines().items():
        print(f"{name:20} {value}")
    return 1 if figures.twice else 0


if __name__ == "__main__":
    sys.exit(main())
