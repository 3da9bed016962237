"""The health file: its modification time shows an orchestrator that a step works."""

import errno
import logging
import os
from contextlib import suppress
from pathlib import Path

log = logging.getLogger("sailor")


class HealthFile:
    """The file that a healthy step touches. An empty path means that there is none."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None
        self._is_failure_logged = False

    @property
    def is_wanted(self) -> bool:
        """Whether the operator has named a file."""
        return self._path is not None

    def remove(self) -> None:
        """Remove the file of an earlier process: the volume of a pod survives the restart of a container."""
        if self._path and self._path.is_file():
            with suppress(OSError):  # `touch` logs why the file cannot be written
                self._path.unlink()

    def touch(self) -> None:
        """Set the file's modification time to now. The first failure is logged; no failure is raised."""
        if self._path is None:
            return
        try:
            if self._path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            self._path.touch()
        except OSError as error:
            if not self._is_failure_logged:
                self._is_failure_logged = True
                log.warning("Failed to write ELASTICIO_HEALTH_FILE, the step continues: %s", error.strerror)
