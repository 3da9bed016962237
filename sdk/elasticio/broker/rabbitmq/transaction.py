"""Transactions on the consuming channel: publications and the settlement of a delivery in one commit.

A channel cannot leave transaction mode: from then on each ack requires a commit. While the broker processes a commit,
it accepts nothing else on the channel. Later work waits and shares the next commit.

RabbitMQ guarantees atomicity only for publications and acks of one queue, and not if it crashes during a commit. If a
publication is invalid, RabbitMQ closes the channel and discards the transaction.
"""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, Protocol

from pika.channel import Channel

from elasticio.broker.rabbitmq.reasons import blames_message

_MOST_SUSPECTS = 1000


class Work(Protocol):
    """Work in a transaction. Work with `is_suspect` is committed alone, so that its effect is known."""

    is_suspect: bool

    def write(self) -> None:
        """Write frames to the channel."""

    def committed(self) -> None:
        """Handle the broker's confirmation of the commit."""

    def session_lost(self, blame: Exception | None, is_alone: bool) -> None:
        """Handle the loss of the session before the confirmation.

        `blame` is the broker's reason if work in the same commit caused the loss. `is_alone` tells whether the commit
        contained no other work.
        """


class Transactions:
    """The transactions of one channel. Used on the I/O thread only. `all_done` is set while no commit is pending."""

    def __init__(self, channel: Channel, on_error: Callable[[Exception], None]) -> None:
        self.all_done = asyncio.Event()
        self.all_done.set()
        self.has_committed = False
        self._channel = channel
        self._on_error = on_error
        self._waiting: list[Work] = []
        self._committing: list[Work] = []
        channel.tx_select()

    def add(self, work: Work) -> None:
        """Write the work and commit it: at once, or after the pending commit together with other work."""
        self._waiting.append(work)
        if not self._committing:
            self._commit_waiting()

    def session_lost(self, reason: Exception) -> None:
        """End all work.

        A commit without a confirmation may have taken effect. The broker then does not redeliver the message.
        """
        committing, self._committing = self._committing, []
        waiting, self._waiting = self._waiting, []
        self.all_done.set()
        blame = reason if blames_message(reason) else None
        for work in committing:
            work.session_lost(blame, len(committing) == 1)
        for work in waiting:
            work.session_lost(None, False)

    def _commit_waiting(self) -> None:
        count = 1 if any(work.is_suspect for work in self._waiting) else len(self._waiting)
        self._committing, self._waiting = self._waiting[:count], self._waiting[count:]
        self.all_done.clear()
        try:
            for work in self._committing:
                work.write()
            self._channel.tx_commit(self._committed)
        except Exception as error:  # noqa: BLE001 (no work may wait forever after an error)
            self._on_error(error)  # ends the session and all work

    def _committed(self, _frame: Any) -> None:
        self.has_committed = True
        done, self._committing = self._committing, []
        if self._waiting:
            self._commit_waiting()
        else:
            self.all_done.set()
        for work in done:
            work.committed()


class Suspects:
    """Messages during whose replacement the broker closed the channel for an invalid publication.

    In a commit with several messages, the invalid one is unknown. All are redelivered, and each is committed alone.
    """

    def __init__(self) -> None:
        self._keys: dict[Hashable, None] = {}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def convict(self, key: Hashable, is_alone: bool) -> bool:
        """Record that the channel was closed. Return True the second time, if the message was committed alone."""
        if key in self._keys and is_alone:
            del self._keys[key]
            return True
        self._keys[key] = None
        if len(self._keys) > _MOST_SUSPECTS:
            del self._keys[next(iter(self._keys))]
        return False

    def acquit(self, key: Hashable) -> None:
        """Remove a message that was replaced."""
        self._keys.pop(key, None)
