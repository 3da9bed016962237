"""Reads a component's files and applies all checks."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio_runner.check import callables, json_file, structure
from elasticio_runner.check.checked_component import CheckedComponent, FunctionEntry
from elasticio_runner.check.findings import COMPONENT_FILE, Finding, error
from elasticio_runner.check.metadata_files import MetadataFiles
from elasticio_runner.check.modules import ImportedModule, imported
from elasticio_runner.check.paths import is_below, is_file
from elasticio_runner.check.rules import RULES
from elasticio_runner.check.rules.component import LOGO
from elasticio_runner.check.rules.credentials import VERIFICATION
from elasticio_runner.flow_file.locations import Place

Importer = Callable[[Path, Sequence[str]], Mapping[str, ImportedModule]]
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@dataclass(frozen=True)
class Report:
    """All findings about a component, by file and line."""

    findings: tuple[Finding, ...]
    lines: Mapping[str, Mapping[Place, int]]

    def texts(self) -> Iterator[str]:
        """Yield each finding as one line."""
        for finding in self.findings:
            yield finding.text(finding.line_in(self.lines.get(finding.file, {})))


def examine(folder: Path, importer: Importer = imported) -> Report:
    """Check the component in a folder. The importer imports its modules."""
    descriptor = json_file.read(folder, COMPONENT_FILE)
    lines: dict[str, Mapping[Place, int]] = {COMPONENT_FILE: descriptor.lines}
    if not descriptor.lines:
        return Report(descriptor.findings, lines)
    sound, findings = structure.of_component(descriptor.data)
    if not isinstance(descriptor.data, dict):
        return Report(tuple(findings), lines)
    component = CheckedComponent(sound)
    metadata = MetadataFiles(folder)
    for function in component.functions():
        metadata.read(function)
    modules, missing = _modules(folder, component, importer)
    component = CheckedComponent(
        descriptor=sound,
        schemas=tuple(metadata.schemas),
        exports={name: module.names for name, module in modules.items() if not module.fault},
        misfits={name: module.misfits for name, module in modules.items()},
        logo_size=_logo_size(folder / LOGO),
        root_modules=frozenset(path.stem for path in folder.glob("*.py")),
    )
    findings += [*descriptor.findings, *metadata.findings, *missing, *_import_faults(component, modules)]
    findings += [finding for rule in RULES.values() for finding in rule(component)]
    lines |= metadata.lines
    return Report(tuple(_in_order(findings, lines)), lines)


def _modules(
    folder: Path, component: CheckedComponent, importer: Importer
) -> tuple[Mapping[str, ImportedModule], list[Finding]]:
    """Import the modules of all functions and the verification. Returns them, and a finding for each missing file."""
    mains: dict[str, None] = {}
    missing = []
    for function in component.functions():
        if not function.main:
            continue
        if wrong := _path_fault(folder, function.main):
            missing.append(error((*function.place, "main"), wrong, "Create the module, or correct the path"))
        else:
            mains[function.main] = None
    if is_file(folder, f"{VERIFICATION}.py"):
        mains[f"{VERIFICATION}.py"] = None
    return (importer(folder, list(mains)) if mains else {}), missing


def _path_fault(folder: Path, main: str) -> str:
    """Return why the runtime would not find a module; empty if it would."""
    name = main if main.endswith(".py") else f"{main}.py"
    if not is_file(folder, name):
        return f"there is no file {name}"
    return "" if is_below(folder, name) else f"{name} is outside of the component's folder"


def _import_faults(component: CheckedComponent, modules: Mapping[str, ImportedModule]) -> Iterator[Finding]:
    functions: dict[str, FunctionEntry] = {}
    for function in component.functions():
        functions.setdefault(function.main, function)
    for main, module in modules.items():
        is_verification = main == f"{VERIFICATION}.py"
        place = () if is_verification else (*functions[main].place, "main")
        file = main if is_verification else COMPONENT_FILE
        if module.fault:
            advice = "Correct the module, or install the packages that it needs"
            yield error(place, f"{main} cannot be imported: {module.fault}", advice, file=file)
        elif is_verification and "verify" not in module.names:
            yield error(place, f"{main} has no function verify", "Define verify(config)", file=file)
        elif is_verification and "verify" in module.misfits:
            yield error(place, f"verify {module.misfits['verify']}", callables.advice("verify"), file=file)


def _logo_size(file: Path) -> tuple[int, int] | None:
    """Return width and height of a PNG; None if there is no such file."""
    try:
        with file.open("rb") as stream:
            head = stream.read(24)
    except OSError:
        return None
    if len(head) < 24 or not head.startswith(_PNG):
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _in_order(findings: list[Finding], lines: Mapping[str, Mapping[Place, int]]) -> list[Finding]:
    """Return findings by file and line, component.json first, without repetitions."""

    def key(finding: Finding) -> tuple[Any, ...]:
        is_other = finding.file != COMPONENT_FILE
        return is_other, finding.file, finding.line_in(lines.get(finding.file, {})), str(finding.place), finding.wrong

    return sorted(dict.fromkeys(findings), key=key)
