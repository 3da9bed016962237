"""Transactions on the channel that consumes: publications and the settlement of a delivery in one commit.

A channel in transaction mode cannot leave it: from then on each ack needs a commit. While the broker processes a
commit it accepts nothing else on the channel, so later work waits and goes into the next commit together.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from pika import exceptions
from pika.channel import Channel


class Work(Protocol):
    """What a transaction contains."""

    def write(self) -> None:
        """Write frames to the channel."""

    def ended(self, is_committed: bool) -> None:
        """Handle the broker's confirmation of the commit, or the loss of the session before it."""


class Transactions:
    """The transactions of one channel. Used on the I/O thread only. `all_done` is set while no commit is pending."""

    def __init__(self, channel: Channel, on_error: Callable[[Exception], None]) -> None:
        self.all_done = asyncio.Event()
        self.all_done.set()
        self._channel = channel
        self._on_error = on_error
        self._waiting: list[Work] = []
        self._committing: list[Work] | None = None
        channel.tx_select()

    def add(self, work: Work) -> None:
        """Write the work and commit it: at once, or together with other work after the pending commit."""
        self._waiting.append(work)
        if self._committing is None:
            self._commit_waiting()

    def session_lost(self) -> None:
        """End all work as not committed.

        A commit whose confirmation was lost with the session may have taken effect. The broker does not redeliver the
        message then.
        """
        ended = [*(self._committing or ()), *self._waiting]
        self._committing, self._waiting = [], []
        self.all_done.set()
        for work in ended:
            work.ended(False)

    def _commit_waiting(self) -> None:
        self._committing, self._waiting = self._waiting, []
        self.all_done.clear()
        try:
            for work in self._committing:
                work.write()
            self._channel.tx_commit(self._committed)
        except exceptions.AMQPError as error:
            self._on_error(error)  # this ends the session, and with it all work

    def _committed(self, _frame: Any) -> None:
        ended, self._committing = self._committing or [], None
        if self._waiting:
            self._commit_waiting()
        else:
            self.all_done.set()
        for work in ended:
            work.ended(True)
