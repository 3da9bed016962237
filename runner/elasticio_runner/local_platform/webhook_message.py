"""Converts a webhook request to the message for its trigger."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from elasticio_runner import json_input
from elasticio_runner.local_platform import request_body

log = logging.getLogger("runner")

LIMIT = 10 * 1024 * 1024  # bytes of a request's body
TIME = 60.0  # maximum seconds for receiving the body
_EXPLAINED = 20  # maximum number of different warnings
_PARTS = 1000  # maximum number of fields, and of files, in one form

Store = Callable[[bytes, str], str]


@dataclass(frozen=True)
class WebhookReader:
    """Reads requests. `uri` is the public URL of the gateway, `store` returns the URL of a stored file."""

    uri: str
    store: Store
    is_raw: bool  # the component consumes raw data
    _explained: set[str] = field(default_factory=set, compare=False, repr=False)

    async def message(self, request: Request) -> dict[str, Any]:
        """Return {body, attachments, headers, query, method, url}.

        Raises HTTPException if the request cannot become a message, ClientDisconnect if it is incomplete.
        """
        raw = await request_body.whole(request, LIMIT, TIME)
        body, attachments = await self._content(raw, request)
        target = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        return {
            "body": body,
            "attachments": attachments,
            "headers": dict(request.headers),
            "query": _query(query),
            "method": request.method,
            "url": f"{self.uri}{target}?{query}" if query else self.uri + target,
        }

    async def _content(self, raw: bytes, request: Request) -> tuple[Any, dict[str, Any]]:
        """Parse a body by its type: JSON or a form. Files and all other types become attachments."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.is_raw:
            return {"rawData": _text(raw)}, {}
        if not raw:
            return {}, {}
        if kind == "application/json" or kind.endswith("+json"):
            return _json(raw), {}
        if kind == "application/x-www-form-urlencoded":
            self._explain_form(raw)
            return dict(parse_qsl(_text(raw), keep_blank_values=True)), {}
        if kind == "multipart/form-data":
            return await self._form(raw, request)
        kind = kind or "application/octet-stream"
        self._explain(
            f"a body of type {kind:.100} becomes an attachment; send application/json or a form to map its fields"
        )
        return {}, {"body": self._attachment(raw, kind)}

    def _explain_form(self, raw: bytes) -> None:
        """Warn of JSON that a client has sent as a form, as curl does by default."""
        if raw.lstrip().startswith((b"{", b"[")):
            self._explain(
                "a body of type application/x-www-form-urlencoded looks like JSON; send it as application/json"
            )

    def _explain(self, text: str) -> None:
        """Log a warning once: a flow may receive many such requests."""
        if text not in self._explained and len(self._explained) < _EXPLAINED:
            self._explained.add(text)
            log.warning("%s", text)

    async def _form(self, raw: bytes, request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
        async def stream() -> Any:
            yield raw

        try:
            parser = MultiPartParser(
                request.headers, stream(), max_files=_PARTS, max_fields=_PARTS, max_part_size=LIMIT
            )
            form = await parser.parse()
        except (MultiPartException, FormParserError, KeyError):  # KeyError: the header names no boundary
            raise HTTPException(400, "the body does not match its content-type multipart/form-data") from None
        body: dict[str, Any] = {}
        attachments: dict[str, Any] = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                kind = value.content_type or "application/octet-stream"
                attachments[value.filename or name] = self._attachment(content, kind)
            else:
                body[name] = value
        await form.close()
        if not _is_closed(raw, request.headers["content-type"]):
            raise HTTPException(400, "the form is incomplete: its last boundary is missing")
        return body, attachments

    def _attachment(self, content: bytes, content_type: str) -> dict[str, Any]:
        return {"url": self.store(content, content_type), "content-type": content_type, "size": len(content)}


def _json(raw: bytes) -> Any:
    try:
        return json_input.parse(raw.decode())
    except UnicodeDecodeError:
        raise HTTPException(400, "the body does not match its content-type: it is not in UTF-8") from None
    except json_input.InvalidJsonError as error:
        raise HTTPException(400, f"the body does not match its content-type: {error}") from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise HTTPException(415, "the body is not text in UTF-8") from None


def _query(text: str) -> Mapping[str, Any]:
    """Return a query as an object. A name that occurs several times has a list of values."""
    query: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        before = query.get(name)
        query[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return query


def _is_closed(raw: bytes, content_type: str) -> bool:
    boundary = content_type.partition("boundary=")[2].partition(";")[0].strip().strip('"')
    return f"--{boundary}--".encode("latin-1") in raw
