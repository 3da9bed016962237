"""One run of a storm: its messages, faults and results."""

import random
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from callfire_sandbox.server import Running, start
from callfire_sandbox.switches import Switches

from services.fake_platform import fake_platform
from services.rabbitmq import Broker, PrivateBroker
from services.step_environment import FLOW, STEP, step_environment
from services.step_queues import Received, StepQueues, step_queues
from tests.integration.sends.containers import Container
from tests.integration.sends.plan import CONFIG, Plan
from tests.integration.sends.storm_results import StormResults

PATIENCE = 180  # seconds without any progress; only a failing run waits so long


@dataclass
class Strikes:
    """Faults of one kind at random moments of a run. A moment is a number of sending requests."""

    chance: random.Random
    left: int
    apart: int
    due: int = 0

    @classmethod
    def over(cls, chance: random.Random, count: int, requests: int) -> "Strikes":
        """Return faults that all happen before a number of requests."""
        strikes = cls(chance, count, max(4, requests // (count + 1)))
        strikes._plan(0)
        return strikes

    def strike(self, request: int) -> bool:
        """Return whether a fault is due. It then counts as done."""
        if not self.left or request < self.due:
            return False
        self.left -= 1
        self._plan(request)
        return True

    def missed(self) -> None:
        """Record that the last fault had no effect: another one is required."""
        self.left += 1

    def _plan(self, request: int) -> None:
        self.due = request + self.chance.randint(self.apart // 3 + 1, self.apart)


class Storm:
    """One run."""

    def __init__(
        self,
        plan: Plan,
        broker: Broker,
        queues: StepQueues,
        callfire: Running,
        containers: list[Container],
        prepared: Any,
    ) -> None:
        self.plan, self.broker, self.queues, self.callfire = plan, broker, queues, callfire
        self.containers, self._prepared = containers, prepared
        self.random = random.Random(plan.seed)
        self._messages = {f"message {place}": targets for place, targets in enumerate(plan.messages())}
        self.left = {target for targets in self._messages.values() for target in targets}
        self.results = StormResults(asked=set(self.left))
        least = len(self._messages)
        self._kills = Strikes.over(self.random, plan.kills, least)
        self._cuts = Strikes.over(self.random, plan.cuts, least)
        self._restarts = Strikes.over(self.random, plan.restarts, least)
        self._restart_is_due = False
        self._lock = threading.Lock()
        callfire._server.control.requests = Requests(self)  # the moment after the send, before the response

    def run(self) -> StormResults:
        """Publish all messages and wait for an output of each target."""
        for name, targets in self._messages.items():
            body = {**self._prepared, **self.plan.does.body(targets)}
            self.queues.send({"body": body}, {"messageId": name, "start": int(time.time() * 1000)})
        began = progress = time.monotonic()
        while self.left:
            self.results.ends += sum(container.keep_running() for container in self.containers)
            before = (len(self.left), self.results.posts, self.results.kills)
            self._take()
            self.queues.sleep(0.05)
            if (len(self.left), self.results.posts, self.results.kills) != before:
                progress = time.monotonic()
            progress += self._restart()
            if time.monotonic() - progress > PATIENCE:
                raise TimeoutError(f"nothing happens any more, {len(self.left)} recipients are left: {self._said()}")
        for container in self.containers:
            container.end(signal.SIGTERM)
        self._take()
        self.results.seconds = time.monotonic() - began
        self._count()
        return self.results

    def requested(self, method: str) -> None:
        """Cause a fault now or soon. The sandbox has executed a request and has not responded yet."""
        with self._lock:
            self.results.posts += method == "POST"
            self.results.looks += method == "GET"
            if self._kills.strike(self.results.posts):
                if self.random.random() < 0.5:
                    self._kill()
                else:
                    threading.Timer(self.random.uniform(0, 0.08), self._kill).start()
            if self._cuts.strike(self.results.posts):
                threading.Timer(self.random.uniform(0, 0.05), self._cut).start()
            self._restart_is_due |= self._restarts.strike(self.results.posts)

    def _kill(self) -> None:
        """Kill one container."""
        alive = [container for container in self.containers if container.is_alive]
        if not alive:
            self._kills.missed()
            return
        self.random.choice(alive).kill()
        self.results.kills += 1

    def _cut(self) -> None:
        """Disconnect all containers or one of them from the broker."""
        everyone = self.random.random() < 0.5
        for container in self.containers if everyone else [self.random.choice(self.containers)]:
            container.cut()
        self.results.cuts += 1

    def _restart(self) -> float:
        """Restart the broker if a restart is due; returns the seconds without any progress."""
        if not self._restart_is_due:
            return 0.0
        assert isinstance(self.broker, PrivateBroker)
        began = time.monotonic()
        self._restart_is_due = False
        self.queues.disconnect()
        self.broker.restart()
        self.queues.connect()
        self.results.restarts += 1
        return time.monotonic() - began

    def _take(self) -> None:
        """Receive the step's outputs."""
        results = self.results
        results.rebounds += len(self._arrived("rebound"))
        for output in self._arrived("data"):
            targets = self._messages[output.headers["parentMessageId"]]
            for target, told in self.plan.does.told(output.message["body"], targets):
                results.outputs[target] += 1
                results.rows[target] = told
                self.left.discard(target)
        for error in self._arrived("error"):
            message = error.message
            if "errorInput" not in message:
                raise RuntimeError(f"the step does not start: {message['error']['message']}")
            results.errors[message["error"]["name"]] += 1
            results.reported.update(self._messages[error.headers["parentMessageId"]])
            self.left -= results.reported

    def _arrived(self, route: str) -> list[Received]:
        waiting = self.queues.waiting(self.queues.queue(route))
        return self.queues.receive(route, waiting) if waiting else []

    def _count(self) -> None:
        """Compare the outputs with the sandbox."""
        control, results = self.callfire._server.control, self.results
        made = list(self.plan.does.made(control.world))
        results.made = Counter(target for target, _ in made)
        named = {(target, row.id) for target, row in results.rows.items() if row.id is not None}
        results.mistaken = len(named - set(made))
        results.faults = sum(fault["hits"] for fault in control.faults.dump())

    def _said(self) -> str:
        return "".join(container.last_lines() for container in self.containers)


class Requests(deque[dict[str, Any]]):
    """The sandbox's list of requests. It reports each request to the storm."""

    def __init__(self, storm: Storm) -> None:
        super().__init__(maxlen=1000)
        self._storm = storm

    def append(self, entry: dict[str, Any]) -> None:
        super().append(entry)
        self._storm.requested(entry["method"])


@contextmanager
def storm(plan: Plan, broker: Broker) -> Iterator[Storm]:
    """Start and stop the services of a run. Raises ValueError if the plan restarts a broker that is not private."""
    if plan.restarts and not isinstance(broker, PrivateBroker):
        raise ValueError("restarts: only a private broker can be restarted")
    with ExitStack() as stack:
        queues = stack.enter_context(step_queues(broker.uri))
        platform = stack.enter_context(fake_platform())
        callfire = stack.enter_context(start(switches=Switches().changed({"ids": "large", **plan.switches})))
        requests.patch(f"{callfire.admin_url}/account", json={"credits": 1e9}, timeout=10).raise_for_status()
        prepared = plan.does.prepare(callfire)
        for fault in plan.strikes():
            requests.post(f"{callfire.admin_url}/faults", json=fault, timeout=10).raise_for_status()
        login = {"username": callfire.username, "password": callfire.password, "server": callfire.url}
        platform.steps[FLOW, STEP] = {"config": {**login, **CONFIG, **plan.config}, "snapshot": {}}
        settings: dict[str, Any] = {"rabbitmq_prefetch_sailor": plan.prefetch or plan.does.prefetch}
        settings |= {"rebound_initial_expiration": plan.pause, "data_rate_limit": 10_000, "error_rate_limit": 1000}
        settings |= {"amqp_reconnect_attempts": 1000, "amqp_persistent_messages": str(plan.restarts > 0).lower()}
        variables = step_environment(queues, platform, function=plan.action, **settings)
        variables["ELASTICIO_COMPONENT_PATH"] = plan.component
        stack.enter_context(coming_again(queues))
        containers = [Container(broker.uri, variables) for _ in range(plan.containers)]
        for container in containers:
            stack.callback(container.close)
        yield Storm(plan, broker, queues, callfire, containers, prepared)


@contextmanager
def coming_again(queues: StepQueues) -> Iterator[None]:
    """Return rebounded messages to the input queue after their delay, like the platform."""
    later = f"{queues.name}.later"
    back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": queues.input}
    queues._channel.queue_declare(later, arguments=back, durable=True)  # the queue survives a restart of the broker
    queues._channel.queue_bind(later, queues.name, "rebound")
    try:
        yield
    finally:
        queues._channel.queue_delete(later)
