"""Descriptions of exceptions: complete for the platform, without secrets in the log, and never an error themselves."""

from typing import Any

import pytest
from elasticio import MessageError, PlatformError, Rebound
from elasticio.runtime.failure import describe, in_log, reason_of, shortened, text_of

SECRET = "s3cret"
SIGNED = f"https://files.example.com/a.csv?signature={SECRET}"


class UnreadableError(Exception):
    def __str__(self) -> str:
        raise ValueError(SECRET)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:  # noqa: BLE001 (any exception can be described)
        return caught


def test_queries_and_logins_in_urls_are_masked() -> None:
    assert text_of(ValueError(f"cannot fetch {SIGNED}")) == "cannot fetch https://files.example.com/a.csv?…"
    assert text_of(ValueError(f"amqp://user:{SECRET}@host/")) == "amqp://…@host/"
    assert text_of(ValueError("who? me@example.com")) == "who? me@example.com"


def test_the_stack_contains_frames_of_causes_without_their_texts() -> None:
    stack = describe(raised(MessageError("cannot fetch"), raised(ValueError(SECRET))))["stack"]
    assert SECRET not in stack
    assert "\nValueError\n" in stack
    assert "direct cause" in stack
    assert stack.endswith("MessageError: cannot fetch\n")
    assert stack.count("in raised") == 2


def test_texts_of_causes_that_are_errors_of_the_sdk_are_shown() -> None:
    stack = describe(raised(ValueError("outer"), raised(PlatformError("the API answered 503", 503))))["stack"]
    assert "PlatformError: the API answered 503\n" in stack


def test_a_context_is_shown_unless_it_is_suppressed() -> None:
    def stack(*, suppress: bool) -> str:
        try:
            try:
                raise ValueError("inner")
            except ValueError:
                if suppress:
                    raise KeyError("outer") from None
                raise KeyError("outer")  # noqa: B904 (the context is the subject)
        except KeyError as error:
            described: str = describe(error)["stack"]
            return described

    assert "ValueError" not in stack(suppress=True)
    assert "During handling of the above exception" in stack(suppress=False)
    assert "ValueError" in stack(suppress=False)


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert describe(first)["stack"].count("ValueError") == 2


def test_a_chain_of_causes_is_bounded() -> None:
    error: BaseException = ValueError("0")
    for number in range(1000):
        error = raised(ValueError(str(number)), error)
    assert describe(error)["stack"].count("direct cause") < 20


def test_a_text_that_cannot_be_read_has_a_placeholder() -> None:
    description = describe(raised(UnreadableError()))
    assert description["message"] == "(the text of this UnreadableError cannot be read: ValueError)"
    assert SECRET not in description["stack"]


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        ({"message": "wrong"}, "Error", "wrong"),
        ({"message": "wrong", "name": "Odd"}, "Odd", "wrong"),
        ("wrong", "Error", "wrong"),
        ("", "Error", "Not Available"),
        (None, "Error", "Not Available"),
        ({"a": 1}, "Error", {"a": 1}),
    ],
)
def test_values_that_are_no_exceptions(error: Any, name: str, message: Any) -> None:
    assert describe(error) == {"name": name, "message": message, "stack": "Not Available"}


def test_a_short_description_is_printable_and_has_no_stack() -> None:
    description = shortened({"name": "E", "message": "busy \ud83d" + "x" * 5000, "stack": "long"})
    assert description["message"].startswith("busy \ufffdxxx")
    assert len(description["message"]) == 1024
    assert description["stack"] == "Not Available"


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("later", "later"),
        (Rebound("later"), "later"),
        ({"message": "later"}, "later"),
        ({"message": [1]}, "[1]"),
        (None, "Not Available"),
        (5, "5"),
    ],
)
def test_reasons_of_rebounds(reason: Any, text: str) -> None:
    assert reason_of(reason) == text


def test_the_log_shows_the_text_of_errors_of_the_sdk_only() -> None:
    assert SECRET not in in_log(raised(ValueError(SECRET)))
    assert in_log(raised(MessageError("half \ud83d"))).startswith("MessageError: half \ufffd (")
    assert in_log(raised(ValueError(SECRET))).startswith("ValueError (")
    assert len(in_log(MessageError("x" * 5000))) < 520
