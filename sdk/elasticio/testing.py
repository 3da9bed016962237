"""Test helpers for components: a step without a platform, and a function that calls `process` like the runtime.

    from elasticio import Message
    from elasticio.testing import FakeStep, run

    from lib.actions import greet

    def test_greeting():
        [message] = run(greet, Message(body={"names": ["Ada"]}), {"greeting": "Hello"})
        assert message.body == {"text": "Hello, Ada!"}

Run mode never imports this module.
"""

import inspect
import io
import json
from collections.abc import Callable, Mapping
from types import GeneratorType, ModuleType
from typing import Any, get_args

from elasticio.errors import ComponentError, MessageError
from elasticio.platform.attachments import Attachments
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.files import Content, FileContent, FileReader
from elasticio.runtime.step import Event, Step
from elasticio.wire import events
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import new_id
from elasticio.wire.incoming import Incoming
from elasticio.wire.json import to_json
from elasticio.wire.message import Message

__all__ = ["FakeStep", "MemoryAttachments", "run"]

_ENCRYPTOR = Encryptor("a password for tests", "0123456789abcdef")
_SIZE_LIMIT = 10_485_760  # bytes, the default of OUTGOING_MESSAGE_SIZE_LIMIT


class MemoryAttachments(Attachments):
    """Attachments in memory. `files` is {name: (content, content type)}: `add` stores in it, `open` reads from it.

    `fetch` is the runtime's own method. `egress` lists the servers that it may contact in addition to public ones, in
    the format of ELASTICIO_EGRESS_ALLOW.
    """

    def __init__(self, files: Mapping[str, tuple[bytes, str | None]] | None = None, egress: str = "") -> None:
        super().__init__(None, None, EgressPolicy.parse(egress))
        self.files: dict[str, tuple[bytes, str | None]] = dict(files or {})

    def open(self, message: Message | Mapping[str, Any], name: str) -> FileReader:
        """Return the file of that name; raises MessageError if the message or `files` does not contain it."""
        named = message.attachments if isinstance(message, Message) else message.get("attachments") or {}
        if name not in named or name not in self.files:
            raise MessageError(f"the message has no attachment {name!r}")
        content, content_type = self.files[name]
        kind = content_type or "application/octet-stream"
        return FileReader(io.BytesIO(content), f"attachment {name!r}", name=name, content_type=kind, size=len(content))

    def add(self, name: str, stream: Content, content_type: str | None = None) -> dict[str, Any]:
        """Store a file in memory and return the entry for `attachments` of a message."""
        content = b"".join(FileContent(name, stream))
        self.files[name] = (content, content_type)
        return {"url": f"memory:{name}", "content-type": content_type, "size": len(content)}


class FakeStep(Step):
    """A step that records emitted events. All attributes of `Step` can be set.

    emitted  [(event, payload)], in the order of emission
    data     the emitted messages

    `emit` raises the runtime's errors: ComponentError for an unknown event and for data that is not a message, and
    MessageError for an invalid payload.
    """

    attachments: MemoryAttachments

    def __init__(
        self,
        *,
        incoming: Incoming | None = None,
        is_debug: bool = False,
        variables: Mapping[str, Any] | None = None,
        attachments: MemoryAttachments | None = None,
        flow_id: str = "flow",
        step_id: str = "step",
    ) -> None:
        super().__init__(
            variables=variables or {},
            attachments=attachments or MemoryAttachments(),
            incoming=incoming or Incoming(thread_id="thread", message_id=new_id()),
            is_debug=is_debug,
            flow_id=flow_id,
            step_id=step_id,
            _emit=self._record,
        )
        self.emitted: list[tuple[str, Any]] = []

    @property
    def data(self) -> list[Message]:
        """The emitted messages, without other events."""
        return [
            payload if isinstance(payload, Message) else Message.from_dict(payload)
            for event, payload in self.emitted
            if event == "data"
        ]

    def _record(self, event: str, payload: Any) -> None:
        if event not in get_args(Event):
            raise ComponentError(f"unknown event {event!r}; allowed: {', '.join(get_args(Event))}")
        if event == "data":
            to_json(events.emitted_message(payload))
        elif event == "snapshot":
            events.snapshot(payload, {}, routing_key="")
        elif event == "updateSnapshot":
            events.update_snapshot(payload, {}, routing_key="")
        elif event == "httpReply":
            reply_to = self.incoming.reply_to
            events.http_reply(payload, {}, reply_to=reply_to, encryptor=_ENCRYPTOR, size_limit=_SIZE_LIMIT)
        self.emitted.append((event, payload))


def run(
    process: Callable[..., Any] | ModuleType,
    message: Message | Mapping[str, Any],
    config: Mapping[str, Any] | None = None,
    snapshot: Any = None,
    *,
    step: FakeStep | None = None,
) -> list[Message]:
    """Process one message with a function, or with `process` of a module, and return the emitted messages.

    Results that the function returns or yields are emitted as data. `step.emitted` contains other events. Raises the
    function's exceptions, including `Rebound`.
    """
    function = process.process if isinstance(process, ModuleType) else process
    step = step or FakeStep()
    given = message if isinstance(message, Message) else Message.from_dict(message)
    copies = json.loads(json.dumps([config or {}, {} if snapshot is None else snapshot]))
    result = function(step, given, *copies)
    if inspect.iscoroutine(result) or inspect.isasyncgen(result):
        if inspect.iscoroutine(result):
            result.close()
        raise ComponentError("process is an async function; it must be a plain function or a generator")
    for item in result if isinstance(result, GeneratorType) else (result,):
        if item is not None:
            step.emit("data", item)
    return step.data
