"""The runtimes that the benchmark compares."""

import sys
from dataclasses import dataclass
from pathlib import Path

from services.node_sailor import NodeSailor

ROOT = Path(__file__).parents[1]
PEER = ROOT / "bench" / "peer"
NO_NAGLE = PEER / "no_nagle.js"


@dataclass(frozen=True)
class Runtime:
    """A sailor with a component. The component appends `suffix` to the name of each function."""

    key: str
    title: str
    about: str
    is_node: bool = True
    suffix: str = ""
    preload: Path | None = None

    def command(self, node: NodeSailor) -> tuple[str, ...]:
        """Return the command that starts run mode."""
        if not self.is_node:
            return sys.executable, "-m", "elasticio", "run"
        node_options = ("--require", str(self.preload)) if self.preload else ()
        return (node.node, *node_options, *node.run[1:])

    def component(self, function: str) -> str:
        """Return the folder of the component with the function, below the repository's root."""
        if self.is_node:
            return "bench/peer"
        return "bench/echo" if function == "echo" else ""

    def function(self, function: str) -> str:
        """Return the function's name in this component."""
        return function + self.suffix


PYTHON = Runtime(
    "python", "Python", "this connector on this SDK; a message is acked after its result is confirmed", False
)
NOT_AWAITED = Runtime(
    "not_awaited",
    "Node, not awaited",
    "emit is not awaited, as in earlier connectors: a message is acked before its result is confirmed",
    suffix="NotAwaited",
)
AWAITED = Runtime("awaited", "Node, awaited", "emit is awaited: at least once, like Python")
AWAITED_NO_NAGLE = Runtime(
    "no_nagle",
    "Node, awaited, no Nagle",
    "emit is awaited, and Nagle's algorithm is off on the sailor's AMQP sockets",
    preload=NO_NAGLE,
)
RUNTIMES = (PYTHON, NOT_AWAITED, AWAITED, AWAITED_NO_NAGLE)
