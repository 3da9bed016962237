"""The environment variables of a step, read once at the start.

The platform sets variables that start with ELASTICIO_. Each field of `Settings` is named like its variable, without the
prefix and in lower case, and has the variable's default. One error lists all missing and invalid variables.

People set variables, too: in files whose reader keeps quotation marks, and from secrets that end with a line break. A
value in quotation marks is invalid, and white space around a value is ignored. Secrets may contain both, so they are
not changed; `doubtful_secrets` names them.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal, Self

from elasticio.errors import SettingsError

PREFIX = "ELASTICIO_"

_MAXIMUM = 10**12  # of all numbers: about 30 years in milliseconds, within the limits of timers and counters
_SHORT_STRING = 255  # bytes, AMQP's maximum for names of queues and exchanges and for routing keys
_KEYS = frozenset({"data_routing_key", "error_routing_key", "rebound_routing_key", "snapshot_routing_key"})
_SHORT_STRINGS = _KEYS | {"listen_messages_on", "publish_messages_to"}
_SECRETS = frozenset({"api_key", "message_crypto_iv", "message_crypto_password", "object_storage_token"})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of run mode. Times are in milliseconds, sizes in bytes.

    docs/operators.md shows the string below each field.
    """

    # The step and its flow
    flow_id: str
    """ID of the flow."""
    exec_id: str
    """ID of the execution."""
    step_id: str
    """ID of the step within the flow."""
    container_id: str
    """ID of the container."""
    workspace_id: str
    """ID of the workspace."""
    user_id: str
    """ID of the user."""
    comp_id: str
    """ID of the component."""
    function: str
    """ID of the trigger or action in component.json."""
    api_uri: str
    """URL of the platform's API."""
    api_username: str
    """User name for the platform's API."""
    api_key: str = field(repr=False)
    """Password for the platform's API."""
    component_path: str = ""
    """Folder of component.json, relative to the working directory."""
    flow_type: str = ""
    """`debug`: the designer retrieves a sample."""
    flow_webhook_uri: str = ""
    """URL of the flow's webhook."""

    # The broker; not required if only the shutdown hook runs
    amqp_uri: str = field(repr=False, metadata={"messaging": True})
    """URL of RabbitMQ, with user name and password."""
    listen_messages_on: str = field(metadata={"messaging": True})
    """Name of the queue to consume."""
    publish_messages_to: str = field(metadata={"messaging": True})
    """Name of the exchange for all published messages."""
    data_routing_key: str = field(metadata={"messaging": True})
    """Routing key of results."""
    error_routing_key: str = field(metadata={"messaging": True})
    """Routing key of errors."""
    rebound_routing_key: str = field(metadata={"messaging": True})
    """Routing key of rebounded messages."""
    snapshot_routing_key: str = field(metadata={"messaging": True})
    """Routing key of snapshots."""
    message_crypto_iv: str = field(repr=False, metadata={"messaging": True})
    """Initialization vector for the encryption of messages, 16 bytes."""
    message_crypto_password: str = field(repr=False, metadata={"messaging": True})
    """Password for the encryption of messages."""
    rabbitmq_prefetch_sailor: int = field(default=1, metadata={"maximum": 65_535})
    """Number of messages that the step processes at the same time. Maximum: 65,535."""
    amqp_reconnect_attempts: int = 3
    """Attempts to connect at the start, after the first one."""
    amqp_reconnect_timeout: int = 100
    """Pause between two attempts to connect (ms)."""
    amqp_publish_retry_attempts: float = math.inf
    """Total number of attempts to publish a message."""
    amqp_publish_retry_delay: int = 100
    """First pause between two attempts to publish; the pauses grow (ms)."""
    amqp_publish_max_retry_delay: int = 300_000
    """Maximum pause between two attempts to publish (ms)."""
    amqp_persistent_messages: bool = False
    """Publish messages with delivery mode 2: they survive a restart of RabbitMQ."""
    process_amqp_drain: bool = True
    """Accepted and ignored: an emit waits for the confirm of the broker."""

    # The processing of messages
    startup_required: bool = False
    """Call the `startup` hook of the function at the start."""
    hook_shutdown: bool = False
    """Run the `shutdown` hook and exit, without RabbitMQ."""
    shutdown_timeout: int = 25_000
    """Maximum time from SIGTERM to the end of the process (ms)."""
    health_file: str = ""
    """File that the step touches every 5 s while it works, see Health."""
    rebound_initial_expiration: int = 15_000
    """Delay of the first rebound; each further rebound doubles it, up to 49 days (ms)."""
    rebound_limit: int = 20
    """Maximum number of rebounds of a message."""
    data_rate_limit: int = 10
    """Maximum number of results per interval."""
    error_rate_limit: int = 2
    """Maximum number of errors per interval."""
    snapshot_rate_limit: int = 2
    """Maximum number of snapshots per interval."""
    rate_interval: int = 100
    """Interval of the rate limits (ms)."""
    outgoing_message_size_limit: int = 10_485_760
    """Maximum size of an encrypted outgoing message (bytes)."""
    no_self_passtrhough: bool = False
    """Do not add the own result to the passthrough. The spelling is that of the platform."""
    protocol_version: int = 1
    """Version of the outgoing message format. 1: base64. 2: binary."""
    no_error_replies: bool = False
    """Do not send errors to the `reply_to` of a message."""
    input_format: Literal["default", "error"] = "default"
    """`error`: the step processes errors of other steps."""

    # The platform's API and storage
    api_request_retry_attempts: int = 3
    """Total number of attempts of a request to the platform's API."""
    api_request_retry_delay: int = 100
    """Pause between two attempts (ms)."""
    object_storage_uri: str = ""
    """URL of the platform's object storage."""
    object_storage_token: str = field(default="", repr=False)
    """Token for the object storage."""
    object_storage_size_threshold: int = 1_048_576
    """Size above which a lightweight message is stored in the object storage (bytes)."""
    emit_lightweight_message: bool = False
    """Store large bodies in the object storage instead of the message."""

    # Which servers the step may contact for URLs in messages, see elasticio.platform.egress
    egress_allow: str = ""
    """Additional servers that the step may contact for URLs in messages, see Egress."""
    egress_deny: str = ""
    """Public servers that the step must not contact for URLs in messages, see Egress."""

    additional_headers: Mapping[str, str] = field(default_factory=dict, metadata={"variable": False})

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read a step's settings. Raises one SettingsError that names all missing and invalid variables."""
        faults: list[str] = []
        values: dict[str, Any] = {"additional_headers": _additional_headers(environ)}
        without_messaging = bool(environ.get(PREFIX + "HOOK_SHUTDOWN"))
        missing = [
            variable(entry)
            for entry in _variables(cls)
            if entry.default is MISSING
            and not environ.get(variable(entry), "").strip()
            and not (without_messaging and entry.metadata.get("messaging"))
        ]
        if missing:
            faults.append(f"missing: {', '.join(missing)}")
        for entry in _variables(cls):
            try:
                values[entry.name] = _cast(entry, environ.get(variable(entry)))
            except ValueError as error:
                faults.append(f"{variable(entry)}: {error}")
        iv = values.get("message_crypto_iv")
        if iv and len(iv.encode()) != 16:
            faults.append(f"{PREFIX}MESSAGE_CRYPTO_IV: must be 16 bytes long, not {len(iv.encode())}")
        if faults:
            raise SettingsError("the environment is invalid: " + "; ".join(faults))
        return cls(**values)


