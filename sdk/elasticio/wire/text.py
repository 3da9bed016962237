"""Makes text from outside valid for a header or a log line: valid Unicode of limited length."""

import hashlib

LIMIT = 1024  # characters


def printable(text: str, limit: int = LIMIT) -> str:
    """Replace lone surrogates by U+FFFD, which UTF-8 can encode, and truncate the text to `limit` characters."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def identifier(text: str) -> str:
    """Return a printable identifier. A truncated one ends with a digest, so that two long ones stay different."""
    if len(text) <= LIMIT:
        return printable(text)
    return printable(text) + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
