"""What a component sees of the runtime while it works on a message."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticio.platform.attachments import Attachments
from elasticio.wire.headers import Incoming


@dataclass(frozen=True)
class Step:
    """The first argument of `process`.

    logger       a standard logger; its lines carry the message's ids
    variables    the flow's variables, {name: value}
    attachments  reads and writes files in the platform's storage
    incoming     facts about the message: redelivered, rebounds, message_id, thread_id, started and more
    is_debug     whether the flow's designer asks for a sample ("Retrieve sample")
    flow_id      the flow this step belongs to
    step_id      this step in it
    """

    logger: logging.Logger
    variables: Mapping[str, Any]
    attachments: Attachments
    incoming: Incoming
    is_debug: bool
    flow_id: str
    step_id: str
    _emit: Callable[[str, Any], None] = field(repr=False)

    def emit(self, event: str, payload: Any = None) -> None:
        """Emit an event; returns once the broker has confirmed it, and all that was emitted before.

        data            a Message, or a dict with `body`: goes to the next steps
        error           an exception or a text: goes to the flow's errors, and the message counts as failed
        rebound         a reason: the message comes again later; done when `process` has ended and all else is confirmed
        snapshot        any JSON value: replaces the step's snapshot
        updateSnapshot  a dict: merged into the snapshot at the top level
        updateKeys      a dict: the new keys of the account that the step uses
        httpReply       {"statusCode", "headers", "body"}: answers the request that started the flow

        Raises MessageError where the payload cannot be sent (too large, no JSON, nobody waits for a reply, …),
        ComponentError for an unknown event, PlatformError or BrokerError where the other side refuses.
        """
        self._emit(event, payload)
