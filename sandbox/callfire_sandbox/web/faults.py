"""Fault injection: which requests fail, and how.

A fault matches requests by operation, method or path, hits the next N of them, every n-th or a share of them, and has
one effect:

    status     an error status with an error body
    delay      a late response
    hang       no response at all
    reset      a connection reset
    truncate   half of the body, then a closed connection
    garbage    an HTML page instead of JSON
    drip       a body that arrives byte by byte

With `carriedOut` the operation is executed before its response fails. The caller then cannot know the outcome and
must not repeat the request.
"""

import difflib
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from http import HTTPStatus
from typing import Any

from callfire_sandbox.api.callfire import Response
from callfire_sandbox.errors import ApiError, BadRequestError
from callfire_sandbox.operations import OPERATIONS
from callfire_sandbox.world.table import encode

STATUSES = frozenset(int(status) for status in HTTPStatus)
LONGEST = 86_400_000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?|")
METHODS = ("GET", "POST", "PUT", "DELETE")
_TYPES = {"str": "text", "int": "integer", "float": "number", "bool": "boolean", "dict": "object"}
EFFECTS = ("status", "delay", "hang", "reset", "truncate", "garbage", "drip")
# These effects change a real response, so the operation must be executed.
ALWAYS_CARRIED_OUT = ("delay", "truncate", "drip")


@dataclass
class Fault:
    """One fault. It hits the next `next` requests (0: all), every `every`-th one, or a share of them.

    `hits` counts the requests it hit, `seen` those it matched.
    """

    effect: str
    operation: str = ""
    method: str = ""
    path: str = ""
    next: int = 0
    every: int = 1
    probability: float = 1.0
    status: int = 503
    milliseconds: int = 1000
    carriedOut: bool = False  # noqa: N815 - the name in JSON
    headers: dict[str, str] = field(default_factory=dict)
    id: int = 0
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        self._check_matching()
        if self.effect not in EFFECTS:
            raise BadRequestError(f"effect: {self.effect!r} is not one of {', '.join(EFFECTS)}.")
        if self.every < 1 or self.next < 0 or not 200 <= self.status <= 599:
            raise BadRequestError("every, next, status: must be at least 1, at least 0, and from 200 to 599.")
        if self.status not in STATUSES:
            raise BadRequestError(f"status: {self.status} is not an HTTP status.")
        if not 0 < self.probability <= 1:
            raise BadRequestError("probability: must be greater than 0 and at most 1.")
        if not 0 <= self.milliseconds <= LONGEST:
            raise BadRequestError(f"milliseconds: must be from 0 to {LONGEST}.")
        for name, value in self.headers.items():
            if not isinstance(value, str) or not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
                raise BadRequestError(f"headers: {name[:50]!r} is not a valid HTTP header with a text value.")
        self.carriedOut = self.carriedOut or self.effect in ALWAYS_CARRIED_OUT

    def _check_matching(self) -> None:
        """Raise BadRequestError if the fault can match no request."""
        if self.operation and self.operation not in OPERATIONS:
            raise BadRequestError(f"operation: the API has no operation {self.operation[:50]!r}.{self._similar()}")
        if self.method and self.method.upper() not in METHODS:
            raise BadRequestError(f"method: {self.method[:50]!r} is not one of {', '.join(METHODS)}.")
        try:
            re.compile(self.path)
        except (re.error, OverflowError, RecursionError) as error:
            raise BadRequestError(f"path: the regular expression is not valid ({error}).") from error

    def _similar(self) -> str:
        alike = difflib.get_close_matches(self.operation[:50], OPERATIONS, n=1)
        return f" Did you mean {alike[0]!r}?" if alike else " GET /v2/api-docs/swagger.json contains all."

    def hits_request(self, operation: str, method: str, path: str, chance: Callable[[], float]) -> bool:
        """Count a request that matches and return whether the fault hits it. `chance` returns 0 to 1."""
        matches = (
            self.operation in ("", operation)
            and self.method.upper() in ("", method)
            and re.search(self.path, path) is not None
        )
        if not matches or (self.next and self.hits >= self.next):
            return False
        self.seen += 1
        hit = self.seen % self.every == 0 and (self.probability == 1 or chance() < self.probability)
        self.hits += hit
        return hit

    @property
    def spent(self) -> bool:
        """Whether the fault has hit all of its `next` requests."""
        return bool(self.next) and self.hits >= self.next

    def answer(self, real: Response | None) -> Response:
        """Return the response that replaces the real one."""
        if self.effect == "status":
            refusal = ApiError("This error was injected by a fault.", status=self.status)
            refusal.code = "injected_fault"
            return Response(self.status, encode(refusal.body()), {"Content-Type": "application/json", **self.headers})
        if self.effect == "garbage":
            return Response(200, b"<html><body>Something went wrong</body></html>", {"Content-Type": "text/html"})
        return real or Response(503)


class Faults:
    """The active faults. `seed` decides which requests the faults with a probability hit."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Remove all faults and begin the same random sequences again."""
        self._faults: list[Fault] = []
        self._chances: dict[int, Callable[[], float]] = {}
        self._last = 0

    def __iter__(self) -> Any:
        return iter(self._faults)

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, values: dict[str, Any]) -> Fault:
        """Add a fault from JSON. Raises BadRequestError."""
        known = {entry.name: entry for entry in fields(Fault) if entry.name not in ("id", "seen", "hits")}
        if unknown := values.keys() - known.keys():
            raise BadRequestError(
                f"{', '.join(sorted(unknown))}: unknown property of a fault. Allowed: {', '.join(known)}."
            )
        for name, value in values.items():
            wanted = known[name].type
            if wanted is float and isinstance(value, int) and not isinstance(value, bool):
                continue
            if not isinstance(value, wanted if isinstance(wanted, type) else dict) or value is None:
                kind = getattr(wanted, "__name__", "dict")
                raise BadRequestError(f"{name}: must be of type {_TYPES[kind]}.")
        if "effect" not in values:
            raise BadRequestError(f"effect: is required. Allowed: {', '.join(EFFECTS)}.")
        self._last += 1
        fault = Fault(**{**values, "id": self._last})
        self._faults.append(fault)
        self._chances[fault.id] = random.Random(f"{self._seed}/{fault.id}").random  # noqa: S311 - reproducible
        return fault

    def remove(self, number: int | None = None) -> None:
        """Remove one fault, or all."""
        self._faults = [fault for fault in self._faults if number is not None and fault.id != number]

    def take(self, operation: str, method: str, path: str) -> Fault | None:
        """Return the first fault that hits this request, or None."""
        chances = self._chances
        return next(
            (fault for fault in self._faults if fault.hits_request(operation, method, path, chances[fault.id])), None
        )

    def dump(self) -> list[dict[str, Any]]:
        """Return all faults with their counters as JSON."""
        return [{**asdict(fault), "spent": fault.spent} for fault in self._faults]
