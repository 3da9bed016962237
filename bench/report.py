"""Tables of the results in Markdown: a summary, and an appendix with all tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.goals import Goal, GoalRow, goal_rows
from bench.results import Cell, Ratio, Results
from bench.runtimes import PYTHON, RUNTIMES

SUMMARY, DETAILS = "summary", "details"  # the generated sections of docs/performance.md
NODE_RUNTIMES = [runtime for runtime in RUNTIMES if runtime is not PYTHON]
TITLES = {runtime.key: runtime.title for runtime in RUNTIMES}
LOADED = (
    ("Steady state, messages per second:", "steady_rate"),
    ("Whole run including the start, messages per second:", "whole_rate"),
    ("CPU milliseconds of the step per message, steady state:", "steady_cpu_ms"),
    ("Peak memory of all processes, MB:", "peak_rss_mb"),
)
KILLED = "600 messages, SIGKILL after 100 results, then a new process. Lost results, maximum of all kills:"
# {section: (title, ((text above the table, metric), …))}
TABLES: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "throughput": ("Messages per second", LOADED),
    "sandbox": ("With the sandbox as target", [("Steady state at prefetch 10, messages per second:", "steady_rate")]),
    "protocol": ("Protocol version 2", LOADED),
    "growth": ("Several processes on one queue", LOADED),
    "bodies": ("Small and large bodies", LOADED),
    "latency": (
        "An API with 50 ms latency",
        [
            ("Share of the limit, which is prefetch / 50 ms:", "share"),
            ("Steady state, messages per second:", "steady_rate"),
            ("CPU milliseconds of the step per message, steady state:", "steady_cpu_ms"),
        ],
    ),
    "recipients": ("sendTexts with 1,000 recipients per message", LOADED),
    "complete": (
        "Without a kill",
        [("600 messages. Lost results, maximum of all runs:", "lost"), ("Duplicated results:", "twice")],
    ),
    "cold": ("Cold start", [("Seconds from the start of the process to its first result:", "cold_s")]),
    "loss": ("A kill", [(KILLED, "lost"), ("Duplicated results:", "twice")]),
    "polling": (
        "A polling backlog",
        [
            ("Items per second, from the start of the process to the last item:", "whole_rate"),
            ("Peak memory, MB:", "peak_rss_mb"),
            ("Growth of memory from a fifth of the items to the end of the run, MB:", "growth_mb"),
            ("Items emitted at the end of the run:", "items"),
        ],
    ),
}
COUNTS = {"lost", "twice", "items"}  # shown without ratios
NAMES = {"bytes": "body size in bytes"}
NOTHING = "-"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Return a table with `left` columns of text and right-aligned numbers; an empty text without rows."""
    rows = list(rows)
    lines = [header, ["---" if number < left else "--:" for number in range(len(header))], *rows] if rows else []
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def number(value: float) -> str:
    """Return a number with three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(ratio: Ratio | None) -> str:
    """Return the median of a ratio, and its lowest and highest turn in brackets."""
    if ratio is None:
        return NOTHING
    median, lowest, highest = map(number, (ratio.median, ratio.lowest, ratio.highest))
    return median if lowest == highest else f"{median} ({lowest} to {highest})"


def measured(cell: Cell | None, metric: str) -> str:
    """Return the median of a cell with its spread."""
    if cell is None:
        return NOTHING
    text = number(cell.median(metric))
    return f"{text} ±{cell.spread(metric) * 50:.0f} %" if len(cell.runs) > 1 else text


def summary_table(results: Results) -> str:
    """Return one row per function and prefetch: rate of Python, and its ratios to two Node.js runtimes."""
    rows = []
    for facts in results.points("throughput"):
        point = {"function": facts["function"], "prefetch": facts["prefetch"]}
        cell = results.cell("throughput", "python", **point)
        rate = number(cell.median("steady_rate")) if cell else NOTHING
        ratios = [
            results.ratio(metric, "throughput", to, **point)
            for metric, to in (
                ("steady_rate", "not_awaited"),
                ("steady_rate", "no_nagle"),
                ("steady_cpu_ms", "not_awaited"),
                ("peak_rss_mb", "not_awaited"),
            )
        ]
        shown = [number(ratio.median) if ratio else NOTHING for ratio in ratios]
        rows.append([str(facts["function"]), str(facts["prefetch"]), rate, *shown])
    header = [
        "function",
        "prefetch",
        "Python, messages per second",
        "ratio to Node, not awaited",
        "ratio to Node, awaited, no Nagle",
        "CPU per message, ratio",
        "peak memory, ratio",
    ]
    return table(header, rows, 2)


def metric_table(results: Results, section: str, metric: str) -> str:
    """Return one metric of a section: a row per point, first Python, then each Node.js runtime with the ratio."""
    present = measured_runtimes(results, section)
    points = results.points(section)
    names = varying(points)
    header = [NAMES.get(name, name) for name in names] + [PYTHON.title]
    for runtime in present:
        header += [TITLES[runtime], "ratio"]
    rows = []
    for facts in points:
        row = [shown(facts[name]) for name in names] + [measured(results.cell(section, "python", **facts), metric)]
        for runtime in present:
            row += [measured(results.cell(section, runtime, **facts), metric)]
            row += [times(results.ratio(metric, section, runtime, **facts))]
        rows.append(row)
    return table(header, rows, len(names))


def varying(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the facts that differ between points. The function is always included."""
    names = points[0] if points else {}
    return [name for name in names if name == "function" or len({point[name] for point in points}) > 1]


