"""What happens, told live: server-sent events for the page and for tests that wait."""

import asyncio
from collections.abc import AsyncIterator

from sandbox.world.query import Record
from sandbox.world.state import World
from sandbox.world.store import encode

HEARTBEAT = 15.0
MOST_WAITING = 10_000


async def events(world: World) -> AsyncIterator[bytes]:
    """Every event from now on, as `event: <kind>` and `data: <record as JSON>`.

    A listener that is too slow for a load misses the oldest events; the sandbox never waits for it.
    """
    waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)

    def listen(kind: str, record: Record) -> None:
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
