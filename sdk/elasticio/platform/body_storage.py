"""Large messages ("lightweight messages"): their bodies are in the platform's object storage.

Such a message has an empty body and the object's ID in one of its headers. The object is the AES ciphertext of the
body's JSON. Messages in the passthrough are stored in the same way.
"""

from collections.abc import Mapping
from typing import Any

from elasticio.errors import MessageError, PlatformError
from elasticio.platform.object_storage import ObjectStorage
from elasticio.wire.encryption import Encryptor
from elasticio.wire.json import from_json, to_json

OBJECT_ID = "x-ipaas-object-storage-id"


class BodyStorage:
    """Moves bodies into the object storage and back. Without a storage, a message with a stored body is an error.

    All methods raise MessageError, which names the invalid part of the message, and PlatformError if the storage fails.
    """

    def __init__(self, storage: ObjectStorage | None, encryptor: Encryptor) -> None:
        self._storage = storage
        self._encryptor = encryptor

    def resolve(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the message with its body, and the bodies in its passthrough, fetched from the storage."""
        resolved = self._with_body(message)
        passthrough = _passthrough(resolved)
        if not any(_object_id(part) for part in passthrough.values()):
            return resolved
        return {**resolved, "passthrough": {step: self._with_body(part) for step, part in passthrough.items()}}

    def fill(self, passthrough: Mapping[str, Any]) -> dict[str, Any]:
        """Return the passthrough with all bodies fetched from the storage."""
        parts = _passthrough({"passthrough": passthrough})
        return {step: part if part.get("body") else self._with_body(part) for step, part in parts.items()}

    def outsource(self, message: dict[str, Any], threshold: int) -> dict[str, Any]:
        """Return the message; if its bodies exceed `threshold` bytes in total, all are moved to the storage."""
        body = to_json(message.get("body"))
        passthrough = _passthrough(message)
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

    def _with_body(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        object_id = _object_id(message)
        return {**message, "body": self._fetch(object_id)} if object_id else message

    def _fetch(self, object_id: Any) -> Any:
        failed = f"Failed to get message body with id={str(object_id)[:100]}"
        if not self._storage:
            raise PlatformError(f"{failed}: ELASTICIO_OBJECT_STORAGE_URI is not set")
        try:
            return from_json(self._encryptor.decrypt(self._storage.get(object_id)))
        except MessageError as error:
            raise MessageError(f"{failed}: {error} in the header {OBJECT_ID}") from None
        except PlatformError as error:
            raise PlatformError(f"{failed}: {error}", error.status) from error
        except (ValueError, RecursionError):
            raise PlatformError(f"{failed}: it cannot be decrypted and read as JSON") from None

    def _store(self, body: bytes) -> str:
        if not self._storage:
            raise PlatformError("ELASTICIO_OBJECT_STORAGE_URI is not set")
        return self._storage.put(self._encryptor.encrypt(body))


def _passthrough(message: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    passthrough = message.get("passthrough") or {}
    if not isinstance(passthrough, Mapping):
        raise MessageError("passthrough: must be an object of step IDs, each with a message")
    for step, part in passthrough.items():
        if not isinstance(part, Mapping):
            raise MessageError(f"passthrough.{str(step)[:100]}: must be an object")
    return passthrough


def _object_id(message: Mapping[str, Any]) -> Any:
    """Return the object ID in a message's headers; None without one, or if the headers are not an object."""
    headers = message.get("headers")
    return headers.get(OBJECT_ID) if isinstance(headers, Mapping) else None


def _reference(message: Mapping[str, Any], object_id: str) -> dict[str, Any]:
    headers = message.get("headers") or {}
    if not isinstance(headers, Mapping):
        raise MessageError("headers: must be an object, so that the message can refer to its body")
    return {"body": {}, "headers": {**headers, OBJECT_ID: object_id}}
