"""Transactions on the channel that settles: what is published on it takes effect together with an ack, or not at all.

A channel that has begun with transactions cannot go back: each ack needs a commit from then on. While the broker works
on a commit it takes nothing else on the channel, so what comes in the meantime waits and is committed together.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from pika import exceptions

from elasticio.broker.rabbitmq.link import Session

Work = Callable[[], None]
OnEnd = Callable[[bool], None]


class Transactions:
    """The transactions of one session. Used on the I/O thread only. `all_done` is set while nothing is under way."""

    def __init__(self, session: Session) -> None:
        self.all_done = asyncio.Event()
        self.all_done.set()
        self._session = session
        self._waiting: list[tuple[Work, OnEnd]] = []
        self._committing: list[OnEnd] | None = None
        session.channel.tx_select()

    def do(self, work: Work, on_end: OnEnd = lambda _: None) -> None:
        """Have `work` write to the channel and commit it; `on_end` hears whether that was done."""
        self._waiting.append((work, on_end))
        if self._committing is None:
            self._commit_waiting()

    def lost(self) -> None:
        """Note that the session is lost: what was not confirmed counts as not done.

        It may have been done all the same, then the message does not come again. Nobody needs to know.
        """
        ends = [*(self._committing or ()), *(on_end for _, on_end in self._waiting)]
        self._committing, self._waiting = [], []
        self.all_done.set()
        for on_end in ends:
            on_end(False)

    def _commit_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._committing = [on_end for _, on_end in waiting]
        self.all_done.clear()
        try:
            for work, _ in waiting:
                work()
            self._session.channel.tx_commit(self._committed)
        except exceptions.AMQPError as error:
            self._session.end(error)  # the loss ends all that is under way

    def _committed(self, _frame: Any) -> None:
        ends, self._committing = self._committing or [], None
        if self._waiting:
            self._commit_waiting()
        else:
            self.all_done.set()
        for on_end in ends:
            on_end(True)
