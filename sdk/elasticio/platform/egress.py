"""The egress policy: the servers that a step may contact for URLs in messages.

A message may contain any address, also one that only the step can reach: a metadata service, an admin page on this
machine, a database in the private network. By default only public addresses are allowed. Two variables change the
default:

ELASTICIO_EGRESS_ALLOW  additional servers; takes precedence over ELASTICIO_EGRESS_DENY
ELASTICIO_EGRESS_DENY   public servers that are not allowed

Each variable is a comma-separated list. An entry is a host name (`files.example.com`), a domain with all its hosts
(`*.example.com`), an address, a network (`10.1.0.0/16`), or `*` for all servers.

Each host name is resolved once, and the step connects to the address that it checked. It checks each redirect in the
same way. With a proxy, the proxy resolves the name again; all addresses of the name must be allowed.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from elasticio.errors import SettingsError
from elasticio.platform.web_address import Server

ALLOW, DENY = "ELASTICIO_EGRESS_ALLOW", "ELASTICIO_EGRESS_DENY"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_PUBLIC = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, including a metadata service; older versions of ipaddress lack it
        "192.88.99.0/24",  # relays of 6to4, deprecated
        "168.63.129.16/32",  # a public address at which Azure serves its virtual machines only
    )
)


_NAME = re.compile(r"([a-z0-9_~-]+\.)*(?![0-9]+$)[a-z0-9_~-]+")  # the last part of an address is a number


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
    """The parsed entries of one of the two variables."""

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
        """Return whether the list contains a host name."""
        return name in self.names or name.endswith(self.domains)

    def has_address(self, address: IPAddress) -> bool:
        """Return whether one of the listed networks contains an address."""
        return any(address.version == network.version and address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Decides which servers are allowed. `trusted` servers, which the operator configured, are always allowed."""

    allowed: HostList = field(default_factory=HostList)
    denied: HostList = field(default_factory=HostList)
    trusted: frozenset[Server] = frozenset()

    @classmethod
    def parse(cls, allow: str, deny: str = "") -> Self:
        """Return the policy for the values of the two variables; raises SettingsError."""
        return cls(HostList.parse(allow, ALLOW), HostList.parse(deny, DENY))

    def trusting(self, *servers: Server) -> Self:
        """Return a copy of this policy with additional trusted servers."""
        return replace(self, trusted=self.trusted | {*servers})

    def guard(self, host: str, port: int, through_proxy: bool) -> Sequence[str]:
        """Return the allowed addresses of a host, as the guard of an HttpClient.

        A proxy chooses one of the addresses, so all of them must be allowed. A host that is allowed by name is not
        resolved for a proxy. Raises EgressError if no address is allowed, OSError or UnicodeError for an unknown host.
        """
        by_name = self._by_name(host.lower().rstrip("."), port)
        if by_name and through_proxy:
            return [host]
        found = [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        allowed = [text for text in found if self._by_address(ipaddress.ip_address(text))] if by_name is None else found
        if by_name is False or not allowed or (through_proxy and allowed != found):
            raise EgressError((host.rstrip("."), port))
        return allowed

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


def is_public(address: IPAddress) -> bool:
    """Return whether an address belongs to a host on the public Internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = embedded_address(address)
        return is_public(inner) if inner else address in _GLOBAL_UNICAST and address.is_global
    special = address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not special


def embedded_address(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address to which an IPv6 address may lead: mapped, 6to4 or NAT64."""
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
    if not _NAME.fullmatch(name):  # a list with wrong separators must not count as one name that matches nothing
        raise SettingsError(
            f"{variable}: {entry!r} is neither a host name nor an address or a network. "
            "Separate entries with commas, and omit scheme, port and path."
        )
    return name
