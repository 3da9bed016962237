"""The parts of an http or https URL that a request needs."""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote, unquote, urljoin, urlsplit

Server = tuple[str, int]
"""Host and port."""

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"([a-z0-9_~-]{1,63}\.)*[a-z0-9_~-]{1,63}\.?|[0-9a-f:.]+(%[a-z0-9._~-]+)?")
_SAFE = "/%:@!$&'()*+,;=~?[]"  # allowed in a path or a query; a percent sign counts as an escape


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A parsed URL.

    host           in ASCII and lower case, IPv6 without brackets
    target         path and query, escaped
    authorization  value of the header Authorization for the login in the URL; empty without a login
    """

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)
    authorization: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: Any) -> Self:
        """Parse a URL. Raises ValueError, whose text does not show the URL."""
        parts = urlsplit(url.strip() if isinstance(url, str) else "")
        host = (parts.hostname or "").encode("ascii" if (parts.hostname or "").isascii() else "idna").decode()
        port = _PORTS.get(parts.scheme) if parts.port is None else parts.port
        if not port or parts.scheme not in _PORTS or not _HOST.fullmatch(host):
            raise ValueError("the address must begin with http:// or https:// and name a host")
        target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
        login = "" if parts.username is None else basic(unquote(parts.username), unquote(parts.password or ""))
        return cls(parts.scheme, host, port, target, login)

    @property
    def base(self) -> str:
        """The URL without path and login."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def server(self) -> Server:
        """Host and port. A dot at the end of the host name is removed."""
        return self.host.rstrip("."), self.port

    def redirected(self, location: str) -> Self:
        """Return the target of a redirect. A login stays on its server. Raises ValueError for an invalid target."""
        with suppress(UnicodeError):
            location = location.encode("latin-1").decode()  # headers are read as Latin-1; servers write UTF-8
        to = self.parse(urljoin(self.base + self.target, location))
        upgraded = (self.scheme, self.port, to.scheme, to.port) == ("http", 80, "https", 443)
        same = self.host == to.host and (upgraded or (self.scheme, self.port) == (to.scheme, to.port))
        return replace(to, authorization=self.authorization) if same and not to.authorization else to


def server_of(url: str) -> str:
    """Return the server of a URL for an error text: `http://host:8080`, without path and login; empty if invalid."""
    try:
        return WebAddress.parse(url).base
    except ValueError:
        return ""


def basic(username: str, password: str) -> str:
    """Return the value of the header Authorization for a login."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
