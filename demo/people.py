"""The people of the demo, and their phones."""

from collections.abc import Callable
from dataclasses import dataclass

import requests
from elasticio_runner.engine.flow_runner import FlowRunner

from sandbox.server import Running

PATIENCE = 45.0  # seconds until the demo ends without having seen all answers
_TIMEOUT = 10  # seconds of one request


@dataclass(frozen=True)
class Person:
    """Somebody who writes a text. Whoever writes STOP expects no answer."""

    number: str
    text: str

    @property
    def expected_answers(self) -> int:
        """How many answers are right."""
        return 0 if self.text == "STOP" else 1


PEOPLE = (
    Person("12135550141", "Do you have the blue one in size 40?"),
    Person("12135550142", "Until when are you open today?"),
    Person("12135550143", "STOP"),
    Person("12135550144", "¿Puedo pagar con tarjeta?"),
    Person("12135550145", "Table for two at eight, please"),
)


class Phones:
    """What people text to the sandbox's number, and what they get."""

    def __init__(self, callfire: Running) -> None:
        self._admin_url = callfire.admin_url

    def text(self, runner: FlowRunner) -> None:
        """Text one after the other while the flow runs, and end it when all are answered."""
        counts = runner.progress.counts
        # The trigger cares for texts that come after it was switched on, which is its first run.
        _wait_for(runner, lambda: counts["inbound"].received > 0 and not counts["inbound"].open)
        for number, person in enumerate(PEOPLE, start=1):
            text = {"fromNumber": person.number, "message": person.text}
            requests.post(f"{self._admin_url}/texts", json=text, timeout=_TIMEOUT).raise_for_status()
            _wait_for(runner, lambda number=number: counts["inbound"].emitted >= number)  # type: ignore[misc]
        expected = sum(person.expected_answers for person in PEOPLE)
        _wait_for(runner, lambda: counts["show"].received >= expected)
        runner.drain()

    def answers(self) -> dict[str, list[str]]:
        """Return what each number got."""
        received = requests.get(f"{self._admin_url}/received", timeout=_TIMEOUT).json()
        return {entry["number"]: [text["message"] for text in entry["texts"]] for entry in received}


def _wait_for(runner: FlowRunner, condition: Callable[[], bool]) -> None:
    """Return when it holds, or when patience is at its end: what is missing then stands in the report."""
    with runner.progress.changed:
        runner.progress.changed.wait_for(condition, PATIENCE)
