"""Files at any URL, fetched only from servers that the egress policy allows."""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from elasticio.errors import PlatformError
from elasticio.http import HttpClient, HttpStream
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.files import UNLIMITED
from elasticio.platform.json_client import USER_AGENT
from elasticio.platform.retries import follow, send_with_repeats, short_pauses, successful
from elasticio.platform.web_address import WebAddress

_LONGEST_LENGTH = 15  # digits of a size
_LONGEST_HEADER = 2000  # characters of Content-Disposition: its parser is slow
_LONGEST_NAME = 255  # characters
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # so that the server can tell the length
    "User-Agent": USER_AGENT,
}


@dataclass(frozen=True)
class Download:
    """A file whose content has not been read. `address` is its address after all redirects."""

    stream: HttpStream
    address: WebAddress

    @property
    def status(self) -> int:
        """The HTTP status of the response."""
        return self.stream.status

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    @property
    def name(self) -> str:
        """The server's file name, else the last part of the path. May be empty."""
        return given_name(self.stream) or safe_name(unquote(self.address.target.partition("?")[0]))

    @property
    def content_type(self) -> str:
        """The media type without parameters, empty if the server sends none."""
        return self.stream.headers.get("content-type", "").partition(";")[0].strip()


def download(address: WebAddress, what: str, timeout: float, policy: EgressPolicy) -> Download:
    """Request a file from a server. The request contains no cookies, and a login only if the URL does.

    `what` names the URL in errors. Raises EgressError for a server that the policy does not allow. Raises PlatformError
    if there is no file; its `status` is the HTTP status, if any.
    """
    what = f"{what}: GET at {address.host[:255]}"

    def get(to: WebAddress) -> HttpStream:
        headers = {**_HEADERS, **({"Authorization": to.authorization} if to.authorization else {})}
        try:
            client = HttpClient(to.base, timeout=timeout, guard=policy.guard)
        except ValueError as error:  # the address of the proxy is invalid
            raise PlatformError(f"{what} failed: {error}") from None
        return client.open("GET", to.target, headers=headers, max_body=UNLIMITED)

    def send() -> Download:
        return Download(*follow(address, get, what))

    return successful(send_with_repeats(send, short_pauses(), what), what)


def size_of(stream: HttpStream) -> int | None:
    """Return the Content-Length; None without one, or if the body is compressed."""
    return None if "content-encoding" in stream.headers else whole_number(stream.headers.get("content-length"))


def whole_number(value: object) -> int | None:
    """Return a size that consists of digits, None for any other value."""
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_LENGTH else None


def given_name(stream: HttpStream) -> str:
    """Return the file name in Content-Disposition, empty without a readable one."""
    from email.message import Message  # noqa: PLC0415 (slow to load: only for files)

    header = Message()
    header["Content-Disposition"] = stream.headers.get("content-disposition", "")[:_LONGEST_HEADER]
    try:
        name = header.get_filename("")
    except Exception:  # noqa: BLE001 (the email package raises many classes, e.g. for charsets that cannot decode)
        return ""
    with suppress(UnicodeError):  # headers are read as Latin-1; servers write UTF-8
        name = name.encode("latin-1").decode()
    return safe_name(name)


def safe_name(name: str) -> str:
    """Return the last part of a path, without control characters, at most 255 characters."""
    return "".join(filter(str.isprintable, re.split(r"[/\\]", name)[-1])).strip()[-_LONGEST_NAME:]
