"""Text length: the number of segments of a text, and the limits of the form.

GSM 03.38: one segment has 160 characters of the 7-bit alphabet. If a text has several segments, each has a header and
153 characters. A text with any other character is sent in UCS-2, with 70 and 67 UTF-16 code units per segment.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lib.callfire.api.errors import InvalidInput
from lib.callfire.sending.recipients import Recipient
from lib.callfire.sending.send_options import SendOptions

GSM_7, UCS_2 = "GSM-7", "UCS-2"
# The basic alphabet in the order of GSM 03.38 (without the escape), and the characters that take two septets.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED
_ONE = 160  # septets of a text with one segment


class TextLength(NamedTuple):
    """The length of a text as sent. `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: str
    units: int
    segments: int


def measure(text: str) -> TextLength:
    """Return the length of a text. A character is never split between two segments."""
    if len(text) <= _ONE and _BASIC.issuperset(text):  # the usual case
        return TextLength(GSM_7, len(text), 1)
    if _GSM.issuperset(text):
        return _length(GSM_7, [2 if char in _EXTENDED else 1 for char in text], _ONE, 153)
    return _length(UCS_2, [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67)


def _length(encoding: str, sizes: list[int], one: int, each: int) -> TextLength:
    units = sum(sizes)
    if units <= one:
        return TextLength(encoding, units, 1)
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            segments, filled = segments + 1, 0
        filled += size
    return TextLength(encoding, units, segments)


def limit_length(recipients: Sequence[Recipient], default: str | None, options: SendOptions) -> None:
    """Add the length of each text to the result. Recipients with a text above the limit fail.

    Raises `InvalidInput` if the total exceeds the limit. Texts of a broadcast and texts with media do not count.
    """
    for recipient in recipients:
        text = recipient.outgoing.get("message") or default
        if not text or recipient.outgoing.get("media"):
            continue
        length = measure(str(text))
        recipient.more["segments"] = length.segments
        recipient.more["encoding"] = length.encoding
        if options.max_segments and length.segments > options.max_segments and recipient.is_open:
            recipient.failed(
                InvalidInput(
                    f"{recipient.place_of('message')}: has {length.segments} segments ({length.encoding}), the form's "
                    f"maxSegments allows {options.max_segments}. Shorten the text."
                )
            )
    total = _segments(recipient for recipient in recipients if recipient.is_open)
    if options.max_segments_per_run and total > options.max_segments_per_run:
        raise InvalidInput(
            f"recipients: the texts have {total} segments, the form's maxSegmentsPerRun allows "
            f"{options.max_segments_per_run}. Nothing was sent. Send fewer recipients or shorter texts."
        )


def length_summary(recipients: Sequence[Recipient], options: SendOptions) -> Mapping[str, Any]:
    """Return the number of accepted segments, and their estimated price if the form has a price per segment."""
    total = _segments(recipient for recipient in recipients if recipient.is_sent and not recipient.error)
    if not total:
        return {}
    price = options.credits_per_segment
    return {"segments": total, **({"estimatedCredits": round(total * price, 4)} if price else {})}


def _segments(recipients: Any) -> int:
    return sum(recipient.more.get("segments", 0) for recipient in recipients)