def read_one(name: str, environ: Mapping[str, str]) -> Any:
    """Read one field of Settings without requiring the others; raises SettingsError."""
    entry = next(entry for entry in fields(Settings) if entry.name == name)
    try:
        return _cast(entry, environ.get(variable(entry)))
    except ValueError as error:
        raise SettingsError(f"{variable(entry)}: {error}") from error


def variable(entry: "Field[Any]") -> str:
    """Return the name of the environment variable behind a field of Settings."""
    return PREFIX + entry.name.upper()


def _variables(settings: type[Settings]) -> Iterable["Field[Any]"]:
    return (entry for entry in fields(settings) if entry.metadata.get("variable", True))


def doubtful_secrets(environ: Mapping[str, str]) -> list[str]:
    """Return the variables with a secret that begins or ends with white space, or that is in quotation marks."""
    texts = {name: environ.get(name, "") for name in (PREFIX + secret.upper() for secret in sorted(_SECRETS))}
    return [name for name, text in texts.items() if text != text.strip() or _is_quoted(text)]


def _cast(entry: "Field[Any]", text: str | None) -> Any:
    """Convert a variable's text to its field's type. As in Node, an empty text and the number 0 mean the default."""
    default = "" if entry.default is MISSING else entry.default
    if text and entry.name not in _SECRETS:
        text = text.strip()
        if _is_quoted(text):
            raise ValueError("the value is in quotation marks. Remove them")
    if text and not _is_utf_8(text):
        raise ValueError("must be UTF-8")
    if entry.type is bool:
        return default if text is None else text not in {"", "false"}
    if not text:
        return default
    if entry.name in _SHORT_STRINGS and len(text.encode()) > _SHORT_STRING:
        raise ValueError(f"must be at most {_SHORT_STRING} bytes long, not {len(text.encode())}")
    value = _CASTS.get(entry.type, str)(text) or default
    maximum = entry.metadata.get("maximum", _MAXIMUM)
    if isinstance(value, int | float) and maximum < value < math.inf:
        raise ValueError(f"must be at most {maximum:,}")
    return value


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a byte that os.environ cannot decode is half of a surrogate pair
        return False
    return True


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError(f"must be a whole number, not {text!r}")
    return int(text.lstrip("0")[:20] or "0")  # 20 digits exceed the maximum; Python refuses to read over 4300


def _tries(text: str) -> float:
    return math.inf if text.lower() == "infinity" else _whole_number(text)


def _input_format(text: str) -> str:
    if text not in {"default", "error"}:
        raise ValueError(f"must be default or error, not {text!r}")
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
    """Convert a variable's name like lodash's camelCase: FLOW_VERSION to flowVersion, OAUTH2_ID to oauth2Id."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return "".join(word.lower() if index == 0 else word.capitalize() for index, word in enumerate(words))
