"""What became of texts and calls after they were taken: asked for until each has its final state."""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

from lib.callfire.api.client import Client, Request
from lib.callfire.api.errors import Temporary
from lib.callfire.sending import ledger
from lib.callfire.sending.channel import PENDING, Channel
from lib.callfire.sending.rows import Row

sleep = time.sleep
AT_ONCE = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0


@dataclass(frozen=True)
class Tracking:
    """Asks for the state of what was sent."""

    client: Client
    channel: Channel

    def follow(self, rows: list[Row], limit: float) -> None:
        """Ask until all have their final state or the limit (seconds) is reached; each row says its outcome."""
        deadline, pause = ledger.now() + limit, FIRST_PAUSE
        self._note(rows)
        while pending := [row for row in rows if row.more.get("outcome") == PENDING and (row.item or {}).get("id")]:
            left = deadline - ledger.now()
            if left <= 0:
                return
            sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._ask(pending)
            except Temporary:
                continue  # what was sent must not come to an error because nobody can be asked about it just now
            self._note(rows)

    def _ask(self, rows: list[Row]) -> None:
        for start in range(0, len(rows), AT_ONCE):
            by_id = {(row.item or {}).get("id"): row for row in rows[start : start + AT_ONCE]}
            query = urlencode([*(("id", number) for number in by_id), ("limit", AT_ONCE)])
            what = f"GET {self.channel.path}"
            answer = self.client.call(Request("GET", self.channel.path, what, query=query, repeatable=True)).value or {}
            for item in answer.get("items") or []:
                if item.get("id") in by_id:
                    by_id[item["id"]].sent(item)

    def _note(self, rows: list[Row]) -> None:
        for row in rows:
            if row.item is None:
                continue
            row.more["outcome"] = self.channel.outcome(row.item)
            if result := row.item.get(self.channel.result):
                row.more["result"] = result
            billed = [record.get("billedAmount") for record in row.item.get("records") or []]
            if amounts := [amount for amount in billed if isinstance(amount, int | float)]:
                row.more["billedAmount"] = sum(amounts)
