"""docs/message-path.svg: the path of a message through a flow, from an inbound text to the reply.

The lists below contain the boxes, arrows and texts of the picture, with positions in pixels.
"""

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 960, 410
INK, MUTED, PAPER = "#1f2933", "#52606d", "#ffffff"
QUEUE, STEP, CALLFIRE = "#fff3d6", "#e0f2ea", "#e4ecf7"
HEAD = 7  # length of an arrow's head
_TRIGGER = ("lib/triggers: one message per text", "sdk: encrypt and publish the message", "sdk: wait for the confirm")
_ACTION = (
    "sdk: decrypt and decode the message",
    "lib/actions: check the input, send, read the response",
    "sdk: publish the result, wait for the confirm, acknowledge",
)


@dataclass(frozen=True)
class Box:
    """A rectangle with a title and lines of text below it."""

    left: int
    top: int
    width: int
    height: int
    fill: str
    title: str
    lines: tuple[str, ...] = ()
    dashed: bool = False

    def svg(self) -> str:
        """Return the rectangle and its text as SVG."""
        middle = self.left + self.width // 2
        dash = ' stroke-dasharray="5 4"' if self.dashed else ""
        texts = [svg_text(middle, self.top + 21, self.title, weight="bold", anchor="middle")]
        texts += [
            svg_text(middle, self.top + 40 + 17 * number, line, size=12, color=MUTED, anchor="middle")
            for number, line in enumerate(self.lines)
        ]
        return (
            f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" rx="7" '
            f'fill="{self.fill}" stroke="{INK}"{dash}/>\n' + "".join(texts)
        )


@dataclass(frozen=True)
class Arrow:
    """A horizontal or vertical arrow with a number and a text beside it."""

    start: tuple[int, int]
    end: tuple[int, int]
    number: int
    text: str
    text_at: tuple[int, int]

    def svg(self) -> str:
        """Return the line, its head, the number in a circle and the text as SVG."""
        (x1, y1), (x2, y2), (x, y) = self.start, self.end, self.text_at
        line = f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{INK}" stroke-width="1.6" marker-end="url(#head)"/>\n'
        circle = f'<circle cx="{x - 8}" cy="{y - 4}" r="9" fill="{INK}"/>\n'
        digit = svg_text(x - 8, y, str(self.number), size=11, color=PAPER, anchor="middle")
        return line + circle + digit + svg_text(x + 6, y, self.text, size=12)


BANDS = (
    Box(12, 12, 936, 112, "#fbfaf7", "", dashed=True),
    Box(12, 166, 936, 142, "#fbfaf7", "", dashed=True),
    Box(12, 358, 936, 40, CALLFIRE, "CallFire"),
)
BAND_TITLES = ((24, 32, "Integration platform"), (24, 186, "Steps, one container each"))
BOXES = (
    Box(196, 48, 130, 62, QUEUE, "Mapping", ("JSONata",)),
    Box(500, 48, 150, 62, QUEUE, "Queue", ("RabbitMQ",)),
    Box(776, 48, 150, 62, QUEUE, "Next step", ("mapping and queue",)),
    Box(72, 198, 254, 98, STEP, "Trigger: Get New Inbound Texts Polling", _TRIGGER),
    Box(500, 198, 426, 98, STEP, "Action: Send Texts (SMS)", _ACTION),
)
ARROWS = (
    Arrow((199, 358), (199, 297), 1, "inbound text", (223, 336)),
    Arrow((261, 198), (261, 111), 2, "message", (285, 150)),
    Arrow((326, 79), (499, 79), 3, "mapped message", (368, 68)),
    Arrow((540, 110), (540, 197), 4, "consume", (564, 150)),
    Arrow((610, 296), (610, 357), 5, "POST /texts", (634, 336)),
    Arrow((770, 358), (770, 297), 6, "response", (794, 336)),
    Arrow((851, 198), (851, 111), 7, "result", (875, 150)),
    Arrow((634, 198), (634, 111), 8, "acknowledge", (658, 150)),
)


def message_path() -> str:
    """Return the picture as SVG."""
    title = "The path of a message: trigger, mapping, queue, sailor, action, CallFire, and back"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}" '
        'font-family="Helvetica, Arial, sans-serif">\n'
    )
    head = (
        f'<marker id="head" viewBox="0 0 {HEAD} {HEAD}" refX="{HEAD - 1}" refY="{HEAD / 2}" markerWidth="{HEAD}" '
        f'markerHeight="{HEAD}" orient="auto"><path d="M0 0L{HEAD} {HEAD / 2}L0 {HEAD}z" fill="{INK}"/></marker>'
    )
    parts = [
        f'{opening}<defs>{head}</defs>\n<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n',
        *(band.svg() for band in BANDS),
        *(svg_text(x, y, text, size=13, color=MUTED, weight="bold") for x, y, text in BAND_TITLES),
        *(box.svg() for box in BOXES),
        *(arrow.svg() for arrow in ARROWS),
        "</svg>\n",
    ]
    return "".join(parts)


def svg_text(
    x: int, y: int, text: str, *, size: int = 14, color: str = INK, weight: str = "normal", anchor: str = "start"
) -> str:
    """Return a text as SVG, with its left end or its middle at a point; nothing for an empty text."""
    if not text:
        return ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{color}" '
        f'text-anchor="{anchor}">{escape(text)}</text>\n'
    )
