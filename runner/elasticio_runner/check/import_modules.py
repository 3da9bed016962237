"""Imports modules of a component, in a separate process: `python -m elasticio_runner.check.import_modules FILE`.

Standard input is {"root": folder, "mains": [paths below it]}. For each module, one line of JSON is appended to FILE
before its import, {"begin": main}, and one after it: {"names": [functions], "misfits": {function: what is wrong}} or
{"fault": text, "place": text}.
`modules` starts this process and reads FILE. A component may print, end the process or leave threads behind.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from elasticio import ComponentError
from elasticio.runtime.component import Component

from elasticio_runner.check.callables import misfit
from elasticio_runner.errors import describe


def main() -> None:
    """Import the modules that standard input names."""
    job = json.load(sys.stdin)
    root = Path(job["root"])
    sys.path.insert(0, str(root))
    component = Component(root, {"actions": {name: {"main": name} for name in job["mains"]}})
    with Path(sys.argv[1]).open("a", encoding="ascii") as out:
        for name in job["mains"]:
            _write(out, {"begin": name})
            _write(out, _outcome(component, name))
    os._exit(0)  # threads of the component must not delay the end


def _outcome(component: Component, name: str) -> dict[str, Any]:
    try:
        module = component.function(name).module
        functions = {key: value for key, value in vars(module).items() if callable(value)}
        misfits = {key: misfit(key, value) for key, value in functions.items()}
        return {"names": sorted(functions), "misfits": {key: wrong for key, wrong in misfits.items() if wrong}}
    except BaseException as error:  # noqa: BLE001 (a module may raise anything)
        cause = error.__cause__ or error
        known = isinstance(error, ComponentError) and error is cause  # its text says all
        return {
            "fault": str(error) if known else describe(cause).removesuffix(": "),
            "place": _place(cause, component.root),
        }


def _place(error: BaseException, root: Path) -> str:
    """Return file and line of the last frame within the component; empty if there is none."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return _below(error.filename, error.lineno, root)
    frames = [_below(frame.filename, frame.lineno, root) for frame in traceback.extract_tb(error.__traceback__)]
    return next(filter(None, reversed(frames)), "")


def _below(file: str, line: int | None, root: Path) -> str:
    path = Path(file).resolve()
    return f"{path.relative_to(root.resolve())}:{line}" if path.is_relative_to(root.resolve()) else ""


def _write(out: Any, entry: dict[str, Any]) -> None:
    out.write(json.dumps(entry) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