def shown(value: Any) -> str:
    """Return a fact as text."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def measured_runtimes(results: Results, section: str) -> list[str]:
    """Return the keys of the Node.js runtimes that were measured in a section."""
    measured_ones = {cell.runtime for cell in results.cells if cell.section == section}
    return [runtime.key for runtime in NODE_RUNTIMES if runtime.key in measured_ones]


def machine(results: Results) -> str:
    """Return a paragraph with the date, the machine, the versions and the meaning of the numbers."""
    about = results.about
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"Measured on {about['date']} on {about['cores']} cores of {about['processor']} with "
        f"{about['memory_gb']} GB, {about['system']}; {versions}. Medians of {about['runs']} runs, made in turns; "
        "± is half of the distance between the lowest and the highest run. A ratio is Python divided by Node.js in the "
        "same turn: the median of all turns, with the lowest and the highest in brackets.\n"
    )


def summary(results: Results, plots: Sequence[str] = ()) -> str:
    """Return the front of docs/performance.md: the goals, the first plot, the machine."""
    picture = [f"![Messages per second of each runtime](performance/{name}.png)\n" for name in plots[:1]]
    return "\n".join([goal_table(results), *picture, machine(results)])


def details(results: Results, plots: Sequence[str] = ()) -> str:
    """Return the appendix of docs/performance.md: all plots and tables."""
    parts = [f"![{name}](performance/{name}.png)\n" for name in plots[1:]]
    for title, text in (("Overview", summary_table(results)), ("Costs of a step", cost_table(results))):
        if text:
            parts += [f"### {title}\n", text]
    for section, (title, tables) in TABLES.items():
        if not results.points(section):
            continue
        parts.append(f"### {title}\n")
        if date := results.about.get("older", {}).get(section):
            parts.append(f"Measured on {date}, with an older version.\n")
        for above, metric in tables:
            if not _is_measured(results, section, metric):
                continue
            write = count_table if metric in COUNTS else metric_table
            parts += [f"{above}\n", write(results, section, metric)]
    return "\n".join(parts)


def _is_measured(results: Results, section: str, metric: str) -> bool:
    """Return whether all runs of a section have a metric: files of older versions lack some."""
    return all(metric in run for cell in results.cells if cell.section == section for run in cell.runs)


def cost_table(results: Results) -> str:
    """Return CPU time, memory, start and lost results, one row each."""
    rows = []
    for function in ("getCall", "sendTexts", "echo"):
        facts: Mapping[str, Any] = {"function": function, "prefetch": 10}
        rows.append(_cost_row(results, f"CPU ms per message, {function}", "throughput", "steady_cpu_ms", facts))
        rows.append(_cost_row(results, f"peak memory (MB), {function}", "throughput", "peak_rss_mb", facts))
    for function in ("getCall", "echo"):
        name = f"start to first result (s), {function}"
        rows.append(_cost_row(results, name, "cold", "cold_s", {"function": function}))
    for facts in results.points("loss"):
        name = f"lost of 600 in a kill, maximum, prefetch {facts['prefetch']}"
        rows.append([name, *_counts(results, "loss", "lost", facts), NOTHING])
    header = ["", *(runtime.title for runtime in RUNTIMES), "ratio to Node, not awaited"]
    return table(header, filter(None, rows))


def _cost_row(results: Results, name: str, section: str, metric: str, facts: Mapping[str, Any]) -> list[str]:
    """Return one row of the cost table; empty if it was not measured."""
    cells = [results.cell(section, runtime.key, **facts) for runtime in RUNTIMES]
    if not any(cells):
        return []
    texts = [number(cell.median(metric)) if cell else NOTHING for cell in cells]
    return [name, *texts, times(results.ratio(metric, section, "not_awaited", **facts))]


def goal_table(results: Results) -> str:
    """Return each goal with its result. Goals that were not measured are left out."""
    rows = filter(None, (_goal_row(results, row) for row in goal_rows()))
    return table(["goal", "prefetch or function", "bound", "measured", ""], rows, 2)


def _goal_row(results: Results, row: GoalRow) -> list[str]:
    """Return one row of the goals' table; empty if nothing of it was measured."""
    found = [(goal, value) for goal in row.goals if (value := goal.measured(results)) is not None]
    if not found:
        return []
    missed = [goal.variant for goal, value in found if not goal.reached(value)]
    verdict = "reached"
    if missed:
        verdict = "**not reached**" if len(found) == 1 else f"**not reached**: {', '.join(missed)}"
    sign = "≥" if found[0][0].at_least else "≤"
    bounds = list(dict.fromkeys(f"{goal.bound:,g}" if goal.bound < 1000 else f"{goal.bound:,.0f}" for goal, _ in found))
    if len(bounds) > 1:
        bounds = [f"{goal.bound:g}" for goal, _ in found]
    variants = " / ".join(goal.variant.removeprefix("prefetch ") for goal, _ in found)
    return [
        row.name,
        variants,
        f"{sign} {' / '.join(bounds)}",
        " / ".join(_result(goal, value) for goal, value in found),
        verdict,
    ]


def _result(goal: Goal, value: float) -> str:
    return f"{value:,.0f}" if goal.metric in COUNTS else number(value)


def count_table(results: Results, section: str, metric: str) -> str:
    """Return a metric that counts, each time the maximum of all runs."""
    points = results.points(section)
    names = varying(points)
    rows = [[*(shown(facts[name]) for name in names), *_counts(results, section, metric, facts)] for facts in points]
    return table([*names, *(runtime.title for runtime in RUNTIMES)], rows, len(names))


def _counts(results: Results, section: str, metric: str, facts: Mapping[str, Any]) -> list[str]:
    """Return the maximum of all runs per runtime, because one lost message in any run is a loss."""
    cells = [results.cell(section, runtime.key, **facts) for runtime in RUNTIMES]
    return [f"{max(run[metric] for run in cell.runs):,.0f}" if cell else NOTHING for cell in cells]
