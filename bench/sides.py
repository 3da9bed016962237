"""Who is measured."""

import sys
from dataclasses import dataclass
from pathlib import Path

from services.node_sailor import NodeSailor

ROOT = Path(__file__).parents[1]
PEER = ROOT / "bench" / "peer"
NO_NAGLE = PEER / "no_nagle.js"


@dataclass(frozen=True)
class Side:
    """A sailor with a component. `suffix` is what its component appends to the name of a function."""

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
        """Return the folder of the component that has the function, below the repository's root."""
        if self.is_node:
            return "bench/peer"
        return "bench/echo" if function == "echo" else ""

    def function(self, function: str) -> str:
        """Return the function's name in this side's component."""
        return function + self.suffix


OURS = Side("ours", "ours", "this connector on our sailor; a message is acked after its result is confirmed", False)
NOT_AWAITED = Side(
    "not_awaited",
    "Node, not awaited",
    "as earlier connectors do it: emit is not awaited, so a message is acked before its result is confirmed",
    suffix="NotAwaited",
)
AWAITED = Side("awaited", "Node, awaited", "emit is awaited: at least once, as ours")
NO_NAGLE_SIDE = Side(
    "no_nagle",
    "Node, awaited, no Nagle",
    "the same with Nagle's algorithm off on the sailor's AMQP sockets: its best honest case",
    preload=NO_NAGLE,
)
SIDES = (OURS, NOT_AWAITED, AWAITED, NO_NAGLE_SIDE)
