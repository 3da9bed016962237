"""The results of a measurement: medians, spreads and ratios.

    results.json   {"about": {…}, "cells": [{"section", "runtime", "facts", "runs": [{metric: number}], "ratios"}]}

A cell contains the runs of one runtime at one point. The runtimes run in turns, so a slow phase of the machine affects
all runtimes of a turn. A ratio divides the Python run by the Node.js run of the same turn; the result is the median of
all turns. In the file, each cell of a Node.js runtime contains the ratios of Python to it:
{metric: {"median", "lowest", "highest"}}.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Cell:
    """The runs of one runtime at one point. `facts` are the function, the target, the prefetch and so on."""

    section: str
    runtime: str
    facts: Mapping[str, Any]
    runs: Sequence[Mapping[str, float]]

    def median(self, metric: str) -> float:
        """Return the median of the runs."""
        return median(run[metric] for run in self.runs)

    def spread(self, metric: str) -> float:
        """Return the distance between the lowest and the highest run as a share of the median: 0.1 is ±5 %."""
        values = [run[metric] for run in self.runs]
        middle = median(values)
        return (max(values) - min(values)) / middle if middle else 0.0


@dataclass(frozen=True)
class Ratio:
    """Python divided by another runtime: the median, the lowest and the highest of all turns."""

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Results:
    """All cells, and the date and the machine of the measurement."""

    about: Mapping[str, Any]
    cells: Sequence[Cell] = field(default_factory=list)

    def cell(self, section: str, runtime: str, **facts: Any) -> Cell | None:
        """Return the cell of a runtime with the given facts, or None if there is none.

        Raises ValueError if several cells match.
        """
        found = [
            cell
            for cell in self.cells
            if (cell.section, cell.runtime) == (section, runtime) and facts.items() <= cell.facts.items()
        ]
        if len(found) > 1:
            raise ValueError(f"{section} {runtime} {facts} matches more than one cell")
        return found[0] if found else None

    def points(self, section: str) -> list[Mapping[str, Any]]:
        """Return the facts of all points of a section, each once, in order."""
        points: list[Mapping[str, Any]] = []
        for cell in self.cells:
            if cell.section == section and cell.facts not in points:
                points.append(cell.facts)
        return points

    def ratio(self, metric: str, section: str, to: str, **facts: Any) -> Ratio | None:
        """Return Python divided by another runtime, or None if one of them is missing or zero."""
        python, peer = self.cell(section, "python", **facts), self.cell(section, to, **facts)
        if python is None or peer is None or not all(run[metric] for run in peer.runs):
            return None
        turns = [mine[metric] / other[metric] for mine, other in zip(python.runs, peer.runs, strict=True)]
        return Ratio(median(turns), min(turns), max(turns))

    def to_json(self) -> str:
        """Return the results as JSON, one cell per line."""
        cells = ",\n".join(json.dumps(asdict(cell) | {"ratios": self._ratios(cell)}) for cell in self.cells)
        return f'{{"about": {json.dumps(self.about, indent=1)},\n"cells": [\n{cells}\n]}}\n'

    def _ratios(self, cell: Cell) -> dict[str, dict[str, float]]:
        """Return the ratios of Python to a cell, one per metric."""
        if cell.runtime == "python":
            return {}
        ratios = {metric: self.ratio(metric, cell.section, cell.runtime, **cell.facts) for metric in cell.runs[0]}
        return {
            metric: {name: round(value, 4) for name, value in asdict(ratio).items()}
            for metric, ratio in ratios.items()
            if ratio
        }

    def with_older(self, older: "Results") -> "Results":
        """Return these results and the sections of older ones that these do not have, with the date of each."""
        measured = {cell.section for cell in self.cells}
        added = [cell for cell in older.cells if cell.section not in measured]
        dates = {cell.section: older.about["date"] for cell in added} | dict(self.about.get("older", {}))
        return Results({**self.about, "older": dates}, [*self.cells, *added])

    def without_older(self) -> "Results":
        """Return these results without the sections that `with_older` added."""
        older = self.about.get("older", {})
        about = {name: value for name, value in self.about.items() if name != "older"}
        return Results(about, [cell for cell in self.cells if cell.section not in older])

    @classmethod
    def read(cls, path: Path) -> "Results":
        """Read the output of `to_json`. The ratios are computed again."""
        data = json.loads(path.read_text())
        names = [each.name for each in fields(Cell)]
        return cls(data["about"], [Cell(**{name: cell[name] for name in names}) for cell in data["cells"]])
