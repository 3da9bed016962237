"""Example messages of all actions: runs the entries of examples/messages.json against a sandbox.

The entries run in order. An entry is one of these objects:

- `{function, message, form?, login?}` runs an action: the body of its message, its form, and the login.
- `{sandbox, body, as?}` is a POST request to the sandbox's admin API, with a name for its response.

The login is `api` (the default), `account`, or `soap` for API 1.1, which the sandbox does not offer. A text in braces
is a JSONata expression over the results of earlier entries, for example `{getText.id}`.

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
from elasticio.testing import FakeStep
from elasticio.testing import run as process
from elasticio.wire.incoming import Incoming

from tools import functions
from tools.soap_server import soap_server

ENTRIES = functions.ROOT / "examples" / "messages.json"
START = 1_767_974_400_000  # 2026-01-09T16:00:00Z in Unix milliseconds
CALLFIRE = "https://api.callfire.com/v2"


@dataclass(frozen=True)
class Example:
    """One run of an action: the body of the message, the form, and the bodies of the emitted messages."""

    message: Any
    form: Mapping[str, Any]
    emitted: tuple[Any, ...]


class ExampleRunner:
    """Runs entries and keeps their results."""

    def __init__(self, sandbox: Running, soap_url: str) -> None:
        self._sandbox = sandbox
        self._soap_url = soap_url
        self._modules = {action.id: action.module for action in functions.actions()}
        self._results: dict[str, Any] = {}

    def run(self, entry: Mapping[str, Any]) -> tuple[str, Example] | None:
        """Run one entry. Returns (function ID, example); None for a request to the sandbox."""
        if "sandbox" in entry:
            self._results[entry.get("as", "")] = self._sandbox.admin("POST", entry["sandbox"], entry["body"])
            return None
        function, message, form = entry["function"], self._filled(entry["message"]), dict(entry.get("form", {}))
        step = FakeStep(incoming=Incoming(thread_id=function, message_id=function))
        process(
            self._modules[function], Message(body=copy.deepcopy(message)), {**self._login(entry), **form}, step=step
        )
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
        server = self._soap_url if entry.get("login") == "soap" else sandbox.url
        return {"username": username, "password": password, "server": server}

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
    """Run all entries, once per process. Returns {function ID: example}. Errors of an action are raised.

    In a second run, the sends would be redeliveries to this process.
    """
    entries = json.loads(ENTRIES.read_text(encoding="utf-8"))
    with start(clock=Clock(still_at=START)) as sandbox, soap_server() as soap_url:
        runner = ExampleRunner(sandbox, soap_url)
        results = [runner.run(entry) for entry in entries]
    return dict(result for result in results if result is not None)
