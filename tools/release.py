"""Prepares a release: sets the version everywhere, dates the changelog, commits and tags.

python -m tools.release 0.2.0

The command changes only local files and the local repository. docs/releasing.md describes the steps around it.
"""

import argparse
import datetime
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.functions import ROOT

PLACES = {
    "sdk/pyproject.toml": r'(?m)^version = "(.+)"$',
    "runner/pyproject.toml": r'(?m)^version = "(.+)"$',
    "sandbox/pyproject.toml": r'(?m)^version = "(.+)"$',
    "sdk/elasticio/version.py": r'(?m)^__version__ = "(.+)"$',
    "lib/callfire/api/client.py": r'(?m)^VERSION = "(.+)"$',
}
"""{file: pattern of its version}. component.json gets the version of lib/ from the generator."""
UNRELEASED = "## Unreleased\n"


class ReleaseError(Exception):
    """The release cannot be made; the text gives the reason and the solution."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with the reason on stderr."""
    parser = argparse.ArgumentParser("python -m tools.release", description="Set the version, commit and tag.")
    parser.add_argument("version", help="the new version, e.g. 0.2.0")
    options = parser.parse_args(arguments)
    try:
        _refuse_changes(ROOT)
        prepare(ROOT, options.version, datetime.datetime.now(datetime.UTC).date())
        _run(ROOT, sys.executable, "-m", "tools.build")
        _run(ROOT, "git", "commit", "--quiet", "--all", "--message", f"Release {options.version}")
        _run(ROOT, "git", "tag", "--annotate", f"v{options.version}", "--message", f"Version {options.version}")
    except ReleaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare(root: Path, version: str, day: datetime.date) -> None:
    """Write the version into all files and the changelog below `root`. Raises ReleaseError before any change."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"version: {version!r} is not of the form 1.2.3. Use three numbers.")
    texts = {path: (root / path).read_text(encoding="utf-8") for path in (*PLACES, "CHANGELOG.md")}
    if _numbers(version) < max(_numbers(_version(texts[path], path)) for path in PLACES):
        raise ReleaseError(f"version: {version} is lower than the current version. Use a higher one.")
    for path, pattern in PLACES.items():
        begin, end = next(re.finditer(pattern, texts[path])).span(1)
        texts[path] = f"{texts[path][:begin]}{version}{texts[path][end:]}"
    texts["CHANGELOG.md"] = _dated(texts["CHANGELOG.md"], version, day)
    for path, text in texts.items():
        (root / path).write_text(text, encoding="utf-8")


def _dated(changelog: str, version: str, day: datetime.date) -> str:
    """Return the changelog with the unreleased changes as those of the version."""
    _, _, rest = changelog.partition(UNRELEASED)
    changes = rest.partition("\n## ")[0].strip()
    if not changes:
        raise ReleaseError("CHANGELOG.md: there are no changes under Unreleased. Describe them first.")
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## {version} - {day.isoformat()}\n", 1)


def _version(text: str, path: str) -> str:
    found = re.findall(PLACES[path], text)
    if len(found) != 1:
        raise ReleaseError(f"{path}: the version is not there exactly once. Correct the pattern in tools/release.py.")
    return str(found[0])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _refuse_changes(root: Path) -> None:
    if _run(root, "git", "status", "--porcelain"):
        raise ReleaseError("The repository has uncommitted changes. Commit or remove them first.")


def _run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
