"""A publication in the form in which pika writes it."""

from collections.abc import Mapping
from typing import Any

import pika

from elasticio.broker import Publication


class Outlet:
    """Where a step publishes to, and whether the broker keeps its messages on disk."""

    def __init__(self, exchange: str, persistent: bool) -> None:
        self._exchange = exchange
        self._delivery_mode = 2 if persistent else 1

    def write(self, channel: Any, publication: Publication, failures: int = 0) -> None:
        """Write a publication; `failures` is how often it was tried before."""
        headers = {name: _field(value) for name, value in publication.headers.items()}
        if failures:
            headers["retry"] = failures
        properties = pika.BasicProperties(**publication.properties, headers=headers, delivery_mode=self._delivery_mode)
        channel.basic_publish(
            self._exchange, publication.routing_key, publication.body, properties, publication.mandatory
        )


def _field(value: Any) -> Any:
    """Make a header's value one that pika can write: it has no way to write fractions."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    if isinstance(value, Mapping):
        return {name: _field(item) for name, item in value.items()}
    return [_field(item) for item in value] if isinstance(value, list) else value
