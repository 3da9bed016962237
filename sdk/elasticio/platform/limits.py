"""Limits of what the runtime reads and writes over HTTP."""

MAX_ATTACHMENT_SIZE = 100 * 1024 * 1024
"""Bytes of one attachment. The platform refuses larger ones."""
