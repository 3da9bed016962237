"""Starts a thread that never ends."""

import threading


def process(*_: object) -> dict[str, object]:
    """Start the thread."""
    threading.Thread(target=threading.Event().wait, name="lingering").start()
    return {"body": {}}
