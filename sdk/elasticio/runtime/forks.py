"""Processes that a component forks.

A forked child has copies of the runtime's objects, but none of its threads: it can neither publish nor settle. It must
not continue the runtime's work.
"""

import logging
import os
import sys
from contextlib import suppress
from typing import NoReturn

from elasticio.runtime.failure import in_log

log = logging.getLogger("sailor")

is_child = False
"""Whether this process is a forked child of the step's process."""


def _mark() -> None:
    global is_child  # noqa: PLW0603 (the state of the whole process)
    is_child = True


os.register_at_fork(after_in_child=_mark)


def end_child() -> NoReturn:
    """End this process, a forked child in which the component's function has ended.

    The exit code is that of SystemExit, 1 for another exception, else 0.
    """
    code: object = 0
    error = sys.exception()
    if isinstance(error, SystemExit):
        code = error.code or 0
    elif error is not None:
        log.error("A process that the component forked failed with %s", in_log(error))
        code = 1
    with suppress(Exception):
        sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 1)
