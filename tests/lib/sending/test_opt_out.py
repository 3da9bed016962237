"""Opt-out words: the same rule in Python, in JSONata, and in the example flow."""

import json

import pytest
from jsonata import Jsonata

from lib.callfire.sending.opt_out import CARRIERS, CONDITION, REGULATION, is_opt_out
from tools.build import ROOT

OPT_OUTS = [
    *REGULATION,
    *CARRIERS,
    *(word.upper() for word in REGULATION),
    "STOP.",
    "Unsubscribe!",
    "Stop please",
    "please stop",
    "Please, STOP!!!",
    " stop\n",
    "Opt-Out",
    "OPTOUT",
    "opt me out",
    "STOPALL",
    "Stop texting me",
    "stop all messages, thank you",
    "STOP STOP STOP",
    "Quit. Now.",
    '"STOP"',
    "stop 🛑",
    "end texts",
    "cancel messages",
]
OTHERS = [
    "",
    "  ",
    "hello",
    "stop by at 5",
    "Can you stop the car?",
    "don't stop",
    "nonstop",
    "the end of the month",
    "Weekend",
    "cancel my order 17",
    "cancelled",
    "I can't quit",
    "endless",
    "please",
    "text me",
    "STOP1",
]


@pytest.mark.parametrize(
    ("text", "expected"), [*((text, True) for text in OPT_OUTS), *((text, False) for text in OTHERS)]
)
def test_opt_outs_are_recognized(text: str, expected: bool) -> None:
    assert is_opt_out(text) is expected
    assert Jsonata(CONDITION).evaluate({"body": {"message": text}}) is not expected


def test_a_text_without_words_gets_a_reply() -> None:
    assert Jsonata(CONDITION).evaluate({"body": {}}) is True


def test_the_example_uses_the_condition() -> None:
    flow = json.loads((ROOT / "examples" / "auto-reply.flow.json").read_text())
    [edge] = [edge for edge in flow["edges"] if edge["to"] == "answer"]
    assert edge["condition"] == CONDITION
