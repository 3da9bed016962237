"""Keys outlive the process that made them: CallFire keeps them with what was sent."""

from elasticio.envelope import Incoming

from lib.callfire.sending import keys
from tests.lib.steps import FakeStep


def test_the_key_of_a_message_is_that_of_earlier_versions() -> None:
    """Else a message that is under way while the connector is updated would not be recognised, and sent again."""
    step = FakeStep(flow_id="flow", step_id="step", incoming=Incoming(thread_id="thread", message_id="message"))
    body = {"recipients": [{"phoneNumber": "12132000384", "attributes": {"b": "日本 €", "a": None}}], "campaignId": 1.5}
    assert keys.of_message(step, body, None) == "awhbp2ep3gs3qfz24iy3nlqygp"


def test_the_key_is_made_of_all_that_tells_messages_apart() -> None:
    def key(body: object = 1, *, flow: str = "flow", step: str = "step", message: str | None = "message") -> str:
        incoming = Incoming(thread_id="thread", message_id=message)
        return keys.of_message(FakeStep(flow_id=flow, step_id=step, incoming=incoming), body, None)

    assert key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
    assert len({key(), key(2), key(flow="x"), key(step="x"), key(message="x"), key(message=None)}) == 6
