"""Carries what steps emit to where it belongs: data over the edges to the next steps, snapshots into the state, errors
into the summary, replies to the gateway. It does the part of the platform that lies between two steps.

A message is acked only when all that comes of it is confirmed, as in a step.
"""

import json
import logging
import queue
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from elasticio.broker import Broker, Delivery, Publication
from elasticio.errors import MessageError
from elasticio.runtime.confirms import publish_and_wait
from elasticio.runtime.emitter import protocol_version
from elasticio.wire.encryption import Encryptor

from elasticio_runner.engine.progress import Failure, Progress
from elasticio_runner.engine.queues import DATA, ERROR, KINDS, REPLY, SNAPSHOT, fence_key, input_key
from elasticio_runner.engine.state_file import State
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.local_platform.webhook_gateway import Gateway
from elasticio_runner.mapping.edge import Edge, MappingError

log = logging.getLogger("sailor")

_FENCE = "x-flow-fence"
Handler = Callable[[Mapping[str, Any], bytes], None]


class Lane:
    """Reads one queue, one message after the other, in a thread of its own."""

    def __init__(self, kind: str, broker: Broker, handle: Handler, on_failure: Callable[[BaseException], None]) -> None:
        self._kind = kind
        self.broker = broker
        self._handle = handle
        self._on_failure = on_failure
        self._inbox: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._fences: dict[str, threading.Event] = {}
        self._thread = threading.Thread(target=self._work, name=f"relay-{kind}", daemon=True)

    def start(self) -> None:
        """Connect and begin to read."""
        self.broker.connect()
        self.broker.consume(self._inbox.put)
        self._thread.start()

    def stop(self) -> None:
        """Finish what has been delivered and close."""
        self.broker.stop_consuming()
        self._inbox.put(None)
        self._thread.join()
        self.broker.close()

    def pass_fence(self) -> None:
        """Return when all that is in the queue now has been handled: a message of our own goes behind it."""
        fence, passed = str(uuid.uuid4()), threading.Event()
        self._fences[fence] = passed
        publish_and_wait(self.broker, Publication(fence_key(self._kind), b"", {_FENCE: fence}))
        passed.wait()

    def _work(self) -> None:
        while delivery := self._inbox.get():
            headers = delivery.headers or {}
            if passed := self._fences.pop(str(headers.get(_FENCE)), None):
                passed.set()
            elif _FENCE not in headers:
                try:
                    self._handle(headers, delivery.body)
                except Exception as error:  # noqa: BLE001 (the run has to end: this message is not where it belongs)
                    self._on_failure(error)
                    continue
            delivery.ack()


class Relay:
    """The four lanes of a run. `on_failure` hears when one of them cannot go on, `on_body` what a console gets."""

    def __init__(
        self,
        flow: Flow,
        connect: Callable[[str], Broker],
        encryptor: Encryptor,
        *,
        progress: Progress,
        state: State,
        gateway: Gateway,
        on_body: Callable[[str, Any], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._flow = flow
        self._encryptor = encryptor
        self._progress = progress
        self._state = state
        self._gateway = gateway
        self._on_body = on_body
        handlers: Mapping[str, Handler] = {
            DATA: self._data,
            ERROR: self._error,
            SNAPSHOT: self._snapshot,
            REPLY: self._reply,
        }
        self.sending = threading.RLock()  # whoever holds it knows that nothing is on its way into a queue
        self._lanes = {kind: Lane(kind, connect(kind), handlers[kind], on_failure) for kind in KINDS}

    def start(self) -> None:
        """Begin to carry."""
        for lane in self._lanes.values():
            lane.start()

    def stop(self) -> None:
        """Carry what has come in and stop."""
        for lane in self._lanes.values():
            lane.stop()

    def settle(self) -> None:
        """Return when all that steps have emitted until now has been carried on."""
        for lane in self._lanes.values():
            lane.pass_fence()

    def send(self, step_id: str, message: Mapping[str, Any], headers: Mapping[str, Any]) -> None:
        """Put a message into a step's queue; returns when the broker has confirmed it."""
        payload = self._encryptor.encode(message, 2)
        publication = Publication(input_key(step_id), payload, {**headers, "protocolVersion": 2})
        with self.sending:
            self._progress.sent(step_id)
            publish_and_wait(self._lanes[DATA].broker, publication)

    def _data(self, headers: Mapping[str, Any], payload: bytes) -> None:
        step_id = str(headers["stepId"])
        message = self._encryptor.decode(payload, protocol_version(headers))
        self._progress.emitted(step_id)
        if self._flow.steps[step_id].is_console:
            self._on_body(step_id, message.get("body"))
        for edge in self._flow.edges_from(step_id):
            self._carry(edge, message, headers)

    def _carry(self, edge: Edge, message: Mapping[str, Any], headers: Mapping[str, Any]) -> None:
        try:
            carried = edge.carry(message, self._flow.variables)
            if carried is not None:
                self.send(edge.target, carried, headers)
        except (MappingError, MessageError) as error:
            text = f"on the way to {edge.target}: {error}"
            self._progress.failed(Failure(edge.source, text, headers.get("messageId")))

    def _error(self, headers: Mapping[str, Any], payload: bytes) -> None:
        error = self._encryptor.decode(json.loads(payload)["error"].encode(), 1)
        text = f"{error.get('name')}: {error.get('message')}"
        self._progress.failed(Failure(str(headers["stepId"]), text, headers.get("parentMessageId")))

    def _snapshot(self, headers: Mapping[str, Any], payload: bytes) -> None:
        snapshot, step_id = json.loads(payload), str(headers["stepId"])
        if headers.get("snapshotEvent") == "updateSnapshot":
            self._state.update_snapshot(step_id, snapshot)
        else:
            self._state.replace_snapshot(step_id, snapshot)

    def _reply(self, headers: Mapping[str, Any], payload: bytes) -> None:
        thread_id = str(headers.get("threadId"))
        if headers.get("x-eio-error-response"):
            self._gateway.failed(thread_id)
        else:
            self._gateway.replied(thread_id, str(headers["stepId"]), self._encryptor.decode(payload, 1))
