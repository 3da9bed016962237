"""What CallFire delivers: its signature over the raw bytes, and its list of events."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire.api.credentials import Credentials

HEADER = "x-callfire-signature"
_PURPOSE = "callfire webhook"


def secret_for(credentials: Credentials, flow_id: str, step_id: str) -> str:
    """Derive the key that CallFire signs with.

    Whoever does not know the API password cannot know it, and it need not be kept anywhere: each process of the step
    comes to the same one.
    """
    about = f"{_PURPOSE}\0{credentials.username}\0{flow_id}\0{step_id}"
    key = hmac.new(credentials.password.encode(), about.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")


def signature(secret: str, raw: bytes) -> str:
    """Sign as CallFire does: base64 of the HMAC-SHA1."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha1).digest()).decode("ascii")


def is_signed(secret: str, raw: bytes, headers: Mapping[str, Any]) -> bool:
    """Whether the headers hold the signature of these bytes; takes the same time wherever a wrong one differs."""
    given = next((value for name, value in headers.items() if str(name).lower() == HEADER), None)
    if not isinstance(given, str):
        return False
    return hmac.compare_digest(signature(secret, raw).encode(), given.strip().encode("utf-8", "replace"))


@dataclass(frozen=True)
class Event:
    """One event of a delivery. `event` is in lower case, `body` is as CallFire sent it."""

    resource: str
    event: str
    body: Mapping[str, Any]

    @property
    def content(self) -> Mapping[str, Any]:
        """The text, call or broadcast that it is about."""
        found = self.body.get("resource")
        return found if isinstance(found, Mapping) else {}

    @property
    def name(self) -> str:
        """What the form calls it, in lower case."""
        return f"{self.resource}.{self.event}".lower()

    @property
    def number(self) -> str:
        """The id of what it is about; where there is none, a fingerprint of all there is."""
        number = self.content.get("id")
        if number is not None:
            return str(number)
        whole = json.dumps(self.content, sort_keys=True).encode()
        return hashlib.sha256(whole).hexdigest()


def events(raw: str) -> list[Event]:
    """Split a delivery. Raises ValueError for what is none."""
    delivery = json.loads(raw)
    listed = delivery.get("events") if isinstance(delivery, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ValueError("a delivery is an object with a list of events")
    return [
        Event(
            str(entry.get("resourceType") or delivery.get("resourceType") or ""),
            str(entry.get("eventType") or "").lower(),
            entry,
        )
        for entry in listed
    ]
