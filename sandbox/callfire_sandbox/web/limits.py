"""Limits on requests: sizes, and times for incomplete requests."""

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """Maximum sizes in bytes and maximum times in seconds.

    The times run from the first byte of a request head, and from the end of the head to the end of the body.
    """

    head_seconds: float = 10.0
    body_seconds: float = 60.0
    target_bytes: int = 32 * 1024
    """Path and query of a URL."""
    json_bytes: int = 10 * MEGABYTE
    upload_bytes: int = 105 * MEGABYTE
    """A file of 100 MB with the rest of its form."""
    state_bytes: int = 1024 * MEGABYTE
    """The body of PUT /sandbox/state, which contains all files."""
