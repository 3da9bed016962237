"""Files that CallFire answers: streamed from the answer into the platform's storage, never whole in memory."""

import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any

from elasticio import HttpFailure, Message, Step
from urllib3.exceptions import HTTPError

from lib.callfire.api.client import client_for
from lib.callfire.api.errors import CallFireError, Unavailable
from lib.callfire.exact_json import portable
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import platform_storage, rebounding
from lib.callfire.operation.fields import integer, text
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.returns import Returns
from lib.callfire.operation.schema import for_designer

LIMIT = 100 * 1024 * 1024  # bytes; the platform's limit for an attachment
_SAYS_NOTHING = {"", "application/json", "application/binary", "application/octet-stream"}
# The standard library does not know CallFire's names for these.
_EXTENSIONS = {"audio/m4a": ".m4a", "audio/mp3": ".mp3", "audio/wav": ".wav", "image/x-bmp": ".bmp"}
_TYPES = {extension.lstrip("."): kind for kind, extension in _EXTENSIONS.items()} | {"mp3": "audio/mpeg"}

STORED_FILE = Returns(
    (
        text("attachmentUrl", "Address of the file in the platform's storage.", label="Attachment URL"),
        text("fileName", "Its name; the message's attachment has the same one."),
        text("contentType", "Its media type, e.g. audio/mpeg."),
        integer("size", "Its size in bytes."),
    )
)


@dataclass(frozen=True)
class DownloadOperation(Operation):
    """An operation that answers a file.

    named  its name where CallFire gives none; `{id}` and the like stand for path fields
    """

    returns: Returns = STORED_FILE
    named: str = ""

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Store the file as an attachment and emit where it lies, together with what it was asked by."""
        with rebounding(config):
            values = self.inputs(message.body, config)
            asked = replace(self.request(values), stream=True, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
            with client_for(config).call(asked).stream as response:
                kind, name = self._described(response.headers, values)
                stream = Stream(response.headers, response.read, str(self.route))
                with platform_storage(f"attachment {name!r}"):
                    entry = step.attachments.add(name, stream, kind)
            acted_on = {field.name: portable(values[field.name]) for field in self.path}
            size = entry.get("size")
            stored = {"attachmentUrl": entry["url"], "fileName": name, "contentType": kind, "size": size}
            yield {"body": acted_on | stored, "attachments": {name: dict(entry)}}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:  # noqa: ARG002
        """What is emitted: the path fields, then the file."""
        return for_designer((*self.path, *self.returns.fields), inputs=False)

    def _described(self, headers: Mapping[str, str], values: Mapping[str, Any]) -> tuple[str, str]:
        """Media type and name of the file: CallFire's where it says something, else what the operation promises."""
        name = _safe(given_name(headers)) or _safe(self.named.format(**values))
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if kind in _SAYS_NOTHING:
            kind = _TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        if not extension:
            name += _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".bin"
        return kind, name


class Stream:
    """An answer's body as a readable stream that breaks off at the size limit."""

    def __init__(self, headers: Mapping[str, str], read: Callable[[int], bytes], what: str, limit: int = LIMIT) -> None:
        """`what` names the file in errors. Raises at once where the answer says that it is too large."""
        self._read = read
        self._what = what
        self._limit = limit
        self._count = 0
        said = headers.get("Content-Length", "")
        packed = headers.get("Content-Encoding", "identity") != "identity"  # then it is the packed length
        self.size = int(said) if said.isascii() and said.isdigit() and not packed else None
        if self.size is not None and self.size > limit:
            raise self._too_large()

    def read(self, amount: int = -1) -> bytes:
        """Read up to `amount` bytes, all that is left for -1; nothing is left at the end."""
        if amount < 0:
            return b"".join(self)
        try:
            part = self._read(min(amount, self._limit + 1 - self._count))
        except (OSError, HTTPError, HttpFailure) as error:
            raise Unavailable(f"{self._what}: the connection broke while the file was read.") from error
        self._count += len(part)
        if self._count > self._limit:
            raise self._too_large()
        return part

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(64 * 1024), b"")

    def _too_large(self) -> CallFireError:
        return CallFireError(
            f"{self._what}: the file is larger than {self._limit // 1024 // 1024} MB, which is the limit."
        )


def given_name(headers: Mapping[str, str]) -> str:
    """The file name in Content-Disposition, empty without one."""
    message = EmailMessage()
    message["Content-Disposition"] = headers.get("Content-Disposition") or "inline"
    return message.get_filename() or ""


def _safe(name: str) -> str:
    """Only the last part of a path, without characters that have no business in a name."""
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", name)[-1]).strip().lstrip(".")
