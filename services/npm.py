"""Packages from npm, at the versions in a folder's package-lock.json."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from services.apt import AptError, apt_install


class NodeMissingError(Exception):
    """Node.js or a package cannot be installed. The text names the action that helps."""


def install_packages(folder: Path) -> Path:
    """Return `node_modules` of `folder`; run `npm ci` if the installed packages do not match package-lock.json.

    Processes that call this function at the same time wait for each other. Raises NodeMissingError if Node.js is
    missing and apt-get cannot install it, or if npm fails.
    """
    modules = folder / "node_modules"
    pinned = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".installed"
    with FileLock(folder / ".installing"):
        if not stamp.exists() or stamp.read_text() != pinned:
            _, npm = node_programs()
            # No package needs its install script: the only ones build optional tracing.
            command = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            done = subprocess.run(
                command, cwd=folder, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
            )
            if done.returncode:
                raise NodeMissingError(f"npm failed to install the packages in {folder}:\n{done.stderr.strip()}")
            stamp.write_text(pinned)
    return modules


def node_programs() -> tuple[str, str]:
    """Return the paths of node and npm; install them with apt-get if needed. Raises NodeMissingError."""
    if not (shutil.which("node") and shutil.which("npm")):
        try:
            apt_install("nodejs", "npm")
        except AptError as error:
            message = f"Node.js and npm are missing (apt-get: {error}). Install Node.js 18 or newer and try again."
            raise NodeMissingError(message) from error
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NodeMissingError("apt-get installed nodejs and npm, but they are not on PATH. Add them to PATH.")
    return node, npm
