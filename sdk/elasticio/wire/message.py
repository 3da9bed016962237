"""The message that travels from step to step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

OBJECT_ID = "x-ipaas-object-storage-id"  # the header of a message whose body is in the object storage


@dataclass(kw_only=True)
class Message:
    """A message that a component receives or emits.

    body         the data, usually an object
    headers      the message's own headers (not AMQP's); `x-eio-routing-key` replaces the routing key
    attachments  {"name.ext": {"url", "content-type", "size"}}: files in the platform's storage
    passthrough  the messages of earlier steps: {step ID: message}
    id           the message ID for later steps; default: one ID for all messages emitted for the same input
    method, query, url   of the HTTP request, for messages of a webhook trigger
    extra        all other keys, unchanged
    """

    body: Any = field(default_factory=dict)
    headers: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Any] = field(default_factory=dict)
    passthrough: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    method: str | None = None
    query: dict[str, Any] | None = None
    url: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the message for its JSON form. null counts as missing, except for the body."""
        given = {name: value for name, value in data.items() if value is not None or name == "body"}
        known = {name: value for name, value in given.items() if name in _NAMES}
        return cls(**known, extra={name: value for name, value in data.items() if name not in _NAMES})

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: always with body, headers and attachments; other keys only if they are set."""
        optional = {name: getattr(self, name) for name in ("id", "method", "query", "url")}
        return {
            **({"passthrough": self.passthrough} if self.passthrough else {}),
            **{name: value for name, value in optional.items() if value is not None},
            "attachments": self.attachments,
            "body": self.body,
            "headers": self.headers,
            **self.extra,
        }


_NAMES = frozenset(entry.name for entry in fields(Message)) - {"extra"}


def is_light(message: Mapping[str, Any]) -> bool:
    """Return whether the body of the message, or of a message in its passthrough, is in the object storage."""
    if _object_id(message):
        return True
    passthrough = message.get("passthrough")
    return isinstance(passthrough, dict) and any(_object_id(part) for part in passthrough.values())


def _object_id(message: Any) -> Any:
    headers = message.get("headers") if isinstance(message, dict) else None
    return headers.get(OBJECT_ID) if isinstance(headers, dict) else None
