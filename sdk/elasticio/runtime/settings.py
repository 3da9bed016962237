"""The environment of a step, read once.

The platform describes a step to its container in variables that start with ELASTICIO_. A field of `Settings` is the
variable's name without the prefix, in lower case; its default is the default. All that is missing or wrong is reported
in one error.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal, Self

from elasticio.errors import SettingsError

PREFIX = "ELASTICIO_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that run mode can be told. Times are in milliseconds, sizes in bytes."""

    # Who and where we are
    flow_id: str
    exec_id: str
    step_id: str
    container_id: str
    workspace_id: str
    user_id: str
    comp_id: str
    function: str
    api_uri: str
    api_username: str
    api_key: str = field(repr=False)
    component_path: str = ""
    flow_type: str = ""
    flow_webhook_uri: str = ""

    # The broker; not needed where only the shutdown hook runs
    amqp_uri: str = field(repr=False, metadata={"messaging": True})
    listen_messages_on: str = field(metadata={"messaging": True})
    publish_messages_to: str = field(metadata={"messaging": True})
    data_routing_key: str = field(metadata={"messaging": True})
    error_routing_key: str = field(metadata={"messaging": True})
    rebound_routing_key: str = field(metadata={"messaging": True})
    snapshot_routing_key: str = field(metadata={"messaging": True})
    message_crypto_iv: str = field(repr=False, metadata={"messaging": True})
    message_crypto_password: str = field(repr=False, metadata={"messaging": True})
    rabbitmq_prefetch_sailor: int = 1
    amqp_reconnect_attempts: int = 3  # further tries after the first one
    amqp_reconnect_timeout: int = 100
    amqp_publish_retry_attempts: float = math.inf  # the total number of tries
    amqp_publish_retry_delay: int = 100
    amqp_publish_max_retry_delay: int = 300_000
    amqp_persistent_messages: bool = False
    process_amqp_drain: bool = True  # accepted; an emit waits for the broker's confirm, so there is nothing to drain

    # What happens to messages
    startup_required: bool = False
    hook_shutdown: bool = False
    rebound_initial_expiration: int = 15_000
    rebound_limit: int = 20
    data_rate_limit: int = 10  # each limit is a number of events in one rate_interval
    error_rate_limit: int = 2
    snapshot_rate_limit: int = 2
    rate_interval: int = 100
    outgoing_message_size_limit: int = 10_485_760
    no_self_passtrhough: bool = False
    protocol_version: int = 1
    no_error_replies: bool = False
    input_format: Literal["default", "error"] = "default"

    # The platform's API and storage
    api_request_retry_attempts: int = 3  # the total number of tries
    api_request_retry_delay: int = 100
    object_storage_uri: str = ""
    object_storage_token: str = field(default="", repr=False)
    object_storage_size_threshold: int = 1_048_576
    emit_lightweight_message: bool = False

    # Which servers the step may contact for URLs in messages, see elasticio.platform.egress
    egress_allow: str = ""
    egress_deny: str = ""

    additional_headers: Mapping[str, str] = field(default_factory=dict, metadata={"variable": False})

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read a step's settings, or raise one SettingsError that names every variable to mend."""
        faults: list[str] = []
        values: dict[str, Any] = {"additional_headers": _additional_headers(environ)}
        without_messaging = bool(environ.get(PREFIX + "HOOK_SHUTDOWN"))
        missing = [
            variable(entry)
            for entry in _variables(cls)
            if entry.default is MISSING
            and not environ.get(variable(entry))
            and not (without_messaging and entry.metadata.get("messaging"))
        ]
        if missing:
            faults.append(f"missing: {', '.join(missing)}")
        for entry in _variables(cls):
            try:
                values[entry.name] = _cast(entry, environ.get(variable(entry)))
            except ValueError as error:
                faults.append(f"{variable(entry)} {error}")
        iv = values["message_crypto_iv"]
        if iv and len(iv.encode()) != 16:
            faults.append(f"{PREFIX}MESSAGE_CRYPTO_IV must be 16 bytes long, it has {len(iv.encode())}")
        if faults:
            raise SettingsError("the environment cannot be used: " + "; ".join(faults))
        return cls(**values)


def read_one(name: str, environ: Mapping[str, str]) -> Any:
    """Read one field of Settings, for those who need no more of them; raises SettingsError."""
    entry = next(entry for entry in fields(Settings) if entry.name == name)
    try:
        return _cast(entry, environ.get(variable(entry)))
    except ValueError as error:
        raise SettingsError(f"{variable(entry)} {error}") from error


def variable(entry: "Field[Any]") -> str:
    """Return the name of the environment variable behind a field of Settings."""
    return PREFIX + entry.name.upper()


def _variables(settings: type[Settings]) -> Iterable["Field[Any]"]:
    return (entry for entry in fields(settings) if entry.metadata.get("variable", True))


def _cast(entry: "Field[Any]", text: str | None) -> Any:
    """Turn a variable's text into its field's type. As in Node, an empty text and the number 0 mean the default."""
    default = "" if entry.default is MISSING else entry.default
    if entry.type is bool:
        return default if text is None else text not in {"", "false"}
    if not text:
        return default
    return _CASTS.get(entry.type, str)(text) or default


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"\s*\d+\s*", text):
        raise ValueError(f"must be a whole number, it is {text!r}")
    return int(text)


def _tries(text: str) -> float:
    return math.inf if text.strip().lower() == "infinity" else _whole_number(text)


def _input_format(text: str) -> str:
    if text not in {"default", "error"}:
        raise ValueError(f"must be default or error, it is {text!r}")
    return text


_CASTS: Mapping[Any, Callable[[str], Any]] = {
    int: _whole_number,
    float: _tries,
    Literal["default", "error"]: _input_format,
}


def _additional_headers(environ: Mapping[str, str]) -> dict[str, str]:
    names = [name.strip() for name in environ.get(PREFIX + "ADDITIONAL_VARS_FOR_HEADERS", "").split(",")]
    return {camel_case(name.removeprefix(PREFIX)): environ[name] for name in names if name in environ}


def camel_case(name: str) -> str:
    """Write a variable's name as lodash's camelCase does: FLOW_VERSION is flowVersion, OAUTH2_ID is oauth2Id."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return "".join(word.lower() if index == 0 else word.capitalize() for index, word in enumerate(words))
