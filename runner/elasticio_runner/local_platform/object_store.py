"""The object storage of a flow on this machine: files in a folder that is deleted after the run."""

import uuid
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

LARGEST = 128 * 1024 * 1024  # bytes of one object: the platform's limit of 100 MB, plus the overhead of encryption


@dataclass(frozen=True)
class StoredObject:
    """An object: the file with its bytes, its content type, and the headers of its upload."""

    file: Path
    content_type: str
    headers: dict[str, str]

    @property
    def size(self) -> int:
        """The object's size in bytes."""
        return self.file.stat().st_size


class ObjectStore:
    """Stores objects as files. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._objects: dict[str, StoredObject] = {}
        self._reserved: set[str] = set()

    def reserve(self) -> str:
        """Return a new ID for an object that will be stored later."""
        object_id = str(uuid.uuid4())
        self._reserved.add(object_id)
        return object_id

    def is_reserved(self, object_id: str) -> bool:
        """Return whether `reserve` has returned this ID."""
        return object_id in self._reserved

    def put(self, object_id: str, content: bytes, content_type: str) -> None:
        """Store bytes; raises OSError."""
        file = self._new_file()
        file.write_bytes(content)
        self._objects[object_id] = StoredObject(file, content_type, {})

    async def receive(
        self, object_id: str, source: AsyncIterable[bytes], content_type: str, headers: dict[str, str]
    ) -> None:
        """Store a stream. The object exists only after the whole stream. Raises OSError, and errors of the stream."""
        file = self._new_file()
        try:
            with file.open("wb") as sink:
                async for chunk in source:
                    sink.write(chunk)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        self._objects[object_id] = StoredObject(file, content_type, headers)

    def get(self, object_id: str) -> StoredObject | None:
        """Return an object, or None if it does not exist."""
        return self._objects.get(object_id)

    def delete(self, object_id: str) -> bool:
        """Delete an object. Returns whether it existed."""
        stored = self._objects.pop(object_id, None)
        if stored is None:
            return False
        stored.file.unlink(missing_ok=True)
        return True

    def _new_file(self) -> Path:
        return self._folder / str(uuid.uuid4())
