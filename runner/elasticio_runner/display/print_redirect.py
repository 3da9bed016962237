"""Reserves standard output for lines of JSON: the `print` output of components goes to standard error."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import IO

_STDOUT, _STDERR = 1, 2  # file descriptors


@contextmanager
def prints_to_stderr() -> Iterator[IO[str]]:
    """Yield the real standard output, and redirect all other writes to standard error.

    Covers `print` and, at the level of the operating system, child processes and C libraries.
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
            with suppress(OSError, ValueError):  # unwritten text is lost in any case
                real.close()
            os.dup2(saved, _STDOUT)
            os.close(saved)


def _is_real(stream: IO[str]) -> bool:
    """Return whether a stream writes to the process's standard output; a replacement has no such descriptor."""
    try:
        return stream.fileno() == _STDOUT
    except (AttributeError, OSError, io.UnsupportedOperation, ValueError):
        return False
