"""The processing of one message, from its delivery to its settlement.

    decode ──► process ──► results are published
      │           │
      │           ├─ returned ───────────────► results confirmed ──► ack
      │           ├─ raised or emitted error ► error confirmed ────► reject
      │           └─ rebounded ──────────────► results confirmed ──► replaced by its rebound
      └─ unreadable ──► rejected, with one log line

Every exception of the component becomes the message's error. If that error cannot be published, the message stays
unsettled and the process ends. The broker then redelivers the message to the next process.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from elasticio.broker import Delivery, Publication
from elasticio.errors import BrokerError, ComponentError, MessageError, Rebound
from elasticio.runtime import forks
from elasticio.runtime.context import StepContext
from elasticio.runtime.emitter import Emitter
from elasticio.runtime.failure import in_log
from elasticio.runtime.step import Step
from elasticio.wire.incoming import Incoming, read
from elasticio.wire.json import parse_any
from elasticio.wire.message import Message, is_light

log = logging.getLogger("sailor")


def begin(context: StepContext, delivery: Delivery) -> None:
    """Let a worker process a delivery; returns at once."""
    context.workers.start(Execution(context, delivery))


class Execution:
    """The processing of one message.

    A worker decodes and processes the message. It does not wait for the confirms of the results: the thread that
    receives the last confirm settles the message.

    started  time of the delivery, on the monotonic clock
    """

    def __init__(self, context: StepContext, delivery: Delivery) -> None:
        self._context = context
        self._delivery = delivery
        self._emitter: Emitter
        self._late_failure: BrokerError | MessageError
        self._incoming: Incoming | None = None
        self.started = time.monotonic()

    @property
    def identifiers(self) -> Mapping[str, Any]:
        """The message's IDs for log lines; empty until the headers are read."""
        return self._incoming.identifiers if self._incoming else {}

    def run(self) -> None:
        """Process the message. It is settled when its results are confirmed."""
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 (without this the message would never be settled)
            self._context.workers.end(self, error)

    def _run(self) -> None:
        delivery, context = self._delivery, self._context
        try:
            if delivery.unreadable:
                raise MessageError(delivery.unreadable)
            message, incoming = read(
                delivery.body,
                delivery.headers,
                context.encryptor,
                context.settings.input_format,
                redelivered=delivery.redelivered,
            )
        except Exception as error:  # noqa: BLE001 (no message may stop the step, even if this code has a bug)
            self._incoming = Incoming.read(delivery.headers or {}, delivery.redelivered)
            self._reject_unreadable(error)
            return
        self._incoming = incoming
        self._emitter = Emitter(context, delivery, incoming)
        try:
            self._process(message, incoming)
        except BaseException as error:  # noqa: BLE001 (every exception of a component is its message's error)
            self._fail(error)
            return
        if self._emitter.rebound:
            self._replace_by_rebound(self._emitter.rebound)
        else:
            self._emitter.confirms.at_end(self._confirmed)

    def _process(self, message: Mapping[str, Any], incoming: Incoming) -> None:
        """Call the component and emit its results."""
        context, emitter = self._context, self._emitter
        may_be_light = message["headers"] or message.get("passthrough")  # only these contain IDs of stored bodies
        if may_be_light and is_light(message) and context.function.resolves_references:
            message = context.bodies.resolve(message)
        emitter.message = message
        step = Step(
            variables=dict(context.data.variables),
            attachments=context.attachments,
            incoming=incoming,
            is_debug=context.settings.flow_type == "debug",
            flow_id=context.settings.flow_id,
            step_id=context.settings.step_id,
            _emit=emitter.emit,
        )
        config, snapshot = parse_any(context.data.config_json), parse_any(context.data.snapshot.json)  # fresh copies
        try:
            self._emit_results(context.process(step, Message.from_dict(message), config, snapshot))
        except Rebound as reason:
            emitter.send("rebound", reason)
        finally:
            if forks.is_child:
                forks.end_child()
            emitter.close()
        if emitter.rebound:
            emitter.confirms.wait()  # a message must not be replaced before its results are confirmed

    def _emit_results(self, result: Any) -> None:
        if isinstance(result, GeneratorType):
            with closing(result):
                for item in result:
                    if item is not None:
                        self._emitter.send("data", item)
        elif isinstance(result, CoroutineType | AsyncGeneratorType):
            if isinstance(result, CoroutineType):
                result.close()
            raise ComponentError("process is an async function; it must be a plain function or a generator")
        elif result is not None:
            self._emitter.send("data", result)

    def _confirmed(self, failure: BrokerError | MessageError | None) -> None:
        """Settle the message after the last confirm; `failure` is the error of a publication that failed."""
        if failure:
            self._late_failure = failure
            self._context.workers.submit(self._fail_late)
        elif self._emitter.failed:
            self._reject()
        else:
            self._ack()

    def _fail_late(self) -> None:
        try:
            self._fail(self._late_failure)
        except BaseException as error:  # noqa: BLE001 (as in run)
            self._context.workers.end(self, error)

    def _fail(self, error: BaseException) -> None:
        """Publish the message's error and reject it."""
        log.error("%s failed with %s", self._context.settings.function, in_log(error), extra=self._in_log)
        with suppress(BrokerError, MessageError):
            self._emitter.confirms.wait()  # a failed result must not prevent the error
        self._emitter.fail(error)
        self._reject()

    # Settlement

    def _ack(self) -> None:
        """Acknowledge the message: its results are confirmed."""
        self._delivery.ack()
        self._settled("ack")

    def _reject(self) -> None:
        """Reject the message: its error is confirmed."""
        self._delivery.reject()
        self._settled("reject")

    def _replace_by_rebound(self, rebound: Publication) -> None:
        """Replace the message by its rebound in one transaction. If that fails, the broker redelivers the message."""
        try:
            is_replaced = self._delivery.replace((rebound,), failed=False)
        except MessageError as error:
            self._fail(error)
            return
        if not is_replaced:
            log.warning("Connection lost during a rebound; the broker will redeliver the message", extra=self._in_log)
            self._context.workers.end(self)
            return
        reason, number = self._emitter.reason, rebound.headers["reboundIteration"]
        delay = int(rebound.properties["expiration"]) / 1000
        log.warning("Rebounded: %s (delay=%.10g s, rebounds=%d)", reason, delay, number, extra=self._in_log)
        self._settled("ack")

    def _reject_unreadable(self, error: Exception) -> None:
        """Reject a message that cannot be decoded. No error is published for it."""
        text = str(error) if isinstance(error, MessageError) else in_log(error)
        log.error("Rejected an unreadable message: %s", text, extra=self._in_log)
        self._delivery.reject()
        self._context.workers.end(self)

    def _settled(self, outcome: str) -> None:
        if log.isEnabledFor(logging.DEBUG):
            facts = {
                "outcome": outcome,
                "emitted": dict(+self._emitter.emitted),
                "durationMs": round((time.monotonic() - self.started) * 1000, 1),
            }
            log.debug("message settled", extra={"context": {**self.identifiers, **facts}})
        self._context.workers.end(self)

    @property
    def _in_log(self) -> dict[str, Mapping[str, Any]]:
        return {"context": self.identifiers}
