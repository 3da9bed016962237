"""Saves emitted files in a folder: `elasticio exec --save`."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from elasticio_runner.errors import OutputError

_LONGEST = 200  # bytes of a name without its suffix; file systems allow 255 bytes
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


class SavedFiles:
    """Saves files under their names. Within one run, a name that was used before gets a number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def save(self, files: Mapping[str, Path]) -> None:
        """Copy the files {name: file} to the folder; raises OutputError. Existing files are replaced."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, file in files.items():
                shutil.copyfile(file, self._folder / self._unused(file_name(name)))
        except OSError as error:
            raise OutputError(f"--save {self._folder}: files cannot be saved ({error.strerror}).") from error

    def _unused(self, name: str) -> str:
        path, number = PurePosixPath(name), 1
        while name.casefold() in self._used:  # casefold: file systems may ignore case
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        self._used.add(name.casefold())
        return name


def file_name(name: str) -> str:
    """Return a safe name for the file of an attachment: without folders, control characters, and of limited length."""
    path = PurePosixPath(_UNSAFE.sub("_", name.replace("\\", "/")))
    if path.name in ("", ".."):
        return "file"
    suffix = _shortened(path.suffix, 20)
    return _shortened(path.name.removesuffix(path.suffix), _LONGEST) + suffix


def _shortened(text: str, size: int) -> str:
    """Return the beginning of a text that has at most `size` bytes; characters that UTF-8 cannot encode become ?."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
