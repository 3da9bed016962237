"""Measure our sailor beside the vendor's for Node.js.

    python -m bench                           all of it, twenty minutes
    python -m bench --quick                   small sizes and one run each, three minutes
    python -m bench throughput cold --quick   some sections
    python -m bench --render FILE             tables and plots anew, from figures that were measured before

A whole run writes bench/results/, docs/performance.md with its plots, and the tables in README.md; quick ones and those
of some sections only print, and write --json.

Keep the machine quiet meanwhile.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench import report
from bench.machine import about
from bench.results import Cell, Results
from bench.runs import Figures
from bench.sections import FULL, QUICK, SECTIONS, Point, Sizes
from bench.sides import ROOT
from bench.world import world
from services.node_sailor import NodeMissingError
from services.rabbitmq import BrokerFailedError, BrokerMissingError

SHOWN = ("steady_rate", "steady_cpu_ms", "peak_rss_mb", "cold_s", "lost", "twice", "items")


def main() -> None:
    """Measure, print, and write what came out."""
    options = arguments()
    if options.render:
        results = Results.read(options.render)
    else:
        try:
            results = measure(options.sections or list(SECTIONS), chosen_sizes(options))
        except (BrokerMissingError, BrokerFailedError, NodeMissingError, RuntimeError) as error:
            sys.exit(str(error))
    print("\n" + report.document(results))
    if options.quick:
        print("Too short for Node to get warm: this shows that everything runs, its ratios flatter us.")
    if options.json:
        options.json.write_text(results.to_json())
    if not options.quick and not options.sections:
        publish(results)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help=f"what to measure: {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run each")
    parser.add_argument("--runs", type=int, help="runs of each cell")
    parser.add_argument("--messages", type=int, help="messages in the queue; echo has more in the same proportion")
    parser.add_argument("--prefetch", type=int, action="append", help="measure these only; may be given several times")
    parser.add_argument("--backlog", type=int, help="texts that wait to be polled")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--render", type=Path, help="measure nothing, take these figures")
    return parser.parse_args()


def chosen_sizes(options: argparse.Namespace) -> Sizes:
    """Return the sizes that the options ask for."""
    sizes = QUICK if options.quick else FULL
    if options.runs:
        sizes = replace(sizes, runs=options.runs, cold_runs=options.runs, kills=options.runs, backlog_runs=options.runs)
    if options.messages:
        sizes = replace(sizes, messages=options.messages, echoes=options.messages * sizes.echoes // sizes.messages)
    if options.prefetch:
        sizes = replace(sizes, prefetches=options.prefetch)
    return replace(sizes, backlog=options.backlog) if options.backlog else sizes


def measure(sections: list[str], sizes: Sizes) -> Results:
    """Measure sections, and say each figure as soon as it is there."""
    began = time.monotonic()
    cells: list[Cell] = []
    with world() as everything:
        for section in sections:
            since = time.monotonic()
            for point in SECTIONS[section](everything, sizes):
                cells += in_turns(point)
            print(f"{section} took {time.monotonic() - since:.0f} seconds\n", flush=True)
        facts = about(everything, sizes.runs)
    minutes = (time.monotonic() - began) / 60
    print(f"\nMeasured in {minutes:.1f} minutes.")
    return Results({**facts, "minutes": round(minutes, 1)}, cells)


def in_turns(point: Point) -> list[Cell]:
    """Measure all sides of a point: one run of each, then the next of each, so that noise hits all of them."""
    measured: dict[str, list[Figures]] = {side.key: [] for side in point.sides}
    for _ in range(point.runs):
        for side in point.sides:
            measured[side.key].append(point.measure(side))
    cells = [Cell(point.section, side, point.facts, runs) for side, runs in measured.items()]
    print(f"{point.section}: {', '.join(f'{name} {report.shown(value)}' for name, value in point.facts.items())}")
    for cell in cells:
        shown = (f"{name} {report.measured(cell, name)}" for name in SHOWN if name in cell.runs[0])
        print(f"    {cell.side:12} {'   '.join(shown)}", flush=True)
    return cells


def publish(results: Results) -> None:
    """Write the figures, the plots and the tables into the repository."""
    from bench import plots  # noqa: PLC0415 (a second of imports, and not needed before)

    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{results.about['date']}.json").write_text(results.to_json())
    drawn = plots.draw(results, ROOT / "docs" / "performance")
    report.insert(ROOT / "docs" / "performance.md", report.document(results, drawn))
    report.insert(ROOT / "README.md", report.overview(results, drawn))


if __name__ == "__main__":
    main()
