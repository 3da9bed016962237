"""The reasons why a session ended: their text for logs and errors, and whether a message is the cause."""

import os
import ssl

import pika
from pika import exceptions

# AMQP reply codes for a client's own faults: content too large, precondition failed (such as an invalid expiration),
# frame, syntax and command errors, not implemented, internal error. The other codes have reasons in the broker: it
# shuts down, or an exchange or a permission is missing.
_MESSAGE_CODES = {311, 406, 501, 502, 503, 505, 540, 541}

_LOGIN_CODES = {403, 530}  # wrong user or password; wrong virtual host


def blames_message(reason: Exception) -> bool:
    """Return whether the broker closed the channel or the connection because of a sent message."""
    if isinstance(reason, exceptions.ConnectionClosedByBroker | exceptions.ChannelClosedByBroker):
        return reason.reply_code in _MESSAGE_CODES
    return False


def is_known_to_broker(reason: Exception) -> bool:
    """Return whether the broker itself has ended the channel or the connection, and has requeued its messages."""
    return isinstance(reason, exceptions.ConnectionClosedByBroker | exceptions.ChannelClosedByBroker)


def lost_during_login(reason: Exception | None) -> Exception | None:
    """Return the error for a connection that ended during the login; None to keep pika's reason.

    pika reports every such end as a refused password or virtual host, even if the broker has stopped.
    """
    if isinstance(reason, exceptions.ConnectionClosedByBroker):
        if reason.reply_code in _LOGIN_CODES:
            return None
        return _connection_error(f"closed during the login: {describe(reason)}")
    if isinstance(reason, exceptions.StreamLostError):
        return _connection_error("the connection was lost during the login")
    return None


def describe(reason: BaseException) -> str:
    """Return the text of a reason, without an address."""
    if isinstance(reason, exceptions.ChannelClosed | exceptions.ConnectionClosed):
        return f"{reason.reply_code} {reason.reply_text}"
    if isinstance(reason, ConnectionError | TimeoutError) and reason.errno:
        return os.strerror(reason.errno)  # asyncio's own text repeats the address
    return str(reason) or type(reason).__name__


def describe_login(reason: BaseException, parameters: pika.URLParameters) -> str:
    """Return the reason why a connection could not be opened, and the action that helps, if any."""
    broker = f"RabbitMQ at {parameters.host}:{parameters.port}"
    login = getattr(parameters.credentials, "username", "")
    if isinstance(reason, exceptions.AuthenticationError | exceptions.ProbableAuthenticationError):
        return f"{broker} refused the login of user {login!r}. Check user and password in ELASTICIO_AMQP_URI."
    if isinstance(reason, exceptions.ProbableAccessDeniedError):
        vhost = parameters.virtual_host
        return (
            f"{broker} refused user {login!r} the virtual host {vhost!r}. Check ELASTICIO_AMQP_URI, "
            "whether the virtual host exists, and the permissions of the user."
        )
    if isinstance(reason, exceptions.ChannelClosed | exceptions.ConnectionClosed):
        return f"{broker} refused: {describe(reason)}"
    return f"{broker} cannot be reached: {describe(reason).rstrip('.')}. {_action(reason)}"


def is_worth_logging(count: int) -> bool:
    """Return whether to log this repetition of a failure: only the 1st, 2nd, 4th, 8th …"""
    return count & (count - 1) == 0


def _action(reason: BaseException) -> str:
    """Return the action that helps if the broker cannot be reached."""
    cause = reason.__cause__ or (reason.args[0] if reason.args else None)
    tls = next((error for error in (reason, cause) if isinstance(error, ssl.SSLError)), None)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return "Check the host in ELASTICIO_AMQP_URI. SSL_CERT_FILE names a file with further certificate authorities."
    if tls:
        return "Check ELASTICIO_AMQP_URI: amqps:// needs the port of RabbitMQ for TLS, often 5671."
    if isinstance(reason, exceptions.AMQPConnectionError):
        return "Check ELASTICIO_AMQP_URI: a port for TLS, often 5671, needs amqps://. Check the log of RabbitMQ."
    return "Check ELASTICIO_AMQP_URI and the network."


def _connection_error(text: str) -> Exception:
    error: Exception = exceptions.AMQPConnectionError(text)
    return error
