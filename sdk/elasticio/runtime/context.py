"""The objects that all messages of one step share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from elasticio.broker import Broker, Headers
from elasticio.errors import PlatformError
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import BodyStorage
from elasticio.runtime.component import Function
from elasticio.runtime.settings import Settings
from elasticio.runtime.snapshot import Snapshot
from elasticio.runtime.throttle import Throttle
from elasticio.runtime.workers import Workers
from elasticio.wire.encryption import Encryptor
from elasticio.wire.json import write_any


@dataclass(frozen=True)
class StepData:
    """The platform's data of a step.

    config       the values of the step's configuration fields; `config_json` is the same as JSON, for copies
    variables    the flow's variables, {name: value}
    """

    config: Mapping[str, Any]
    config_json: str
    variables: Mapping[str, Any]
    is_passthrough: bool
    snapshot: Snapshot

    @classmethod
    def read(cls, response: Mapping[str, Any]) -> Self:
        """Read the response of the platform's API: {config, variables, is_passthrough, snapshot}.

        Raises PlatformError if `config` or `variables` is no object: each message would fail for the same reason.
        """
        for name in ("config", "variables"):
            if not isinstance(response.get(name) or {}, dict):
                raise PlatformError(f"GET of this step at the platform returned a {name} that is not a JSON object")
        config = response.get("config") or {}
        return cls(
            config=config,
            config_json=write_any(config),
            variables=response.get("variables") or {},
            is_passthrough=response.get("is_passthrough") is True,
            snapshot=Snapshot(response.get("snapshot") or {}),
        )


@dataclass(frozen=True)
class Throttles:
    """The rate limits of a step's events."""

    data: Throttle
    error: Throttle
    snapshot: Throttle

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the throttles for a step's settings."""
        return cls(
            Throttle(settings.data_rate_limit, settings.rate_interval),
            Throttle(settings.error_rate_limit, settings.rate_interval),
            Throttle(settings.snapshot_rate_limit, settings.rate_interval),
        )


@dataclass(frozen=True)
class StepContext:
    """The services and data that the processing of a message uses.

    function  the component's trigger or action
    process   the function `process` of its module
    identity  the AMQP headers that identify the step
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
