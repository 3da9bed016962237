"""Runs a flow, from its first message to its end.

It ends by itself when the trigger has run as often as its schedule says and nothing is on its way any more; else when
`drain` is called, which lets all messages come to their end, or `abort`, which only lets steps finish what is in hand.
"""

import itertools
import logging
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio.wire.encryption import Encryptor

from elasticio_runner.brokers import Backend, backend
from elasticio_runner.display.log_lines import logs_to
from elasticio_runner.display.plain import Display
from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.engine.queues import IN_MEMORY, Run
from elasticio_runner.engine.relay import Relay
from elasticio_runner.engine.state_file import State
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.flow_file.problems import FlowError
from elasticio_runner.hosts import Host
from elasticio_runner.local_platform.http_server import Answer, Request
from elasticio_runner.local_platform.object_store import Objects
from elasticio_runner.local_platform.platform_api import Platform
from elasticio_runner.local_platform.webhook_gateway import Gateway

_RENEWAL = 6 * 3600.0  # seconds


@dataclass(frozen=True)
class Options:
    """How to run: the broker's address, the state file, the gateway's port and its address seen from outside."""

    amqp_uri: str = IN_MEMORY
    state: Path | None = None
    port: int = 0
    public_url: str | None = None


class Runner:
    """Runs one flow once. It is the `News` of its hosts."""

    def __init__(self, flow: Flow, display: Display, options: Options | None = None) -> None:
        self._flow = flow
        self._display = display
        self._options = options or Options()
        self._run = Run(flow, self._options.amqp_uri)
        self._state = State(self._options.state)
        self._ending = threading.Event()
        self._over = threading.Event()
        self._aborted = False
        self._fatal: str | None = None
        self._backend: Backend
        self._relay: Relay
        self._gateway: Gateway
        self._environs: dict[str, dict[str, str]]
        self.progress = Progress.of(flow.steps)
        self.progress.on_change = display.changed
        self.progress.on_failed = self._show_failure

    def run(self) -> bool:
        """Run the flow; tells whether everything went well. Raises ElasticioError where it cannot run."""
        began = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(logs_to(self._display.line))
            webhook_uri = self._build(stack)
            trigger = self._flow.trigger
            self._display.started(self._flow, self.progress, self._backend.name)
            is_complete = False
            stack.callback(lambda: self._display.finished(self.progress, time.monotonic() - began, is_complete))
            hosts = self._backend.hosts(self._environs, self)
            with ExitStack() as running:
                running.callback(self._shut_down, hosts[trigger.id])
                self._start_hosts(hosts, running)
                self._display.ready(webhook_uri if trigger.is_webhook else None)
                self._drive()
            self._relay.settle()  # for what was told while the steps ended
            is_complete = self._fatal is None
        if self._fatal:
            raise FlowError(self._fatal)
        return not self.progress.failures and not self.progress.open

    def drain(self) -> None:
        """Start nothing new, and end when all messages have come to their end."""
        self._ending.set()
        with self.progress.changed:
            self.progress.changed.notify_all()

    def abort(self) -> None:
        """End as soon as steps have finished what is in hand."""
        self._aborted = True
        self.drain()

    # What hosts tell

    def settled(self, step_id: str, thread_id: str, replied: bool) -> None:
        """Count it; a request that waits for nothing more gets its answer."""
        self.progress.settled(step_id)
        if not replied:
            self._gateway.settled(thread_id, step_id)

    def rebounded(self, step_id: str) -> None:
        """Count it."""
        self.progress.rebounded(step_id)

    def logged(self, step_id: str, level: int, text: str) -> None:
        """Show it."""
        self._display.line(step_id, level, text)

    def crashed(self, step_id: str) -> None:
        """Ask the broker what is open: the process may have died between a settlement and its log line."""
        with self._relay.sending:
            self.progress.recounted(step_id, self._backend.open_messages(step_id))

    def gave_up(self, step_id: str, reason: str) -> None:
        """End the run."""
        self._end_for(f"step {step_id}: {reason}")

    def _show_failure(self, failure: Failure) -> None:
        if failure.message_id:  # else the run ends for it, and says so
            self._display.line(failure.step_id, logging.ERROR, f"{failure.text} (message {failure.message_id})")

    def _end_for(self, reason: str) -> None:
        self._fatal = self._fatal or reason
        self.abort()

    # Setting up

    def _build(self, stack: ExitStack) -> str:
        """Build everything but the steps; returns the address of the webhook gateway."""
        objects = Objects(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flow-"))))
        platform = Platform(self._flow, self._state, objects, self._hook, self._options.port)
        trigger = self._flow.trigger
        webhook_uri = f"{(self._options.public_url or platform.uri).rstrip('/')}/hook/{trigger.id}"
        self._environs = {
            step.id: self._run.environment(step, platform, webhook_uri) for step in self._flow.steps.values()
        }
        self._gateway = Gateway(trigger, self._options.public_url or platform.uri, platform.store, self._start_message)
        self._backend = stack.enter_context(backend(self._run))
        self._relay = Relay(
            self._flow,
            lambda kind: self._backend.lane(kind, self._environs[trigger.id]),
            Encryptor(self._run.crypto_password, self._run.crypto_iv),
            progress=self.progress,
            state=self._state,
            gateway=self._gateway,
            on_body=self._display.body,
            on_failure=lambda error: self._end_for(f"{type(error).__name__}: {error}"),
        )
        platform.start()
        stack.callback(platform.stop)
        self._relay.start()
        stack.callback(self._relay.stop)
        threading.Thread(target=self._renew, name="renewal", daemon=True).start()
        stack.callback(self._over.set)
        return webhook_uri

    def _hook(self, step_id: str, request: Request) -> Answer:
        return self._gateway.request(step_id, request)

    def _start_hosts(self, hosts: dict[str, Host], stack: ExitStack) -> None:
        """Start all steps side by side; each that has been started will be stopped."""
        for step_id, host in hosts.items():
            with _naming(step_id):
                host.start()
            stack.callback(host.stop)
        for step_id, host in hosts.items():
            with _naming(step_id):
                host.wait_until_ready()

    # Running

    def _drive(self) -> None:
        if self._flow.trigger.is_webhook:
            self._ending.wait()
        else:
            self._poll()
        self._gateway.close()
        self._wait_until_idle()

    def _poll(self) -> None:
        """Start the trigger again and again; never while it still has the message of the run before."""
        trigger = self._flow.trigger
        schedule, count = trigger.schedule, self.progress.counts[trigger.id]
        for number in itertools.count(1):
            self._start_message({"body": {}}, str(uuid.uuid4()))
            if number == schedule.runs or self._ending.wait(schedule.every):
                return
            with self.progress.changed:
                self.progress.changed.wait_for(lambda: not count.open or self._ending.is_set())
            if self._ending.is_set():
                return

    def _start_message(self, message: Mapping[str, Any], thread_id: str) -> None:
        """Put a message before the trigger, as the platform does it."""
        headers = {
            "messageId": str(uuid.uuid4()),
            "threadId": thread_id,
            "taskId": self._flow.id,
            "execId": self._run.id,
        }
        self._relay.send(self._flow.trigger.id, message, {**headers, **self._gateway.headers})

    def _wait_until_idle(self) -> None:
        """Return when no message is on its way any more: in no step's hands, and not between two of them."""
        while not self._aborted:
            with self.progress.changed:
                self.progress.changed.wait_for(lambda: not self.progress.open or self._aborted)
            taken = self.progress.taken
            self._relay.settle()
            if not self.progress.open and self.progress.taken == taken:
                return

    def _shut_down(self, host: Host) -> None:
        """Undo what the trigger's `startup` has done."""
        if not self._state.has_startup_data:
            return
        try:
            host.shut_down()
        except Exception as error:  # noqa: BLE001 (it is the component's; whatever it raises has to be told)
            text = f"shutdown failed: {type(error).__name__}: {error}"
            self.progress.failed(Failure(self._flow.trigger.id, text))
            self._display.line(self._flow.trigger.id, logging.ERROR, text)

    def _renew(self) -> None:
        while not self._over.wait(_RENEWAL):
            self._backend.renew()


@contextmanager
def _naming(step_id: str) -> Iterator[None]:
    try:
        yield
    except FlowError:
        raise
    except Exception as error:
        raise FlowError(f"step {step_id} could not be started: {type(error).__name__}: {error}") from error
