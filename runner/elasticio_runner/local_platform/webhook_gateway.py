"""The webhook gateway: HTTP requests start a webhook trigger, and a step's httpReply becomes the response."""

import asyncio
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from elasticio import ElasticioError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from elasticio_runner.engine.queues import REPLY
from elasticio_runner.flow_file.flow import FlowStep
from elasticio_runner.local_platform.http_reply import json_response, response_to
from elasticio_runner.local_platform.webhook_message import Store, WebhookReader

PATIENCE = 60.0  # maximum seconds that a request waits for its response

SendMessage = Callable[[dict[str, Any], str], object]


class WebhookGateway:
    """Sends one message for each request and waits for the reply.

    The first httpReply of the step `answeredBy`, or the first error, is the response. If this step is the trigger, and
    it settles the message without a reply, the response is 200.
    """

    def __init__(self, trigger: FlowStep, uri: str, store: Store, send: SendMessage) -> None:
        self._trigger = trigger
        self._reader = WebhookReader(uri, store, trigger.consumes_raw_data)
        self._send = send
        self._lock = threading.Lock()
        self._waiting: dict[str, _PendingResponse] = {}
        self._closed = False
        self.headers = {"reply_to": REPLY} if trigger.is_webhook else {}  # the trigger's messages request a reply

    async def request(self, step_id: str, request: Request) -> Response:
        """Return the response to a request. Raises HTTPException if the request cannot become a message."""
        if step_id != self._trigger.id or not self._trigger.is_webhook:
            hint = f"; use /hook/{self._trigger.id}" if self._trigger.is_webhook else ": the trigger polls"
            raise HTTPException(404, f"this flow has no webhook at this address{hint}")
        message = await self._reader.message(request)
        thread_id, pending = str(uuid.uuid4()), _PendingResponse()
        with self._lock:
            if self._closed:
                raise HTTPException(503, "the flow is being stopped")
            self._waiting[thread_id] = pending
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.to_thread(self._send, message, thread_id)
                return await pending.future
        except TimeoutError:
            raise HTTPException(
                504, f"the step {self._trigger.answered_by} sent no reply within {PATIENCE:.0f} s"
            ) from None
        except ElasticioError as error:
            raise HTTPException(503, "the flow could not accept this request") from error
        finally:
            with self._lock:
                self._waiting.pop(thread_id, None)

    def replied(self, thread_id: str, step_id: str, reply: Mapping[str, Any]) -> None:
        """Respond with the httpReply of a step, if it is `answeredBy`. Threads may call it."""
        if step_id == self._trigger.answered_by:
            self._end(thread_id, response_to(reply))

    def failed(self, thread_id: str) -> None:
        """Respond with 500 because a step has failed. Threads may call it."""
        self._end(
            thread_id,
            json_response({"error": "the flow could not process this request; the runner shows the error"}, 500),
        )

    def settled(self, thread_id: str, step_id: str) -> None:
        """Respond with 200 if the trigger is `answeredBy` and sent no reply. Threads may call it."""
        if step_id == self._trigger.id == self._trigger.answered_by:
            self._end(thread_id, json_response({}))

    def close(self) -> None:
        """Refuse further requests."""
        with self._lock:
            self._closed = True

    def refuse_waiting(self) -> None:
        """Respond with 503 to all waiting requests: no step will reply any more."""
        with self._lock:
            waiting = list(self._waiting)
        for thread_id in waiting:
            self._end(thread_id, json_response({"error": "the flow has ended without a reply"}, 503))

    def _end(self, thread_id: str, response: Response) -> None:
        with self._lock:
            pending = self._waiting.get(thread_id)
        if pending:
            pending.set(response)


class _PendingResponse:
    """The response to one request. Another thread sets it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Response] = self._loop.create_future()

    def set(self, response: Response) -> None:
        with suppress(RuntimeError):  # the server has stopped and does not wait for the response
            self._loop.call_soon_threadsafe(self._set, response)

    def _set(self, response: Response) -> None:
        if not self.future.done():
            self.future.set_result(response)
