"""Echo: what the runtime alone costs."""

from collections.abc import Mapping
from typing import Any


def process(step: object, message: Any, config: Mapping[str, Any], snapshot: object) -> dict[str, Any]:  # noqa: ARG001
    """Emit the body as it came."""
    return {"body": message.body}
