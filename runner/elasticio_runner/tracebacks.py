"""Tracebacks for the authors of a component: the frames of the component's files, and the exception.

Frames of the runtime and of libraries are left out. The texts of causes are left out, too, because they may contain
secrets, for example a signed URL (see `elasticio.runtime.failure`).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import elasticio
from elasticio.runtime.failure import describe

_FRAME = re.compile(r'  File "(.+)", line \d+')
_HEADER = "Traceback (most recent call last):"
_OTHERS = (Path(elasticio.__file__).parent, Path(__file__).parent, Path(sys.prefix))


def traceback_of(error: BaseException, root: Path) -> str:
    """Return the traceback of an error with the frames of the component in `root`."""
    return own_frames(describe(error)["stack"], root)


def own_frames(stack: str, root: Path) -> str:
    """Return a traceback in Python's format with only the frames of the component in `root`."""
    return "\n".join(_own_lines(stack.rstrip("\n").splitlines(), root.resolve()))


def _own_lines(lines: list[str], root: Path) -> Iterator[str]:
    header: str | None = None
    in_frame = is_own = False
    for line in lines:
        if frame := _FRAME.match(line):
            in_frame, is_own = True, _is_own(Path(frame[1]).resolve(), root)
        elif line == _HEADER:
            header, in_frame = line, False
            continue
        elif in_frame and not line.startswith("  "):
            in_frame, header = False, None
        if in_frame and not is_own:
            continue
        if header and in_frame:
            yield header
            header = None
        yield line


def _is_own(file: Path, root: Path) -> bool:
    """Return whether a file is one of the component; the environment of Python may be a folder of it."""
    others = (other for other in _OTHERS if not root.is_relative_to(other))
    return (
        file.is_relative_to(root)
        and "site-packages" not in file.relative_to(root).parts
        and not any(file.is_relative_to(other) for other in others)
    )
