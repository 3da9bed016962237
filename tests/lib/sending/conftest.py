"""A sandbox whose time passes only while the connector waits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import requests
from callfire_sandbox.server import Running, start
from callfire_sandbox.switches import Switches
from elasticio import Rebound
from elasticio.wire.incoming import Incoming

from lib.callfire import clock
from lib.callfire.sending import ledger
from lib.callfire.sending.order_matching import ANSWERED
from tests.lib.steps import FakeStep, run

NUMBER, OTHER, THIRD = "12132000384", "12132000385", "12132000386"


@dataclass
class World:
    """The sandbox, and the connector's clock."""

    running: Running
    now: float = 0.0
    put_back: int | None = None
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Advance the time of both."""
        self.slept.append(seconds)
        self.now += seconds
        self.admin("POST", "clock", {"advance": round(seconds * 1000)})

    def wall(self) -> int:
        """The sandbox's time, in Unix milliseconds."""
        now: int = self.running._server.control.world.clock.now()
        return now

    def admin(self, method: str, path: str, given: Any = None) -> Any:
        answer = requests.request(method, f"{self.running.admin_url}/{path}", json=given, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def switch(self, **switches: Any) -> None:
        self.admin("PATCH", "switches", switches)

    def fault(self, operation: str, effect: str, **more: Any) -> None:
        self.admin("POST", "faults", {"operation": operation, "effect": effect, "next": 1, **more})

    def config(self, **more: Any) -> dict[str, Any]:
        login = {"username": self.running.username, "password": self.running.password, "server": self.running.url}
        return {**login, **more}

    def asked(self) -> list[str]:
        """The requests since the last call."""
        requests_made = self.running._server.control.requests
        found = [f"{entry['method']} {entry['path']}" for entry in requests_made]
        requests_made.clear()
        return found

    def texts(self, number: str = NUMBER) -> int:
        """The number of texts to a number, visible or not."""
        return len(self.running._server.control.world["texts"].where(toNumber=number))

    def calls(self, number: str = NUMBER) -> int:
        return len(self.running._server.control.world["calls"].where(toNumber=number))


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Running]:
    with start(switches=Switches(ids="large")) as running:
        yield running


@pytest.fixture
def world(one_sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(one_sandbox)
    world.admin("POST", "reset")
    world.switch(profile="kind", ids="large")
    ledger.MESSAGES.forget()
    ANSWERED.forget()
    monkeypatch.setattr(clock, "monotonic", lambda: world.now)
    monkeypatch.setattr(clock, "unix_ms", world.wall)
    monkeypatch.setattr(clock, "sleep", world.sleep)
    monkeypatch.setattr(ledger, "PROCESS_STARTED", world.wall())
    world.asked()
    return world


def facts(message_id: str = "message", **more: Any) -> Incoming:
    return Incoming(thread_id="thread", message_id=message_id, **more)


def back(world: World, rebounds: int = 1) -> Incoming:
    """Return the message that is redelivered after `send` has rebounded it."""
    return facts(rebounds=rebounds, published=world.put_back)


def send(
    world: World,
    recipients: Any = None,
    *,
    incoming: Incoming | None = None,
    function: str = "send_texts",
    given: dict[str, Any] | None = None,
    **config: Any,
) -> Any:
    """Send to some recipients and return the emitted body, or a list of several bodies."""
    step = FakeStep(incoming=incoming or facts())
    recipients = [{"phoneNumber": NUMBER}] if recipients is None else recipients
    body = {"recipients": recipients, "defaultMessage": "Your table is ready", **(given or {})}
    if function == "send_calls":
        del body["defaultMessage"]
    try:
        bodies = [payload["body"] for payload in run(f"actions.{function}", body, world.config(**config), step=step)]
    except Rebound:
        world.put_back = world.wall()
        raise
    return bodies[0] if len(bodies) == 1 else bodies


def until_done(world: World, attempt: Callable[[Incoming], Any], incoming: Incoming | None = None) -> Any:
    """Redeliver a message, like the platform, until it is acknowledged."""
    incoming = incoming or facts()
    for rebounds in range(incoming.rebounds, incoming.rebounds + 8):
        try:
            return attempt(incoming)
        except Rebound:
            published = world.wall()
            world.sleep(15 * 2**rebounds)
            incoming = replace(incoming, redelivered=False, rebounds=rebounds + 1, published=published)
    raise AssertionError("it never gets done")


def states(body: Any) -> list[str]:
    return [row["state"] for row in body["results"]]
