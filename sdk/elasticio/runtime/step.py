"""The interface of the runtime that a component uses while it processes a message."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypedDict, overload

from elasticio.platform.attachments import Attachments
from elasticio.runtime.logging import ComponentLogger
from elasticio.wire.incoming import Incoming
from elasticio.wire.message import Message

Event = Literal["data", "error", "rebound", "snapshot", "updateSnapshot", "updateKeys", "httpReply"]
"""The events that `Step.emit` accepts."""


class HttpReply(TypedDict, total=False):
    """The payload of `httpReply`: the response to the HTTP request that started the flow."""

    statusCode: int
    headers: Mapping[str, str]
    body: Any


class EmittedError(TypedDict, total=False):
    """An error as a dict, for `Step.emit`. `message` is required."""

    name: str
    message: str
    stack: str


@dataclass(frozen=True)
class Step:
    """The first argument of `process`.

    variables    the flow's variables, {name: value}
    attachments  reads and writes files in the platform's storage
    incoming     facts about the message: redelivered, rebounds, message_id, thread_id, started and more
    is_debug     whether the flow's designer asks for a sample ("Retrieve sample")
    flow_id      the flow this step belongs to
    step_id      this step in the flow
    """

    variables: Mapping[str, Any]
    attachments: Attachments
    incoming: Incoming
    is_debug: bool
    flow_id: str
    step_id: str
    _emit: Callable[[str, Any], None] = field(repr=False)

    @cached_property
    def logger(self) -> logging.Logger:
        """A standard logger. Its lines contain the message's IDs."""
        return ComponentLogger(self.incoming.identifiers)

    @overload
    def emit(self, event: Literal["data"], payload: Message | Mapping[str, Any]) -> None: ...
    @overload
    def emit(self, event: Literal["error"], payload: BaseException | str | EmittedError) -> None: ...
    @overload
    def emit(self, event: Literal["rebound"], payload: BaseException | str | EmittedError) -> None: ...
    @overload
    def emit(self, event: Literal["snapshot"], payload: Any = None) -> None: ...
    @overload
    def emit(self, event: Literal["updateSnapshot", "updateKeys"], payload: Mapping[str, Any]) -> None: ...
    @overload
    def emit(self, event: Literal["httpReply"], payload: HttpReply) -> None: ...

    def emit(self, event: str, payload: Any = None) -> None:
        """Emit an event. Returns after the broker has confirmed this event and all earlier ones.

        data            a Message, or a dict with `body`: is sent to the next steps
        error           an exception or a text: is sent to the flow's errors; the message is rejected at its end
        rebound         a reason: after `process` has ended, the message is delivered again with a delay
        snapshot        any JSON value: replaces the step's snapshot
        updateSnapshot  a dict: is merged into the snapshot at the top level
        updateKeys      a dict: replaces the keys of the step's credential
        httpReply       {"statusCode", "headers", "body"}: is the response to the request that started the flow

        Raises MessageError if the payload cannot be sent, e.g. too large, not JSON, or no request waits for a reply.
        Raises ComponentError for an unknown event, and after `process` has ended. Raises PlatformError or BrokerError
        if the platform or the broker refuses the event.
        """
        self._emit(event, payload)
