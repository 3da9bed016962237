"""The AMQP headers of a message: what an incoming one says, and what an outgoing one must say."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticio.runtime.settings import Settings

META_PREFIX = "x-eio-meta-"
ROUTING_KEY = "x-eio-routing-key"


@dataclass(frozen=True, slots=True)
class Incoming:
    """The facts that came with a message.

    Messages that belong together share `thread_id`; it is made up where nothing tells it. `redelivered` means that the
    broker had handed the message out before, so that its effect may have happened already; `rebounds` counts how often
    this step has asked for the message to come again later. `reply_to` is the routing key of whoever waits for an
    answer. `started` is when the step that emitted the message began with it, in Unix milliseconds; it stays the same
    when the message comes again. `published` is when it was put into the queue: by that step, or by this one when it
    asked for it to come again later.
    """

    thread_id: str
    message_id: str | None = None
    parent_message_id: str | None = None
    step_id: str | None = None
    reply_to: str | None = None
    redelivered: bool = False
    rebounds: int = 0
    started: int | None = None
    published: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, headers: Mapping[str, Any], redelivered: bool = False) -> "Incoming":
        """Read the headers of a delivery."""
        meta = {name.lower(): value for name, value in headers.items() if name.lower().startswith(META_PREFIX)}
        return cls(
            thread_id=headers.get("threadId") or meta.get(META_PREFIX + "trace-id") or new_id(),
            message_id=headers.get("messageId"),
            parent_message_id=headers.get("parentMessageId"),
            step_id=headers.get("stepId"),
            reply_to=headers.get("reply_to") or None,
            redelivered=redelivered,
            rebounds=_number(headers.get("reboundIteration")) or 0,
            started=_number(headers.get("start")),
            published=_number(headers.get("end")),
            meta=meta,
        )


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def outgoing(settings: Settings, incoming: Incoming) -> dict[str, Any]:
    """Return the headers that all messages emitted for one incoming message share."""
    headers = {
        **incoming.meta,
        "reply_to": incoming.reply_to,
        **settings.additional_headers,
        "parentMessageId": incoming.message_id,
        "threadId": incoming.thread_id,
        "messageId": new_id(),
        **identity(settings),
        "start": now(),
    }
    return {name: value for name, value in headers.items() if value is not None}


def identity(settings: Settings) -> dict[str, Any]:
    """Return the headers that say which step of which flow publishes."""
    return {
        "execId": settings.exec_id,
        "taskId": settings.flow_id,
        "workspaceId": settings.workspace_id,
        "containerId": settings.container_id,
        "userId": settings.user_id,
        "stepId": settings.step_id,
        "compId": settings.comp_id,
        "function": settings.function,
    }


def new_id() -> str:
    """Return an id for a message or a thread of messages."""
    return str(uuid.uuid4())


def now() -> int:
    """Return the time as the platform writes it: Unix milliseconds."""
    return time.time_ns() // 1_000_000


def split_routing_key(headers: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Take the routing key that a message chose for itself out of its headers."""
    chosen = [value for name, value in headers.items() if name.lower() == ROUTING_KEY]
    rest = {name: value for name, value in headers.items() if name.lower() != ROUTING_KEY}
    return (chosen[-1] if chosen else None) or None, rest
