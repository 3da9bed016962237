"""The texts of errors: the log of a step shows them, so they contain nothing of the message."""

from typing import Any

import pytest
from elasticio import StepError
from elasticio.runtime.failure import in_log
from hypothesis import given
from hypothesis import strategies as st

from lib.callfire.api import errors
from lib.callfire.api.errors import CallFireError, InvalidInput, Rejected, discreet, free_texts
from lib.callfire.polling.spool import SpoolError
from tests.lib.recording import Recorder, Reply, json_reply
from tests.lib.steps import config_for, run

WORDS = "Dear Ann, your code for tomorrow is 4711"
CLASSES = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, CallFireError)]


def refused(server: Recorder, said: str, action: str, body: Any) -> str:
    """Return the error of an action whose request CallFire refuses with this text."""
    server.default = json_reply({"message": said}, 400)
    with pytest.raises(Rejected) as caught:
        run(f"actions.{action}", body, config_for(server.url, idempotency="off"))
    return str(caught.value)


@pytest.mark.parametrize("kind", [*CLASSES, SpoolError])
def test_the_log_of_a_step_shows_the_reason(kind: type[CallFireError]) -> None:
    assert issubclass(kind, StepError)
    assert in_log(kind("recipients[0]: is required.")) == f"{kind.__name__}: recipients[0]: is required."


@pytest.mark.parametrize("quoted", [WORDS, WORDS[:25], f"'{WORDS[:30]}…'", f"{WORDS}, {WORDS}"])
def test_a_text_that_callfire_quotes_is_masked(quoted: str, server: Recorder) -> None:
    body = {"recipients": [{"phoneNumber": "12132000384"}], "defaultMessage": WORDS}
    text = refused(server, f"The message {quoted} is bad", "send_texts", body)
    assert "CallFire answered 400: The message " in text
    assert " is bad." in text
    assert "***" in text
    assert "Dear" not in text
    assert "4711" not in text


def test_texts_in_filters_and_rows_are_masked(server: Recorder) -> None:
    assert "Ann Lee" not in refused(server, "no Ann Lee", "find_campaign_sounds", {"filter": "Ann Lee"})
    contact = {"firstName": "Ann", "properties": {"mail": "ann@example.org"}}
    text = refused(server, "ann@example.org of Ann", "create_contacts", {"contacts": [contact]})
    assert "400: *** of Ann." in text


def test_texts_in_a_fault_of_api_1_are_masked(server: Recorder) -> None:
    fault = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender'
        "</s:Value></s:Code><s:Reason><s:Text>Summer sale is a bad name</s:Text></s:Reason></s:Fault></s:Body>"
        "</s:Envelope>"
    )
    server.default = Reply(500, fault.encode(), {"Content-Type": "application/soap+xml"})
    body = {
        "toNumber": "12132000384",
        "broadcastName": "Summer sale",
        "voiceBroadcastConfig": {"liveSoundText": "Hello"},
    }
    with pytest.raises(CallFireError) as caught:
        run("actions.send_call_v1", body, config_for(server.url))
    assert "CallFire refused the request: *** is a bad name" in str(caught.value)


def test_words_that_explain_an_error_are_kept(server: Recorder) -> None:
    text = refused(server, "status READY is unknown", "find_texts", {"states": ["READY"]})
    assert "status READY is unknown" in text


def test_invalid_inputs_are_named_without_their_values(server: Recorder) -> None:
    with pytest.raises(InvalidInput) as caught:
        run("actions.send_texts", {"recipients": [{"phoneNumber": WORDS}]}, config_for(server.url))
    assert "Ann" not in str(caught.value)


long_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*…"), min_size=20, max_size=60)


@given(long_texts, st.text(max_size=30), st.text(max_size=30), st.integers(20, 60))
def test_no_beginning_of_a_text_is_shown(text: str, before: str, after: str, length: int) -> None:
    [secret] = free_texts({"any": [text.strip().ljust(20, "x")]})
    assert secret[:20] not in discreet(before + secret[:length] + after, secret).replace("***", "\0")


def test_texts_are_found_at_every_depth() -> None:
    value = {"a": [{"b": ["Ann Lee", "READY", 5, None]}, "x" * 20, "x" * 19], "Ann Bee": " a@b "}
    assert set(free_texts(value)) == {"Ann Lee", "x" * 20}
    assert set(free_texts("ann@b")) == {"ann@b"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12132000384 (213) 200-0385", "…0385"),
        ("12132000384, +1 213 200 0385", "…0384, …0385"),
        ("1 " * 50, "…1111 "),
        ("id 7420017300281076001", "id 7420017300281076001"),
        ("id 7420017300281076001 12132000384", "id …0384"),
        ("12345", "12345"),
    ],
)
def test_adjacent_phone_numbers_are_masked_together(text: str, shown: str) -> None:
    assert discreet(text) == shown


@pytest.mark.parametrize(
    ("secret", "masked"),
    [("a", "this was bad, *** banana"), ("was", "this *** bad, a banana"), ("bana", "this was bad, a ***na")],
)
def test_a_short_secret_is_masked_only_as_a_whole_word(secret: str, masked: str) -> None:
    assert discreet("this was bad, a banana", secret) == masked
