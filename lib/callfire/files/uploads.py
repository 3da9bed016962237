"""Operations that upload a file: it is sent as multipart/form-data while it is being read."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from elasticio import Message, Step

from lib.callfire.api.client import StreamedBody, client_for
from lib.callfire.api.errors import InvalidInput
from lib.callfire.api.timeout import request_timeout
from lib.callfire.files import sources
from lib.callfire.files.content import checked_file
from lib.callfire.files.sources import Source, SourceFile
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import rebounding
from lib.callfire.operation.fields import Field, model
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.request import plain

FILE = model(
    "file", "File", "The file if it is not an attachment of the message: its URL, or its content and file name."
)


@dataclass(frozen=True)
class UploadOperation(Operation):
    """An operation that uploads one file, from the message's attachment or from its input `file`.

    form  the other parts of the multipart form
    rows  an input with a list of objects that may be given instead of a file and is sent as CSV
    """

    form: tuple[Field, ...] = ()
    rows: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs: the file, the rest of the form, then the query."""
        return (FILE, *((self.rows,) if self.rows else ()), *self.form, *self.query)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Upload the file and emit CallFire's answer."""
        with rebounding(config):
            yield {"body": self.upload(step, message, config)}

    def upload(self, step: Step, message: Message, config: Config) -> dict[str, Any]:
        """Upload the file and return the body to emit."""
        values = self.inputs(message.body, config)
        source = sources.choose(step, message, values, request_timeout(config))
        parts = {field.name: plain(values[field.name]) for field in self.form if field.name in values}
        boundary = secrets.token_hex(16)
        with ExitStack() as held:
            opened = self.prepared(source, values, step, held)

            def body() -> StreamedBody:
                return encode(opened(), parts, boundary)

            headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
            request = replace(self.request(values), body=body, headers=headers)
            return self.answered(client_for(config).call(request), values)

    def prepared(self, source: Source, values: Mapping[str, Any], step: Step, held: ExitStack) -> Source:  # noqa: ARG002
        """Return the source of what is uploaded. It raises `InvalidInput` for a file that must not be uploaded.

        `held` closes what is needed until the upload is over.
        """
        return lambda: checked_file(source())


def encode(file: SourceFile, parts: Mapping[str, str], boundary: str) -> StreamedBody:
    """Return a multipart form with its file last; with its length if the size of the file is known."""
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(file.name)}"\r\n'
        f"Content-Type: {_one_line(file.content_type)}\r\n\r\n"
    )
    start, end = head.encode(errors="replace"), f"\r\n--{boundary}--\r\n".encode("ascii")
    size = None if file.size is None else len(start) + file.size + len(end)
    return StreamedBody(_joined(start, file, end), size)


def _joined(start: bytes, file: SourceFile, end: bytes) -> Iterator[bytes]:
    yield start
    count = 0
    for piece in file.pieces:
        count += len(piece)
        if file.size is not None and count > file.size:
            break
        yield piece
    # Without the end of the form, CallFire cannot mistake a part of a file for the whole.
    if file.size is not None and count != file.size:
        raise InvalidInput(f"file: its size changed while it was read (announced: {file.size} bytes).")
    yield end


def _one_line(content_type: str) -> str:
    """Return a media type without what would end the header line, whatever the message contains."""
    return re.sub(r"[^ -~]", "", content_type)


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
