"""The I/O thread, and an AMQP connection that runs on it: pika's protocol over an asyncio stream.

pika's own asyncio adapter watches sockets. Each frame then costs one system call to write it, and two more to start and
stop watching the socket. `StreamConnection` writes all frames of one iteration of the loop with one call.
"""

import asyncio
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import pika
from pika import exceptions
from pika.connection import Connection
from pika.tcp_socket_opts import set_sock_opts

from elasticio.broker import OnFailure
from elasticio.broker.rabbitmq.frames import OnConfirm, OnDelivery, body_frames, read_confirm, read_delivery
from elasticio.broker.rabbitmq.properties import unreadable_header_frame
from elasticio.broker.rabbitmq.reasons import lost_during_login
from elasticio.errors import SettingsError

log = logging.getLogger("sailor")

# Seconds without a byte from the broker, plus pika's 5 s, after which the connection counts as lost. The broker then
# sends a heartbeat every 10 s. With the broker's default of 60 s, a frozen broker goes unnoticed for over two minutes.
HEARTBEAT = 20

_WRITE_SIZE = 65_536  # bytes, about what a socket accepts at once

_INVALID_URI = "ELASTICIO_AMQP_URI: not an AMQP address."
_INVALID_QUERY = "Its query contains an unknown parameter or an invalid value."
_ESCAPES = (
    "Write special characters of user, password and virtual host as escapes, / as %2F, and IPv6 addresses in brackets."
)

T = TypeVar("T")


