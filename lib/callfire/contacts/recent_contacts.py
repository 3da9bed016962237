"""The contacts that this process created a short time ago.

CallFire may list a new contact late. Without this memory, a second message with the same number would create a second
contact. One message at a time works on an identity, because two searches that both find nothing would both create.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from lib.callfire import clock

MOST = 10_000


class RecentContacts:
    """The created contacts by identity. Shared by all threads. Times are in seconds of the monotonic clock."""

    def __init__(self, size: int = MOST) -> None:
        self._size = size
        self._created: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._locks: dict[Hashable, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def working_on(self, identity: Hashable) -> Iterator[None]:
        """Wait until no other thread works on this identity, and keep it for the block."""
        with self._lock:
            own, users = self._locks.get(identity, (threading.Lock(), 0))
            self._locks[identity] = (own, users + 1)
        try:
            with own:
                yield
        finally:
            with self._lock:
                users = self._locks[identity][1] - 1
                if users:
                    self._locks[identity] = (own, users)
                else:
                    del self._locks[identity]

    def add(self, identity: Hashable, number: Any) -> None:
        """Record that the contact with the ID `number` was created."""
        with self._lock:
            self._created[identity] = (number, clock.monotonic())
            self._created.move_to_end(identity)
            while len(self._created) > self._size:
                self._created.popitem(last=False)

    def get(self, identity: Hashable, since: float) -> Any:
        """Return the ID of the contact that was created since a time; None if there is none."""
        number, created = self._created.get(identity, (None, 0.0))
        return number if number is not None and created >= since else None

    def forget(self) -> None:
        """Remove all contacts, as after a restart."""
        with self._lock:
            self._created.clear()


RECENT = RecentContacts()
