"""The environment variables of a step."""

import dataclasses
import math
from typing import Any

import pytest
from elasticio import SettingsError
from elasticio.runtime.settings import PREFIX, Settings, camel_case, doubtful_secrets, read_one

ALWAYS = (
    "FLOW_ID",
    "EXEC_ID",
    "STEP_ID",
    "CONTAINER_ID",
    "WORKSPACE_ID",
    "USER_ID",
    "COMP_ID",
    "FUNCTION",
    "API_URI",
    "API_USERNAME",
    "API_KEY",
)
MESSAGING = (
    "AMQP_URI",
    "LISTEN_MESSAGES_ON",
    "PUBLISH_MESSAGES_TO",
    "DATA_ROUTING_KEY",
    "ERROR_ROUTING_KEY",
    "REBOUND_ROUTING_KEY",
    "SNAPSHOT_ROUTING_KEY",
    "MESSAGE_CRYPTO_IV",
    "MESSAGE_CRYPTO_PASSWORD",
)
DEFAULTS: dict[str, Any] = {
    "REBOUND_INITIAL_EXPIRATION": 15000,
    "REBOUND_LIMIT": 20,
    "COMPONENT_PATH": "",
    "RABBITMQ_PREFETCH_SAILOR": 1,
    "STARTUP_REQUIRED": False,
    "HOOK_SHUTDOWN": False,
    "SHUTDOWN_TIMEOUT": 25000,
    "API_REQUEST_RETRY_ATTEMPTS": 3,
    "API_REQUEST_RETRY_DELAY": 100,
    "DATA_RATE_LIMIT": 10,
    "ERROR_RATE_LIMIT": 2,
    "SNAPSHOT_RATE_LIMIT": 2,
    "RATE_INTERVAL": 100,
    "PROCESS_AMQP_DRAIN": True,
    "AMQP_PUBLISH_RETRY_DELAY": 100,
    "AMQP_PUBLISH_RETRY_ATTEMPTS": math.inf,
    "AMQP_PUBLISH_MAX_RETRY_DELAY": 300000,
    "AMQP_PERSISTENT_MESSAGES": False,
    "OUTGOING_MESSAGE_SIZE_LIMIT": 10485760,
    "NO_SELF_PASSTRHOUGH": False,
    "PROTOCOL_VERSION": 1,
    "NO_ERROR_REPLIES": False,
    "INPUT_FORMAT": "default",
    "OBJECT_STORAGE_URI": "",
    "OBJECT_STORAGE_TOKEN": "",
    "OBJECT_STORAGE_SIZE_THRESHOLD": 1048576,
    "EMIT_LIGHTWEIGHT_MESSAGE": False,
    "AMQP_RECONNECT_ATTEMPTS": 3,
    "AMQP_RECONNECT_TIMEOUT": 100,
    "EGRESS_ALLOW": "",
    "HEALTH_FILE": "",
    "EGRESS_DENY": "",
    "FLOW_TYPE": "",
    "FLOW_WEBHOOK_URI": "",
}
NUMBERS = [name for name, default in DEFAULTS.items() if type(default) in {int, float}]
BOOLEANS = [name for name, default in DEFAULTS.items() if isinstance(default, bool)]
SECRETS = ("API_KEY", "MESSAGE_CRYPTO_IV", "MESSAGE_CRYPTO_PASSWORD", "OBJECT_STORAGE_TOKEN")
IV = "iv=any16_symbols"


def environment(**changes: str) -> dict[str, str]:
    """Return the required variables of a step, each with its name as its value, and the given changes."""
    required = {name: f"the {name}" for name in (*ALWAYS, *MESSAGING)}
    return {PREFIX + name: value for name, value in (required | {"MESSAGE_CRYPTO_IV": IV} | changes).items()}


def value_of(settings: Settings, name: str) -> Any:
    return getattr(settings, name.lower())


def test_required_variables_are_read() -> None:
    settings = Settings.read(environment())
    for name in {*ALWAYS, *MESSAGING} - {"MESSAGE_CRYPTO_IV"}:
        assert value_of(settings, name) == f"the {name}"
    assert settings.message_crypto_iv == IV


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_defaults(name: str, default: Any) -> None:
    value = value_of(Settings.read(environment()), name)
    assert value == default
    assert type(value) is type(default)


def test_each_field_is_tested() -> None:
    """Each field is in one of the lists above. A new field must be added to one."""
    known = {name.lower() for name in (*ALWAYS, *MESSAGING, *DEFAULTS)}
    assert {field.name for field in dataclasses.fields(Settings)} == known | {"additional_headers"}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(("text", "value"), [("7", 7), (" 12 ", 12), ("0", None), ("", None)])
