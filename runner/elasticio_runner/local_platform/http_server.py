"""An HTTP server on the loopback interface in a separate thread, with limits for slow and large requests.

uvicorn parses and writes HTTP. It responds with 400 to a request whose head exceeds `HEAD_SIZE`. This module adds a
deadline for the head of a request. `request_body` limits bodies.
"""

import asyncio
import logging
import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from elasticio_runner.errors import FlowError

HEAD_SIZE = 64 * 1024  # bytes
HEAD_TIMEOUT = 10.0  # seconds for request line and headers
KEEP_ALIVE = 60  # seconds that an idle connection stays open
_GRACE = 2  # seconds for responses in progress when the server stops

_log = logging.getLogger("elasticio_runner.http")  # without output: invalid requests do not concern the flow
_log.propagate = False
_log.addHandler(logging.NullHandler())


class HttpServer:
    """Serves an ASGI application. `uri` is known before `start`."""

    def __init__(self, application: ASGIApp, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise FlowError(f"--port: failed to open port {port} ({reason}). Choose another port.") from error
        self.uri = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(_config(application))
        self._thread = threading.Thread(target=self._serve, name="platform", daemon=True)

    def start(self) -> None:
        """Start the server. Returns when it accepts connections."""
        self._socket.listen(128)
        self._thread.start()

    def stop(self) -> None:
        """Stop accepting connections, finish the responses in progress, and close."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


class _TimedProtocol(H11Protocol):
    """Closes a connection if the head of the next request is not complete in time."""

    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.logger = _log

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._begin_head()
        else:
            self._end_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_head()
        super().connection_lost(exc)

    def _begin_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_TIMEOUT, self._close)

    def _end_head(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=_TimedProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_SIZE,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
