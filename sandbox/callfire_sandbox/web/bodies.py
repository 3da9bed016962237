"""Reading request bodies: bounded, and linear in their size."""

from collections.abc import Mapping

from starlette.types import Receive

from callfire_sandbox.errors import ApiError
from callfire_sandbox.web.limits import MEGABYTE


def has_body(headers: Mapping[str, str]) -> bool:
    """Return whether a request with these headers (names in lower case) has a body."""
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def read_body(receive: Receive, headers: Mapping[str, str], limit: int) -> bytes | None:
    """Return the whole body, or None if the client disconnects before its end.

    Raises ApiError with status 413 as soon as the body is known to be larger than `limit` bytes.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while (message := await receive())["type"] == "http.request":
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
    return None


async def until_disconnected(receive: Receive) -> None:
    """Wait until the client disconnects. Further data is discarded."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _too_large(limit: int) -> ApiError:
    shown = f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else f"{limit} bytes"
    error = ApiError(f"The body is too large. The maximum is {shown}.", status=413)
    error.code = "body_too_large"
    return error
