"""How many messages a text is sent as: GSM 03.38's seven bits where they do, UTF-16 where they do not."""

from dataclasses import dataclass

GSM_7, UCS_2 = "GSM-7", "UCS-2"

# GSM 03.38, the basic table in its order (the escape is no character), and what takes two places each.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED


@dataclass(frozen=True, slots=True)
class Length:
    """A text's length on the air: `units` are septets or UTF-16 code units."""

    encoding: str
    units: int
    segments: int


def measure(text: str) -> Length:
    """Count the segments of a text. Several carry a header each, and no character is split between two of them."""
    if _GSM.issuperset(text):
        return _length(GSM_7, [2 if char in _EXTENDED else 1 for char in text], 160, 153)
    return _length(UCS_2, [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67)


def _length(encoding: str, sizes: list[int], one: int, each: int) -> Length:
    units = sum(sizes)
    if units <= one:
        return Length(encoding, units, 1)
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            segments, filled = segments + 1, 0
        filled += size
    return Length(encoding, units, segments)
