"""Start

Starts a flow without another trigger: to try actions, or to run a job on a schedule.
"""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: Any, snapshot: Any) -> dict[str, Any]:  # noqa: ARG001
    """Return the config as a body."""
    return {"body": config}
