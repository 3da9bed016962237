"""Makes text from outside valid for headers and logs."""

import pytest
from elasticio.wire.text import LIMIT, identifier, printable
from hypothesis import given
from hypothesis import strategies as st

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_a_text_can_be_encoded_and_has_a_limited_length(text: str) -> None:
    printable(text).encode()
    assert len(printable(text, 5)) <= 5
    if len(text) <= LIMIT and not any("\ud800" <= character <= "\udfff" for character in text):
        assert printable(text) == identifier(text) == text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("busy \ud83d", "busy \ufffd"),
        ("\udcff", "\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("x" * 2000, "x" * 1023 + "…"),
    ],
)
def test_replaced_characters(text: str, result: str) -> None:
    assert printable(text) == result


def test_long_identifiers_stay_different() -> None:
    first, second = identifier("x" * 2000 + "1"), identifier("x" * 2000 + "2")
    assert first != second
    assert identifier("x" * 2000 + "1") == first
