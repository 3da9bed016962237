"""A logo for a new component: a disk on a transparent background, in a color that depends on the name."""

import colorsys
import struct
import zlib

SIZE = 128  # pixels, the size of an icon in the designer
_MARGIN = 8


def logo(name: str) -> bytes:
    """Return a PNG. The same name yields the same bytes."""
    hue = zlib.crc32(name.encode()) / 2**32
    color = bytes(round(255 * part) for part in colorsys.hls_to_rgb(hue, 0.42, 0.55))
    rows = b"".join(b"\0" + _row(y, color) for y in range(SIZE))
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)  # 8 bits each of red, green, blue and opacity
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _row(y: int, color: bytes) -> bytes:
    center, radius = (SIZE - 1) / 2, SIZE / 2 - _MARGIN
    opacities = (radius - ((x - center) ** 2 + (y - center) ** 2) ** 0.5 + 0.5 for x in range(SIZE))
    return b"".join(color + bytes([round(255 * min(max(opacity, 0.0), 1.0))]) for opacity in opacities)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
