"""The messages and the faults of a storm."""

from dataclasses import dataclass, field
from typing import Any

from tests.integration.sends.actions import ACTIONS, Action

SEND, LOOK = "send", "look"
BEFORE, AFTER = {"carriedOut": False}, {"carriedOut": True}
# Primes, so that the faults coincide in every order. Each fault affects the operation that sends or that searches for
# sends.
FAULTS = (
    {"operation": SEND, "effect": "reset", "every": 13, **AFTER},
    {"operation": SEND, "effect": "reset", "every": 17, **BEFORE},
    {"operation": SEND, "effect": "status", "status": 503, "every": 19, **AFTER},
    {"operation": SEND, "effect": "status", "status": 500, "every": 23, **BEFORE},
    {"operation": SEND, "effect": "truncate", "every": 29},
    {"operation": SEND, "effect": "garbage", "every": 31, **AFTER},
    {"operation": SEND, "effect": "status", "status": 429, "every": 37, **BEFORE},
    {"operation": SEND, "effect": "hang", "every": 211, **AFTER},
    {"operation": LOOK, "effect": "status", "status": 503, "every": 7},
    {"operation": LOOK, "effect": "reset", "every": 11},
    {"operation": LOOK, "effect": "garbage", "every": 41},
)
# Texts and calls appear late and in random order, and filters have the least convenient meaning.
HARSH: dict[str, Any] = {
    "visible_after": 700,
    "order": "shuffled",
    "interval_field": "finished",
    "interval_bounds": "()",
    "whole_seconds": True,
    "total_count": "unknown",
    "max_limit": 100,
    "text_takes": 500,
    "call_takes": 500,
    "order_takes": 2000,
}
CONFIG = {"settleTime": "2.5", "waitLimit": "1", "timeout": "2"}


@dataclass(frozen=True)
class Plan:
    """The parameters of a storm. `recipients` are orders if the action is an order.

    sizes     numbers of recipients of the messages, in turn. Default: those of the action
    prefetch  messages in progress per container; 0: as many as the action has guarantees for
    pause     milliseconds until a message is delivered again after its first rebound; doubled with each rebound
    """

    action: str = "sendTexts"
    recipients: int = 10_000
    kills: int = 60
    cuts: int = 20
    restarts: int = 0
    faults: tuple[dict[str, Any], ...] = FAULTS
    switches: dict[str, Any] = field(default_factory=lambda: dict(HARSH))
    config: dict[str, str] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    prefetch: int = 0
    pause: int = 500
    containers: int = 1
    component: str = "."
    seed: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError if the sandbox does not have enough to order."""
        if self.recipients > self.does.most:
            raise ValueError(f"{self.action}: the sandbox has something to order for {self.does.most} orders only")

    @property
    def does(self) -> Action:
        """The action under test."""
        return ACTIONS[self.action]

    def messages(self) -> list[list[str]]:
        """The targets of each message."""
        sizes, messages, first = self.sizes or self.does.sizes, list[list[str]](), 0
        while first < self.recipients:
            size = min(sizes[len(messages) % len(sizes)], self.recipients - first)
            messages.append([self.does.target(index) for index in range(first, first + size)])
            first += size
        return messages

    def strikes(self) -> list[dict[str, Any]]:
        """The faults, by the names of the action's operations."""
        names = {SEND: self.does.operation, LOOK: self.does.looks}
        return [{**fault, "operation": names[fault["operation"]]} for fault in self.faults]