def test_numbers(name: str, text: str, value: int | None) -> None:
    """0 and an empty text mean the default, as in Node."""
    expected = DEFAULTS[name] if value is None else value
    assert value_of(Settings.read(environment(**{name: text})), name) == expected


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["many", "1.5", "-1", "1e3", "10ms", "0x10"])
def test_an_invalid_number(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment(**{name: text}))
    assert str(caught.value).endswith(f": ELASTICIO_{name}: must be a whole number, not '{text}'")


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["9" * 20, "9" * 400, "9" * 5000])
def test_a_number_that_no_timer_or_counter_can_hold(name: str, text: str) -> None:
    maximum = "65,535" if name == "RABBITMQ_PREFETCH_SAILOR" else "1,000,000,000,000"
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment(**{name: text}))
    assert str(caught.value).endswith(f": ELASTICIO_{name}: must be at most {maximum}")


TEXTS = [name for name in (*ALWAYS, *MESSAGING, *DEFAULTS) if name not in {*SECRETS, "INPUT_FORMAT"}]


@pytest.mark.parametrize("name", TEXTS)
def test_quotation_marks_around_a_value_are_an_error_and_white_space_is_ignored(name: str) -> None:
    """`docker run --env-file` keeps quotation marks; a secret made with `echo` ends with a line break."""
    text = "7" if name in NUMBERS else "true" if name in BOOLEANS else "text"
    for quoted in (f'"{text}"', f"'{text}'", f' "{text}"\n'):
        with pytest.raises(SettingsError) as caught:
            Settings.read(environment(**{name: quoted}))
        assert str(caught.value).endswith(f": ELASTICIO_{name}: the value is in quotation marks. Remove them")
    plain, spaced = (value_of(Settings.read(environment(**{name: value})), name) for value in (text, f" {text}\n"))
    assert plain == spaced


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_not_changed_but_doubtful_ones_are_named(name: str) -> None:
    for text in ('"a 16-byte text"', "'a 16-byte text'", "a 16-byte text\n ", " a 16-byte text "):
        environ = environment(**{name: text})
        assert value_of(Settings.read(environ), name) == text
        assert doubtful_secrets(environ) == [PREFIX + name]
    assert doubtful_secrets(environment()) == []


@pytest.mark.parametrize("name", [*ALWAYS, *MESSAGING, "HEALTH_FILE", "EMIT_LIGHTWEIGHT_MESSAGE"])
def test_a_value_that_is_not_utf_8_is_an_error(name: str) -> None:
    """Python reads such a byte as half of a surrogate pair."""
    with pytest.raises(SettingsError, match=f": ELASTICIO_{name}: must be UTF-8$"):
        Settings.read(environment(**{name: "caf\udce9"}))


def test_a_required_value_of_white_space_is_missing() -> None:
    with pytest.raises(SettingsError, match=r"missing: ELASTICIO_FUNCTION$"):
        Settings.read(environment(FUNCTION=" \n"))


@pytest.mark.parametrize("name", [name for name in MESSAGING if "ROUTING" in name or "MESSAGES_" in name])
def test_a_name_that_amqp_cannot_carry_is_an_error(name: str) -> None:
    assert value_of(Settings.read(environment(**{name: "é" * 127})), name) == "é" * 127
    with pytest.raises(SettingsError, match=f": ELASTICIO_{name}: must be at most 255 bytes long, not 256$"):
        Settings.read(environment(**{name: "é" * 128}))


@pytest.mark.parametrize("text", ["Infinity", "infinity"])
def test_publishing_may_be_retried_without_a_limit(text: str) -> None:
    assert Settings.read(environment(AMQP_PUBLISH_RETRY_ATTEMPTS=text)).amqp_publish_retry_attempts == math.inf


@pytest.mark.parametrize("name", BOOLEANS)
@pytest.mark.parametrize(
    ("text", "value"), [("", False), ("false", False), ("true", True), ("1", True), ("0", True), ("FALSE", True)]
)
def test_booleans(name: str, text: str, value: bool) -> None:
    assert value_of(Settings.read(environment(**{name: text})), name) is value


@pytest.mark.parametrize("text", ["default", "error", ""])
def test_the_input_format(text: str) -> None:
    assert Settings.read(environment(INPUT_FORMAT=text)).input_format == (text or "default")


def test_an_unknown_input_format() -> None:
    with pytest.raises(SettingsError, match="ELASTICIO_INPUT_FORMAT: must be default or error, not 'raw'"):
        Settings.read(environment(INPUT_FORMAT="raw"))


def test_one_error_names_all_missing_variables() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({PREFIX + "FLOW_ID": ""})
    names = str(caught.value).split("missing: ")[1].split(", ")
    assert sorted(names) == sorted(PREFIX + name for name in (*ALWAYS, *MESSAGING))


