"""The actions with duplicate prevention: their requests in a storm, and their results in the sandbox.

A target is a phone number, a keyword, or a count of numbers of a kind. No two messages have the same target. The
sandbox therefore shows which targets were executed, and how often.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import requests
from callfire_sandbox.server import Running
from callfire_sandbox.world.state import World

WORDS = "Your table is ready"
ORDERED, ASSUMED = "ORDERED", "ASSUMED"
WAITING_FOREVER = "12139999999"


@dataclass(frozen=True)
class Told:
    """The output for a target: a state, and the ID of the object in CallFire."""

    state: str
    id: str | None


@dataclass(frozen=True)
class Action(ABC):
    """One action: its operation, which is also the step's function, and the operation that searches for sends."""

    operation: str
    looks: str
    most: ClassVar[int] = 7_000_000
    sizes: ClassVar[tuple[int, ...]] = (1, 1, 1, 1, 1, 1, 1, 1, 1, 5)
    prefetch: ClassVar[int] = 20

    def prepare(self, callfire: Running) -> dict[str, Any]:
        """Create the required objects. Returns the common part of all bodies."""
        return {}

    @abstractmethod
    def target(self, index: int) -> str:
        """The target number `index`."""

    @abstractmethod
    def body(self, targets: Sequence[str]) -> dict[str, Any]:
        """The body of a message for these targets."""

    @abstractmethod
    def told(self, body: Any, targets: Sequence[str]) -> Iterator[tuple[str, Told]]:
        """The result of each target in a message's output."""

    @abstractmethod
    def made(self, world: World) -> Iterator[tuple[str, str]]:
        """All sends that the sandbox has executed: (target, ID)."""


@dataclass(frozen=True)
class Send(Action):
    """Texts or calls to recipients. `table` is the sandbox's table, `values` are the other values of a body."""

    table: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def target(self, index: int) -> str:
        return f"1213{2_000_000 + index}"

    def body(self, targets: Sequence[str]) -> dict[str, Any]:
        return {"recipients": [{"phoneNumber": target} for target in targets], **self.values}

    def told(self, body: Any, targets: Sequence[str]) -> Iterator[tuple[str, Told]]:
        for row in body["results"]:
            yield row["phoneNumber"], Told(row["state"], str(row["id"]) if "id" in row else None)

    def made(self, world: World) -> Iterator[tuple[str, str]]:
        for item in world[self.table]:
            if item["toNumber"] != WAITING_FOREVER:
                yield item["toNumber"], str(item["id"])


class Broadcast(Send):
    """Adds recipients to a running broadcast."""

    def prepare(self, callfire: Running) -> dict[str, Any]:
        """Start a broadcast that runs as long as the storm, because it contains a recipient in a disabled batch."""
        with requests.Session() as session:
            session.auth = (callfire.username, callfire.password)

            def ask(method: str, path: str, value: Any = None) -> Any:
                answer = session.request(method, callfire.url + path, json=value, timeout=10)
                answer.raise_for_status()
                return answer.json() if answer.content else None

            waiting = [{"phoneNumber": WAITING_FOREVER}]
            words = {"message": WORDS} if self.table == "texts" else {"sounds": {"liveSoundText": WORDS}}
            made = ask("POST", f"/{self.table}/broadcasts", {"name": "Storm", "recipients": waiting, **words})
            path = f"/{self.table}/broadcasts/{made['id']}"
            (batch,) = ask("GET", f"{path}/batches")["items"]
            ask("PUT", f"/campaigns/batches/{batch['id']}", {"enabled": False})
            ask("POST", f"{path}/start")
            return {"id": made["id"]}


class Order(Action):
    """Orders: one per message, one message at a time. They have no key and differ only in their content."""

    sizes = (1,)
    prefetch = 1

    def told(self, body: Any, targets: Sequence[str]) -> Iterator[tuple[str, Told]]:
        (target,) = targets
        yield target, Told(ASSUMED if body.get("assumed") else ORDERED, str(body["id"]))

    def made(self, world: World) -> Iterator[tuple[str, str]]:
        while any(order["status"] == "PROCESSING" for order in world["orders"]):
            time.sleep(0.05)
        for order in world["orders"]:
            yield self.asked(order), str(order["id"])

    @abstractmethod
    def asked(self, order: Mapping[str, Any]) -> str:
        """The target of an order."""


class Numbers(Order):
    """Orders of local and toll-free numbers. Two orders differ only in their counts."""

    most = 400  # more orders would exceed the available toll-free numbers

    def target(self, index: int) -> str:
        """The pairs of counts, small ones first: 0+1, 1+0, 0+2, 1+1, 2+0, 0+3 …"""
        total, local = 1, index
        while local > total:
            total, local = total + 1, local - total - 1
        return f"{local}+{total - local}"

    def body(self, targets: Sequence[str]) -> dict[str, Any]:
        ((local, toll_free),) = (target.split("+") for target in targets)
        return {"localCount": int(local), "tollFreeCount": int(toll_free)}

    def asked(self, order: Mapping[str, Any]) -> str:
        return "+".join(str(order.get(kind, {}).get("ordered", 0)) for kind in ("localNumbers", "tollFreeNumbers"))


class Keywords(Order):
    """Orders of one keyword each. A repeated order gets nothing, and does not show its keyword."""

    def target(self, index: int) -> str:
        return f"WORD{index}"

    def body(self, targets: Sequence[str]) -> dict[str, Any]:
        return {"keywords": list(targets)}

    def asked(self, order: Mapping[str, Any]) -> str:
        return next(iter(order["keywords"]["fulfilled"]), f"again, in order {order['id']}")


ACTIONS: dict[str, Action] = {
    action.operation: action
    for action in (
        Send("sendTexts", "findTexts", "texts", {"defaultMessage": WORDS}),
        Send("sendCalls", "findCalls", "calls", {"defaultLiveMessage": WORDS}),
        Broadcast("addTextBroadcastRecipients", "findTexts", "texts"),
        Broadcast("addCallBroadcastRecipients", "findCalls", "calls"),
        Numbers("orderNumbers", "findOrders"),
        Keywords("orderKeywords", "findOrders"),
    )
}
