"""Large messages: bodies that lie in the platform's object storage instead of in the message.

Such a message has an empty body and the object's id in its header. The stored bytes are the AES ciphertext of the
body's JSON.
"""

import logging
from collections.abc import Mapping
from typing import Any

from elasticio.errors import PlatformError
from elasticio.platform.object_storage import ObjectStorage
from elasticio.wire.encoding import from_json, to_json
from elasticio.wire.encryption import Encryptor

log = logging.getLogger("sailor")

OBJECT_ID = "x-ipaas-object-storage-id"


class BodyStorage:
    """Moves bodies into the object storage and back; without one, only messages that carry their bodies work."""

    def __init__(self, storage: ObjectStorage | None, encryptor: Encryptor) -> None:
        self._storage = storage
        self._encryptor = encryptor

    def resolve(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the message with its own body and those of its passthrough fetched; raises PlatformError."""
        resolved = self._with_body(message)
        if resolved.get("passthrough"):
            resolved["passthrough"] = {step: self._with_body(part) for step, part in resolved["passthrough"].items()}
        return resolved

    def fill(self, passthrough: Mapping[str, Any]) -> dict[str, Any]:
        """Return the passthrough with the bodies that are still in the storage fetched."""
        return {step: part if part.get("body") else self._with_body(part) for step, part in passthrough.items()}

    def outsource(self, message: dict[str, Any], threshold: int) -> dict[str, Any]:
        """Return the message with all its bodies moved to the storage where together they exceed `threshold` bytes."""
        body = to_json(message.get("body"))
        passthrough = message.get("passthrough") or {}
        bodies = {step: to_json(part.get("body")) for step, part in passthrough.items()}
        if len(body) + sum(map(len, bodies.values())) <= threshold:
            return message
        try:
            light = {**message, **_reference(message, self._store(body))}
            if passthrough:
                light["passthrough"] = {
                    step: {**part, **_reference(part, _object_id(part) or self._store(bodies[step]))}
                    for step, part in passthrough.items()
                }
        except PlatformError as error:
            raise PlatformError(f"Lightweight message/passthrough body upload error: {error}", error.status) from error
        return light

    def _with_body(self, message: Mapping[str, Any]) -> dict[str, Any]:
        object_id = _object_id(message)
        return {**message, "body": self._fetch(object_id)} if object_id else dict(message)

    def _fetch(self, object_id: str) -> Any:
        failed = f"Failed to get message body with id={object_id}"
        if not self._storage:
            raise PlatformError(f"{failed}: ELASTICIO_OBJECT_STORAGE_URI is not set")
        try:
            return from_json(self._encryptor.decrypt(self._storage.get(object_id)))
        except PlatformError as error:
            raise PlatformError(f"{failed}: {error}", error.status) from error
        except ValueError as error:
            raise PlatformError(f"{failed}: it cannot be decrypted and read as JSON") from error

    def _store(self, body: bytes) -> str:
        if not self._storage:
            raise PlatformError("ELASTICIO_OBJECT_STORAGE_URI is not set")
        return self._storage.put(self._encryptor.encrypt(body))


def _object_id(message: Mapping[str, Any]) -> str | None:
    return (message.get("headers") or {}).get(OBJECT_ID)


def _reference(message: Mapping[str, Any], object_id: str) -> dict[str, Any]:
    return {"body": {}, "headers": {**(message.get("headers") or {}), OBJECT_ID: object_id}}
