"""Shows what the runtime, the runner and components log in this process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ShowLine = Callable[[str, int, str], None]
_LEVELS = {"sailor": logging.WARNING, "runner": logging.WARNING, "component": logging.INFO}


@contextmanager
def logs_to(show: ShowLine) -> Iterator[None]:
    """Pass each line to `show`, as logger, level and text."""
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
    def __init__(self, show: ShowLine) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception as error:  # noqa: BLE001 (a component logs any objects, which may fail to print themselves)
            text = f"{record.msg!s:.200} (its values cannot be shown: {type(error).__name__})"
        self._show(record.name, record.levelno, text)
