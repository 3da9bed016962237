"""Each fault and its error: for a read, for an update that may be repeated, and for a send that may not."""

import logging
import time
import traceback
from dataclasses import dataclass
from typing import Any

import pytest
from elasticio import Rebound, Unanswered

from lib.callfire import unix_time
from lib.callfire.api import error_mapping
from lib.callfire.api.errors import (
    CallFireError,
    InvalidSettings,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from tests.lib.failing_calls import DELETE, READ, SECRET, SEND, UPDATE, complaint, failure
from tests.lib.recording import RESET, RESET_UNREAD, SILENCE, Answer, Recorder, Reply, json_reply
from tests.lib.steps import config_for, run

HTML = Reply(200, b"<html>login</html>", {"Content-Type": "text/html"})


@dataclass(frozen=True)
class Fault:
    answer: Answer
    safe: type[CallFireError]
    safe_tries: int
    once: type[CallFireError]
    once_tries: int


FAULTS = {
    "400": Fault(complaint(400), Rejected, 1, Rejected, 1),
    "401": Fault(complaint(401), NotAuthenticated, 1, NotAuthenticated, 1),
    "403": Fault(complaint(403), NotAllowed, 1, NotAllowed, 1),
    "404": Fault(complaint(404), NotFound, 1, NotFound, 1),
    "409": Fault(complaint(409), Rejected, 1, Rejected, 1),
    "429": Fault(complaint(429), RateLimited, 4, RateLimited, 4),
    "429 with Retry-After": Fault(complaint(429, **{"Retry-After": "3"}), RateLimited, 4, RateLimited, 4),
    "429 with a long Retry-After": Fault(complaint(429, **{"Retry-After": "3600"}), RateLimited, 1, RateLimited, 1),
    "403 with Retry-After": Fault(complaint(403, **{"Retry-After": "1"}), RateLimited, 4, RateLimited, 4),
    "403 that says it is a limit": Fault(
        json_reply({"message": "Rate limit exceeded"}, 403), RateLimited, 4, RateLimited, 4
    ),
    "500": Fault(complaint(500), Unavailable, 1, OutcomeUnknown, 1),
    "502": Fault(Reply(502, b"<html>bad gateway</html>"), Unavailable, 4, OutcomeUnknown, 1),
    "503": Fault(complaint(503), Unavailable, 4, OutcomeUnknown, 1),
    "503 with Retry-After": Fault(complaint(503, **{"Retry-After": "2"}), Unavailable, 4, OutcomeUnknown, 1),
    "504": Fault(Reply(504, b""), Unavailable, 4, OutcomeUnknown, 1),
    "redirect": Fault(Reply(302, b"", {"Location": "https://example.com"}), Rejected, 1, Rejected, 1),
    "not JSON": Fault(HTML, Unavailable, 1, OutcomeUnknown, 1),
    "a number": Fault(json_reply(5), Unavailable, 1, OutcomeUnknown, 1),
    "a text": Fault(json_reply("abc"), Unavailable, 1, OutcomeUnknown, 1),
    "a redirect to a broken address": Fault(Reply(302, b"", {"Location": "http://[bad"}), Rejected, 1, Rejected, 1),
    "reset after it was read": Fault(RESET, Unavailable, 4, OutcomeUnknown, 1),
    "reset before it was read": Fault(RESET_UNREAD, Unavailable, 4, OutcomeUnknown, 1),
}


def test_a_host_name_that_is_too_long_is_not_reached(pauses: list[float]) -> None:
    error = failure(SEND, config_for("https://" + "x" * 64 + ".example"))
    assert type(error) is Unavailable


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", [READ, UPDATE, SEND, DELETE], ids=["read", "update", "send", "delete"])
def test_each_fault_has_its_outcome(name: str, call: tuple[str, Any], server: Recorder, pauses: list[float]) -> None:
    fault = FAULTS[name]
    server.default = fault.answer
    error = failure(call, config_for(server.url))
    safe = call in (READ, UPDATE)
    assert type(error) is (fault.safe if safe else fault.once)
    tries = fault.safe_tries if safe else fault.once_tries
    assert len(pauses) == tries - 1
    if fault.answer != RESET_UNREAD:
        assert len(server.received) == tries


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, OutcomeUnknown),
        (299, OutcomeUnknown),
        (300, Rejected),
        (399, Rejected),
        (404, NotFound),
        (500, OutcomeUnknown),
    ],
)
def test_a_response_that_breaks_off_counts_by_its_status(status: int, kind: type[CallFireError]) -> None:
    broken = Unanswered("the response broke off", status=status)
    verdict = error_mapping.of_failure("sendTexts", broken, repeatable=False, limit=60)
    assert type(verdict.error) is kind


@pytest.mark.parametrize(("status", "redirects"), [(300, True), (399, True), (400, False)])
def test_a_redirect_is_explained(status: int, redirects: bool) -> None:
    verdict = error_mapping.of_answer("getText", status, {}, None, repeatable=True)
    assert ("The server redirects." in str(verdict.error)) is redirects


