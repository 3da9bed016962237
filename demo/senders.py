"""The senders of the demo, and their phones."""

from collections.abc import Callable
from dataclasses import dataclass

import requests
from callfire_sandbox.server import Running
from elasticio_runner.engine.flow_runner import FlowRunner

PATIENCE = 45.0  # maximum seconds for each step of the demo
_TIMEOUT = 10  # seconds for one request


@dataclass(frozen=True)
class Sender:
    """A sender of one text message. STOP opts out: its sender must receive no reply."""

    number: str
    text: str

    @property
    def expected_replies(self) -> int:
        """The number of replies that this sender should receive."""
        return 0 if self.text == "STOP" else 1


SENDERS = (
    Sender("12135550141", "Do you have the blue one in size 40?"),
    Sender("12135550142", "How late are you open today?"),
    Sender("12135550143", "STOP"),
    Sender("12135550144", "¿Puedo pagar con tarjeta?"),
    Sender("12135550145", "Table for two at eight, please"),
)


class Phones:
    """Sends the text messages to the sandbox's number, and reads the replies."""

    def __init__(self, callfire: Running) -> None:
        self._admin_url = callfire.admin_url

    def send_all(self, runner: FlowRunner) -> None:
        """Send the messages one at a time while the flow runs. End the flow after the last reply."""
        counts = runner.progress.counts
        # The trigger emits only messages that arrive after its first run.
        _wait_for(runner, lambda: counts["inbound"].received > 0 and not counts["inbound"].open)
        for number, sender in enumerate(SENDERS, start=1):
            text = {"fromNumber": sender.number, "message": sender.text}
            requests.post(f"{self._admin_url}/texts", json=text, timeout=_TIMEOUT).raise_for_status()
            _wait_for(runner, lambda number=number: counts["inbound"].emitted >= number)  # type: ignore[misc]
        expected = sum(sender.expected_replies for sender in SENDERS)
        _wait_for(runner, lambda: counts["show"].received >= expected)
        runner.drain()

    def replies(self) -> dict[str, list[str]]:
        """Return the messages that each number has received: {number: [text]}."""
        received = requests.get(f"{self._admin_url}/received", timeout=_TIMEOUT).json()
        return {entry["number"]: [text["message"] for text in entry["texts"]] for entry in received}


def _wait_for(runner: FlowRunner, condition: Callable[[], bool]) -> None:
    """Return when the condition holds, or after PATIENCE. The report then shows the missing replies."""
    with runner.progress.changed:
        runner.progress.changed.wait_for(condition, PATIENCE)
