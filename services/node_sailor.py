"""The vendor's Node.js sailor, installed from npm at the versions in services/sailor_nodejs/package-lock.json.

Tests compare the SDK with it: the Node.js sailor runs as a step of the same flow on the same broker.
"""

from dataclasses import dataclass
from pathlib import Path

from services.npm import NodeMissingError, install_packages, node_programs

__all__ = ["FOLDER", "NodeMissingError", "NodeSailor", "install_sailor"]
FOLDER = Path(__file__).parent / "sailor_nodejs"


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
    node, _ = node_programs()
    return NodeSailor(node, install_packages(folder))
