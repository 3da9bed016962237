"""Fails."""


def process(*_: object) -> None:
    """Raise."""
    raise ValueError("as always")
