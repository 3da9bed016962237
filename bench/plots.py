"""Plots of the results."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from bench.report import measured_runtimes
from bench.results import Results
from bench.runtimes import PYTHON, RUNTIMES, Runtime

mpl.use("Agg")
COLOURS = {"python": "#0b6e4f", "not_awaited": "#c8553d", "awaited": "#8d99ae", "no_nagle": "#457b9d"}
TITLES = {runtime.key: runtime.title for runtime in RUNTIMES}
FUNCTIONS = ("getCall", "sendTexts", "echo")


def draw(results: Results, folder: Path) -> list[str]:
    """Write all plots into a folder and return their names without suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, section, plot in (
        ("throughput", "throughput", _throughput),
        ("cost", "throughput", _cost),
        ("latency", "latency", _latency),
        ("growth", "growth", _growth),
        ("bodies", "bodies", _bodies),
    ):
        if not results.points(section):
            continue
        figure = plot(results)
        stamp = f"{results.about['date']}, {results.about['cores']} cores of {results.about['processor']}"
        figure.supxlabel(stamp, x=0.99, ha="right", size=7)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=8, frameon=False)
        figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
        pyplot.close(figure)
        drawn.append(name)
    return drawn


def _throughput(results: Results) -> Any:
    """Draw messages per second of each function at each prefetch."""
    figure, panels = pyplot.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    for panel, function in zip(panels, FUNCTIONS, strict=True):
        points = [point["prefetch"] for point in results.points("throughput") if point["function"] == function]
        _bars(panel, results, function, points, "steady_rate")
        panel.set(title=function, xlabel="prefetch")
    panels[0].set_ylabel("messages per second")
    return figure


def _bars(panel: Axes, results: Results, function: str, prefetches: Sequence[int], metric: str) -> None:
    runtimes = _measured(results)
    width = 0.8 / len(runtimes)
    for number, runtime in enumerate(runtimes):
        cells = [results.cell("throughput", runtime.key, function=function, prefetch=value) for value in prefetches]
        heights = [cell.median(metric) if cell else 0 for cell in cells]
        lows = [
            height - min(run[metric] for run in cell.runs) if cell else 0
            for height, cell in zip(heights, cells, strict=True)
        ]
        highs = [
            max(run[metric] for run in cell.runs) - height if cell else 0
            for height, cell in zip(heights, cells, strict=True)
        ]
        places = [place + (number - (len(runtimes) - 1) / 2) * width for place in range(len(prefetches))]
        panel.bar(
            places,
            heights,
            width,
            yerr=[lows, highs],
            color=COLOURS[runtime.key],
            label=runtime.title,
            error_kw={"lw": 0.7},
        )
    panel.set_xticks(range(len(prefetches)), [str(value) for value in prefetches])
    panel.spines[["top", "right"]].set_visible(False)


def _cost(results: Results) -> Any:
    """Draw CPU time, memory and cold start, one panel each."""
    figure, panels = pyplot.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
    prefetch = results.points("throughput")[len(results.points("throughput")) // len(FUNCTIONS) // 2]["prefetch"]
    shown: Sequence[tuple[str, str, str, Mapping[str, Any]]] = (
        (f"CPU ms per message, prefetch {prefetch}", "throughput", "steady_cpu_ms", {"prefetch": prefetch}),
        (f"peak memory, MB, prefetch {prefetch}", "throughput", "peak_rss_mb", {"prefetch": prefetch}),
        ("start to first result, seconds", "cold", "cold_s", {}),
    )
    for panel, (title, section, name, facts) in zip(panels, shown, strict=True):
        for number, runtime in enumerate(_measured(results)):
            cells = [results.cell(section, runtime.key, function=function, **facts) for function in FUNCTIONS]
            places = [place + (number - 1.5) * 0.2 for place in range(len(FUNCTIONS))]
            heights = [cell.median(name) if cell else 0 for cell in cells]
            panel.bar(places, heights, 0.2, color=COLOURS[runtime.key], label=runtime.title)
        panel.set_xticks(range(len(FUNCTIONS)), FUNCTIONS)
        panel.set_title(title, size=9)
        panel.spines[["top", "right"]].set_visible(False)
    return figure


def _measured(results: Results) -> list[Runtime]:
    """Return the runtimes of the throughput section."""
    keys = (PYTHON.key, *measured_runtimes(results, "throughput"))
    return [runtime for runtime in RUNTIMES if runtime.key in keys]


def _latency(results: Results) -> Any:
    """Draw messages per second and CPU time over the prefetch, with an API that has a latency."""
    metrics = (("steady_rate", "messages per second, 50 ms latency"), ("steady_cpu_ms", "CPU ms per message"))
    figure = _lines(results, "latency", "prefetch", metrics)
    prefetches = [point["prefetch"] for point in results.points("latency")]
    figure.axes[0].plot(prefetches, [prefetch / 0.05 for prefetch in prefetches], "k:", label="limit", lw=1)
    for panel in figure.axes:
        panel.set(xscale="log", ylim=(0, None))
        panel.set_xticks(prefetches, [str(prefetch) for prefetch in prefetches])
        panel.minorticks_off()
    return figure


def _growth(results: Results) -> Any:
    """Draw messages per second and memory over the number of processes."""
    metrics = (("steady_rate", "messages per second"), ("peak_rss_mb", "peak memory of all processes, MB"))
    figure = _lines(results, "growth", "processes", metrics)
    for panel in figure.axes:
        panel.set_xticks([point["processes"] for point in results.points("growth")])
        panel.set_ylim(0, None)
    return figure


def _bodies(results: Results) -> Any:
    """Draw messages per second and memory over the body size."""
    figure = _lines(
        results, "bodies", "bytes", (("steady_rate", "messages per second"), ("peak_rss_mb", "peak memory, MB"))
    )
    for panel in figure.axes:
        panel.set(xscale="log", yscale="log", xlabel="body size in bytes")
    return figure


def _lines(results: Results, section: str, fact: str, metrics: Sequence[tuple[str, str]]) -> Any:
    figure, panels = pyplot.subplots(1, len(metrics), figsize=(9, 3.2), layout="constrained")
    points = [point[fact] for point in results.points(section)]
    for panel, (name, title) in zip(panels, metrics, strict=True):
        for runtime in (PYTHON.key, *measured_runtimes(results, section)):
            cells = [results.cell(section, runtime, **{fact: point}) for point in points]
            values = [cell.median(name) if cell else None for cell in cells]
            panel.plot(points, values, marker="o", color=COLOURS[runtime], label=TITLES[runtime])
        panel.set(xlabel=fact, title=title)
        panel.spines[["top", "right"]].set_visible(False)
    return figure
