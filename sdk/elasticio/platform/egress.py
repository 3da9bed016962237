"""Which servers a step may contact for URLs that a message gives it.

A message may name any address, so it could make a step fetch what only the step can reach: a metadata service, an admin
page on this machine, a database in the private network. By default only public addresses are allowed. The operator
changes that with two variables, each a comma-separated list of host names (`files.example.com`), of domains with all
their hosts (`*.example.com`), of addresses, of networks (`10.1.0.0/16`), or `*` for everything:

ELASTICIO_EGRESS_ALLOW  also allowed; takes precedence over the other
ELASTICIO_EGRESS_DENY   not allowed, although public

A name is resolved once, and the connection goes to the very address that was checked, for each redirect anew. Through a
proxy, the name is resolved here for the check and once more by the proxy; all its addresses must be allowed.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import requests
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NameResolutionError, NewConnectionError
from urllib3.util import parse_url
from urllib3.util.connection import create_connection

from elasticio.errors import SettingsError
from elasticio.platform.http import Adapter, PromptHTTPConnection, PromptHTTPSConnection, pool_classes

ALLOW, DENY = "ELASTICIO_EGRESS_ALLOW", "ELASTICIO_EGRESS_DENY"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Server = tuple[str, int]  # host and port

_PORTS = {"http": 80, "https": 443}
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_PUBLIC = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, among them a metadata service; older versions of ipaddress lack it
        "192.88.99.0/24",  # relays of 6to4, deprecated
        "168.63.129.16/32",  # a public address at which Azure serves only the virtual machines on the same host
    )
)


class EgressError(Exception):
    """The policy does not allow a request to `server`."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            f"requests to {server[0][:255]!r} are not allowed: its address is not public, or the operator denies it. "
            f"To allow the host, add it to {ALLOW}."
        )
        self.server = server


@dataclass(frozen=True, slots=True)
class HostList:
    """The entries of one of the variables."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    domains: tuple[str, ...] = ()
    networks: tuple[IPNetwork, ...] = ()

    @classmethod
    def parse(cls, text: str, variable: str) -> Self:
        """Parse the value of a variable; raises SettingsError for an entry that is neither a host nor a network."""
        names, domains, networks = set(), [], []
        entries = [entry.strip().lower() for entry in text.split(",") if entry.strip()]
        for entry in entries:
            if entry.startswith("*."):
                domains.append("." + _host_name(entry[2:], variable))
            elif entry != "*":
                try:
                    networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
                except ValueError:
                    names.add(_host_name(entry, variable))
        return cls("*" in entries, frozenset(names), tuple(domains), tuple(networks))

    def has_name(self, name: str) -> bool:
        """Return whether a host name is listed, whatever its addresses are."""
        return name in self.names or name.endswith(self.domains)

    def has_address(self, address: IPAddress) -> bool:
        """Return whether an address is in one of the networks."""
        return any(address.version == network.version and address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """What is allowed. `trusted` servers, which the operator configured, always are."""

    allowed: HostList = field(default_factory=HostList)
    denied: HostList = field(default_factory=HostList)
    trusted: frozenset[Server] = frozenset()

    @classmethod
    def parse(cls, allow: str, deny: str = "") -> Self:
        """Make a policy of the values of the two variables; raises SettingsError."""
        return cls(HostList.parse(allow, ALLOW), HostList.parse(deny, DENY))

    def trusting(self, *urls: str) -> Self:
        """Return this policy with the servers of some URLs allowed."""
        return replace(self, trusted=self.trusted | {server_of(url) for url in urls})

    def resolve(self, host: str, port: int) -> Iterator[tuple[str, bool]]:
        """Yield the addresses of a host, each with whether it is allowed.

        Raises socket.gaierror for an unknown host, LocationParseError for a name that cannot exist.
        """
        host = host.strip("[]")
        by_name = self._by_name(host.lower().rstrip("."), port)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError:
            raise LocationParseError(host) from None
        for *_, place in found:
            address = str(place[0])
            yield address, self._by_address(ipaddress.ip_address(address)) if by_name is None else by_name

    def check_all(self, host: str, port: int) -> None:
        """Raise EgressError unless all addresses of a host are allowed. A host allowed by its name is not resolved."""
        if self._by_name(host.lower().rstrip("."), port):
            return
        if not all(allowed for _, allowed in self.resolve(host, port)):
            raise EgressError((host, port))

    def _by_name(self, name: str, port: int) -> bool | None:
        if self.allowed.everything or self.allowed.has_name(name) or (name, port) in self.trusted:
            return True
        return False if self.denied.has_name(name) else None

    def _by_address(self, address: IPAddress) -> bool:
        real = embedded_address(address) or address
        if any(self.allowed.has_address(form) for form in (address, real)):
            return True
        if self.denied.everything or any(self.denied.has_address(form) for form in (address, real)):
            return False
        return is_public(address)


class EgressAdapter(Adapter):
    """Connects as a policy allows; raises EgressError where it does not."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy
        super().__init__()

    def pool_classes(self) -> dict[str, type[HTTPConnectionPool]]:
        """Return pools whose connections know the policy."""
        known = self._policy

        class CheckedHTTPConnection(_Checked, PromptHTTPConnection):
            policy = known

        class CheckedHTTPSConnection(_Checked, PromptHTTPSConnection):
            policy = known

        return pool_classes(CheckedHTTPConnection, CheckedHTTPSConnection)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """Check a request that goes through a proxy here, since the connection is one to the proxy."""
        if select_proxy(request.url, proxies):
            target = parse_url(request.url)
            try:
                self._policy.check_all(target.host or "", target.port or _PORTS.get(target.scheme or "", 0))
            except OSError as error:
                raise requests.ConnectionError(error, request=request) from None
        return super().get_connection_with_tls_context(request, verify, proxies, cert)


class _Checked(HTTPConnection):
    """A connection to an address that was checked."""

    policy: ClassVar[EgressPolicy]

    def _new_conn(self) -> socket.socket:
        """Connect to the first allowed address that accepts. urllib3 makes all its connections here."""
        deadline = time.monotonic() + self.timeout if isinstance(self.timeout, int | float) else None
        refused, failure = False, None
        try:
            for address, allowed in self.policy.resolve(self._dns_host, self.port):
                if not allowed:
                    refused = True
                elif deadline is None or time.monotonic() < deadline:
                    try:
                        return self._connect(address)
                    except OSError as error:
                        failure = error
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out") from failure
        if failure or not refused:
            raise NewConnectionError(self, f"No connection to {self.host}") from failure
        raise EgressError((self.host, self.port))

    def _connect(self, address: str) -> socket.socket:
        place = (address, self.port)
        return create_connection(
            place, self.timeout, source_address=self.source_address, socket_options=self.socket_options
        )


def server_of(url: str) -> Server:
    """Return host and port of a URL. Raises ValueError for an invalid one."""
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)


def is_public(address: IPAddress) -> bool:
    """Return whether an address belongs to a host on the public Internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = embedded_address(address)
        return is_public(inner) if inner else address in _GLOBAL_UNICAST and address.is_global
    special = address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not special


def embedded_address(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that packets for an IPv6 address may end at: mapped, 6to4 or NAT64."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _host_name(entry: str, variable: str) -> str:
    try:
        name = entry.rstrip(".").encode("idna").decode()
    except UnicodeError:
        name = ""
    if not name or any(character in name for character in "/:@* "):
        raise SettingsError(f"{variable}: {entry!r} is neither a host name nor an address or a network")
    return name
