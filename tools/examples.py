"""Example messages of all actions: runs the story in examples/messages.json against a sandbox.

The story is a list of entries that run in order. An entry is one of these objects:

- `{function, message, form?, login?}` runs an action: the body of its message, its form, and `api` or `account`.
- `{sandbox, body, as?}` is a POST request to the sandbox's admin API, with a name for its response.

A text in braces is a JSONata expression over the results of earlier entries, for example `{getText.id}`.

The sandbox has a fixed clock and a fixed seed, so each run has the same results. Addresses of the sandbox become those
of CallFire.
"""

import copy
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonata
from callfire_sandbox.server import Running, start
from callfire_sandbox.world.clock import Clock
from elasticio import Message
from elasticio.testing import FakeStep, run
from elasticio.wire.incoming import Incoming

from tools import functions

STORY = functions.ROOT / "examples" / "messages.json"
START = 1_767_974_400_000  # 2026-01-09T16:00:00Z in Unix milliseconds
CALLFIRE = "https://api.callfire.com/v2"


@dataclass(frozen=True)
class Example:
    """One run of an action: the body of the message, the form, and the bodies of the emitted messages."""

    message: Any
    form: Mapping[str, Any]
    emitted: tuple[Any, ...]


class Storyteller:
    """Runs entries of the story and keeps their results."""

    def __init__(self, sandbox: Running) -> None:
        self._sandbox = sandbox
        self._modules = {action.id: action.module for action in functions.actions()}
        self._results: dict[str, Any] = {}

    def tell(self, entry: Mapping[str, Any]) -> tuple[str, Example] | None:
        """Run one entry. Returns (function ID, example); None for a request to the sandbox."""
        if "sandbox" in entry:
            self._results[entry.get("as", "")] = self._sandbox.admin("POST", entry["sandbox"], entry["body"])
            return None
        function, message, form = entry["function"], self._filled(entry["message"]), dict(entry.get("form", {}))
        step = FakeStep(incoming=Incoming(thread_id=function, message_id=function))
        run(self._modules[function], Message(body=copy.deepcopy(message)), {**self._login(entry), **form}, step=step)
        emitted = tuple(self._public(data.body) for data in step.data)
        self._results[function] = emitted[0] if emitted else None
        return function, Example(message, form, emitted)

    def _public(self, body: Any) -> Any:
        """Return a body with CallFire's address instead of the sandbox's."""
        public = json.loads(json.dumps(body).replace(self._sandbox.url, CALLFIRE))
        if isinstance(public, dict) and isinstance(public.get("headers"), dict):
            public["headers"] = {name: value for name, value in public["headers"].items() if name != "date"}
        return public

    def _login(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        sandbox = self._sandbox
        if entry.get("login") == "account":
            username, password = sandbox.account_username, sandbox.account_password
        else:
            username, password = sandbox.username, sandbox.password
        return {"username": username, "password": password, "server": sandbox.url}

    def _filled(self, value: Any) -> Any:
        """Return a value with its references replaced."""
        if isinstance(value, dict):
            return {name: self._filled(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
            return jsonata.Jsonata(value[1:-1]).evaluate(self._results)
        return value


@functools.cache
def examples() -> Mapping[str, Example]:
    """Run the whole story, once per process. Returns {function ID: example}. Errors of an action are raised.

    In a second run, the sends would be redeliveries to this process.
    """
    entries = json.loads(STORY.read_text(encoding="utf-8"))
    with start(clock=Clock(still_at=START)) as sandbox:
        teller = Storyteller(sandbox)
        told = [teller.tell(entry) for entry in entries]
    return dict(pair for pair in told if pair is not None)
