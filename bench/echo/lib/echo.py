"""Echo: measures the cost of the runtime alone."""

from collections.abc import Mapping
from typing import Any


def process(step: object, message: Any, config: Mapping[str, Any], snapshot: object) -> dict[str, Any]:  # noqa: ARG001
    """Emit the unchanged body."""
    return {"body": message.body}
