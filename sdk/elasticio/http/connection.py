"""A connection to a server: opened through TLS and a proxy where needed, written and read within a deadline.

Deadlines are moments of the monotonic clock. Each operation of the socket gets what is left, so a peer that sends a
byte now and then cannot extend them.
"""

import select
import socket
import ssl
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass

from elasticio.http.failures import NotConnected, NotWritten, Unanswered, reason_of
from elasticio.http.proxies import Proxy
from elasticio.http.trust import tls_context

RECEIVE = 65_536  # bytes
_KEEP_ALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))  # seconds, seconds, probes
_TUNNEL_HEAD = 16_384  # bytes of a proxy's answer to CONNECT


@dataclass(frozen=True, slots=True)
class Route:
    """The way to a server. `proxy` is None for a direct connection."""

    host: str
    port: int
    tls: bool
    proxy: Proxy | None


class Connection:
    """A socket that is connected. `used` is when it was last given back, on the monotonic clock."""

    __slots__ = ("__weakref__", "_socket", "close", "used")

    def __init__(self, stream: socket.socket) -> None:
        self._socket = stream
        self.used = 0.0
        self.close = weakref.finalize(self, stream.close)  # or when it goes with the thread that kept its client

    def is_fresh(self) -> bool:
        """Whether the peer has neither closed an idle connection nor sent anything on it."""
        try:
            ready, _, _ = select.select([self._socket], [], [], 0)
        except (OSError, ValueError):
            return False
        return not ready

    def write(self, pieces: Iterable[bytes], deadline: float) -> None:
        """Write all pieces; raises NotWritten with fewer bytes written. What a piece's iterator raises passes through.

        A peer may answer before it has read everything and close: then the answer is there to be read, and the caller
        reads it.
        """
        for piece in pieces:
            view = memoryview(piece)
            try:
                while view:
                    self._socket.settimeout(_left(deadline))
                    view = view[self._socket.send(view) :]
            except TimeoutError:
                raise NotWritten("the request could not be written in time", timed_out=True) from None
            except OSError as error:
                raise NotWritten(f"the connection broke ({reason_of(error)})") from None

    def read(self, deadline: float) -> bytes:
        """Return the next bytes, empty at the end; raises Unanswered."""
        try:
            self._socket.settimeout(_left(deadline))
            return self._socket.recv(RECEIVE)
        except TimeoutError:
            raise Unanswered("no answer in time", timed_out=True) from None
        except OSError as error:
            raise Unanswered(f"the connection broke ({reason_of(error)})") from None


def connect(route: Route, deadline: float) -> Connection:
    """Open a connection; raises NotConnected."""
    try:
        target = (route.proxy.host, route.proxy.port) if route.proxy else (route.host, route.port)
        stream: socket.socket = socket.create_connection(target, _left(deadline))
    except (OSError, UnicodeError, ValueError) as error:
        raise NotConnected(reason_of(error), timed_out=isinstance(error, TimeoutError)) from None
    try:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(stream)
        if route.tls and route.proxy:
            _open_tunnel(stream, route, route.proxy, deadline)
        if route.tls:
            stream.settimeout(_left(deadline))
            stream = tls_context().wrap_socket(stream, server_hostname=route.host)
    except NotConnected:
        stream.close()
        raise
    except (OSError, ValueError) as error:
        stream.close()
        raise NotConnected(
            reason_of(error),
            timed_out=isinstance(error, TimeoutError),
            certificate_refused=isinstance(error, ssl.SSLCertVerificationError),
        ) from None
    return Connection(stream)


def _left(deadline: float) -> float:
    """Return the seconds until a deadline, a very short time after it: zero would mean not to wait at all."""
    return max(deadline - time.monotonic(), 0.000_001)


def _keep_alive(stream: socket.socket) -> None:
    """Have the system probe an idle connection, so that routers on the way do not forget it unnoticed."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        if hasattr(socket, name):
            stream.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _open_tunnel(stream: socket.socket, route: Route, proxy: Proxy, deadline: float) -> None:
    """Ask the proxy for a tunnel with CONNECT; raises NotConnected unless it answers 200."""
    host = f"[{route.host}]" if ":" in route.host else route.host
    login = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    stream.settimeout(_left(deadline))
    stream.sendall(f"CONNECT {host}:{route.port} HTTP/1.1\r\nHost: {host}:{route.port}\r\n{login}\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        stream.settimeout(_left(deadline))
        piece = stream.recv(1)  # not a byte further: what follows belongs to TLS
        head += piece
        if not piece or len(head) > _TUNNEL_HEAD:
            raise NotConnected("the proxy did not answer CONNECT")
    status = head.split(b"\r\n", 1)[0].split(b" ")
    if len(status) < 2 or status[1] != b"200":
        said = status[1].decode("ascii", "replace")[:3] if len(status) > 1 else "nothing"
        raise NotConnected(f"the proxy answered {said} to CONNECT")
