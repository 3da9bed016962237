"""Start

Starts a flow without another trigger, to test actions or to run a job on a schedule.
"""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: Any, snapshot: Any) -> dict[str, Any]:  # noqa: ARG001
    """Return a message with the config as its body."""
    return {"body": config}
