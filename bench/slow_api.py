"""An API with a latency: a server that sends each fixed response some milliseconds after its request.

    python -m bench.slow_api MILLISECONDS    reads {path: response body} as JSON from stdin, prints the port

The latency is exact to about 0.1 ms: `select` waits for microseconds, `epoll` for whole milliseconds.
"""

import asyncio
import json
import re
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.runtimes import ROOT
from bench.target import Target

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class SlowResponses(asyncio.Protocol):
    """One connection. Requests of a connection may overlap; their responses keep the order."""

    def __init__(self, responses: Mapping[bytes, bytes], latency: float, loop: asyncio.AbstractEventLoop) -> None:
        self._responses = responses
        self._latency = latency
        self._loop = loop
        self._unread = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Schedule the response of each complete request."""
        self._unread += data
        while response := self._next_response():
            self._loop.call_later(self._latency, self._respond, response)

    def connection_lost(self, _error: Exception | None) -> None:
        """Drop the scheduled responses."""
        self._transport = None

    def _respond(self, response: bytes) -> None:
        if self._transport:
            self._transport.write(response)

    def _next_response(self) -> bytes | None:
        head_size = self._unread.find(_HEAD_END)
        if head_size < 0:
            return None
        head = self._unread[: head_size + len(_HEAD_END)]
        length = _LENGTH.search(head)
        size = len(head) + (int(length[1]) if length else 0)
        if len(self._unread) < size:
            return None
        self._unread = self._unread[size:]
        return self._responses.get(head.split(b" ", 2)[1], _NOT_FOUND)


@contextmanager
def slow_api(bodies: Mapping[str, bytes], latency: float, name: str, call_id: str) -> Iterator[Target]:
    """Run such a server in a process. `bodies` are the response bodies by path, `latency` is in seconds."""
    command = (sys.executable, "-m", "bench.slow_api", f"{latency * 1000:g}")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps({path: body.decode() for path, body in bodies.items()}))
            process.stdin.close()
            port = process.stdout.readline().strip()
            if not port.isdigit():
                raise RuntimeError("The server with a latency did not start.")
            yield Target(name, f"http://127.0.0.1:{port}/v2", call_id, process.pid)
        finally:
            process.terminate()


async def _serve(bodies: Mapping[str, str], latency: float) -> None:
    loop = asyncio.get_running_loop()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    encoded = {path: body.encode() for path, body in bodies.items()}
    responses = {path.encode(): head.format(len(body)).encode() + body for path, body in encoded.items()}
    server = await loop.create_server(lambda: SlowResponses(responses, latency, loop), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(_serve(json.load(sys.stdin), float(sys.argv[1]) / 1000))