@pytest.mark.parametrize("call", [READ, SEND], ids=["read", "send"])
def test_refused_connections_are_retried_and_nothing_is_sent(call: tuple[str, Any], pauses: list[float]) -> None:
    error = failure(call, config_for("http://127.0.0.1:9"))
    assert type(error) is Unavailable
    assert "Nothing was sent" in str(error)
    assert len(pauses) == 3


@pytest.mark.parametrize(("call", "kind"), [(READ, Unavailable), (SEND, OutcomeUnknown)], ids=["read", "send"])
def test_a_slow_response(call: tuple[str, Any], kind: type, server: Recorder, pauses: list[float]) -> None:
    server.default = SILENCE
    error = failure(call, config_for(server.url, timeout="0.1"))
    assert type(error) is kind
    assert len(server.received) == (4 if kind is Unavailable else 1)


def test_the_error_of_an_unknown_outcome_names_the_action(server: Recorder) -> None:
    server.default = complaint(500)
    text = str(failure(SEND, config_for(server.url)))
    assert "POST /texts" in text
    assert "500" in text
    assert "outcome is unknown" in text
    assert "before you retry" in text


def test_an_error_contains_callfires_text_and_the_action(server: Recorder) -> None:
    server.default = complaint(401)
    text = str(failure(READ, config_for(server.url)))
    assert text.startswith("GET /texts/{id}: CallFire answered 401: number …0384 is bad, so is *** (code 1234).")
    assert "API login and API password" in text


WITH_NUMBER = ("actions.get_universal_do_not_contacts", {"toNumber": "12132000384", "fromNumber": "12132000384"})


@pytest.mark.parametrize("name", [*FAULTS, "refused"])
@pytest.mark.parametrize("call", [SEND, WITH_NUMBER], ids=["send", "number in the address"])
def test_no_secret_is_in_any_output(
    name: str, call: tuple[str, Any], server: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the log nor in the error that the platform shows, with its traceback."""
    caplog.set_level(logging.DEBUG)
    url = "http://127.0.0.1:9"
    if name in FAULTS:
        server.default, url = FAULTS[name].answer, server.url
    error = failure(call, config_for(url))
    together = caplog.text + "".join(traceback.format_exception(error)) + repr(error)
    assert str(error) in together
    for secret in (SECRET, "bG9naW46czNjcjN0LXBhc3M", "2132000384", "the words of it"):
        assert secret not in together


@pytest.mark.parametrize("name", FAULTS)
def test_temporary_failures_rebound_by_default(name: str, server: Recorder) -> None:
    fault = FAULTS[name]
    server.default = fault.answer
    temporary = fault.once in (RateLimited, Unavailable)
    with pytest.raises(Rebound if temporary else fault.once):
        run(*SEND, config_for(server.url, idempotency="off"))


def test_a_failure_that_ends_before_the_last_retry_is_not_reported(server: Recorder, pauses: list[float]) -> None:
    server.replies += [complaint(503), RESET, complaint(429)]
    server.default = json_reply({"id": 1})
    assert run(*READ, config_for(server.url)) == [{"body": {"id": 1}}]
    assert len(pauses) == 3


def test_retry_after_is_kept(server: Recorder, pauses: list[float]) -> None:
    server.replies += [complaint(429, **{"Retry-After": "7"})]
    run(*SEND, config_for(server.url))
    assert pauses == [7.0]


def test_pauses_grow_and_differ(server: Recorder, pauses: list[float]) -> None:
    server.default = complaint(503)
    failure(READ, config_for(server.url))
    assert [0.25 * 2**n <= pause <= 0.5 * 2**n for n, pause in enumerate(pauses)] == [True] * 3


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("1 Jan 0001 00:00:00 +2359", 0.0),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert error_mapping.retry_after({"Retry-After": value}) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000", "", "+0000"])
def test_a_date_of_http_is_in_utc_without_a_time_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert unix_time.from_http_date(f"Wed, 21 Oct 2015 07:28:00 {zone}".strip()) == 1_445_412_480_000
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_untrusted_certificate_is_an_invalid_setting(server: Recorder) -> None:
    """The recording server does not support TLS: the client must not send unencrypted data instead."""
    error = failure(SEND, config_for(server.url.replace("http://", "https://")))
    assert type(error) in (InvalidSettings, OutcomeUnknown, Unavailable)
    assert server.received == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("errorPolicy", "maybe"),
        ("emitBehavior", "emitNothing"),
        ("pageSize", "0"),
        ("pageSize", "x"),
        ("timeout", "-1"),
    ],
)
def test_the_error_names_an_invalid_field(field: str, value: str, server: Recorder) -> None:
    with pytest.raises(InvalidSettings, match=f"^{field}: "):
        run("actions.find_texts", {}, config_for(server.url, **{field: value}))
    assert server.received == []
