"""What the runtime and components log in this process, for the user's eyes."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[str, int, str], None]
_LEVELS = {"sailor": logging.WARNING, "component": logging.INFO}


@contextmanager
def logs_to(show: Show) -> Iterator[None]:
    """Have each line shown: who logs, at which level, what."""
    handler = _Handler(show)
    loggers = [logging.getLogger(name) for name in _LEVELS]
    before = [logger.level for logger in loggers]
    for logger, level in zip(loggers, _LEVELS.values(), strict=True):
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


class _Handler(logging.Handler):
    def __init__(self, show: Show) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        self._show(record.name, record.levelno, record.getMessage())
