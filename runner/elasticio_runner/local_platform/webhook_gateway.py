"""Requests from outside become messages for a webhook trigger, and its httpReply becomes the answer."""

import email
import email.policy
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

from elasticio_runner.engine.queues import REPLY
from elasticio_runner.flow_file.flow import Step
from elasticio_runner.local_platform.http_server import Answer, Request

LIMIT = 10 * 1024 * 1024  # bytes of a request's body
PATIENCE = 60.0  # seconds that a request waits for its answer

Store = Callable[[bytes, str], str]
Send = Callable[[dict[str, Any], str], None]


class UnreadableRequestError(Exception):
    """A request cannot become a message; the text says why, the status is the answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class _Waiting:
    answer: Answer | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def end(self, answer: Answer) -> None:
        self.answer = self.answer or answer
        self.done.set()


class Gateway:
    """Sends one message for each request and waits for its answer.

    The first httpReply (or error) of the step that answers ends the request. If that is the trigger itself, and it is
    done without one, the answer is 200.
    """

    def __init__(self, trigger: Step, uri: str, store: Store, send: Send) -> None:
        self._trigger = trigger
        self._uri = uri
        self._store = store
        self._send = send
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._closed = False
        # How the trigger's messages ask for an answer
        self.headers = {"reply_to": REPLY} if trigger.is_webhook else {}

    def request(self, step_id: str, request: Request) -> Answer:
        """Answer a request."""
        if step_id != self._trigger.id or not self._trigger.is_webhook:
            return Answer(404)
        try:
            message = self._message(request)
        except UnreadableRequestError as error:
            return Answer.of({"error": str(error)}, error.status)
        thread_id, waiting = str(uuid.uuid4()), _Waiting()
        with self._lock:
            if self._closed:
                return Answer.of({"error": "the flow is being stopped"}, 503)
            self._waiting[thread_id] = waiting
        self._send(message, thread_id)
        waiting.done.wait(PATIENCE)
        with self._lock:
            self._waiting.pop(thread_id, None)
        return waiting.answer or Answer.of({"error": f"no answer within {PATIENCE:.0f} seconds"}, 504)

    def replied(self, thread_id: str, step_id: str, reply: Mapping[str, Any]) -> None:
        """Take the httpReply of a step."""
        if step_id == self._trigger.answered_by:
            self._end(thread_id, _answer_of(reply))

    def failed(self, thread_id: str) -> None:
        """Take the news that a step has failed while a request waits."""
        self._end(thread_id, Answer.of({"error": "the flow could not process this request"}, 500))

    def settled(self, thread_id: str, step_id: str) -> None:
        """Take the news that a step is done with a message without an answer."""
        if step_id == self._trigger.id == self._trigger.answered_by:
            self._end(thread_id, Answer.of({}))

    def close(self) -> None:
        """Take no more requests."""
        with self._lock:
            self._closed = True

    def _end(self, thread_id: str, answer: Answer) -> None:
        with self._lock:
            waiting = self._waiting.get(thread_id)
        if waiting:
            waiting.end(answer)

    def _message(self, request: Request) -> dict[str, Any]:
        size = int(request.headers.get("content-length", "0"))
        raw = request.body.read(LIMIT + 1) if size <= LIMIT else b""
        if max(size, len(raw)) > LIMIT:
            raise UnreadableRequestError(413, f"the body is larger than {LIMIT} bytes")
        body, attachments = self._content(raw, request.headers.get("content-type", ""))
        return {
            "body": body,
            "attachments": attachments,
            "headers": dict(request.headers),
            "query": request.query,
            "method": request.method,
            "url": self._uri + request.target,
        }

    def _content(self, raw: bytes, content_type: str) -> tuple[Any, dict[str, Any]]:
        """Read a body by its type: JSON, forms, files; any other one becomes an attachment."""
        if self._trigger.consumes_raw_data:
            return {"rawData": _text(raw)}, {}
        kind = content_type.partition(";")[0].strip().lower()
        if not raw:
            return {}, {}
        if kind == "application/json" or kind.endswith("+json"):
            try:
                return json.loads(raw), {}
            except ValueError:
                raise UnreadableRequestError(400, "the body is no JSON, as its content-type says") from None
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(_text(raw), keep_blank_values=True)), {}
        if kind == "multipart/form-data":
            return self._form(raw, content_type)
        return {}, {"body": self._attachment(raw, kind or "application/octet-stream")}

    def _form(self, raw: bytes, content_type: str) -> tuple[dict[str, Any], dict[str, Any]]:
        head = f"content-type: {content_type}\r\n\r\n".encode()
        form = email.message_from_bytes(head + raw, policy=email.policy.HTTP)
        if not isinstance(form, EmailMessage) or not form.is_multipart():
            raise UnreadableRequestError(400, "the body is no multipart/form-data, as its content-type says")
        body: dict[str, Any] = {}
        attachments: dict[str, Any] = {}
        for part in form.iter_parts():
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            if file_name := part.get_filename():
                attachments[file_name] = self._attachment(content, part.get_content_type())
            else:
                body[str(part.get_param("name", header="content-disposition"))] = _text(content)
        return body, attachments

    def _attachment(self, content: bytes, content_type: str) -> dict[str, Any]:
        return {"url": self._store(content, content_type), "content-type": content_type, "size": len(content)}


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableRequestError(415, "the body is no text in UTF-8") from None


def _answer_of(reply: Mapping[str, Any]) -> Answer:
    """Make an answer of an httpReply: a text goes as it is, everything else as JSON."""
    headers = {str(name).lower(): str(value) for name, value in (reply.get("headers") or {}).items()}
    body = reply.get("body")
    if isinstance(body, str):
        content = body.encode()
    else:
        content = b"" if body is None else json.dumps(body).encode()
        headers.setdefault("content-type", "application/json")
    headers.pop("content-length", None)
    try:
        status = int(reply.get("statusCode") or 200)
    except (TypeError, ValueError):
        status = 500
    return Answer(status if 200 <= status <= 599 else 500, content, headers)
