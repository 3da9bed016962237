"""A new environment without the packages of this repository, and without downloads."""

import subprocess
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path


def run(*command: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, timeout=300)


def new_environment(folder: Path, hidden: Sequence[str]) -> Path:
    """Create an environment with the packages of this one, except names that begin with one of `hidden`.

    Returns its Python.
    """
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    borrowed = folder / "borrowed"
    borrowed.mkdir()
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not entry.name.startswith(tuple(hidden)):
            (borrowed / entry.name).symlink_to(entry)
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])", cwd=folder)
    (Path(packages.stdout.strip()) / "borrowed.pth").write_text(f"{borrowed}\n")
    return python
