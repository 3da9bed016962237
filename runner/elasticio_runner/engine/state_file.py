"""What a flow remembers between two runs: the snapshots of its steps, and what `startup` has returned."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticio_runner.flow_file.problems import FlowError

VERSION = 1
_ABSENT = object()


class State:
    """Kept in memory, and in `file` if one is given: written beside it and then renamed, so never half a state."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._snapshots: dict[str, Any] = {}
        self._startup: Any = _ABSENT
        if file is not None and file.exists():
            self._read(file)

    def snapshot(self, step_id: str) -> Any:
        """Return a step's snapshot, {} before its first."""
        with self._lock:
            return self._snapshots.get(step_id, {})

    def replace_snapshot(self, step_id: str, snapshot: Any) -> None:
        """Put a snapshot in the place of a step's last one."""
        with self._lock:
            self._snapshots[step_id] = snapshot
            self._write()

    def update_snapshot(self, step_id: str, update: Mapping[str, Any]) -> None:
        """Merge keys into a step's snapshot, at the top level."""
        with self._lock:
            before = self._snapshots.get(step_id)
            self._snapshots[step_id] = {**(before if isinstance(before, dict) else {}), **update}
            self._write()

    @property
    def has_startup_data(self) -> bool:
        """Whether `startup` has left something that `shutdown` has not removed."""
        return self._startup is not _ABSENT

    @property
    def startup_data(self) -> Any:
        """What `startup` has returned."""
        return self._startup

    def set_startup_data(self, data: Any) -> None:
        """Keep what `startup` has returned."""
        with self._lock:
            self._startup = data
            self._write()

    def delete_startup_data(self) -> None:
        """Forget it."""
        self.set_startup_data(_ABSENT)

    def _read(self, file: Path) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if data["version"] != VERSION:
                raise FlowError(f"the state file {file} has version {data['version']}, this runner reads {VERSION}")
            self._snapshots = dict(data["snapshots"])
            self._startup = data.get("startup", _ABSENT)
        except (OSError, ValueError, KeyError, TypeError) as error:
            mend = "restore it, or remove it to start as if for the first time"
            raise FlowError(f"the state file {file} cannot be read ({type(error).__name__}); {mend}") from error

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
            raise FlowError(f"the state file {self._file} cannot be written: {error.strerror}") from error
