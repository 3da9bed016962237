"""Multipart forms: uploaded files and their fields."""

import io
from collections.abc import Mapping

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from callfire_sandbox.api.operation import Upload
from callfire_sandbox.errors import BadRequestError


def read_form(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, list[str]], dict[str, Upload]]:
    """Return the fields and the files of a multipart body. Raises BadRequestError for any other body."""
    if not headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadRequestError("The content type must be multipart/form-data.")
    fields: dict[str, list[str]] = {}
    files: dict[str, Upload] = {}

    def on_field(field: Field) -> None:
        fields.setdefault((field.field_name or b"").decode(), []).append((field.value or b"").decode())

    def on_file(file: File) -> None:
        file.file_object.seek(0)
        name = (file.file_name or b"file").decode(errors="replace")
        files[(file.field_name or b"").decode()] = Upload(name, file.file_object.read())
        file.close()

    try:
        parse_form({"Content-Type": headers["content-type"].encode()}, io.BytesIO(body), on_field, on_file)
    except (FormParserError, UnicodeDecodeError) as error:
        raise BadRequestError(f"The form cannot be read: {error}") from error
    return fields, files
