"""Runs a flow from its first message to its end.

A run ends when the schedule of the trigger is complete and no message is open. `drain` stops the schedule and waits for
all messages. `abort` waits only for messages in flight.
"""

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

from elasticio.errors import BrokerError
from elasticio.runtime.component import SameNameError
from elasticio.wire.encryption import Encryptor
from starlette.requests import Request
from starlette.responses import Response

from elasticio_runner.brokers import Backend, opened
from elasticio_runner.display import Display
from elasticio_runner.display.log_lines import LogLevels, logs_to
from elasticio_runner.engine.polling import Polling
from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.engine.queues import IN_MEMORY, FlowRun
from elasticio_runner.engine.relay import Destinations, Relay
from elasticio_runner.engine.state_file import State, locked
from elasticio_runner.engine.step_environment import environment
from elasticio_runner.errors import FlowError, describe
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.hosts import ReboundNotice, SettledNotice, StepHost
from elasticio_runner.local_platform.object_store import ObjectStore
from elasticio_runner.local_platform.platform_api import LocalPlatform
from elasticio_runner.local_platform.webhook_gateway import WebhookGateway
from elasticio_runner.tracebacks import own_frames

_RENEWAL = 6 * 3600.0  # seconds
_LONGEST_REASON = 500  # characters of a rebound's reason


@dataclass(frozen=True)
class RunOptions:
    """The options of a run. `amqp_uri` and `public_url` are URLs; `port` 0 means a free port of the gateway.

    `log_level` is a value of LOG_LEVEL, None for the default levels. `is_verbose` shows tracebacks.
    """

    amqp_uri: str = IN_MEMORY
    state: Path | None = None
    port: int = 0
    public_url: str | None = None
    log_level: str | None = None
    is_verbose: bool = False


