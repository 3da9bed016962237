"""Log lines in the format of the platform's own runtime: one JSON object per line on stdout, in the bunyan format.

The platform's log viewer reads this format. Lines never contain credentials, the environment or message data.
"""

import json
import logging
import os
import socket
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from elasticio.errors import SettingsError
from elasticio.wire.text import printable

LIMIT = 100_000  # characters of one line's text
TRACE = 5
_LEVELS = {"trace": TRACE, "debug": 10, "info": 20, "warn": 30, "error": 40, "fatal": 50}
_BUNYAN = {TRACE: 10, 10: 20, 20: 30, 30: 40, 40: 50, 50: 60}
_IDENTIFIERS = (
    "API_USERNAME COMP_ID COMP_NAME CONTAINER_ID CONTRACT_ID EXEC_ID EXEC_TYPE EXECUTION_RESULT_ID FLOW_ID "
    "FLOW_VERSION FUNCTION STEP_ID TASK_USER_EMAIL TENANT_ID USER_ID WORKSPACE_ID"
)

sailor_log = logging.getLogger("sailor")
component_log = logging.getLogger("component")


class BunyanFormatter(logging.Formatter):
    """Formats a log record as one line of JSON with the identifiers of the step."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__()
        names = [f"ELASTICIO_{name}" for name in _IDENTIFIERS.split()]
        self._same = {
            "hostname": socket.gethostname(),
            "pid": os.getpid(),
            **{name: environ[name] for name in names if name in environ},
            **({"tag": environ["ELASTICIO_FLOW_ID"]} if "ELASTICIO_FLOW_ID" in environ else {}),
        }

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON, without a line break."""
        line = {
            "name": "component" if record.name.split(".")[0] == "component" else "sailor",
            **self._same,
            **getattr(record, "context", {}),
            "level": _BUNYAN.get(record.levelno, record.levelno + 10),
            "msg": _text(record),
            "time": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "v": 0,
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["err"] = {"name": type(error).__name__, "stack": "".join(traceback.format_tb(error.__traceback__))}
        return json.dumps(line, default=_written)


def _text(record: logging.LogRecord) -> str:
    """Return the text of a record; without its arguments if they cannot be formatted."""
    try:
        return printable(record.getMessage(), LIMIT)
    except Exception as error:  # noqa: BLE001 (any code can run in an argument's __str__)
        return f"{record.msg!s} (failed to format the arguments: {type(error).__name__})"


def _written(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 (as above)
        return f"({type(value).__name__})"


class ComponentLogger(logging.Logger):
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


def configure(environ: Mapping[str, str]) -> None:
    """Write log lines of the level LOG_LEVEL (default: info) and above to stdout.

    Raises SettingsError for an unknown level; the level is then info.
    """
    logging.addLevelName(TRACE, "TRACE")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(BunyanFormatter(environ))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # libraries log only warnings and errors
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # the runtime logs one line for each failed attempt
    name = environ.get("LOG_LEVEL", "").strip().lower() or "info"
    for logger in (sailor_log, component_log):
        logger.setLevel(_LEVELS.get(name, logging.INFO))
    if name not in _LEVELS:
        raise SettingsError(f"LOG_LEVEL: must be one of {', '.join(_LEVELS)}, not {printable(name, 50)!r}.")
