"""Live updates as server-sent events, for the web page and for tests that wait."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from callfire_sandbox.world.query import Record
from callfire_sandbox.world.state import World
from callfire_sandbox.world.table import encode

HEARTBEAT = 15.0
MOST_WAITING = 10_000
LARGEST_IN_BROWSER = 2**53 - 1


def readable(value: Any) -> Any:
    """Return the value with large integers as strings, because a browser would round them."""
    if isinstance(value, dict):
        return {name: readable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    return str(value) if type(value) is int and value > LARGEST_IN_BROWSER else value


async def events(world: World) -> AsyncIterator[bytes]:
    """Yield every event from now on as `event: <kind>` and `data: <record as JSON>`.

    A slow listener loses the oldest events. The sandbox never waits for a listener.
    """
    waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)

    def listen(kind: str, record: Record) -> None:
        record = readable(record)
        if waiting.full():
            waiting.get_nowait()
        waiting.put_nowait(b"event: " + kind.encode() + b"\ndata: " + encode(record) + b"\n\n")

    world.feed.listeners.append(listen)
    try:
        yield b": listening\n\n"
        while True:
            try:
                yield await asyncio.wait_for(waiting.get(), HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"
    finally:
        world.feed.listeners.remove(listen)
