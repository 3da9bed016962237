"""Carrying webhook deliveries over the network: each webhook's in the order in which the world hands them out."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable

import requests
import urllib3
from urllib3.exceptions import InsecureRequestWarning

from sandbox.world.state import World
from sandbox.world.webhooks import delivered, request

TIMEOUT = 10.0


class Courier:
    """Delivers what is in the world's outbox, one delivery at a time for each webhook, side by side for several."""

    def __init__(self, world: World, saved: Callable[[], None]) -> None:
        self._world = world
        self._saved = saved
        self._waiting: defaultdict[int, deque[int]] = defaultdict(deque)
        self._running: dict[int, asyncio.Task[None]] = {}

    def send_out(self) -> None:
        """Start on everything that is in the outbox."""
        outbox, deliveries = self._world.outbox, self._world["deliveries"]
        while outbox:
            number = outbox.popleft()
            if delivery := deliveries.get(number):
                self._waiting[delivery["webhookId"]].append(number)
        for webhook, queue in self._waiting.items():
            if queue and webhook not in self._running:
                self._running[webhook] = asyncio.create_task(self._work(webhook, queue))

    def stop(self) -> None:
        """Give up on what is under way."""
        for job in self._running.values():
            job.cancel()

    async def _work(self, webhook: int, queue: deque[int]) -> None:
        try:
            while queue:
                number = queue.popleft()
                delivery = self._world["deliveries"].get(number)
                if delivery is None:
                    continue
                body, headers = request(delivery)
                strict = delivery["_"]["strict"]
                outcome = await asyncio.to_thread(post, delivery["callback"], body, headers, strict=strict)
                delivered(self._world, number, outcome)
                self._saved()
        finally:
            self._running.pop(webhook, None)


def post(url: str, body: bytes, headers: dict[str, str], *, strict: bool) -> int | str:
    """Make one attempt; the status of the answer, or the kind of failure."""
    if not strict:
        urllib3.disable_warnings(InsecureRequestWarning)
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT, verify=strict, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return type(error).__name__
    return answer.status_code