def test_one_error_names_all_faults_in_one_line() -> None:
    environ = environment(DATA_RATE_LIMIT="ten", INPUT_FORMAT="raw", MESSAGE_CRYPTO_IV="short-secret", API_KEY="")
    with pytest.raises(SettingsError) as caught:
        Settings.read(environ)
    text = str(caught.value)
    for part in (
        "missing: ELASTICIO_API_KEY;",
        "ELASTICIO_DATA_RATE_LIMIT: must",
        "ELASTICIO_INPUT_FORMAT: must",
        "ELASTICIO_MESSAGE_CRYPTO_IV: must be 16 bytes long, not 12",
    ):
        assert part in text
    assert "\n" not in text
    assert "short-secret" not in text


@pytest.mark.parametrize(("iv", "fits"), [("0123456789abcde", False), ("0123456789abcdeé", False), ("äöüäöüäö", True)])
def test_the_initialisation_vector_is_counted_in_bytes(iv: str, fits: bool) -> None:
    if fits:
        assert Settings.read(environment(MESSAGE_CRYPTO_IV=iv)).message_crypto_iv == iv
    else:
        with pytest.raises(SettingsError, match="ELASTICIO_MESSAGE_CRYPTO_IV: must be 16 bytes long"):
            Settings.read(environment(MESSAGE_CRYPTO_IV=iv))


class TestShutdownHook:
    @pytest.mark.parametrize("text", ["true", "1", "false"])
    def test_with_any_text_the_broker_is_optional(self, text: str) -> None:
        environ = {PREFIX + name: name for name in ALWAYS} | {PREFIX + "HOOK_SHUTDOWN": text}
        assert Settings.read(environ).hook_shutdown is (text != "false")

    def test_other_variables_are_still_required(self) -> None:
        with pytest.raises(SettingsError) as caught:
            Settings.read({PREFIX + "HOOK_SHUTDOWN": "true"})
        assert str(caught.value).endswith("missing: " + ", ".join(PREFIX + name for name in ALWAYS))

    def test_an_empty_text_does_not_mean_shutdown(self) -> None:
        with pytest.raises(SettingsError, match="ELASTICIO_AMQP_URI"):
            Settings.read({PREFIX + name: name for name in ALWAYS} | {PREFIX + "HOOK_SHUTDOWN": ""})


def test_additional_variables_become_headers() -> None:
    environ = environment(ADDITIONAL_VARS_FOR_HEADERS="ELASTICIO_FLOW_VERSION, HOST,ELASTICIO_EMPTY,ELASTICIO_UNSET,")
    environ |= {"ELASTICIO_FLOW_VERSION": "v1", "HOST": "pod-1", "ELASTICIO_EMPTY": "", "OTHER": "x"}
    assert Settings.read(environ).additional_headers == {"flowVersion": "v1", "host": "pod-1", "empty": ""}
    assert Settings.read(environment()).additional_headers == {}


def test_the_text_of_settings_contains_no_secret() -> None:
    secret = ["API_KEY", "AMQP_URI", "MESSAGE_CRYPTO_PASSWORD", "MESSAGE_CRYPTO_IV", "OBJECT_STORAGE_TOKEN"]
    values = {name: f"secret-of-16-{number}23" for number, name in enumerate(secret)}
    text = repr(Settings.read(environment(**values)))
    assert "the FLOW_ID" in text
    assert "secret" not in text


def test_it_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.read(environment()).flow_id = "another"  # type: ignore[misc]


def test_one_setting_can_be_read_alone() -> None:
    assert read_one("api_request_retry_delay", {}) == 100
    assert read_one("api_request_retry_delay", {"ELASTICIO_API_REQUEST_RETRY_DELAY": "5"}) == 5
    with pytest.raises(SettingsError, match="ELASTICIO_API_REQUEST_RETRY_DELAY: must be a whole number, not 'x'"):
        read_one("api_request_retry_delay", {"ELASTICIO_API_REQUEST_RETRY_DELAY": "x"})


# Made with camelCase of lodash 4.17.21
CAMEL_CASE = {
    "FLOW_VERSION": "flowVersion",
    "OAUTH2_ID": "oauth2Id",
    "TASK_USER_EMAIL": "taskUserEmail",
    "A1B2": "a1B2",
    "API_URI": "apiUri",
    "fooBar": "fooBar",
    "foo-bar": "fooBar",
    "__X__Y": "xY",
    "x": "x",
    "HTTPServer": "httpServer",
    "HTTP2Server": "http2Server",
    "version2": "version2",
    "V2": "v2",
    "STEP_1": "step1",
    "A_B": "aB",
    "TENANT_ID": "tenantId",
    "xml_HTTP_request": "xmlHttpRequest",
    "aB1c": "aB1C",
    "USER_ID2NAME": "userId2Name",
    "FOO.BAR BAZ": "fooBarBaz",
    "FLOW__ID": "flowId",
    "v2alpha": "v2Alpha",
    "IDs": "iDs",
    "": "",
}


@pytest.mark.parametrize(("name", "written"), CAMEL_CASE.items())
def test_names_in_camel_case(name: str, written: str) -> None:
    assert camel_case(name) == written
