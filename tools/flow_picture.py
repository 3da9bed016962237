"""Pictures of flow files: a box for each step, and an arrow with its condition or mapping for each edge."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from tools.picture import INK, MUTED, PAPER, svg_text

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 290, 64, 30, 62, 12
FILL = {"trigger": "#fff3d6", "action": "#e0f2ea"}
_BUILTIN = {"console": "Show the message", "start": "Start once"}
BRANCH = 14  # distance from a box to the line to other columns
LABEL_WIDTH = 170  # room for labels that are wider than a box
_LABEL_LENGTH = 44  # characters


def flow_picture(path: Path) -> str:
    """Return the picture of a flow file as SVG. The texts are the titles of the functions and the IDs of the steps."""
    flow = json.loads(path.read_text(encoding="utf-8"))
    places = _places(flow)
    columns = 1 + max(column for column, _ in places.values())
    rows = 1 + max(row for _, row in places.values())
    width = 2 * MARGIN + columns * BOX_WIDTH + (columns - 1) * GAP_X + LABEL_WIDTH
    height = 2 * MARGIN + rows * BOX_HEIGHT + (rows - 1) * GAP_Y
    boxes = (_box(step, _title(step, path.parent), places[step["id"]]) for step in flow["steps"])
    arrows = (_arrow(edge, places) for edge in flow["edges"])
    head = '<marker id="head" viewBox="0 0 7 7" refX="6" refY="3.5" markerWidth="7" markerHeight="7" orient="auto">'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(flow["name"])}" font-family="Helvetica, Arial, sans-serif">\n'
        f'<defs>{head}<path d="M0 0L7 3.5L0 7z" fill="{INK}"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>\n{"".join(arrows)}{"".join(boxes)}</svg>\n'
    )


def _places(flow: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return {step ID: (column, row)}. The row is the longest way from the trigger."""
    rows: dict[str, int] = {}
    for step in flow["steps"]:
        rows[step["id"]] = _depth(step["id"], flow["edges"])
    places: dict[str, tuple[int, int]] = {}
    for step_id, row in rows.items():
        places[step_id] = (sum(1 for other in places.values() if other[1] == row), row)
    return places


def _depth(step_id: str, edges: list[dict[str, Any]]) -> int:
    return max((1 + _depth(edge["from"], edges) for edge in edges if edge["to"] == step_id), default=0)


def _title(step: Mapping[str, Any], folder: Path) -> tuple[str, str]:
    """Return (title of the function, trigger or action)."""
    function = step["function"]
    if step["component"] == "builtin":
        return _BUILTIN[function], "trigger" if function == "start" else "action"
    component = json.loads((folder / step["component"] / "component.json").read_text(encoding="utf-8"))
    if function in component.get("triggers", {}):
        return component["triggers"][function]["title"], "trigger"
    return component["actions"][function]["title"], "action"


def _box(step: Mapping[str, Any], title: tuple[str, str], place: tuple[int, int]) -> str:
    left, top = _corner(place)
    middle = left + BOX_WIDTH // 2
    return (
        f'<rect x="{left}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="7" fill="{FILL[title[1]]}" '
        f'stroke="{INK}"/>\n{svg_text(middle, top + 27, title[0], size=13, weight="bold", anchor="middle")}'
        f"{svg_text(middle, top + 47, step['id'], size=12, color=MUTED, anchor='middle')}"
    )


def _arrow(edge: Mapping[str, Any], places: Mapping[str, tuple[int, int]]) -> str:
    (left, top), (to_left, to_top) = _corner(places[edge["from"]]), _corner(places[edge["to"]])
    x, y, to_x = left + BOX_WIDTH // 2, top + BOX_HEIGHT, to_left + BOX_WIDTH // 2
    way = f"M{x} {y}V{y + BRANCH}H{to_x}V{to_top - 1}"
    line = f'<path d="{way}" fill="none" stroke="{INK}" stroke-width="1.6" marker-end="url(#head)"/>\n'
    return line + svg_text(to_x + 10, to_top - GAP_Y // 2 + 8, _label(edge), size=12, color=MUTED)


def _label(edge: Mapping[str, Any]) -> str:
    """Return the text beside an arrow: the condition, else the names that the mapping sets."""
    mapping = edge.get("mapping")
    text = f"if {edge['condition']}" if "condition" in edge else ", ".join(mapping if isinstance(mapping, dict) else ())
    return text if len(text) <= _LABEL_LENGTH else f"{text[:_LABEL_LENGTH].rstrip()} …"


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    column, row = place
    return MARGIN + column * (BOX_WIDTH + GAP_X), MARGIN + row * (BOX_HEIGHT + GAP_Y)
