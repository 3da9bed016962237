"""Reads the schemas of functions: inline in component.json, or in files of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elasticio_runner.check import json_file, structure
from elasticio_runner.check.checked_component import Entry, FunctionEntry, MapperSchema, Side
from elasticio_runner.check.findings import COMPONENT_FILE, Finding, error
from elasticio_runner.check.paths import is_below, is_file
from elasticio_runner.flow_file.locations import Place

SIDES: tuple[Side, ...] = ("in", "out")


@dataclass
class MetadataFiles:
    """The schemas that could be read, with the lines of their files."""

    folder: Path
    schemas: list[MapperSchema] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lines: dict[str, Mapping[Place, int]] = field(default_factory=dict)
    _contents: dict[str, Entry] = field(default_factory=dict)

    def read(self, function: FunctionEntry) -> None:
        """Read the schemas of a function. A file that several functions share is read once."""
        metadata = function.entry.get("metadata", {})
        for side in SIDES:
            given = metadata.get(side)
            place = (*function.place, "metadata", side)
            if isinstance(given, str):
                self._read_file(function, side, given, place)
            elif given is not None:
                content, findings = structure.of_schema(given, COMPONENT_FILE, place)
                self.findings += findings
                self.schemas.append(MapperSchema(function, side, content, COMPONENT_FILE, place))

    def _read_file(self, function: FunctionEntry, side: Side, given: str, place: Place) -> None:
        if not is_file(self.folder, given):
            self.findings.append(error(place, f"there is no file {given}", "Create the file, or correct the path"))
            return
        if not is_below(self.folder, given):
            wrong = f"{given} is outside of the component's folder"
            self.findings.append(error(place, wrong, "Move the file into the component's folder"))
            return
        name = Path(given).as_posix()
        if name not in self._contents:
            self._contents[name] = self._content(name)
            self.schemas.append(MapperSchema(function, side, self._contents[name], name))

    def _content(self, name: str) -> Entry:
        read = json_file.read(self.folder, name)
        self.findings += read.findings
        self.lines[name] = read.lines
        if read.data is None and read.findings:
            return {}
        content, findings = structure.of_schema(read.data, name, ())
        self.findings += findings
        return content