class IoThread:
    """An asyncio loop in a daemon thread, with methods for other threads.

    `ident` is the result of `threading.get_ident` on the thread, None before the start. `on_failure` is called with the
    first error that ends a background task or that a callback raises.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.ident: int | None = None
        self.on_failure: OnFailure | None = None
        self.is_stopped = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self.loop.run_forever, name="rabbitmq", daemon=True)
        self._calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._is_woken = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self.ident = self._thread.ident

    def do(self, call: Callable[..., object], *args: Any) -> None:
        """Run `call(*args)` on the loop: at once on the I/O thread, otherwise soon and in order.

        Waking the loop costs a system call. Only the first of several calls wakes it.
        """
        if threading.get_ident() == self.ident:
            call(*args)
            return
        self._calls.append((call, args))
        if not self._is_woken:
            self._is_woken = True
            try:
                self.loop.call_soon_threadsafe(self._work)
            except RuntimeError:  # the loop is closed: each call finds no session and ends its waiter
                self._work()

    def run(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine on the loop and return its result. Raises TimeoutError after `timeout` seconds."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)

    def stop(self, timeout: float) -> None:
        """End the thread and close the loop."""
        self.is_stopped = True
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout)
        if not self._thread.is_alive():
            self.loop.close()
            self._work()  # calls that the loop has not run

    def fail(self, error: BaseException) -> None:
        """Report an unexpected error. The first one ends the process."""
        log.error("Unexpected error in the broker's I/O thread: %r", error, exc_info=error)
        if self._failure is None:
            self._failure = error
            if self.on_failure:
                self.on_failure(error)

    def _work(self) -> None:
        self._is_woken = False  # before the calls are read: a call that is added later wakes the loop again
        while self._calls:
            call, args = self._calls.popleft()
            try:
                call(*args)
            except Exception as error:  # noqa: BLE001 (the calls after this one must run)
                self.fail(error)


class StreamConnection(Connection, asyncio.Protocol):  # type: ignore[misc]
    """A pika connection on an asyncio loop, with the same callbacks as pika's own adapters.

    on_confirm   receives positive confirms, if set, instead of pika's callback
    on_delivery  receives deliveries, if set, instead of the channel's consumer. pika may still pass some to the latter.
    """

    def __init__(
        self,
        parameters: pika.URLParameters,
        loop: asyncio.AbstractEventLoop,
        *,
        on_open: Callable[[Connection], None],
        on_open_error: Callable[[Connection, BaseException], None],
        on_close: Callable[[Connection, Exception], None],
    ) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._unwritten: deque[bytes | memoryview] = deque()
        self._will_flush = False
        self._is_full = False
        self._got_eof = False
        self.on_confirm: OnConfirm | None = None
        self.on_delivery: OnDelivery | None = None
        super().__init__(parameters, on_open, on_open_error, on_close)
        self._login_timer = loop.call_later(self.params.stack_timeout, self._give_up)

    def send_message(self, head: bytes, body: bytes) -> None:
        """Write a message. `head` contains its encoded method and header frames; this method splits the body."""
        self._unwritten.append(head)
        self._unwritten.extend(body_frames(body, self._body_max_length))
        self._flush_soon()

    def send_frame(self, encoded: bytes) -> None:
        """Write an encoded frame."""
        self._unwritten.append(encoded)
        self._flush_soon()

    # Called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the AMQP handshake."""
        self._transport = cast("asyncio.Transport", transport)
        self._on_stream_connected()

    def data_received(self, data: bytes) -> None:
        """Decode frames and call their callbacks."""
        try:
            self._on_data_available(data)
        except Exception as error:  # noqa: BLE001 (after a frame that cannot be decoded nothing can be read)
            self._terminate_stream(exceptions.AMQPConnectionError(f"RabbitMQ sent invalid data: {error!r}"))

    def eof_received(self) -> None:
        """Remember that the broker has closed the stream."""
        self._got_eof = True

    def pause_writing(self) -> None:
        """Queue frames here. The stream would copy them."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Write the queued frames."""
        self._is_full = False
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        """Report why the stream ended. Without an error or an end of file, this side has closed it."""
        self._transport = None
        if error or self._got_eof:
            error = exceptions.StreamLostError(
                f"Stream connection lost: {error!r}" if error else "the broker closed the stream"
            )
        self._ended(error if self._opened else lost_during_login(error or self._error))

    def abort(self) -> None:
        """Close the stream without waiting for the broker."""
        self._terminate_stream(exceptions.ConnectionClosedByClient(200, "closed without a response of the broker"))

    def _on_data_available(self, data: bytes) -> None:
        """Decode frames and call their callbacks. pika decodes the unusual ones."""
        self._frame_buffer += data
        while self._frame_buffer:
            if size := self._process_usual_frames(self._frame_buffer):
                self._trim_frame_buffer(size)
                continue
            size, frame = self._read_frame()
            if not frame:
                return
            self._trim_frame_buffer(size)
            self._process_frame(frame)

    def _process_usual_frames(self, buffer: bytes) -> int:
        """Process the confirms and deliveries at the start of the buffer, and return their size."""
        offset, end = 0, len(buffer)
        while offset < end:
            if self.on_confirm and (confirm := read_confirm(buffer, offset)):
                self.on_confirm(confirm.tag, confirm.multiple)
                offset += confirm.size
            elif self.on_delivery and (delivery := read_delivery(buffer, offset)):
                self.on_delivery(delivery.method, delivery.properties, delivery.body)
                offset += delivery.size
            else:
                break
        return offset

    # Called by pika

    def _read_frame(self) -> Any:
        try:
            return super()._read_frame()
        except Exception as error:  # noqa: BLE001 (pika raises many kinds)
            return unreadable_header_frame(self._frame_buffer, error)

    def _adapter_connect_stream(self) -> None:
        self._connecting = self._loop.create_task(self._connect())

    def _adapter_disconnect_stream(self) -> None:
        if self._transport:
            self._flush()
            self._transport.abort()
        elif self._connecting:
            self._connecting.cancel()

    def _adapter_emit_data(self, data: bytes) -> None:
        self.send_frame(data)

    def _adapter_call_later(self, delay: float, callback: Callable[[], Any]) -> asyncio.TimerHandle:
        return self._loop.call_later(delay, callback)

    def _adapter_remove_timeout(self, timeout_id: asyncio.TimerHandle) -> None:
        timeout_id.cancel()

    def _adapter_add_callback_threadsafe(self, callback: Callable[..., Any]) -> None:
        self._loop.call_soon_threadsafe(callback)

    async def _connect(self) -> None:
        ssl = self.params.ssl_options
        try:
            transport, _ = await self._loop.create_connection(
                self._protocol,
                self.params.host,
                self.params.port,
                ssl=ssl.context if ssl else None,
                server_hostname=(ssl.server_hostname or self.params.host) if ssl else None,
            )
            stream = transport.get_extra_info("socket")
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            set_sock_opts(self.params.tcp_options, stream)
        except asyncio.CancelledError:
            self._ended(None)
        except OSError as error:
            self._ended(error)
        except Exception as error:  # noqa: BLE001 (every error is the reason why the connection failed)
            self._ended(exceptions.AMQPConnectionError(error))

    def _protocol(self) -> "StreamConnection":
        return self

    def _give_up(self) -> None:
        if not (self.is_open or self.is_closing or self.is_closed):
            self._terminate_stream(exceptions.AMQPConnectionError(f"no response in {self.params.stack_timeout:g} s"))

    def _flush_soon(self) -> None:
        if not self._will_flush:
            self._will_flush = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._will_flush = False
        while self._transport and self._unwritten and not self._is_full:
            self._transport.write(b"".join(self._next_pieces()))

    def _next_pieces(self) -> Iterator[bytes | memoryview]:
        size = 0
        while self._unwritten and size < _WRITE_SIZE:
            size += len(self._unwritten[0])
            yield self._unwritten.popleft()

    def _ended(self, error: Exception | None) -> None:
        self._login_timer.cancel()
        self._on_stream_terminated(error)


def parameters(uri: str, purpose: str) -> pika.URLParameters:
    """Return pika's parameters for an AMQP URI. The broker's lists show the connection as `HOST-purpose`.

    The URI's query may set parameters, such as `heartbeat` (seconds, 0 for none; default: 20).
    Raises SettingsError, without the password, if the URI is invalid.
    """
    try:
        result = pika.URLParameters(uri)
        invalid = _invalid_part(uri)
    except (ValueError, TypeError, IndexError) as error:
        raise SettingsError(f"{_INVALID_URI} {_invalid_part(uri) or _INVALID_QUERY}") from error
    if invalid:
        raise SettingsError(f"{_INVALID_URI} {invalid}")
    if "heartbeat" not in parse_qs(urlsplit(uri).query):
        result.heartbeat = HEARTBEAT
    result.connection_attempts = 1
    result.client_properties = {"connection_name": f"{socket.gethostname()}-{purpose}"}
    return result


def _invalid_part(uri: str) -> str:
    """Return the part of an AMQP URI that is invalid and the action that helps; empty if only the query can be."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return f"The port or the host is invalid. {_ESCAPES}"
    if parts.scheme not in {"amqp", "amqps"}:
        return "It must begin with amqp:// or amqps://."
    if parts.fragment or port == 0:
        return f"The port or the host is invalid. {_ESCAPES}"
    return ""
