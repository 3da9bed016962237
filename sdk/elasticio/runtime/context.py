"""What all messages of one step share."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from elasticio.broker import Broker, Headers
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import BodyStorage
from elasticio.runtime.component import Function
from elasticio.runtime.settings import Settings
from elasticio.runtime.snapshot import Snapshot
from elasticio.runtime.throttle import Throttle
from elasticio.runtime.workers import Workers
from elasticio.wire.encryption import Encryptor


@dataclass(frozen=True)
class StepData:
    """The platform's answer for a step: its form (also as JSON, to parse a copy from), its variables, its snapshot."""

    config: Mapping[str, Any]
    config_json: str
    variables: Mapping[str, Any]
    is_passthrough: bool
    snapshot: Snapshot

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Self:
        """Read the response of the platform's API."""
        config = answer.get("config") or {}
        return cls(
            config=config,
            config_json=json.dumps(config),
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
        """Make the throttles that the settings describe."""
        return cls(
            Throttle(settings.data_rate_limit, settings.rate_interval),
            Throttle(settings.error_rate_limit, settings.rate_interval),
            Throttle(settings.snapshot_rate_limit, settings.rate_interval),
        )


@dataclass(frozen=True)
class StepContext:
    """The services and facts of a step.

    function  the component's trigger or action
    process   its function of that name, found once
    identity  the AMQP headers that name the step
    """

    settings: Settings
    broker: Broker
    api: PlatformApi
    encryptor: Encryptor
    bodies: BodyStorage
    attachments: Attachments
    throttles: Throttles
    workers: Workers
    data: StepData
    function: Function
    process: Callable[..., Any]
    identity: Headers
