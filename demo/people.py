"""The people of the demo, and their phones."""

from collections.abc import Callable
from dataclasses import dataclass

import requests
from elasticio_runner.engine.flow_runner import FlowRunner

from sandbox.server import Running

PATIENCE = 45.0  # seconds to wait for each step of the demo
_TIMEOUT = 10  # seconds for one request


@dataclass(frozen=True)
class Person:
    """A person who sends one text. A person who sends STOP expects no answer."""

    number: str
    text: str

    @property
    def expected_answers(self) -> int:
        """The number of answers that this person should receive."""
        return 0 if self.text == "STOP" else 1


PEOPLE = (
    Person("12135550141", "Do you have the blue one in size 40?"),
    Person("12135550142", "Until when are you open today?"),
    Person("12135550143", "STOP"),
    Person("12135550144", "¿Puedo pagar con tarjeta?"),
    Person("12135550145", "Table for two at eight, please"),
)


class Phones:
    """Sends the people's texts to the sandbox's number, and reads what they receive."""

    def __init__(self, callfire: Running) -> None:
        self._admin_url = callfire.admin_url

    def text(self, runner: FlowRunner) -> None:
        """Send one text after the other while the flow runs, and end the flow when all are answered."""
        counts = runner.progress.counts
        # The trigger emits texts that arrive after its first run.
        _wait_for(runner, lambda: counts["inbound"].received > 0 and not counts["inbound"].open)
        for number, person in enumerate(PEOPLE, start=1):
            text = {"fromNumber": person.number, "message": person.text}
            requests.post(f"{self._admin_url}/texts", json=text, timeout=_TIMEOUT).raise_for_status()
            _wait_for(runner, lambda number=number: counts["inbound"].emitted >= number)  # type: ignore[misc]
        expected = sum(person.expected_answers for person in PEOPLE)
        _wait_for(runner, lambda: counts["show"].received >= expected)
        runner.drain()

    def answers(self) -> dict[str, list[str]]:
        """Return the texts that each number has received."""
        received = requests.get(f"{self._admin_url}/received", timeout=_TIMEOUT).json()
        return {entry["number"]: [text["message"] for text in entry["texts"]] for entry in received}


def _wait_for(runner: FlowRunner, condition: Callable[[], bool]) -> None:
    """Return when the condition holds, or after PATIENCE: the report then shows what is missing."""
    with runner.progress.changed:
        runner.progress.changed.wait_for(condition, PATIENCE)
