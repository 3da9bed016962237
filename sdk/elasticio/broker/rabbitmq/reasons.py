"""Why a session ended: in words for logs and errors, and whether a message was the cause."""

import os

import pika
from pika import exceptions

# Reply codes with which RabbitMQ answers to what a client has sent: too large, a precondition that failed (such as an
# invalid expiration), frame, syntax and command errors, not implemented, internal error. The other codes tell about the
# broker itself: it shuts down, or an exchange or a permission is missing.
_MESSAGE_CODES = {311, 406, 501, 502, 503, 505, 540, 541}

_LOGIN_CODES = {403, 530}  # for a wrong user or password, and for a wrong virtual host


def blames_message(reason: Exception) -> bool:
    """Return whether the broker closed the channel or the connection because of what was sent."""
    if isinstance(reason, exceptions.ConnectionClosedByBroker | exceptions.ChannelClosedByBroker):
        return reason.reply_code in _MESSAGE_CODES
    return False


def lost_during_login(reason: Exception | None) -> Exception | None:
    """Return the error to report for a connection that ended during the login; None for the reason that pika has.

    pika takes every such end for a refused password or virtual host. The broker may as well have gone away.
    """
    if isinstance(reason, exceptions.ConnectionClosedByBroker):
        if reason.reply_code in _LOGIN_CODES:
            return None
        return _connection_error(f"closed during the login: {describe(reason)}")
    if isinstance(reason, exceptions.StreamLostError):
        return _connection_error("the connection was lost during the login")
    return None


def describe(reason: BaseException) -> str:
    """Return the reason in words."""
    if isinstance(reason, exceptions.ChannelClosed | exceptions.ConnectionClosed):
        return f"{reason.reply_code} {reason.reply_text}"
    if isinstance(reason, ConnectionError | TimeoutError) and reason.errno:
        return os.strerror(reason.errno)  # asyncio's own text repeats the address
    return str(reason) or type(reason).__name__


def describe_login(reason: BaseException, parameters: pika.URLParameters) -> str:
    """Return in words why a connection could not be opened, with the action that helps if there is one."""
    broker = f"RabbitMQ at {parameters.host}:{parameters.port}"
    login = getattr(parameters.credentials, "username", "")
    if isinstance(reason, exceptions.AuthenticationError | exceptions.ProbableAuthenticationError):
        return f"{broker} refused the login of user {login!r}. Check user and password in ELASTICIO_AMQP_URI."
    if isinstance(reason, exceptions.ProbableAccessDeniedError):
        vhost = parameters.virtual_host
        return f"{broker} refused user {login!r} the virtual host {vhost!r}. Check ELASTICIO_AMQP_URI."
    if isinstance(reason, exceptions.ChannelClosed | exceptions.ConnectionClosed):
        return f"{broker} refused: {describe(reason)}"
    return f"{broker} cannot be reached: {describe(reason)}"


def is_worth_logging(count: int) -> bool:
    """Return whether a failure that repeats gets a log line for this repetition: the 1st, 2nd, 4th, 8th …"""
    return count & (count - 1) == 0


def _connection_error(text: str) -> Exception:
    error: Exception = exceptions.AMQPConnectionError(text)
    return error
