"""Opening a connection to a server before a deadline, through TLS and a proxy if needed."""

import errno
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from elasticio.http.failures import NotConnected, reason_of
from elasticio.http.proxies import Proxy
from elasticio.http.trust import tls_context

_KEEP_ALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))  # seconds, seconds, probes
SHORTEST = 0.000_001  # seconds: the time limit of a wait after its deadline; zero would make the socket non-blocking
_TUNNEL_HEAD = 16_384  # bytes of a proxy's response to CONNECT


Guard = Callable[[str, int, bool], Sequence[str]]
"""Returns the allowed addresses of a host and port, or raises. The flag tells whether a proxy connects to them."""


@dataclass(frozen=True, slots=True)
class Route:
    """The route to a server. `proxy` is None for a direct connection, `guard` is None if every address is allowed."""

    host: str
    port: int
    tls: bool
    proxy: Proxy | None
    guard: Guard | None = None


def connect(route: Route, deadline: float) -> socket.socket:
    """Open a connection. Raises NotConnected, and OSError if the certificate authorities cannot be read.

    Errors of the guard pass through, except those of the name resolution.
    """
    context = tls_context() if route.tls else None
    try:
        stream = _open_socket(route, deadline)
    except (OSError, UnicodeError, ValueError) as error:
        raise NotConnected(reason_of(error), timed_out=isinstance(error, TimeoutError)) from None
    try:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(stream)
        if route.tls and route.proxy:
            _open_tunnel(stream, route, route.proxy, deadline)
        if context:
            stream.settimeout(max(deadline - time.monotonic(), SHORTEST))
            stream = context.wrap_socket(stream, server_hostname=route.host)
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
    return stream


def _open_socket(route: Route, deadline: float) -> socket.socket:
    allowed = route.guard(route.host, route.port, route.proxy is not None) if route.guard else [route.host]
    hosts, port = ([route.proxy.host], route.proxy.port) if route.proxy else (allowed, route.port)
    failure: OSError | None = None
    for host in hosts:
        try:
            return socket.create_connection((host, port), max(deadline - time.monotonic(), SHORTEST))
        except OSError as error:
            failure = error
    if failure and route.proxy:
        reason = f"the proxy cannot be reached: {reason_of(failure)}"
        raise NotConnected(reason, timed_out=isinstance(failure, TimeoutError))
    raise failure or OSError(errno.EHOSTUNREACH, "no address")


def _keep_alive(stream: socket.socket) -> None:
    """Let the system probe an idle connection, so that it notices when a router has dropped it."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        if hasattr(socket, name):
            stream.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _open_tunnel(stream: socket.socket, route: Route, proxy: Proxy, deadline: float) -> None:
    """Request a tunnel from the proxy with CONNECT; raises NotConnected unless the proxy responds with 200."""
    host = f"[{route.host}]" if ":" in route.host else route.host
    login = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    stream.settimeout(max(deadline - time.monotonic(), SHORTEST))
    stream.sendall(f"CONNECT {host}:{route.port} HTTP/1.1\r\nHost: {host}:{route.port}\r\n{login}\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        stream.settimeout(max(deadline - time.monotonic(), SHORTEST))
        piece = stream.recv(1)  # byte by byte: the bytes after the head belong to TLS
        head += piece
        if not piece or len(head) > _TUNNEL_HEAD:
            raise NotConnected("the proxy did not respond to CONNECT")
    status = head.split(b"\r\n", 1)[0].split(b" ")
    if len(status) < 2 or status[1] != b"200":
        said = status[1].decode("ascii", "replace")[:3] if len(status) > 1 else "nothing"
        raise NotConnected(f"the proxy responded to CONNECT with {said}")
