"""Relays the events that steps emit. On the platform, the engine between two steps does this.

data       over the edges to the next steps
errors     to the summary
snapshots  to the state
replies    to the webhook gateway
"""

import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from elasticio.broker import Broker, Publication
from elasticio.errors import MessageError
from elasticio.runtime.emitter import publish_and_wait
from elasticio.wire.encryption import Encryptor
from elasticio.wire.incoming import protocol_version

from elasticio_runner.engine.lane import Handler, Lane
from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.engine.queues import DATA, ERROR, KINDS, REPLY, SNAPSHOT, input_key
from elasticio_runner.engine.state_file import SnapshotError, State
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.hosts import TRACKING_ID
from elasticio_runner.local_platform.webhook_gateway import WebhookGateway
from elasticio_runner.mapping.edge import Edge
from elasticio_runner.mapping.evaluator import Evaluator
from elasticio_runner.mapping.expression import MappingError

log = logging.getLogger("runner")


@dataclass(frozen=True)
class Destinations:
    """The destinations of the relay.

    on_body     called with the ID of a console step and the body that it receives
    on_line     called with a step's ID, a log level and a text
    on_failure  called with the reason if the relay cannot continue
    """

    progress: Progress
    state: State
    gateway: WebhookGateway
    on_body: Callable[[str, Any], None]
    on_line: Callable[[str, int, str], None]
    on_failure: Callable[[BaseException], None]


class Relay:
    """The four lanes of a run, one for each kind of event."""

    def __init__(
        self, flow: Flow, connect: Callable[[str], Broker], encryptor: Encryptor, destinations: Destinations
    ) -> None:
        self._flow = flow
        self._encryptor = encryptor
        self._to = destinations
        self.sending = threading.RLock()  # while it is held, no message is about to enter a queue
        self._evaluator = Evaluator(flow.edges, flow.variables)
        self._warned: list[Edge] = []
        handlers: Mapping[str, Handler] = {
            DATA: self._data,
            ERROR: self._error,
            SNAPSHOT: self._snapshot,
            REPLY: self._reply,
        }
        self._lanes = {kind: Lane(kind, connect(kind), handlers[kind], destinations.on_failure) for kind in KINDS}

    def start(self) -> None:
        """Start to relay."""
        self._evaluator.start()
        for lane in self._lanes.values():
            lane.start()

    def stop(self) -> None:
        """Relay the delivered events, and stop."""
        for lane in self._lanes.values():
            lane.stop()
        self._evaluator.close()

    def abort(self) -> None:
        """End the evaluation in progress and refuse further ones. Their messages fail."""
        self._evaluator.close()

    def settle(self) -> None:
        """Return when all events that steps have emitted so far are relayed."""
        for lane in self._lanes.values():
            lane.pass_fence()

    def send(self, step_id: str, message: Mapping[str, Any], headers: Mapping[str, Any]) -> None:
        """Publish a message to a step's queue. Returns after the broker's confirm."""
        payload = self._encryptor.encode(message, 2)
        tracking_id = str(uuid.uuid4())
        sent = {**headers, "protocolVersion": 2, TRACKING_ID: tracking_id}
        publication = Publication(input_key(step_id), payload, sent)
        with self.sending:
            self._to.progress.sent(step_id, tracking_id)
            publish_and_wait(self._lanes[DATA].broker, publication)

    def _data(self, headers: Mapping[str, Any], payload: bytes) -> None:
        step_id = str(headers["stepId"])
        message = self._encryptor.decode(payload, protocol_version(headers))
        self._to.progress.emitted(step_id)
        if self._flow.steps[step_id].is_console:
            self._to.on_body(step_id, message.get("body"))
        edges, is_carried = self._flow.edges_from(step_id), False
        for edge in edges:
            is_carried = self._carry(edge, message, headers) or is_carried
        if edges and not is_carried:
            log.debug("A message of %s takes no edge: all conditions are false", step_id)

    def _carry(self, edge: Edge, message: Mapping[str, Any], headers: Mapping[str, Any]) -> bool:
        """Send a message along an edge; returns whether the condition is true, or has failed."""
        try:
            carried = self._evaluator.carry(edge, message)
            if carried.warning:
                self._warn(edge, carried.warning)
            if carried.message is None:
                return False
            self.send(edge.target, carried.message, headers)
        except (MappingError, MessageError) as error:
            text = f"edge to {edge.target}: {error}"
            self._to.progress.failed(Failure(edge.source, text, headers.get("messageId")))
            if self._flow.trigger.answered_by != self._flow.trigger.id:  # the step that replies receives no message
                self._to.gateway.failed(str(headers.get("threadId")))
        return True

    def _warn(self, edge: Edge, text: str) -> None:
        if not any(edge is known for known in self._warned):
            self._warned.append(edge)
            self._to.on_line(edge.source, logging.WARNING, f"edge to {edge.target}: {text}")

    def _error(self, headers: Mapping[str, Any], payload: bytes) -> None:
        error = self._encryptor.decode(json.loads(payload)["error"].encode(), 1)
        text = f"{error.get('name')}: {error.get('message')}"
        stack = str(error.get("stack") or "")
        self._to.progress.failed(Failure(str(headers["stepId"]), text, headers.get("parentMessageId"), stack))

    def _snapshot(self, headers: Mapping[str, Any], payload: bytes) -> None:
        snapshot, step_id = json.loads(payload), str(headers["stepId"])
        try:
            if headers.get("snapshotEvent") == "updateSnapshot":
                self._to.state.update_snapshot(step_id, snapshot)
            else:
                self._to.state.replace_snapshot(step_id, snapshot)
        except SnapshotError as error:
            self._to.progress.failed(Failure(step_id, str(error), headers.get("parentMessageId")))

    def _reply(self, headers: Mapping[str, Any], payload: bytes) -> None:
        thread_id = str(headers.get("threadId"))
        if headers.get("x-eio-error-response"):
            self._to.gateway.failed(thread_id)
        else:
            self._to.gateway.replied(thread_id, str(headers["stepId"]), self._encryptor.decode(payload, 1))
