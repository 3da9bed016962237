"""Protects the output of a command from the component that it runs in this process.

Standard output is reserved for lines of JSON: the `print` output of components goes to standard error. A component can
close the streams or end the process; the user then still sees what happened.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import IO, NoReturn

_STDOUT, _STDERR = 1, 2  # file descriptors
_SHOW_CURSOR = b"\x1b[?25h"


@contextmanager
def protected_output() -> Iterator[tuple[IO[str], IO[str]]]:
    """Yield standard output and standard error of a command that runs a component, with all protections below."""
    with own_stderr() as err, prints_to_stderr() as out, shows_exit(err):
        yield out, err


@contextmanager
def prints_to_stderr() -> Iterator[IO[str]]:
    """Yield the real standard output, and redirect all other writes to standard error.

    Covers `print` and, at the level of the operating system, child processes and C libraries.
    """
    out = sys.stdout or _ClosedOutput()
    with redirect_stdout(sys.stderr):
        if isinstance(out, _ClosedOutput):
            with suppress(OSError):
                os.dup2(_STDERR, _STDOUT)  # otherwise the next opened file would receive what libraries print
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


@contextmanager
def own_stderr() -> Iterator[IO[str]]:
    """Yield standard error as a stream that a component cannot close."""
    try:
        copy = os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding=sys.stderr.encoding, errors="backslashreplace")
    except (AttributeError, OSError, ValueError):  # a replacement without a descriptor
        yield sys.stderr
        return
    copy.reconfigure(line_buffering=True)
    try:
        yield copy
    finally:
        with suppress(OSError, ValueError):  # unwritten text is lost in any case
            copy.close()


@contextmanager
def shows_exit(err: IO[str]) -> Iterator[None]:
    """Write a line if the component ends the process with `os._exit`, which otherwise ends a command in silence."""
    exit_process, process = os._exit, os.getpid()

    def ended(status: int) -> NoReturn:
        if os.getpid() == process:  # not a child process
            with suppress(OSError, ValueError):
                show_cursor()
                err.write(f"the component ended the process with os._exit({status})\n")
            status = status or 1
        exit_process(status)

    os._exit = ended
    try:
        yield
    finally:
        os._exit = exit_process


def show_cursor() -> None:
    """Show the cursor of the terminal, which the live table hides, before the process ends."""
    with suppress(OSError):
        if os.isatty(_STDERR):
            os.write(_STDERR, _SHOW_CURSOR)


class _ClosedOutput(io.StringIO):
    """The standard output of a process that was started without one."""

    def write(self, _text: str) -> int:
        """Raise OSError."""
        raise OSError(errno.EBADF, "it is closed")


def _is_real(stream: IO[str]) -> bool:
    """Return whether a stream writes to the process's standard output; a replacement has no such descriptor."""
    try:
        return stream.fileno() == _STDOUT
    except (AttributeError, OSError, io.UnsupportedOperation, ValueError):
        return False
