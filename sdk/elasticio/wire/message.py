"""The message that travels from step to step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self


@dataclass(kw_only=True)
class Message:
    """One message: what a component receives and what it emits.

    body         the data, usually an object
    headers      the message's own headers (not AMQP's); `x-eio-routing-key` sends it another way
    attachments  {"name.ext": {"url", "content-type", "size"}}: files in the platform's storage
    passthrough  what earlier steps emitted: {step id: message}
    id           becomes the messageId that later steps see; without it the runtime gives one for all messages that
                 come of the same input
    method, query, url   of the HTTP request, for messages that came through a webhook
    extra        every other key, kept as it came
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
        """Make a message of its JSON form; null counts as not given, except for the body."""
        given = {name: value for name, value in data.items() if value is not None or name == "body"}
        known = {name: value for name, value in given.items() if name in _NAMES}
        return cls(**known, extra={name: value for name, value in data.items() if name not in _NAMES})

    def to_dict(self) -> dict[str, Any]:
        """Return the whole message in its JSON form: body, headers and attachments always, the rest where given."""
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
