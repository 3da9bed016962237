"""The object storage of a flow that runs on one machine: files in a folder that goes with the run."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class StoredObject:
    """An object: where its bytes are, and what was said of it."""

    file: Path
    content_type: str
    headers: dict[str, str]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.file.stat().st_size


class Objects:
    """Objects by their ids. Bytes are streamed to and from the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._objects: dict[str, StoredObject] = {}

    def reserve(self) -> str:
        """Make up the id of an object that is yet to come."""
        return str(uuid.uuid4())

    def put(self, object_id: str, source: IO[bytes], content_type: str, headers: dict[str, str]) -> None:
        """Store all bytes of `source`; nothing is seen of the object before all are there."""
        file = self._folder / str(uuid.uuid4())
        with file.open("wb") as sink:
            shutil.copyfileobj(source, sink, _BLOCK)
        self._objects[object_id] = StoredObject(file, content_type, headers)

    def get(self, object_id: str) -> StoredObject | None:
        """Return an object, None where there is none."""
        return self._objects.get(object_id)

    def delete(self, object_id: str) -> bool:
        """Remove an object; tells whether there was one."""
        return self._objects.pop(object_id, None) is not None
