"""Draw logo.png: a speech bubble with a flame in it, on a round blue ground.

Run it as `python -m lib.logo`.

Shapes are formulas on the unit square, drawn with 4 by 4 samples a pixel; written as PNG with the standard library.
"""

import math
import struct
import zlib
from pathlib import Path

SIZE = 128
SAMPLES = 4
Colour = tuple[int, int, int, int]
NOTHING: Colour = (0, 0, 0, 0)
GROUND: Colour = (24, 62, 104, 255)
BUBBLE: Colour = (255, 255, 255, 255)
OUTER_FLAME: Colour = (240, 92, 36, 255)
INNER_FLAME: Colour = (255, 190, 60, 255)


def colour_at(x: float, y: float) -> Colour:
    """Colour of a point; x runs to the right and y down, both from 0 to 1."""
    if _drop(x, y, 0.5, 0.52, 0.10):
        return INNER_FLAME
    if _drop(x, y, 0.5, 0.50, 0.19):
        return OUTER_FLAME
    tail = 0.62 < y < 0.84 and 0.28 < x < 0.28 + (0.84 - y) * 1.1
    if math.hypot((x - 0.5) / 1.15, y - 0.46) < 0.30 or tail:
        return BUBBLE
    return GROUND if math.hypot(x - 0.5, y - 0.5) < 0.495 else NOTHING


def _drop(x: float, y: float, middle: float, centre: float, radius: float) -> bool:
    """A drop that stands on its round end: a circle below, an arc to a point above."""
    if y >= centre:
        return math.hypot(x - middle, y - centre) < radius
    height = (centre - y) / (radius * 1.5)
    return height < 1 and abs(x - middle) < radius * (1 - height) ** 0.8


def pixel(column: int, row: int) -> bytes:
    """RGBA of one pixel, the mean of its samples weighted by how opaque they are."""
    steps = [(place + 0.5) / SAMPLES for place in range(SAMPLES)]
    samples = [colour_at((column + dx) / SIZE, (row + dy) / SIZE) for dy in steps for dx in steps]
    opaque = sum(sample[3] for sample in samples)
    if not opaque:
        return bytes(NOTHING)
    mixed = (sum(sample[part] * sample[3] for sample in samples) // opaque for part in range(3))
    return bytes((*mixed, opaque // len(samples)))


def png() -> bytes:
    """The picture as a PNG file."""
    rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    Path(__file__).parent.parent.joinpath("logo.png").write_bytes(png())
