"""Uploads: files are streamed as multipart/form-data."""

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
    "file", "File", "The file, unless it is an attachment of the message: its URL, or its content and file name."
)


@dataclass(frozen=True)
class UploadOperation(Operation):
    """An operation that uploads one file: an attachment of the message, or the input `file`.

    form  the other inputs of the multipart form
    rows  an input with a list of objects, which is sent as CSV instead of a file
    """

    form: tuple[Field, ...] = ()
    rows: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All inputs: the file, the other inputs of the form, and the query."""
        return (FILE, *((self.rows,) if self.rows else ()), *self.form, *self.query)

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Upload the file and emit CallFire's response."""
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
        """Return the checked source, which raises `InvalidInput` for a file that must not be uploaded.

        `held` closes resources after the upload.
        """
        return lambda: checked_file(source())


def encode(file: SourceFile, parts: Mapping[str, str], boundary: str) -> StreamedBody:
    """Return a multipart form with the file as the last part. Its size is None if the size of the file is unknown."""
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
    # Without the end of the form, CallFire rejects an incomplete file.
    if file.size is not None and count != file.size:
        raise InvalidInput(
            f"file: its size changed during the upload (announced: {file.size} bytes). Retry with a complete file."
        )
    yield end


def _one_line(content_type: str) -> str:
    """Return a media type without characters that are invalid in a header."""
    return re.sub(r"[^ -~]", "", content_type)


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
