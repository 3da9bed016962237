"""Log lines in the format of the platform's own runtime: one JSON object per line on stdout, in the bunyan format.

The platform's log viewer reads this format. Lines never contain credentials, the environment or message data.
"""

import json
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from elasticio.errors import SettingsError
from elasticio.runtime.failure import in_log, masked
from elasticio.wire.text import printable

LIMIT = 100_000  # characters of one line's text
TRACE = 5
_LEVELS = {"trace": TRACE, "debug": 10, "info": 20, "warn": 30, "error": 40, "fatal": 50}
_BUNYAN = {TRACE: 10, 10: 20, 20: 30, 30: 40, 40: 50, 50: 60}
_IDENTIFIERS = (
    "API_USERNAME COMP_ID COMP_NAME CONTAINER_ID CONTRACT_ID EXEC_ID EXEC_TYPE EXECUTION_RESULT_ID FLOW_ID "
    "FLOW_VERSION FUNCTION STEP_ID TASK_USER_EMAIL TENANT_ID USER_ID WORKSPACE_ID"
)


class RuntimeLogger(logging.Logger):
    """A logger that a component's own logging configuration cannot silence.

    `logging.config.dictConfig`, for example, disables all existing loggers and replaces the handlers by default.
    """

    disabled = False
    handler: ClassVar[logging.Handler | None] = None

    def __setattr__(self, name: str, value: Any) -> None:
        """Ignore a change of `disabled`."""
        if name != "disabled":
            super().__setattr__(name, value)

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 (the base class's name)
        """Pass the record to all handlers, and to the runtime's if it is no longer one of them."""
        super().callHandlers(record)
        if self.handler and self.handler not in logging.getLogger().handlers:
            self.handler.handle(record)


sailor_log = logging.getLogger("sailor")
component_log = logging.getLogger("component")
for _logger in (sailor_log, component_log):
    _logger.__class__ = RuntimeLogger  # other modules have created it already


class BunyanFormatter(logging.Formatter):
    """Formats a log record as one line of JSON with the identifiers of the step."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._write = json.JSONEncoder(default=_written, skipkeys=True).encode  # a component may replace json.dumps
        names = [f"ELASTICIO_{name}" for name in _IDENTIFIERS.split()]
        self._same = {
            "hostname": socket.gethostname(),
            "pid": os.getpid(),
            **{name: environ[name] for name in names if name in environ},
            **({"tag": environ["ELASTICIO_FLOW_ID"]} if "ELASTICIO_FLOW_ID" in environ else {}),
        }

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON, without a line break."""
        context = getattr(record, "context", None)
        line = {
            "name": "component" if record.name.split(".")[0] == "component" else "sailor",
            **self._same,
            **(context if isinstance(context, dict) else {}),
            "level": _BUNYAN.get(record.levelno, record.levelno + 10),
            "msg": _text(record),
            "time": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "v": 0,
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["err"] = {"name": type(error).__name__, "stack": "".join(traceback.format_tb(error.__traceback__))}
        return self._write(line)


def _text(record: logging.LogRecord) -> str:
    """Return the text of a record with URLs masked; without its arguments if they cannot be formatted."""
    try:
        text = str.__str__(record.getMessage())
    except BaseException as error:  # noqa: BLE001 (any code can run in an argument's __str__)
        text = f"{_written(record.msg)} (failed to format the arguments: {type(error).__name__})"
    return printable(masked(text), LIMIT)


def _written(value: Any) -> str:
    try:
        return str.__str__(str(value))
    except BaseException:  # noqa: BLE001 (as above)
        return f"({type(value).__name__})"


class ComponentLogger(RuntimeLogger):
    """The component's logger for one message. Its lines contain the message's identifiers."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__(component_log.name)
        self.parent = component_log
        self._context = dict(context)

    def makeRecord(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: N802 (the base class's name)
        """Create a record with the message's identifiers."""
        record = super().makeRecord(*args, **kwargs)
        record.context = self._context
        return record


class Stdout:
    """The process's stdout. A component can close or replace `sys.stdout`, but not this copy of its descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def of(cls, stream: Any) -> Any:
        """Return a copy for a stream with a descriptor, else the stream."""
        try:
            return cls(os.dup(stream.fileno()))
        except (AttributeError, OSError, ValueError):
            return stream

    def write(self, text: str) -> None:
        """Write the text; raises OSError."""
        data = memoryview(text.encode())
        while data:
            data = data[os.write(self._descriptor, data) :]

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""


class LineHandler(logging.StreamHandler[Any]):
    """Writes each record as a line. A line that cannot be written is lost: a log must not fail the code that writes."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the base class's name)
        """Do nothing."""


def _log_thread_error(args: threading.ExceptHookArgs) -> None:
    """Log an exception that has ended a thread. Python's own hook would write its text, which may be secret."""
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread else "?"
        sailor_log.error("The thread %s ended with %s", name, in_log(args.exc_value))


def _log_unraisable(args: Any) -> None:
    """Log an exception that Python cannot raise, for example in `__del__`."""
    if args.exc_value is not None:
        sailor_log.error("An exception was ignored: %s", in_log(args.exc_value))


def configure(environ: Mapping[str, str]) -> None:
    """Write log lines of the level LOG_LEVEL (default: info) and above to stdout.

    Raises SettingsError for an unknown level; the level is then info.
    """
    logging.addLevelName(TRACE, "TRACE")
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # prints of a component: see Stdout
    handler = LineHandler(Stdout.of(sys.stdout))
    handler.setFormatter(BunyanFormatter(environ))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    RuntimeLogger.handler = handler
    threading.excepthook = _log_thread_error
    sys.unraisablehook = _log_unraisable
    root.setLevel(logging.WARNING)  # libraries log only warnings and errors
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # the runtime logs one line for each failed attempt
    for logger in (sailor_log, component_log):
        logger.setLevel(logging.INFO)
    chosen = level_of(environ)
    for logger in (sailor_log, component_log):
        logger.setLevel(chosen)


def level_of(environ: Mapping[str, str]) -> int:
    """Return the level LOG_LEVEL, a number of the logging module. Default: info. Raises SettingsError."""
    name = environ.get("LOG_LEVEL", "").strip().lower() or "info"
    if name not in _LEVELS:
        raise SettingsError(f"LOG_LEVEL: must be one of {', '.join(_LEVELS)}, not {printable(name, 50)!r}.")
    return _LEVELS[name]
