"""The vendor's Node.js sailor, installed from npm at the versions in services/sailor_nodejs/package-lock.json.

Tests compare the SDK with it: the Node.js sailor runs as a step of the same flow on the same broker.
"""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from services.apt import AptError, apt_install

FOLDER = Path(__file__).parent / "sailor_nodejs"


class NodeMissingError(Exception):
    """Node.js or the sailor cannot be installed. The text names the action that helps."""


@dataclass(frozen=True)
class NodeSailor:
    """Paths of Node.js and the sailor. A component that uses the sailor's dependencies needs NODE_PATH=`modules`."""

    node: str
    modules: Path

    @property
    def run(self) -> tuple[str, str]:
        """The command that starts run mode."""
        return self.node, str(self.modules / "elasticio-sailor-nodejs" / "run.js")

    @property
    def run_service(self) -> tuple[str, str]:
        """The command that starts service mode; append the method's name."""
        return self.node, str(self.modules / "elasticio-sailor-nodejs" / "runService.js")


def install_sailor(folder: Path = FOLDER) -> NodeSailor:
    """Return the sailor in `folder`. Run `npm ci` if the installed packages do not match package-lock.json.

    Raises NodeMissingError if Node.js is missing and apt-get cannot install it, or if npm fails.
    """
    node, npm = _programs()
    modules = folder / "node_modules"
    pinned = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".installed"
    if not stamp.exists() or stamp.read_text() != pinned:
        # The sailor needs no install script: the only ones build optional tracing.
        command = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        done = subprocess.run(
            command, cwd=folder, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise NodeMissingError(f"npm failed to install the Node.js sailor in {folder}:\n{done.stderr.strip()}")
        stamp.write_text(pinned)
    return NodeSailor(node, modules)


def _programs() -> tuple[str, str]:
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
