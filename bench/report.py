"""Tables of the figures, in Markdown, and the places in the documents where they stand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.results import Cell, Ratio, Results, goals
from bench.sides import SIDES

MARKED = re.compile(r"(?s)(<!-- bench -->\n).*?(<!-- /bench -->)")
PEERS = [side for side in SIDES if side.key != "ours"]
LOADED = (
    ("Steady state, messages a second:", "steady_rate"),
    ("Whole run, start included, messages a second:", "whole_rate"),
    ("Processor milliseconds of the step for each message, steady state:", "steady_cpu_ms"),
    ("Peak memory, MB, of all processes together:", "peak_rss_mb"),
)
KILLED = "600 messages, SIGKILL after 100 results, a new process; this many never came out, at the worst of all kills:"
# Of each section: its title, and its tables, each with what stands above it
TABLES: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "throughput": ("Messages a second", LOADED),
    "sandbox": ("Against the sandbox", [("Steady state at prefetch 10, messages a second:", "steady_rate")]),
    "protocol": ("Protocol version 2", LOADED),
    "growth": ("Several processes on one queue", LOADED),
    "bodies": ("Small and large bodies", LOADED),
    "cold": ("Cold start", [("Seconds from spawning the process to its first result, one message waiting:", "cold_s")]),
    "loss": ("A kill", [(KILLED, "lost"), ("This many came out twice:", "twice")]),
    "polling": (
        "A polling backlog",
        [
            ("Items a second, from the process's start to the last item:", "whole_rate"),
            ("Peak memory, MB:", "peak_rss_mb"),
            ("Items that had come out when the run was ended:", "items"),
        ],
    ),
}
COUNTS = {"lost", "twice", "items"}  # shown without ratios
NAMES = {"bytes": "bytes of body"}
NOTHING = "-"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Write a table whose first `left` columns are words and whose others are numbers; nothing if it has no rows."""
    rows = list(rows)
    lines = [header, ["---" if number < left else "--:" for number in range(len(header))], *rows] if rows else []
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def number(value: float) -> str:
    """Write a figure with as many digits as it deserves."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(ratio: Ratio | None) -> str:
    """Write a ratio, and the lowest and the highest of the turns that it is the median of."""
    if ratio is None:
        return NOTHING
    median, lowest, highest = map(number, (ratio.median, ratio.lowest, ratio.highest))
    return median if lowest == highest else f"{median} ({lowest} to {highest})"


def measured(cell: Cell | None, figure: str) -> str:
    """Write a cell's median, and how far its runs lie from it."""
    if cell is None:
        return NOTHING
    text = number(cell.median(figure))
    return f"{text} ±{cell.spread(figure) * 50:.0f} %" if len(cell.runs) > 1 else text


def figure_table(results: Results, section: str, figure: str) -> str:
    """Write one figure of a section, a row for each point, ours first and then each peer with our ratio to it."""
    sides = present(results, section)
    points = results.points(section)
    names = varying(points)
    titles = {side.key: side.title for side in SIDES}
    header = [NAMES.get(name, name) for name in names] + ["ours"]
    for side in sides:
        header += [titles[side], "ratio"]
    rows = []
    for facts in points:
        row = [shown(facts[name]) for name in names] + [measured(results.cell(section, "ours", **facts), figure)]
        for side in sides:
            row += [measured(results.cell(section, side, **facts), figure)]
            row += [times(results.ratio(figure, section, side, **facts))]
        rows.append(row)
    return table(header, rows, len(names))


def varying(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the facts by which points differ, always the function."""
    names = points[0] if points else {}
    return [name for name in names if name == "function" or len({point[name] for point in points}) > 1]


def shown(value: Any) -> str:
    """Write a fact."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def present(results: Results, section: str) -> list[str]:
    """Return the peers that were measured in a section."""
    return [
        side.key for side in PEERS if any((cell.section, cell.side) == (section, side.key) for cell in results.cells)
    ]


def machine(results: Results) -> str:
    """Say when and where it was measured."""
    about = results.about
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"Measured on {about['date']} on {about['cores']} cores of {about['processor']} with "
        f"{about['memory_gb']} GB, {about['system']}; {versions}. Medians of {about['runs']} runs made in turns; "
        "± is half of the distance between the lowest and the highest. A ratio is ours to theirs in the same turn: the "
        "median of all turns, and in brackets the lowest and the highest.\n"
    )


