"""The figures, and what is made of them.

    results.json   {"about": {…}, "cells": [{"section", "facts", "side", "runs": [{figure: number}]}]}

A cell is one thing that was measured, on one side; its runs were made in turns with those of the other sides.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Cell:
    """The runs of one side at one point: `facts` are function, target, prefetch and the like."""

    section: str
    side: str
    facts: Mapping[str, Any]
    runs: Sequence[Mapping[str, float]]

    def median(self, figure: str) -> float:
        """Return the median of the runs."""
        return median(run[figure] for run in self.runs)

    def spread(self, figure: str) -> float:
        """Return how far the runs lie apart, as a share of the median: 0.1 is ±5 %."""
        values = [run[figure] for run in self.runs]
        middle = median(values)
        return (max(values) - min(values)) / middle if middle else 0.0


@dataclass(frozen=True)
class Results:
    """All cells, and when and on what machine they were measured."""

    about: Mapping[str, Any]
    cells: Sequence[Cell] = field(default_factory=list)

    def cell(self, section: str, side: str, **facts: Any) -> Cell | None:
        """Return the cell of a side whose facts agree with those given, None where it was not measured."""
        found = [
            cell
            for cell in self.cells
            if (cell.section, cell.side) == (section, side) and facts.items() <= cell.facts.items()
        ]
        if len(found) > 1:
            raise ValueError(f"{section} {side} {facts} is more than one cell")
        return found[0] if found else None

    def points(self, section: str) -> list[Mapping[str, Any]]:
        """Return the facts that were measured in a section, each once, in their order."""
        points: list[Mapping[str, Any]] = []
        for cell in self.cells:
            if cell.section == section and cell.facts not in points:
                points.append(cell.facts)
        return points

    def ratio(self, figure: str, section: str, to: str, **facts: Any) -> float | None:
        """Return ours divided by theirs, in the same run; None where one of them is missing."""
        ours, theirs = self.cell(section, "ours", **facts), self.cell(section, to, **facts)
        if ours is None or theirs is None or not theirs.median(figure):
            return None
        return ours.median(figure) / theirs.median(figure)

    def to_json(self) -> str:
        """Write all of it."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> "Results":
        """Read what `to_json` wrote."""
        data = json.loads(path.read_text())
        return cls(data["about"], [Cell(**cell) for cell in data["cells"]])


@dataclass(frozen=True)
class Goal:
    """A ratio that is wanted: at least or at most `bound`, `to` the side that it is a ratio to."""

    name: str
    figure: str
    section: str
    to: str
    bound: float
    at_least: bool
    facts: Mapping[str, Any]

    def reached(self, ratio: float) -> bool:
        """Tell whether a ratio will do."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    @property
    def wish(self) -> str:
        """The bound as it is shown."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def goals() -> Iterator[Goal]:
    """What we want to be, beside the peer."""
    for function in ("getCall", "sendTexts"):
        for prefetch in (1, 10, 50):
            facts = {"function": function, "prefetch": prefetch}
            name = f"{function}, prefetch {prefetch}: messages a second"
            yield Goal(name, "steady_rate", "throughput", "not_awaited", 1.5, True, facts)
            bound = 3.0 if prefetch == 1 else 1.5
            yield Goal(name, "steady_rate", "throughput", "no_nagle", bound, True, facts)
            name = f"{function}, prefetch {prefetch}: processor time a message"
            yield Goal(name, "steady_cpu_ms", "throughput", "not_awaited", 0.6, False, facts)
            name = f"{function}, prefetch {prefetch}: peak memory"
            yield Goal(name, "peak_rss_mb", "throughput", "not_awaited", 0.3, False, facts)
        cold = {"function": function}
        yield Goal(f"{function}: cold start", "cold_s", "cold", "not_awaited", 0.35, False, cold)
