"""Accepts one key."""

from typing import Any


def verify(config: dict[str, Any]) -> bool:
    if config["secret"] != "right":
        raise PermissionError(f"secret: the carrier refused the key of {config['user']}. Ask for a new one.")
    return True
