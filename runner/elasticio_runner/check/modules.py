"""Imports the modules of a component in separate processes, so that a module cannot end or block the check."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TIME_LIMIT = 60.0  # seconds for the modules that one process imports


@dataclass(frozen=True)
class ImportedModule:
    """What the import of a module showed: the names of its functions, or `fault`: why it failed.

    `misfits` tells for some functions why the runtime cannot call them: {function: what is wrong}.
    """

    names: frozenset[str] = frozenset()
    fault: str = ""
    misfits: Mapping[str, str] = field(default_factory=dict)


def imported(root: Path, mains: Sequence[str], time_limit: float | None = None) -> Mapping[str, ImportedModule]:
    """Return {main: what its import showed}. `mains` are existing modules below `root`.

    A process that ends during an import is replaced by another one for the remaining modules.
    """
    found: dict[str, ImportedModule] = {}
    remaining = list(mains)
    while remaining:
        new = _attempt(root.resolve(), remaining, TIME_LIMIT if time_limit is None else time_limit)
        found |= new
        remaining = [name for name in remaining if name not in new]
    return found


def _attempt(root: Path, mains: Sequence[str], time_limit: float) -> dict[str, ImportedModule]:
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        file = Path(folder) / "imported"
        file.touch()
        ending = _run(root, json.dumps({"root": str(root), "mains": list(mains)}), file, time_limit)
        lines = [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
    found: dict[str, ImportedModule] = {}
    for begin, outcome in zip(lines[::2], [*lines[1::2], {"fault": ending}], strict=False):
        if "names" in outcome:
            found[begin["begin"]] = ImportedModule(frozenset(outcome["names"]), misfits=outcome["misfits"])
        else:
            place = f" at {outcome['place']}" if outcome.get("place") else ""
            found[begin["begin"]] = ImportedModule(fault=f"{outcome['fault']}{place}")
    return found or {mains[0]: ImportedModule(fault=ending)}


def _run(root: Path, job: str, file: Path, time_limit: float) -> str:
    """Import modules in a new process. Returns how the process ended.

    -P: a module of the component cannot replace a module of Python, for example json, within the process itself.
    """
    command = (sys.executable, "-P", "-m", "elasticio_runner.check.import_modules", str(file))
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            command,
            cwd=root,
            check=False,
            input=job.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=time_limit,
        )
    except subprocess.TimeoutExpired:
        return f"the import did not end within {time_limit:g} s"
    return f"the import ended the process with exit code {done.returncode}"
