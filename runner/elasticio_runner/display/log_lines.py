"""Shows the log lines of the runtime, the runner and the components in this process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ShowLine = Callable[[str, int, str], None]
_LEVELS = {"sailor": logging.WARNING, "runner": logging.WARNING, "component": logging.INFO}


@contextmanager
def logs_to(show: ShowLine) -> Iterator[None]:
    """Pass each log line to `show` as (logger, level, text)."""
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


def is_shown_otherwise(name: str, text: str) -> bool:
    """Return whether the runner already shows the event behind a log line of the runtime: a rebound."""
    return name == "sailor" and text.startswith("Rebounded: ")


class _Handler(logging.Handler):
    def __init__(self, show: ShowLine) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception as error:  # noqa: BLE001 (a component may log objects whose `__str__` fails)
            text = f"{record.msg!s:.200} (failed to format the arguments: {type(error).__name__})"
        if not is_shown_otherwise(record.name, text):
            self._show(record.name, record.levelno, text)
