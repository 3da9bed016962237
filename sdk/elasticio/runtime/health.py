"""The health file: its modification time shows an orchestrator that a step works."""

import logging
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

    def touch(self) -> None:
        """Set the file's modification time to now. The first failure is logged; no failure is raised."""
        if self._path is None:
            return
        try:
            self._path.touch()
        except OSError as error:
            if not self._is_failure_logged:
                self._is_failure_logged = True
                log.warning("Failed to write ELASTICIO_HEALTH_FILE, the step continues: %s", error.strerror)
