"""Compares this SDK with the vendor's Node.js sailor.

    python -m bench                           everything, forty minutes
    python -m bench --quick                   small sizes and one run each, five minutes
    python -m bench throughput cold --quick   some sections
    python -m bench --render FILE             tables and plots from earlier results
    python -m bench --render NEW OLD          the same, with the sections that only OLD has in the appendix

A full run writes bench/results/ and docs/performance.md with its plots. Quick runs and runs of some sections only print
their results; --json also saves them, after each section.

Do not use the machine for anything else during a run.
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import report
from bench.environment import environment
from bench.machine import about
from bench.results import Cell, Results
from bench.runs import Metrics
from bench.runtimes import ROOT, RUNTIMES
from bench.sections import FULL, QUICK, SECTIONS, Point, Sizes
from services.node_sailor import NodeMissingError
from services.rabbitmq import BrokerFailedError, BrokerMissingError
from tools.markdown import replace_section

SHOWN = ("steady_rate", "share", "steady_cpu_ms", "peak_rss_mb", "cold_s", "lost", "twice", "items")


def main() -> None:
    """Measure, print and publish the results."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the steps and services of a run must end with it
    options = arguments()
    if options.render:
        results = rendered(options.render)
    else:
        try:
            results = measure(options.sections or list(SECTIONS), chosen_sizes(options), options)
        except (BrokerMissingError, BrokerFailedError, NodeMissingError, RuntimeError) as error:
            sys.exit(str(error))
    print("\n" + report.details(results))
    if options.quick:
        print("A quick run ends before Node.js has warmed up: its ratios favor Python.")
    if options.json and options.render:
        options.json.write_text(results.to_json())
    if not options.quick and not options.sections:
        publish(results)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help=f"sections: {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run each")
    parser.add_argument("--runs", type=int, help="runs of each cell")
    parser.add_argument("--messages", type=int, help="messages in the queue; echo gets proportionally more")
    parser.add_argument("--prefetch", type=int, action="append", help="measure only this prefetch; may be repeated")
    parser.add_argument("--backlog", type=int, help="size of the polling backlog")
    parser.add_argument("--seconds", type=float, help="duration of a run after its first result")
    parser.add_argument(
        "--without", action="append", default=[], choices=[runtime.key for runtime in RUNTIMES], help="omit a runtime"
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    parser.add_argument("--render", type=Path, nargs="+", help="do not measure; read the results from these files")
    return parser.parse_args()


def chosen_sizes(options: argparse.Namespace) -> Sizes:
    """Return the sizes that the options select."""
    sizes = QUICK if options.quick else FULL
    if options.runs:
        sizes = replace(sizes, runs=options.runs, cold_runs=options.runs, kills=options.runs, backlog_runs=options.runs)
    if options.messages:
        sizes = replace(sizes, messages=options.messages, echoes=options.messages * sizes.echoes // sizes.messages)
    if options.seconds:
        sizes = replace(sizes, seconds=options.seconds)
    if options.prefetch:
        sizes = replace(sizes, prefetches=options.prefetch)
    return replace(sizes, backlog=options.backlog) if options.backlog else sizes


def measure(sections: list[str], sizes: Sizes, options: argparse.Namespace) -> Results:
    """Measure sections and print each result at once. Saves the results so far after each section."""
    began = time.monotonic()
    results = Results({})
    with environment() as everything:
        facts = about(everything, sizes.runs)
        for section in sections:
            since = time.monotonic()
            for point in SECTIONS[section](everything, sizes):
                runtimes = [runtime for runtime in point.runtimes if runtime.key not in options.without]
                cells = in_turns(replace(point, runtimes=runtimes))
                minutes = round((time.monotonic() - began) / 60, 1)
                results = Results({**facts, "minutes": minutes}, [*results.cells, *cells])
            print(f"{section} took {time.monotonic() - since:.0f} seconds\n", flush=True)
            if options.json:
                options.json.write_text(results.to_json())
    print(f"\nMeasured in {results.about['minutes']} minutes.")
    return results


def rendered(files: Sequence[Path]) -> Results:
    """Read results. Sections that the first file lacks come from the later ones."""
    results, *older = map(Results.read, files)
    for more in older:
        results = results.with_older(more)
    return results


def in_turns(point: Point) -> list[Cell]:
    """Measure a point with one run per runtime in turns, so that noise affects all runtimes equally."""
    measured: dict[str, list[Metrics]] = {runtime.key: [] for runtime in point.runtimes}
    for _ in range(point.runs):
        for runtime in point.runtimes:
            measured[runtime.key].append(point.measure(runtime))
    cells = [Cell(point.section, runtime, point.facts, runs) for runtime, runs in measured.items()]
    print(f"{point.section}: {', '.join(f'{name} {report.shown(value)}' for name, value in point.facts.items())}")
    for cell in cells:
        measured_metrics = (f"{name} {report.measured(cell, name)}" for name in SHOWN if name in cell.runs[0])
        print(f"    {cell.runtime:12} {'   '.join(measured_metrics)}", flush=True)
    return cells


def publish(results: Results) -> None:
    """Write the results, the plots and the tables into the repository."""
    from bench import plots  # noqa: PLC0415 (matplotlib takes a second to import)

    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{results.about['date']}.json").write_text(results.without_older().to_json())
    drawn = plots.draw(results, ROOT / "docs" / "performance")
    page = ROOT / "docs" / "performance.md"
    text = replace_section(page.read_text(), report.SUMMARY, report.summary(results, drawn))
    page.write_text(replace_section(text, report.DETAILS, report.details(results, drawn)))


if __name__ == "__main__":
    main()
