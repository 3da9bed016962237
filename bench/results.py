"""The figures, and what is made of them.

    results.json   {"about": {…}, "cells": [{"section", "side", "facts", "runs": [{figure: number}], "ratios"}]}

A cell is one thing that was measured, on one side; its runs were made in turns with those of the other sides. When the
machine is slow for a while it is so for all sides of a turn: therefore runs of the same turn are divided by each other,
and the ratio that is told is the median of theirs. In the file each peer's cell has ours to it:
{figure: {"median", "lowest", "highest"}}.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
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
class Ratio:
    """Ours divided by theirs in each turn: the median of all turns, and between what they lie."""

    median: float
    lowest: float
    highest: float


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

    def ratio(self, figure: str, section: str, to: str, **facts: Any) -> Ratio | None:
        """Return ours divided by theirs, turn by turn; None where one of them is missing."""
        ours, theirs = self.cell(section, "ours", **facts), self.cell(section, to, **facts)
        if ours is None or theirs is None or not all(run[figure] for run in theirs.runs):
            return None
        turns = [our[figure] / their[figure] for our, their in zip(ours.runs, theirs.runs, strict=True)]
        return Ratio(median(turns), min(turns), max(turns))

    def to_json(self) -> str:
        """Write all of it, a cell on each line."""
        cells = ",\n".join(json.dumps(asdict(cell) | {"ratios": self._ratios(cell)}) for cell in self.cells)
        return f'{{"about": {json.dumps(self.about, indent=1)},\n"cells": [\n{cells}\n]}}\n'

    def _ratios(self, cell: Cell) -> dict[str, dict[str, float]]:
        """Return ours to a peer's cell, for each figure that it has."""
        if cell.side == "ours":
            return {}
        ratios = {figure: self.ratio(figure, cell.section, cell.side, **cell.facts) for figure in cell.runs[0]}
        return {
            figure: {name: round(value, 4) for name, value in asdict(ratio).items()}
            for figure, ratio in ratios.items()
            if ratio
        }

    @classmethod
    def read(cls, path: Path) -> "Results":
        """Read what `to_json` wrote. The ratios are made anew."""
        data = json.loads(path.read_text())
        names = [each.name for each in fields(Cell)]
        return cls(data["about"], [Cell(**{name: cell[name] for name in names}) for cell in data["cells"]])


@dataclass(frozen=True)
class Goal:
    """A ratio that is wanted, as the median of all turns: at least or at most `bound`; `to` is the peer."""

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
