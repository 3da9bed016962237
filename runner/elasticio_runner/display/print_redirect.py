"""Keeps standard output for lines of JSON: what components print goes to standard error."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import IO

_STDOUT, _STDERR = 1, 2  # file descriptors


@contextmanager
def prints_to_stderr() -> Iterator[IO[str]]:
    """Yield the real standard output, and send everything else that writes to it to standard error.

    Covers `print`, and on the level of the operating system also child processes and libraries in C.
    """
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        if not _is_real(out):
            yield out
            return
        out.flush()
        saved = os.dup(_STDOUT)
        os.dup2(_STDERR, _STDOUT)
        real = os.fdopen(saved, "w", encoding=out.encoding, errors=out.errors, closefd=False)
        try:
            yield real
        finally:
            with suppress(OSError, ValueError):  # text that could not be written is lost already
                real.close()
            os.dup2(saved, _STDOUT)
            os.close(saved)


def _is_real(stream: IO[str]) -> bool:
    """Tell whether a stream is the process's own standard output, not a replacement without a descriptor."""
    try:
        return stream.fileno() == _STDOUT
    except (AttributeError, OSError, io.UnsupportedOperation, ValueError):
        return False
