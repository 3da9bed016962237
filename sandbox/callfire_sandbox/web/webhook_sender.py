"""Sends webhook deliveries over the network, in order for each webhook."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable

import requests
import urllib3
from urllib3.exceptions import InsecureRequestWarning

from callfire_sandbox.world.state import World
from callfire_sandbox.world.webhooks import delivered, request

TIMEOUT = 10.0


class WebhookSender:
    """Sends the deliveries in the outbox: one at a time for each webhook, different webhooks in parallel."""

    def __init__(self, world: World, saved: Callable[[], None]) -> None:
        self._world = world
        self._saved = saved
        self._waiting: defaultdict[int, deque[int]] = defaultdict(deque)
        self._running: dict[int, asyncio.Task[None]] = {}

    def send_out(self) -> None:
        """Start sending everything in the outbox."""
        outbox, deliveries = self._world.outbox, self._world["deliveries"]
        while outbox:
            number = outbox.popleft()
            if delivery := deliveries.get(number):
                self._waiting[delivery["webhookId"]].append(number)
        for webhook, queue in self._waiting.items():
            if queue and webhook not in self._running:
                self._running[webhook] = asyncio.create_task(self._work(webhook, queue))

    def stop(self) -> None:
        """Cancel all deliveries in progress."""
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
    """Make one attempt and return the status of the response or the name of the failure."""
    if not strict:
        urllib3.disable_warnings(InsecureRequestWarning)
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT, verify=strict, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return type(error).__name__
    return answer.status_code
