"""The state of a flow between two runs: the snapshots of its steps, and the result of the trigger's `startup`."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from elasticio_runner import json_input
from elasticio_runner.errors import FlowError

VERSION = 1
DEEPEST = json_input.DEEPEST  # levels of nesting in a snapshot
_ABSENT = object()


class SnapshotError(FlowError):
    """A snapshot cannot be stored."""


class State:
    """The state in memory and, if given, in `file`. Each change replaces the whole file, so it is always complete."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._snapshots: dict[str, Any] = {}
        self._startup: Any = _ABSENT
        if file is not None and file.exists():
            self._read(file)

    def snapshot(self, step_id: str) -> Any:
        """Return a step's snapshot; {} before the first one."""
        with self._lock:
            return self._snapshots.get(step_id, {})

    def replace_snapshot(self, step_id: str, snapshot: Any) -> None:
        """Replace a step's snapshot; raises SnapshotError if it is nested too deeply."""
        _check_depth(snapshot)
        with self._lock:
            self._snapshots[step_id] = snapshot
            self._write()

    def update_snapshot(self, step_id: str, update: Mapping[str, Any]) -> None:
        """Merge keys into a step's snapshot at the top level; raises SnapshotError if they are nested too deeply."""
        _check_depth(update)
        with self._lock:
            before = self._snapshots.get(step_id)
            self._snapshots[step_id] = {**(before if isinstance(before, dict) else {}), **update}
            self._write()

    @property
    def has_startup_data(self) -> bool:
        """Whether a result of `startup` is stored."""
        return self._startup is not _ABSENT

    @property
    def startup_data(self) -> Any:
        """The stored result of `startup`."""
        return self._startup

    def set_startup_data(self, data: Any) -> None:
        """Store the result of `startup`; raises SnapshotError if it is nested too deeply."""
        _check_depth(data)
        self._replace_startup_data(data)

    def delete_startup_data(self) -> None:
        """Delete the stored result of `startup`."""
        self._replace_startup_data(_ABSENT)

    def _replace_startup_data(self, data: Any) -> None:
        with self._lock:
            self._startup = data
            self._write()

    def _read(self, file: Path) -> None:
        try:
            data = json_input.parse(json_input.read_text(file), DEEPEST + 2)  # a snapshot begins at the third level
            if data["version"] != VERSION:
                raise FlowError(f"the state file {file} has version {data['version']}, this runner reads {VERSION}")
            self._snapshots = dict(data["snapshots"])
            self._startup = data.get("startup", _ABSENT)
        except (OSError, ValueError, KeyError, TypeError) as error:
            advice = "Restore it, or remove it to start without snapshots."
            raise FlowError(f"the state file {file} cannot be read ({_reason(error)}). {advice}") from error

    def _write(self) -> None:
        if self._file is None:
            return
        startup = {} if self._startup is _ABSENT else {"startup": self._startup}
        data = {"version": VERSION, "snapshots": self._snapshots, **startup}
        draft = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8") as stream:
                json.dump(data, stream, indent=2)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self._file)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise FlowError(f"the state file {self._file} cannot be written: {error.strerror}") from error


@contextmanager
def locked(file: Path | None) -> Iterator[None]:
    """Reserve a state file for this process; raises FlowError if another runner uses it.

    The lock is a second file in the same folder, because each change replaces the state file. The operating system
    releases the lock of a process that is killed.
    """
    if file is None:
        yield
        return
    if not file.parent.is_dir():  # the lock would create the folder
        raise FlowError(f"the state file {file} cannot be written: the folder {file.parent} does not exist")
    lock = FileLock(file.with_name(f".{file.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        advice = "Wait until it ends, or choose another --state file."
        raise FlowError(f"the state file {file} is in use by another runner. {advice}") from None
    except OSError as error:
        raise FlowError(f"the state file {file} cannot be locked: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def _reason(error: Exception) -> str:
    if isinstance(error, OSError | UnicodeDecodeError):
        return json_input.unreadable(error)
    return str(error) if isinstance(error, json_input.InvalidJsonError) else "no run of a flow has written it"


def _check_depth(snapshot: Any) -> None:
    if json_input.is_deeper(snapshot, DEEPEST):
        raise SnapshotError(f"the snapshot is nested more than {DEEPEST} levels deep and was not stored.")
