"""What one step shares between all the messages it works on."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from elasticio.broker import Broker
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import BodyStorage
from elasticio.runtime.component import Function
from elasticio.runtime.settings import Settings
from elasticio.runtime.throttle import Throttle
from elasticio.wire.encoding import copied
from elasticio.wire.encryption import Encryptor


class Snapshot:
    """The step's snapshot: what the next message sees of what was emitted last."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._lock = threading.Lock()

    def copy(self) -> Any:
        """Return a copy that a component may change."""
        with self._lock:
            return copied(self._value)

    def replace(self, value: Any) -> None:
        """Put another one in its place."""
        with self._lock:
            self._value = copied(value)

    def merge(self, update: Mapping[str, Any]) -> None:
        """Put these keys into it, at the top level."""
        with self._lock:
            current = self._value if isinstance(self._value, dict) else {}
            self._value = {**current, **copied(dict(update))}


@dataclass(frozen=True)
class StepData:
    """What the platform's API tells of a step."""

    config: Mapping[str, Any]
    variables: Mapping[str, Any]
    is_passthrough: bool
    snapshot: Snapshot

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Self:
        """Read the API's answer."""
        return cls(
            config=answer.get("config") or {},
            variables=answer.get("variables") or {},
            is_passthrough=answer.get("is_passthrough") is True,
            snapshot=Snapshot(answer.get("snapshot") or {}),
        )


@dataclass(frozen=True)
class Throttles:
    """The rate limits of the events that have one."""

    data: Throttle
    error: Throttle
    snapshot: Throttle

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make them as the settings say."""
        return cls(
            Throttle(settings.data_rate_limit, settings.rate_interval),
            Throttle(settings.error_rate_limit, settings.rate_interval),
            Throttle(settings.snapshot_rate_limit, settings.rate_interval),
        )


@dataclass(frozen=True)
class StepContext:
    """All of it."""

    settings: Settings
    broker: Broker
    api: PlatformApi
    encryptor: Encryptor
    bodies: BodyStorage
    attachments: Attachments
    throttles: Throttles
    data: StepData
    function: Function
