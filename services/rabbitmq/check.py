"""Checks whether a broker responds and accepts the login."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pika
from pika.exceptions import AMQPConnectionError, AMQPError, ProbableAuthenticationError


class BrokerFailedError(Exception):
    """A broker does not respond or refuses the login."""


@dataclass(frozen=True)
class Broker:
    """A broker that another program has started. It must not be stopped."""

    uri: str
    name: str


def host_and_port(uri: str) -> str:
    """Return the host and port of an AMQP URI, for messages: the password must not appear in them."""
    parts = urlsplit(uri)
    return f"{parts.hostname}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}"


def connection_failure(uri: str) -> str | None:
    """Return None if the broker at `uri` accepts a connection, otherwise the reason in a few words."""
    try:
        parameters = pika.URLParameters(uri)
    except ValueError as error:
        return f"not an AMQP URI ({type(error).__name__})"
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = 10
    with _silent_pika():
        try:
            pika.BlockingConnection(parameters).close()
        except ProbableAuthenticationError:
            return "refuses the user name or password"
        except AMQPConnectionError:
            return "no response"
        except (AMQPError, OSError) as error:
            return f"does not respond with valid AMQP ({type(error).__name__})"
    return None


@contextmanager
def _silent_pika() -> Iterator[None]:
    """Disable pika's log: a failed connection is an expected result of the check."""
    log = logging.getLogger("pika")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)
