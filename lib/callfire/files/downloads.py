"""Downloads: files are streamed from CallFire's response to the platform's storage."""

import email.message
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from elasticio import FileReader, HttpStream, Message, MessageError, PlatformError, Step

from lib.callfire.api.client import Client, client_for
from lib.callfire.api.errors import CallFireError, Unavailable
from lib.callfire.exact_json import portable
from lib.callfire.form import Config
from lib.callfire.operation.error_policy import platform_storage, rebounding
from lib.callfire.operation.fields import integer, text
from lib.callfire.operation.operation import Operation, Payload
from lib.callfire.operation.returns import Returns
from lib.callfire.operation.schema import for_designer

_UNSPECIFIC = {"", "application/json", "application/binary", "application/octet-stream"}
# Media types of CallFire that the standard library does not know.
_EXTENSIONS = {"audio/m4a": ".m4a", "audio/mp3": ".mp3", "audio/wav": ".wav", "image/x-bmp": ".bmp"}
_LONGEST_HEADER = 2000  # characters of Content-Disposition: its parser is slow
_LONGEST_NAME = 255  # characters
_TYPES = {extension.lstrip("."): kind for kind, extension in _EXTENSIONS.items()} | {"mp3": "audio/mpeg"}

STORED_FILE = Returns(
    (
        text("attachmentUrl", "URL of the file in the platform's storage.", label="Attachment URL"),
        text("fileName", "Name of the file, and of the attachment of the message."),
        text("contentType", "Media type of the file, e.g. audio/mpeg."),
        integer("size", "Size of the file in bytes."),
    )
)


@dataclass(frozen=True)
class DownloadOperation(Operation):
    """An operation whose response is a file.

    named  name of the file if CallFire returns none, e.g. "sound-{id}.mp3" with path fields
    """

    returns: Returns = STORED_FILE
    named: str = ""

    def process(self, step: Step, message: Message, config: Config, snapshot: Any) -> Iterator[Payload]:  # noqa: ARG002
        """Store the file as an attachment and emit its URL and the path fields."""
        with rebounding(config):
            values = self.inputs(message.body, config)
            stored, attachments = self.stored(step, client_for(config), values)
            acted_on = {field.name: portable(values[field.name]) for field in self.path}
            yield {"body": acted_on | stored, "attachments": attachments}

    def stored(self, step: Step, client: Client, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Store the file with these path values as an attachment. Raises a `CallFireError`.

        Returns the properties of `STORED_FILE`, and the attachments of the message {name: entry}.
        """
        asked = replace(self.request(values), stream=True, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
        with client.call(asked).stream as stream:
            content_type, name = self._described(stream.headers, values)
            content = _content(stream, name, content_type, str(self.route))
            with platform_storage(f"attachment {name!r}"):
                entry = step.attachments.add(name, content, content_type)
        size = entry.get("size")
        stored = {"attachmentUrl": entry["url"], "fileName": name, "contentType": content_type, "size": size}
        return stored, {name: dict(entry)}

    def output_schema(self, *, single: bool = False) -> dict[str, Any]:  # noqa: ARG002
        """Return the schema of the emitted body: the path fields, then the file."""
        return for_designer((*self.path, *self.returns.fields), inputs=False)

    def _described(self, headers: Mapping[str, str], values: Mapping[str, Any]) -> tuple[str, str]:
        """Return media type and name: those of the response, or defaults by the operation and the extension."""
        name = _safe(_given_name(headers)) or _safe(self.named.format(**values))
        content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if content_type in _UNSPECIFIC or not (content_type.isascii() and content_type.isprintable()):
            content_type = _TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        if not extension:
            name += _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
        return content_type, name


def _content(stream: HttpStream, name: str, content_type: str, what: str) -> Iterator[bytes]:
    """Yield the content. Raises `Unavailable` if the connection breaks, `CallFireError` if the file is too large."""
    try:
        yield from FileReader(stream, what, name=name, content_type=content_type, size=stream.size)
    except MessageError as error:
        raise CallFireError(f"{error}.") from error
    except PlatformError as error:
        raise Unavailable(f"{error}.") from error


def _given_name(headers: Mapping[str, str]) -> str:
    """Return the file name in Content-Disposition; empty if it is missing or cannot be read."""
    header = email.message.Message()
    header["Content-Disposition"] = headers.get("Content-Disposition", "")[:_LONGEST_HEADER]
    try:
        return header.get_filename("")
    except Exception:  # noqa: BLE001 (the email package raises many classes, e.g. for charsets that cannot decode)
        return ""


def _safe(name: str) -> str:
    """Return the last part of a path, without control characters and leading dots, at most 255 characters."""
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", name)[-1]).strip().lstrip(".")[-_LONGEST_NAME:]
