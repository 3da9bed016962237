"""The Host headers that the sandbox accepts: protection against DNS rebinding.

A web page can point its own domain name at 127.0.0.1 and then read a server on this machine as its own origin. Its
requests carry that domain name as Host. The sandbox therefore accepts only names that such a page cannot have.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from callfire_sandbox.errors import ForbiddenError

REMEMBERED = 256


class AllowedHosts:
    """Accepts loopback names and addresses, the address the sandbox listens on, and `names`.

    A sandbox that listens on all addresses accepts every IP address, because an IP address cannot be rebound.
    """

    def __init__(self, host: str, names: Iterable[str] = ()) -> None:
        address = _address(host)
        self._any_address = address is not None and address.is_unspecified
        self._names = {"localhost", *(name.lower() for name in (host, *names))}
        self._accepted: set[bytes] = set()

    def check(self, header: bytes) -> None:
        """Raise ForbiddenError if the value of a Host header is not accepted."""
        if header in self._accepted:
            return
        name = _name(header.decode("latin-1").strip().lower())
        if not self._allows(name):
            raise ForbiddenError(
                f"Host: {name[:100]!r} is not allowed. Use localhost, or start the sandbox with --allowed-host."
            )
        if len(self._accepted) < REMEMBERED:
            self._accepted.add(header)

    def _allows(self, name: str) -> bool:
        if name in self._names or name.endswith(".localhost"):
            return True
        address = _address(name)
        return address is not None and (address.is_loopback or self._any_address)


def _name(host: str) -> str:
    """Return a Host value without port, brackets and the dot of a fully qualified name."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
