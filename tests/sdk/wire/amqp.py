"""Encodes publications with pika's codec and decodes them."""

from typing import Any

import pika
from elasticio.wire.publication import Publication
from pika import frame, spec

FRAME_MAX = 131_072


def round_trip(publication: Publication) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Encode a publication, check the size of its frames, and return routing key, headers and properties as read."""
    properties = pika.BasicProperties(**publication.properties, headers={**publication.headers}, delivery_mode=2)
    method = frame.Method(1, spec.Basic.Publish(exchange="e" * 255, routing_key=publication.routing_key)).marshal()
    header = frame.Header(1, len(publication.body), properties).marshal()
    assert len(method) <= FRAME_MAX
    assert len(header) + len("\x05retryl12345678") <= FRAME_MAX
    _, read_method = frame.decode_frame(method)
    _, read = frame.decode_frame(header)
    rest = {name: value for name, value in vars(read.properties).items() if value is not None}
    headers = rest.pop("headers")
    del rest["delivery_mode"]
    return read_method.method.routing_key, headers, rest
