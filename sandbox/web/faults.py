"""Faults on demand: which requests go wrong, and how.

A fault is matched by operation, method or path, for the next N requests or every n-th one, and has one effect:

    status     an error status, with CallFire's error body
    delay      the answer comes later
    hang       no answer ever comes
    reset      the connection is reset
    truncate   the body ends in the middle, the connection closes
    garbage    the body is an HTML page, not JSON
    drip       the body comes byte by byte

`carriedOut` says whether the operation takes place before its answer goes wrong: the case in which a caller cannot
know, and must not send again.
"""

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sandbox.api.callfire import Answer
from sandbox.errors import BadRequest, Refusal
from sandbox.world.store import encode

EFFECTS = ("status", "delay", "hang", "reset", "truncate", "garbage", "drip")
# An effect on the answer only makes sense where there is an answer.
ALWAYS_CARRIED_OUT = ("delay", "truncate", "drip")


@dataclass
class Fault:
    """One fault. `next` requests are hit (0: all of them), or every `every`-th one; `hits` counts them."""

    effect: str
    operation: str = ""
    method: str = ""
    path: str = ""
    next: int = 0
    every: int = 1
    status: int = 503
    milliseconds: int = 1000
    carriedOut: bool = False  # noqa: N815 - the name in JSON
    headers: dict[str, str] = field(default_factory=dict)
    id: int = 0
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise BadRequest(f"effect: {self.effect!r} is not one of {', '.join(EFFECTS)}")
        if self.every < 1 or self.next < 0 or not 200 <= self.status <= 599:
            raise BadRequest("every must be at least 1, next at least 0, status between 200 and 599")
        try:
            re.compile(self.path)
        except re.error as error:
            raise BadRequest(f"path: {error}") from error
        self.carriedOut = self.carriedOut or self.effect in ALWAYS_CARRIED_OUT

    def takes(self, operation: str, method: str, path: str) -> bool:
        """Whether this request is hit; it is counted."""
        matches = (
            self.operation in ("", operation)
            and self.method.upper() in ("", method)
            and re.search(self.path, path) is not None
        )
        if not matches or (self.next and self.hits >= self.next):
            return False
        self.seen += 1
        hit = self.seen % self.every == 0
        self.hits += hit
        return hit

    @property
    def spent(self) -> bool:
        """Whether it has hit all it was meant for."""
        return bool(self.next) and self.hits >= self.next

    def answer(self, real: Answer | None) -> Answer:
        """What goes back instead of, or after, the real answer."""
        if self.effect == "status":
            refusal = Refusal("this error was asked for", status=self.status)
            refusal.code = "injected_fault"
            return Answer(self.status, encode(refusal.body()), {"Content-Type": "application/json", **self.headers})
        if self.effect == "garbage":
            return Answer(200, b"<html><body>Something went wrong</body></html>", {"Content-Type": "text/html"})
        return real or Answer(503)


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._last = 0

    def __iter__(self) -> Any:
        return iter(self._faults)

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, values: dict[str, Any]) -> Fault:
        """Switch one on, from JSON. Raises BadRequest."""
        known = {entry.name: entry for entry in fields(Fault) if entry.name not in ("id", "seen", "hits")}
        if unknown := values.keys() - known.keys():
            raise BadRequest(f"no such part of a fault: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        for name, value in values.items():
            wanted = known[name].type
            if not isinstance(value, wanted if isinstance(wanted, type) else dict) or value is None:
                raise BadRequest(f"{name} has the wrong type")
        if "effect" not in values:
            raise BadRequest(f"effect is required: {', '.join(EFFECTS)}")
        self._last += 1
        fault = Fault(**{**values, "id": self._last})
        self._faults.append(fault)
        return fault

    def remove(self, number: int | None = None) -> None:
        """Switch one off, or all."""
        self._faults = [fault for fault in self._faults if number is not None and fault.id != number]

    def take(self, operation: str, method: str, path: str) -> Fault | None:
        """The first fault that hits this request."""
        return next((fault for fault in self._faults if fault.takes(operation, method, path)), None)

    def dump(self) -> list[dict[str, Any]]:
        """All of them with their counts, for showing."""
        return [{**asdict(fault), "spent": fault.spent} for fault in self._faults]
