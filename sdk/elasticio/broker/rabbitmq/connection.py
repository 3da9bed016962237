"""pika's side of the AMQP protocol over a stream of asyncio's own.

pika brings an adapter for asyncio, which uses of the loop only that it tells when a socket is ready. Each frame then
costs a system call of its own, and two more to ask and to stop asking whether it may be written. Here all frames of
one turn of the loop are written at once.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, cast

import pika
from pika import exceptions
from pika.connection import Connection
from pika.tcp_socket_opts import set_sock_opts

_AT_ONCE = 65_536  # bytes, about what a socket takes


class StreamConnection(Connection, asyncio.Protocol):  # type: ignore[misc]
    """A connection of pika's on a loop. Its callbacks are those of pika's own adapters."""

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
        self._frames: deque[bytes] = deque()  # to be written
        self._flushes = False
        self._is_full = False
        self._got_eof = False
        super().__init__(parameters, on_open, on_open_error, on_close)
        self._patience = loop.call_later(self.params.stack_timeout, self._give_up)

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to speak AMQP."""
        self._transport = cast("asyncio.Transport", transport)
        self._on_stream_connected()

    def data_received(self, data: bytes) -> None:
        """Take what the broker says."""
        self._on_data_available(data)

    def eof_received(self) -> None:
        """Note that the broker has hung up."""
        self._got_eof = True

    def pause_writing(self) -> None:
        """Keep what is to be written here: the stream would copy it."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Go on."""
        self._is_full = False
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell why the stream has ended: no error is an end of our own making."""
        self._transport = None
        if error or self._got_eof:
            error = exceptions.StreamLostError(f"Stream connection lost: {error!r}" if error else "the broker hung up")
        self._ended(error)

    # What pika calls

    def _adapter_connect_stream(self) -> None:
        self._connecting = self._loop.create_task(self._connect())

    def _adapter_disconnect_stream(self) -> None:
        if self._transport:
            self._flush()
            self._transport.abort()
        elif self._connecting:
            self._connecting.cancel()

    def _adapter_emit_data(self, data: bytes) -> None:
        self._frames.append(data)
        if not self._flushes:
            self._flushes = True
            self._loop.call_soon(self._flush)

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
                lambda: self,
                self.params.host,
                self.params.port,
                ssl=ssl.context if ssl else None,
                server_hostname=(ssl.server_hostname or self.params.host) if ssl else None,
            )
            set_sock_opts(self.params.tcp_options, transport.get_extra_info("socket"))
        except asyncio.CancelledError:
            self._ended(None)
        except OSError as error:
            self._ended(error)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is why there is no connection)
            self._ended(exceptions.AMQPConnectionError(error))

    def _give_up(self) -> None:
        if not (self.is_open or self.is_closing or self.is_closed):
            self._terminate_stream(exceptions.AMQPConnectionError(f"no answer in {self.params.stack_timeout:g} s"))

    def _flush(self) -> None:
        self._flushes = False
        while self._transport and self._frames and not self._is_full:
            self._transport.write(b"".join(self._some_frames()))

    def _some_frames(self) -> Iterator[bytes]:
        size = 0
        while self._frames and size < _AT_ONCE:
            size += len(self._frames[0])
            yield self._frames.popleft()

    def _ended(self, error: Exception | None) -> None:
        self._patience.cancel()
        self._on_stream_terminated(error)