class FlowRunner:
    """Runs one flow once. Implements `StepEvents` for its hosts."""

    def __init__(self, flow: Flow, display: Display, options: RunOptions | None = None) -> None:
        self._flow = flow
        self._display = display
        self._options = options or RunOptions()
        self._levels = LogLevels.of(self._options.log_level)
        self._run = FlowRun(flow, self._options.amqp_uri)
        self._ending = threading.Event()
        self._over = threading.Event()
        self._aborted = False
        self._fatal: str | None = None
        self._state: State
        self._backend: Backend
        self._relay: Relay | None = None
        self._gateway: WebhookGateway
        self._environs: dict[str, dict[str, str]]
        self.progress = Progress.of(flow.steps)
        self.progress.on_change = display.changed
        self.progress.on_failed = self._show_failure
        self._polling = Polling(flow.trigger, self._start_run, self.progress, self._ending)

    def run(self) -> bool:
        """Run the flow; returns whether all messages succeeded. Raises ElasticioError if the flow cannot run."""
        began = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(logs_to(self._display.line, self._levels))
            relay, webhook_uri = self._build(stack)
            trigger = self._flow.trigger
            self._display.started(self._flow, self.progress, self._backend.name)
            is_complete = False
            stack.callback(lambda: self._display.finished(self.progress, time.monotonic() - began, is_complete))
            hosts = self._backend.hosts(self._environs, self)
            with ExitStack() as running:
                running.callback(self._shut_down, hosts[trigger.id])
                self._start_hosts(hosts, running)
                self._display.ready(webhook_uri if trigger.is_webhook else None)
                self._drive(relay)
            relay.settle()  # relays the last events of the stopped steps
            is_complete = self._fatal is None
        if self._fatal:
            raise FlowError(self._fatal)
        return not self.progress.failures and not self.progress.open

    def drain(self) -> None:
        """Stop the schedule, and end the run when no message is open."""
        self._ending.set()
        with self.progress.changed:
            self.progress.changed.notify_all()

    def abort(self) -> None:
        """End the run after the messages in flight."""
        self._aborted = True
        if self._relay:
            self._relay.abort()
        self.drain()

    def fail(self, error: BaseException) -> None:
        """End the run because of an error, which `run` then raises."""
        self._end_for(str(error) if isinstance(error, FlowError) else describe(error))

    # Reports of the hosts

    def settled(self, step_id: str, notice: SettledNotice) -> None:
        """Count a settled message, and respond to its HTTP request if no reply will follow."""
        self.progress.settled(step_id, notice.tracking_id)
        if not notice.replied:
            self._gateway.settled(notice.thread_id, step_id)

    def rebounded(self, step_id: str, notice: ReboundNotice) -> None:
        """Count a rebound, and show its reason and delay."""
        reason = notice.reason[:_LONGEST_REASON]
        returns = self._run.returns_rebounds(self._flow.steps[step_id])
        if returns:
            self.progress.rebounded(step_id, notice.tracking_id, notice.delay)
            when = f"retry in {notice.delay:g} s"
        else:
            self._polling.rebounded(reason)
            self.progress.rebounded(step_id, notice.tracking_id, None)
            when = "retry at the next run" if not self._ending.is_set() else "no retry, the flow ends"
        retry_in = notice.delay if returns else None
        facts = {"event": "rebounded", "step": step_id, "reason": reason, "retry_in": retry_in}
        self._display.line(step_id, logging.WARNING, f"rebounded ({when}): {reason}", facts)

    def logged(self, step_id: str, level: int, text: str) -> None:
        """Show a log line."""
        self._display.line(step_id, level, text)

    def crashed(self, step_id: str) -> None:
        """Correct the number of open messages. The process may have died between a settlement and its report."""
        if self._relay:
            with self._relay.sending:
                self.progress.recounted(step_id, self._backend.open_messages(step_id))

    def gave_up(self, step_id: str, reason: str) -> None:
        """End the run because a step cannot continue."""
        self._end_for(f"step {step_id}: {reason}")

    def _show_failure(self, failure: Failure) -> None:
        if failure.message_id:  # a failure without an ID ends the run, which shows it
            text = f"{failure.text} (message {failure.message_id})"
            if self._options.is_verbose and failure.stack:
                text += "\n" + own_frames(failure.stack, self._flow.steps[failure.step_id].root)
            step, message = failure.step_id, failure.message_id
            facts = {"event": "failed", "step": step, "message": message, "text": failure.text}
            self._display.line(step, logging.ERROR, text, facts)

    def _end_for(self, reason: str) -> None:
        self._fatal = self._fatal or reason
        self.abort()

    # Start

    def _build(self, stack: ExitStack) -> tuple[Relay, str]:
        """Start the platform and the relay, but not the steps; returns the relay and the webhook's URL."""
        state_file = self._options.state.resolve() if self._options.state else None
        stack.enter_context(locked(state_file))
        self._state = State(state_file)
        objects = ObjectStore(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flow-"))))
        platform = LocalPlatform(self._flow, self._state, objects, self._request, self._options.port)
        stack.callback(platform.stop)
        trigger, address = self._flow.trigger, (self._options.public_url or platform.uri).rstrip("/")
        webhook_uri = f"{address}/hook/{trigger.id}"
        log_level = {"LOG_LEVEL": self._options.log_level} if self._options.log_level else {}
        self._environs = {
            step.id: environment(self._run, step, platform, webhook_uri) | log_level
            for step in self._flow.steps.values()
        }
        self._gateway = WebhookGateway(trigger, address, platform.store, self._send_to_trigger)
        self._backend = stack.enter_context(opened(self._run))
        relay = self._relay = self._build_relay()
        platform.start()
        relay.start()
        stack.callback(relay.stop)
        threading.Thread(target=self._renew, name="renewal", daemon=True).start()
        stack.callback(self._over.set)
        return relay, webhook_uri

    def _build_relay(self) -> Relay:
        destinations = Destinations(
            progress=self.progress,
            state=self._state,
            gateway=self._gateway,
            on_body=self._display.body,
            on_line=self._display.line,
            on_failure=self.fail,
        )
        encryptor = Encryptor(self._run.crypto_password, self._run.crypto_iv)
        any_environ = self._environs[self._flow.trigger.id]
        return Relay(self._flow, lambda kind: self._backend.lane(kind, any_environ), encryptor, destinations)

    async def _request(self, step_id: str, request: Request) -> Response:
        return await self._gateway.request(step_id, request)

    def _start_hosts(self, hosts: dict[str, StepHost], stack: ExitStack) -> None:
        """Start all steps in parallel. The stack stops each started step."""
        for step_id, host in hosts.items():
            with _naming(step_id):
                host.start()
            stack.callback(host.stop)
        for step_id, host in hosts.items():
            with _naming(step_id):
                host.wait_until_ready()

    # Run

    def _drive(self, relay: Relay) -> None:
        if self._flow.trigger.is_webhook:
            self._ending.wait()
        else:
            self._polling.run()
        self._gateway.close()
        self._wait_until_idle(relay)
        self._gateway.refuse_waiting()

    def _start_run(self) -> str:
        return self._send_to_trigger({"body": {}}, str(uuid.uuid4()))

    def _send_to_trigger(self, message: Mapping[str, Any], thread_id: str) -> str:
        """Send a message to the trigger, like the platform; returns its ID."""
        headers = {
            "messageId": str(uuid.uuid4()),
            "threadId": thread_id,
            "taskId": self._flow.id,
            "execId": self._run.id,
        }
        if self._relay:
            self._relay.send(self._flow.trigger.id, message, {**headers, **self._gateway.headers})
        return headers["messageId"]

    def _wait_until_idle(self, relay: Relay) -> None:
        """Return when no message is open, neither in a step nor between two steps."""
        while not self._aborted:
            with self.progress.changed:
                self.progress.changed.wait_for(lambda: not self.progress.open or self._aborted)
            received = self.progress.received
            relay.settle()
            if not self.progress.open and self.progress.received == received:
                return

    def _shut_down(self, host: StepHost) -> None:
        """Run the trigger's `shutdown` if its `startup` has run."""
        if not self._state.has_startup_data:
            return
        try:
            host.shut_down()
        except Exception as error:  # noqa: BLE001 (a component may raise any error; the run shows it)
            text = f"shutdown failed: {describe(error)}"
            self.progress.failed(Failure(self._flow.trigger.id, text))
            self._display.line(self._flow.trigger.id, logging.ERROR, text)

    def _renew(self) -> None:
        while not self._over.wait(_RENEWAL):
            try:
                self._backend.renew()
            except BrokerError as error:  # the lifetime of the queues allows several failed attempts
                self._display.line("flow", logging.WARNING, f"failed to renew the queues of the run: {error}")


@contextmanager
def _naming(step_id: str) -> Iterator[None]:
    try:
        yield
    except FlowError:
        raise
    except Exception as error:
        advice = ", or run each step in a separate process with --broker" if isinstance(error, SameNameError) else ""
        raise FlowError(f"failed to start step {step_id}: {describe(error)}{advice}") from error
