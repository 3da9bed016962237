"""Operations that take a file, sent on as multipart/form-data while it is being read."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import StreamedBody, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.api.timeout import request_timeout
from lib.callfire.files import sources
from lib.callfire.files.sources import Opened
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, model
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.request import plain

FILE = model(
    "file",
    "File",
    "The file, where it is not an attachment of the message: either its address, or its content and name.",
)


@dataclass(frozen=True)
class UploadOperation(Operation):
    """An operation that takes one file, from the message's attachment or from its input `file`.

    form  the other parts of the form
    rows  a list of objects that may be given in place of a file, sent as CSV
    """

    form: tuple[Field, ...] = ()
    rows: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs: the file, the rest of the form, then the query."""
        return (FILE, *((self.rows,) if self.rows else ()), *self.form, *self.query)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Send the file on and emit what CallFire answers."""
        with rebounding(config):
            values = self.inputs(message.body, config)
            source = sources.choose(step, message, values, request_timeout(config))
            parts = {field.name: plain(values[field.name]) for field in self.form if field.name in values}
            boundary = secrets.token_hex(16)
            request = replace(
                self.request(values),
                body=lambda: encode(source(), parts, boundary),
                headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
            )
            yield {"body": self.answered(client_for(config).call(request), values)}


def encode(file: Opened, parts: Mapping[str, str], boundary: str) -> StreamedBody:
    """Write a form with its file last, and say how long it is where the file's size is known."""
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(file.name)}"\r\n'
        f"Content-Type: {_plain(file.kind)}\r\n\r\n"
    )
    start, end = head.encode(), f"\r\n--{boundary}--\r\n".encode("ascii")
    size = None if file.size is None else len(start) + file.size + len(end)
    return StreamedBody(_joined(start, file, end), size)


def _joined(start: bytes, file: Opened, end: bytes) -> Iterator[bytes]:
    yield start
    count = 0
    for piece in file.pieces:
        count += len(piece)
        if file.size is not None and count > file.size:
            break
        yield piece
    # Without the end of the form CallFire cannot take half a file for a whole one.
    if file.size is not None and count != file.size:
        raise InvalidInput(f"file: its size changed while it was read (said to be {file.size} bytes)")
    yield end


def _plain(kind: str) -> str:
    """A media type on one line, whatever the message said."""
    return re.sub(r"[^ -~]", "", kind)


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
