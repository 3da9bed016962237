"""The proxy for a server, from the usual variables: http_proxy, https_proxy, all_proxy and no_proxy.

Requests to loopback use no proxy: loopback on the proxy is another machine.
"""

import base64
import ipaddress
import os
import sys
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `authorization` is the value of the header Proxy-Authorization, empty without a login."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)


def proxy_for(scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy for a server, None for a direct connection; raises ValueError for an invalid proxy address."""
    if not _may_have_proxies():
        return None
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 (loads http.client and email: slow to load)

    proxies = getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or is_loopback(host) or proxy_bypass(f"{host}:{port}"):
        return None
    invalid = ValueError(f"the proxy for {scheme} must be an http:// address; correct {scheme}_proxy")
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        server = parts.hostname, parts.port or 80
    except ValueError:  # its text may quote the address
        raise invalid from None
    if parts.scheme != "http" or not server[0]:
        raise invalid
    return Proxy(server[0], server[1], _authorization(parts.username, parts.password))


def is_loopback(host: str) -> bool:
    """Return whether a host name is this machine."""
    if host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _may_have_proxies() -> bool:
    """Return whether a variable names a proxy, or the system may have one in its settings."""
    return sys.platform in {"darwin", "win32"} or any(name.lower().endswith("_proxy") for name in os.environ)


def _authorization(username: str | None, password: str | None) -> str:
    if username is None:
        return ""
    login = f"{unquote(username)}:{unquote(password or '')}".encode()
    return "Basic " + base64.b64encode(login).decode("ascii")
