"""The end of a session: the broker gets time to read what was sent before."""

import asyncio
from typing import Any

from elasticio.broker.rabbitmq.reconnect import Session
from pika.exceptions import ConnectionClosedByClient, StreamLostError


class Connection:
    """A connection that closes when the test says so."""

    is_closing = is_closed = False

    def __init__(self) -> None:
        self.calls: list[str] = []

    def close(self) -> None:
        self.calls.append("close")

    def abort(self) -> None:
        self.calls.append("abort")


async def open_session() -> tuple[Session, Any]:
    session, connection = Session(asyncio.get_running_loop()), Connection()
    session.connection = connection  # type: ignore[assignment]
    return session, connection


async def in_between() -> None:
    """Let all other tasks run until they wait."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_close_waits_for_the_broker() -> None:
    async def work() -> None:
        session, connection = await open_session()
        closing = asyncio.create_task(session.close(30))
        await in_between()
        assert not closing.done()
        assert connection.calls == ["close"]
        session._connection_closed(None, ConnectionClosedByClient(200, "closing"))
        await closing
        assert connection.calls == ["close"]

    asyncio.run(work())


def test_close_does_not_wait_longer_than_its_timeout() -> None:
    async def work() -> None:
        session, connection = await open_session()
        await session.close(0.01)
        assert connection.calls == ["close", "abort"]

    asyncio.run(work())


def test_a_closed_connection_is_not_closed_again() -> None:
    async def work() -> None:
        session, connection = await open_session()
        session._connection_closed(None, StreamLostError("reset"))
        assert isinstance(await session.down, StreamLostError)
        await session.close(30)
        assert connection.calls == []
        assert not session.is_up

    asyncio.run(work())


def test_the_first_reason_counts() -> None:
    async def work() -> None:
        session, connection = await open_session()
        session.end(ValueError("first"))
        session.end(ValueError("second"))
        assert str(await session.down) == "first"
        assert connection.calls == ["close"]

    asyncio.run(work())