def overview(results: Results, plots: Sequence[str] = ()) -> str:
    """Write what the readme shows; of the plots, the first."""
    parts = [
        *(f"![Messages a second of each side](docs/performance/{name}.png)\n" for name in plots[:1]),
        "Messages a second in the steady state:\n",
        figure_table(results, "throughput", "steady_rate"),
        "The step's process:\n",
        costs(results),
        machine(results),
    ]
    return "\n".join(parts)


def costs(results: Results) -> str:
    """Write processor time, memory, start and losses, a row each; each row says what it is of."""
    rows = []
    for function in ("getCall", "sendTexts", "echo"):
        facts: Mapping[str, Any] = {"function": function, "prefetch": 10}
        rows.append(_row(results, f"processor ms a message, {function}", "throughput", "steady_cpu_ms", facts))
        rows.append(_row(results, f"peak memory (MB), {function}", "throughput", "peak_rss_mb", facts))
    for function in ("getCall", "echo"):
        name = f"spawn to first result (s), {function}"
        rows.append(_row(results, name, "cold", "cold_s", {"function": function}))
    for facts in results.points("loss"):
        name = f"lost of 600 after a kill, at most, prefetch {facts['prefetch']}"
        rows.append([name, *_counts(results, "loss", "lost", facts), NOTHING])
    return table(["", "ours", *(side.title for side in PEERS), "ratio to not awaited"], filter(None, rows))


def _row(results: Results, name: str, section: str, figure: str, facts: Mapping[str, Any]) -> list[str]:
    """Return a line of the overview, nothing where it was not measured."""
    cells = [results.cell(section, side.key, **facts) for side in SIDES]
    if not any(cells):
        return []
    texts = [number(cell.median(figure)) if cell else NOTHING for cell in cells]
    return [name, *texts, times(results.ratio(figure, section, "not_awaited", **facts))]


def goal_table(results: Results) -> str:
    """Write each goal with what came of it."""
    titles = {side.key: side.title for side in SIDES}
    rows = []
    for goal in goals():
        ratio = results.ratio(goal.figure, goal.section, goal.to, **goal.facts)
        if ratio is not None:
            verdict = "reached" if goal.reached(ratio.median) else "**not reached**"
            rows.append([goal.name, titles[goal.to], goal.wish, times(ratio), verdict])
    return table(["ours to", "the peer", "wanted", "is", ""], rows, 2)


def document(results: Results, plots: Sequence[str] = ()) -> str:
    """Write everything: what docs/performance.md shows."""
    parts = [machine(results), *(f"![{name}](performance/{name}.png)\n" for name in plots)]
    for title, text in (("Goals", goal_table(results)), ("At a glance", costs(results))):
        if text:
            parts += [f"### {title}\n", text]
    for section, (title, tables) in TABLES.items():
        if not results.points(section):
            continue
        parts.append(f"### {title}\n")
        for above, figure in tables:
            write = count_table if figure in COUNTS else figure_table
            parts += [f"{above}\n", write(results, section, figure)]
    return "\n".join(parts)


def count_table(results: Results, section: str, figure: str) -> str:
    """Write a figure that counts, as it was in the run where it was the most."""
    points = results.points(section)
    names = varying(points)
    rows = [[*(shown(facts[name]) for name in names), *_counts(results, section, figure, facts)] for facts in points]
    return table([*names, *(side.title for side in SIDES)], rows, len(names))


def _counts(results: Results, section: str, figure: str, facts: Mapping[str, Any]) -> list[str]:
    """Return what each side counted, the most of all runs: a loss that happens now and then is a loss."""
    cells = [results.cell(section, side.key, **facts) for side in SIDES]
    return [f"{max(run[figure] for run in cell.runs):,.0f}" if cell else NOTHING for cell in cells]


def insert(path: Path, block: str) -> None:
    """Put a block between a document's markers; raises ValueError if it has none."""
    text, count = MARKED.subn(lambda found: f"{found[1]}{block}{found[2]}", path.read_text())
    if count != 1:
        raise ValueError(f"{path.name} must have <!-- bench --> and <!-- /bench --> once, on lines of their own")
    path.write_text(text)
