"""What intervalBegin and intervalEnd select: hypotheses about field and bounds, and windows that refute them."""

from dataclasses import dataclass
from itertools import product
from typing import Any

from callfire_sandbox.calibration.asker import Asker

FIELDS = ("created", "modified", "finished")
BOUNDS = ("[]", "[)", "(]", "()")
WINDOW_LIMIT = 20
TEXTS_ASKED = 6
"""Texts for which windows are asked, at most."""


@dataclass(frozen=True)
class Hypothesis:
    """A field and bounds that an interval may refer to."""

    field: str
    bounds: str

    def includes(self, times: dict[str, int], begin: int, end: int) -> bool:
        """Return whether the interval includes a text with these times."""
        time = times[self.field]
        after = begin <= time if self.bounds[0] == "[" else begin < time
        before = time <= end if self.bounds[1] == "]" else time < end
        return after and before


def interval_switches(asker: Asker, texts: list[Any]) -> dict[str, Any]:
    """Return `interval_field` and `interval_bounds` as far as the texts can tell.

    A hypothesis is dropped when a window shows or hides a text against its prediction. A switch is returned if all
    remaining hypotheses agree on it. If none remains, the account behaves in another way, and nothing is returned.
    """
    left = [Hypothesis(field, bounds) for field, bounds in product(FIELDS, BOUNDS)]
    confirmed = False
    for text, times in _telling(texts):
        remaining, shown = _narrowed(asker, left, text["id"], times)
        again = asker.get(f"/texts/{text['id']}")
        if again.ok and _times(again.json) == times:  # else the text changed between the windows
            left, confirmed = remaining, confirmed or shown
    if not confirmed:
        return {}
    fields, bounds = {entry.field for entry in left}, {entry.bounds for entry in left}
    return {
        **({"interval_field": fields.pop()} if len(fields) == 1 else {}),
        **({"interval_bounds": bounds.pop()} if len(bounds) == 1 else {}),
    }


def _narrowed(
    asker: Asker, left: list[Hypothesis], number: int, times: dict[str, int]
) -> tuple[list[Hypothesis], bool]:
    """Return the hypotheses that the windows of one text leave, and whether a window showed the text."""
    confirmed = False
    for begin, end in _windows(times):
        if len({hypothesis.includes(times, begin, end) for hypothesis in left}) < 2:
            continue  # this window cannot refute a hypothesis
        shown = _shows(asker, number, begin, end)
        if shown is not None:
            left = [hypothesis for hypothesis in left if hypothesis.includes(times, begin, end) is shown]
            confirmed = confirmed or shown
    if left and not confirmed:
        # The windows so far only hid the text. A window that surely contains it must show it.
        time = times[left[0].field]
        confirmed = _shows(asker, number, time - 1, time + 1) is True
    return left, confirmed


def _times(text: Any) -> dict[str, int] | None:
    """Return the three times of a text, or None if it has not ended exactly once."""
    finished = [record["finishTime"] for record in text.get("records", ()) if "finishTime" in record]
    return (
        {"created": text["created"], "modified": text["modified"], "finished": finished[0]}
        if len(finished) == 1
        else None
    )


def _telling(texts: list[Any]) -> list[tuple[Any, dict[str, int]]]:
    """Return texts with all three times: those with the most different times, and one whose times are equal."""
    found = [(text, times) for text in texts if (times := _times(text))]
    found.sort(key=lambda entry: -len(set(entry[1].values())))
    same = [entry for entry in found if len(set(entry[1].values())) == 1]
    return [*found[: TEXTS_ASKED - 1], *same[:1]]


def _windows(times: dict[str, int]) -> list[tuple[int, int]]:
    """Return windows around each time: one that contains it for sure, and one with it at each bound."""
    around = [window for time in set(times.values()) for window in ((time - 1, time + 1),)]
    bounds = [window for time in set(times.values()) for window in ((time, time + 1), (time - 1, time))]
    return [*around, *bounds]


def _shows(asker: Asker, number: int, begin: int, end: int) -> bool | None:
    """Return whether the account shows a text in a window, or None if the first page does not tell."""
    window = {"intervalBegin": begin, "intervalEnd": end}
    answer = asker.get("/texts", **window, limit=min(WINDOW_LIMIT, asker.page_size))
    if not answer.ok:
        return None
    shown = {item["id"] for item in answer.items}
    if number in shown:
        return True
    if shown:
        rest = asker.get("/texts", **window, limit=1, offset=len(shown))
        return False if rest.ok and not rest.items else None
    return False
