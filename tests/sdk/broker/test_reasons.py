"""The reasons of lost sessions: whether a message is to blame, and their texts."""

import ssl

import pika
import pytest
from elasticio import SettingsError
from elasticio.broker.rabbitmq import parameters
from elasticio.broker.rabbitmq.reasons import (
    blames_message,
    describe,
    describe_login,
    is_known_to_broker,
    is_worth_logging,
    lost_during_login,
)
from pika import exceptions

MESSAGE_CODES = (311, 406, 501, 502, 503, 505, 540, 541)
OTHER_CODES = (200, 302, 312, 313, 320, 402, 403, 404, 405, 504, 530)
PARAMETERS = pika.URLParameters("amqp://me:s3cret@broker.example:5673/here")
WHERE = "RabbitMQ at broker.example:5673"


@pytest.mark.parametrize("kind", [exceptions.ConnectionClosedByBroker, exceptions.ChannelClosedByBroker])
def test_the_code_tells_whether_a_message_is_to_blame(kind: type[Exception]) -> None:
    assert all(blames_message(kind(code, "")) for code in MESSAGE_CODES)
    assert not any(blames_message(kind(code, "")) for code in OTHER_CODES)
    assert is_known_to_broker(kind(320, ""))


@pytest.mark.parametrize(
    "reason",
    [exceptions.StreamLostError("reset"), exceptions.ConnectionClosedByClient(406, ""), OSError()],
)
def test_no_message_is_to_blame_for_other_losses(reason: Exception) -> None:
    assert not blames_message(reason)
    assert not is_known_to_broker(reason)


@pytest.mark.parametrize("code", [403, 530])
def test_pika_s_reason_is_kept_for_a_refused_login(code: int) -> None:
    assert lost_during_login(exceptions.ConnectionClosedByBroker(code, "ACCESS_REFUSED")) is None
    assert lost_during_login(None) is None
    assert lost_during_login(OSError("unreachable")) is None


def test_other_ends_of_a_login_are_no_refusal() -> None:
    closed = lost_during_login(exceptions.ConnectionClosedByBroker(320, "shutdown"))
    assert str(closed) == "closed during the login: 320 shutdown"
    assert str(lost_during_login(exceptions.StreamLostError("x"))) == "the connection was lost during the login"


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (exceptions.ProbableAuthenticationError("x"), "refused the login of user 'me'"),
        (exceptions.AuthenticationError("x"), "refused the login of user 'me'"),
        (exceptions.ProbableAccessDeniedError("x"), "refused user 'me' the virtual host 'here'"),
        (exceptions.ChannelClosedByBroker(404, "no queue"), "refused: 404 no queue"),
        (ConnectionRefusedError(111, "connect call failed"), "cannot be reached: Connection refused"),
        (ValueError(), "cannot be reached: ValueError"),
    ],
)
def test_the_error_of_a_login_has_an_action_or_a_reason(reason: Exception, text: str) -> None:
    told = describe_login(reason, PARAMETERS)
    assert told.startswith(f"{WHERE} {text}")
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("reason", "action"),
    [
        (ConnectionRefusedError(111, "refused"), "Check ELASTICIO_AMQP_URI and the network."),
        (ssl.SSLCertVerificationError(1, "self-signed"), "SSL_CERT_FILE names"),
        (ssl.SSLError(1, "wrong version number"), "amqps:// needs the port of RabbitMQ for TLS"),
        (exceptions.AMQPConnectionError("the connection was lost during the login"), "needs amqps://"),
        (exceptions.ProbableAccessDeniedError("x"), "whether the virtual host exists"),
    ],
)
def test_the_error_of_a_login_names_the_variable_to_check(reason: Exception, action: str) -> None:
    told = describe_login(reason, PARAMETERS)
    assert action in told
    assert "ELASTICIO_AMQP_URI" in told


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        ("http://h", "must begin with amqp:// or amqps://"),
        (" ", "must begin with amqp:// or amqps://"),
        ("amqp://me:s3c/ret@h", "as escapes"),
        ("amqp://me:s3c#ret@h", "as escapes"),
        ("amqp://me:s3cret@h:x", "port or the host"),
        ("amqp://me:s3cret@h:99999", "port or the host"),
        ("amqp://me:s3cret@h:0", "port or the host"),
        ("amqp://me:s3cret@::1:5672", "IPv6 addresses in brackets"),
        ("amqp://me:s3cret@h,g:5672,i:1", "port or the host"),
        ("amqp://me:s3cret@h?heartbeat=x", "query"),
        ("amqp://me:s3cret@h?hartbeat=60", "query"),
    ],
)
def test_an_invalid_uri_names_the_part_and_no_password(uri: str, part: str) -> None:
    with pytest.raises(SettingsError, match=r"^ELASTICIO_AMQP_URI: not an AMQP address[.] ") as caught:
        parameters(uri, "read")
    assert part in str(caught.value)
    assert "s3c" not in str(caught.value)


def test_a_reason_without_a_text_is_described_by_its_class() -> None:
    assert describe(TimeoutError()) == "TimeoutError"
    assert describe(ValueError("text")) == "text"


def test_repetitions_are_logged_more_and_more_rarely() -> None:
    assert [count for count in range(1, 40) if is_worth_logging(count)] == [1, 2, 4, 8, 16, 32]
