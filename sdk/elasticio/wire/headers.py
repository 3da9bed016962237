"""The AMQP headers of a step's publications."""

import uuid
from collections.abc import Mapping
from typing import Any

from elasticio.wire.incoming import META_PREFIX, Incoming
from elasticio.wire.publication import Headers

_ROUTING_KEY = "x-eio-routing-key"
_FROM_OUTSIDE = ("reply_to",)


def identity(
    *,
    exec_id: str,
    flow_id: str,
    workspace_id: str,
    container_id: str,
    user_id: str,
    step_id: str,
    comp_id: str,
    function: str,
) -> Headers:
    """Return the headers that identify the publishing step. They are the same for all its publications."""
    return {
        "execId": exec_id,
        "taskId": flow_id,
        "workspaceId": workspace_id,
        "containerId": container_id,
        "userId": user_id,
        "stepId": step_id,
        "compId": comp_id,
        "function": function,
    }


def outgoing(incoming: Incoming, identity: Headers, additional: Mapping[str, str], start: int) -> Headers:
    """Return the headers that all publications for one incoming message share.

    additional  the variables that ADDITIONAL_VARS_FOR_HEADERS names; they may replace `reply_to`
    start       the start of the processing, in Unix milliseconds
    """
    headers: dict[str, Any] = dict(incoming.meta)
    if incoming.reply_to:
        headers["reply_to"] = incoming.reply_to
    headers.update(additional)
    if incoming.message_id is not None:
        headers["parentMessageId"] = incoming.message_id
    headers["threadId"] = incoming.thread_id
    headers["messageId"] = new_id()
    headers.update(identity)
    headers["start"] = start
    return headers


def new_id() -> str:
    """Return a new UUID for a message or a thread of messages."""
    return str(uuid.uuid4())


def without_outside(headers: Headers) -> Headers:
    """Return the headers without those that another step or a client can set to any value."""
    return {
        name: value for name, value in headers.items() if name not in _FROM_OUTSIDE and not name.startswith(META_PREFIX)
    }


def split_routing_key(headers: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the routing key in a message's own headers (None without one), and the remaining headers."""
    chosen = None
    rest = {}
    for name, value in headers.items():
        if isinstance(name, str) and name.lower() == _ROUTING_KEY:
            chosen = value or None
        else:
            rest[name] = value
    return chosen, rest
