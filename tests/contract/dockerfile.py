"""Reads the Dockerfile, and builds the image without Docker.

A replay executes COPY and RUN in one folder per stage, with the Python of this process. A machine without Docker
therefore detects a missing file or dependency. The replay skips instructions with apt-get. `make image` uses an engine.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction: keyword and arguments, with continued lines joined."""

    keyword: str
    value: str

    @property
    def words(self) -> list[str]:
        """The arguments as a shell splits them, without options."""
        return [word for word in shlex.split(self.value) if not word.startswith("--")]

    @property
    def stage(self) -> str | None:
        """The earlier stage that a COPY copies from, or None for the repository."""
        return next((word[7:] for word in shlex.split(self.value) if word.startswith("--from=")), None)


def instructions(dockerfile: str) -> list[Instruction]:
    """Return the instructions in order."""
    lines = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    joined = lines.replace("\\\n", " ")
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def sent(path: str, dockerignore: str) -> bool:
    """Whether Docker sends `path` to the builder: the last matching line of .dockerignore decides."""
    ignored = False
    parents = [path, *map(str, Path(path).parents)]
    for line in dockerignore.splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            rule = pattern.removeprefix("!").removeprefix("**/")
            names = Path(path).parts if "**/" in pattern else parents
            if any(fnmatch(name, rule) for name in names):
                ignored = not pattern.startswith("!")
    return not ignored


@dataclass
class Stage:
    """A stage: its folder, working directory and environment."""

    root: Path
    cwd: str = "/"
    env: dict[str, str] = field(default_factory=dict)

    def path(self, inside: str) -> Path:
        """Return the place of `inside`, a path in the image."""
        return self.root / os.path.join(self.cwd, inside).lstrip("/")  # noqa: PTH118  an absolute path replaces cwd

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as in a container of this stage."""
        own = [f"{self.root}{folder}" for folder in self.env.get("PATH", "$PATH").split(":") if folder != "$PATH"]
        search = ":".join((*own, f"{self.root}/usr/local/bin", f"{self.root}/base", os.defpath))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ELASTICIO_", "PYTHON"))}
        env = kept | self.env | {"PATH": search}
        return subprocess.run(command, cwd=self.path(""), env=env, check=False, capture_output=True, text=True)


def replay(repository: Path, folder: Path) -> Stage:
    """Build the Dockerfile of `repository` in `folder` and return its last stage."""
    ignore = (repository / ".dockerignore").read_text()
    stages: dict[str, Stage] = {}
    stage = Stage(folder)
    for instruction in instructions((repository / "Dockerfile").read_text()):
        match instruction.keyword:
            case "FROM":
                stage = Stage(folder / f"stage-{len(stages)}")
                stages[instruction.words[-1]] = stage
                (stage.root / "base").mkdir(parents=True)
                (stage.root / "base" / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
            case "WORKDIR":
                stage.cwd = instruction.value
                stage.path("").mkdir(parents=True, exist_ok=True)
            case "ENV":
                stage.env |= {key: value for key, _, value in (word.partition("=") for word in instruction.words)}
            case "COPY":
                *sources, target = instruction.words
                for source in sources:
                    origin = stages[instruction.stage].path(source) if instruction.stage else repository / source
                    _copy(origin, stage.path(target), target, None if instruction.stage else (repository, ignore))
                    if instruction.stage:
                        _move_scripts(stage.path(target), stages[instruction.stage].root, stage.root)
            case "RUN" if "apt-get" not in instruction.value:
                assert not re.search(r"(^|[\s\"'=])/", instruction.value), f"not replayed: {instruction.value}"
                done = stage.run("/bin/sh", "-c", instruction.value)
                assert done.returncode == 0, f"RUN {instruction.value}\n{done.stdout}\n{done.stderr}"
    return stage


def _copy(origin: Path, place: Path, target: str, context: tuple[Path, str] | None) -> None:
    """Copy like COPY: the content of a folder, or a file into a target that ends with a slash."""

    def unsent(folder: str, names: list[str]) -> list[str]:
        if context is None:
            return []
        repository, ignore = context
        inside = Path(folder).relative_to(repository)
        return [name for name in names if not sent(str(inside / name), ignore)]

    assert not unsent(str(origin.parent), [origin.name]), f".dockerignore excludes {origin.name}"
    if origin.is_dir():
        shutil.copytree(origin, place, ignore=unsent, dirs_exist_ok=True, symlinks=True)
    else:
        destination = place / origin.name if target.endswith("/") else place
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(origin, destination)


def _move_scripts(folder: Path, old_root: Path, new_root: Path) -> None:
    """Let the scripts of a copied virtual environment start its own Python: their first line has an absolute path."""
    for script in (folder / "bin").glob("*"):
        if not script.is_symlink() and str(old_root) in (text := script.read_text()):
            script.write_text(text.replace(str(old_root), str(new_root)))
