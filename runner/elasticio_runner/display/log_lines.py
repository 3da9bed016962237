"""Shows the log lines of the runtime, the runner and the components in this process."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

from elasticio.runtime.logging import level_of

# A failed message whose error has a text. Of other errors, only this line contains the place in the code.
_FAILED = re.compile(r"\S+ failed with \w+: ")

ShowLine = Callable[[str, int, str], None]


class LogLevels:
    """The levels from which log lines are shown: of the component, and of the runtime and the runner.

    LOG_LEVEL in the environment sets both. Default: info for the component, warn for the others.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        is_chosen = bool(environ.get("LOG_LEVEL", "").strip())
        self.component = level_of(environ)
        self.runtime = self.component if is_chosen else logging.WARNING

    @classmethod
    def of(cls, name: str | None) -> Self:
        """Return the levels for a value of LOG_LEVEL, None for the defaults; raises SettingsError."""
        return cls({} if name is None else {"LOG_LEVEL": name})

    def show(self, logger: str, level: int) -> bool:
        """Return whether a line of a logger is shown."""
        return level >= (self.component if logger == "component" else self.runtime)


@contextmanager
def logs_to(show: ShowLine, levels: LogLevels | None = None) -> Iterator[None]:
    """Pass each log line to `show` as (logger, level, text)."""
    handler = _Handler(show)
    chosen = levels or LogLevels({})
    numbers = {"sailor": chosen.runtime, "runner": chosen.runtime, "component": chosen.component}
    before = {name: logging.getLogger(name).level for name in numbers}
    for name, level in numbers.items():
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).setLevel(level)


def is_shown_otherwise(name: str, text: str) -> bool:
    """Return whether the runner already shows the event behind a log line of the runtime.

    These events are rebounds and failed messages.
    """
    return name == "sailor" and (text.startswith("Rebounded: ") or _FAILED.match(text) is not None)


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
