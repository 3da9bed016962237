"""Deliveries from CallFire: the signature of the raw bytes, and the list of events."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.callfire import exact_json
from lib.callfire.api.credentials import Credentials

HEADER = "x-callfire-signature"
_PURPOSE = "callfire webhook"


def secret_for(credentials: Credentials, flow_id: str, step_id: str) -> str:
    """Return the secret with which CallFire signs deliveries for this step.

    The secret is derived from the API password and therefore not stored. All processes of the step derive the same
    secret.
    """
    about = f"{_PURPOSE}\0{credentials.username}\0{flow_id}\0{step_id}"
    key = hmac.new(credentials.password.encode(), about.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")


def signature(secret: str, raw: bytes) -> str:
    """Return CallFire's signature of these bytes: base64 of the HMAC-SHA1."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha1).digest()).decode("ascii")


def is_signed(secret: str, raw: bytes, headers: Mapping[str, Any]) -> bool:
    """Return whether the headers contain the signature of these bytes. The comparison takes constant time."""
    given = next((value for name, value in headers.items() if str(name).lower() == HEADER), None)
    if not isinstance(given, str):
        return False
    return hmac.compare_digest(signature(secret, raw).encode(), given.strip().encode("utf-8", "replace"))


@dataclass(frozen=True)
class WebhookEvent:
    """One event of a delivery. `event` is in lower case, `body` is CallFire's object."""

    resource: str
    event: str
    body: Mapping[str, Any]

    @property
    def content(self) -> Mapping[str, Any]:
        """The text, call or broadcast of the event; empty if there is none."""
        found = self.body.get("resource")
        return found if isinstance(found, Mapping) else {}

    @property
    def name(self) -> str:
        """The name of the event in lower case, e.g. inboundtext.finished."""
        return f"{self.resource}.{self.event}".lower()

    @property
    def number(self) -> str:
        """The ID of the content, or a hash of the content if it has no ID."""
        number = self.content.get("id")
        if number is not None:
            return str(number)
        whole = json.dumps(self.content, sort_keys=True).encode()
        return hashlib.sha256(whole).hexdigest()


def events_of(raw: str) -> list[WebhookEvent]:
    """Return the events of a delivery. Raises ValueError for any other text."""
    try:
        delivery = exact_json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    listed = delivery.get("events") if isinstance(delivery, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ValueError("must be an object with a list of events")
    return [
        WebhookEvent(
            str(entry.get("resourceType") or delivery.get("resourceType") or ""),
            str(entry.get("eventType") or "").lower(),
            entry,
        )
        for entry in listed
    ]
