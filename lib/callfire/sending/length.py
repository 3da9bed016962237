"""How long the texts of a message are, what they may cost, and the limits that the form sets."""

from collections.abc import Mapping
from typing import Any

from lib.callfire.api.errors import InvalidInput
from lib.callfire.sending.options import Options
from lib.callfire.sending.rows import Row
from lib.callfire.sending.segments import measure


def note(rows: list[Row], default: str | None, options: Options) -> None:
    """Note each text's length in its row. Too long a text fails; too much in all is `InvalidInput` for the message.

    Where the broadcast's own text is sent, or media go along, there is nothing to count.
    """
    for row in rows:
        text = row.recipient.get("message") or default
        if not text or row.recipient.get("media"):
            continue
        length = measure(str(text))
        row.more |= {"segments": length.segments, "encoding": length.encoding}
        if options.most_segments and length.segments > options.most_segments and row.is_open:
            row.failed(
                InvalidInput(
                    f"recipients[{row.index}].message: is {length.segments} segments long ({length.encoding}), the "
                    f"form's maxSegments allows {options.most_segments}"
                )
            )
    total = _segments(row for row in rows if row.is_open)
    if options.most_segments_a_run and total > options.most_segments_a_run:
        raise InvalidInput(
            f"recipients: are {total} segments in all, the form's maxSegmentsPerRun allows "
            f"{options.most_segments_a_run}; nothing was sent"
        )


def figures(rows: list[Row], options: Options) -> Mapping[str, Any]:
    """The segments of what CallFire has taken, and the estimate of their price where the form tells one."""
    total = _segments(row for row in rows if row.is_sent and not row.error)
    if not total:
        return {}
    cost = {"estimatedCredits": round(total * options.credits_a_segment, 4)} if options.credits_a_segment else {}
    return {"segments": total, **cost}


def _segments(rows: Any) -> int:
    return sum(row.more.get("segments", 0) for row in rows)
