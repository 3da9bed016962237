"""The operations of the connector that get hostile answers, and the outcome of each answer."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.encryption import encrypt
from tests.integration.hostile import soap_answers
from tests.integration.hostile.answer import Answer, Ending, Meaning
from tests.integration.hostile.answer_server import FIRST_GOOD, FIRST_HOSTILE, AnswerServer
from tests.integration.hostile.attack import Target
from tests.integration.hostile.case import PASSWORD, REBOUND, RESULT, SIGNATURE, Case, message

Outcomes = Mapping[Meaning, frozenset[str]]
UNKNOWN, INVALID = "OutcomeUnknown", "InvalidInput"
MOST_TRIES = 4


def _outcomes(
    lost: str,
    *,
    empty: str = "",
    data: Sequence[str] = (),
    not_json: str = "",
    refused: Sequence[str] = (),
    limited: str = REBOUND,
) -> Outcomes:
    """Return the outcomes of an operation. `lost`: without a usable response."""
    return {
        Meaning.GOOD: frozenset({RESULT}),
        Meaning.EMPTY: frozenset({empty or lost}),
        Meaning.DATA: frozenset({RESULT, lost, *data}),
        Meaning.NOT_JSON: frozenset({not_json or lost}),
        Meaning.REFUSED: frozenset(refused or ("Rejected", "NotAuthenticated", "NotAllowed", "NotFound")),
        Meaning.LIMITED: frozenset({REBOUND, *([limited] if limited else ())}),
        Meaning.FAILED: frozenset({lost}),
        Meaning.LOST: frozenset({lost}),
        Meaning.EITHER: frozenset({RESULT, lost}),
    }


READ = _outcomes(REBOUND)
LIST = _outcomes(REBOUND, data=["CallFireError"])
WRITE = _outcomes(UNKNOWN)
COMMAND = _outcomes(UNKNOWN, empty=RESULT)
SEND = _outcomes(RESULT, data=[UNKNOWN])  # the search for it decides
SEARCH = _outcomes(REBOUND, refused=[UNKNOWN], data=[UNKNOWN, "CallFireError"])
RAW_READ = _outcomes(REBOUND, empty=RESULT, not_json=RESULT)
RAW_WRITE = _outcomes(UNKNOWN, empty=RESULT, not_json=RESULT)
DOWNLOAD = _outcomes(REBOUND, empty=RESULT, not_json=RESULT)
FETCH = _outcomes(REBOUND, empty=INVALID, data=[INVALID], not_json=RESULT, refused=[INVALID, REBOUND], limited=INVALID)
SOAP = _outcomes(UNKNOWN, refused=[UNKNOWN, "Rejected", "NotAuthenticated", "NotAllowed", "NotFound"])


@dataclass(frozen=True)
class Operation:
    """An operation under attack.

    function  the step's function
    target    start of the requests that get hostile answers
    body      returns the body of a message with a number
    good      returns a good response to a request with a number
    outcomes  the right outcomes by the meaning of the answer
    once      whether a request that may have been executed must not be repeated
    without   classes of answers, or names, that do not apply
    more      further answers
    broken    start of other requests that are executed and get a reset
    """

    name: str
    function: str
    target: bytes
    body: Callable[[int], Any]
    good: Callable[[AnswerServer, bytes, int], Any]
    outcomes: Outcomes
    once: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    more: Callable[[], Sequence[Answer]] = list
    prefetch: int = 60
    is_attachment: bool = False
    broken: bytes = b""

    def server(self) -> AnswerServer:
        """Return its server, not running yet."""
        return AnswerServer(
            self.target, self.broken, lambda server, request, number: _encoded(self.good(server, request, number))
        )

    def cases(self, server: AnswerServer, given: Sequence[Answer]) -> Iterator[Case]:
        """Yield a message for each answer that applies, and let the server give that answer."""
        for answer in given:
            if self.applies(answer):
                number = FIRST_HOSTILE + len(server.answers)
                server.answers[number] = answer
                yield message(
                    answer.kind,
                    f"{self.name}: {answer.name}",
                    self._message(server, number),
                    expected=self._expected(answer),
                    number=number,
                )

    def applies(self, answer: Answer) -> bool:
        """Return whether an answer applies to this operation."""
        if self.is_attachment and answer.ending in {Ending.HANG, Ending.DRIP}:
            return False  # the time limit of attachments is not in the form: 20 s
        return answer.kind not in self.without and answer.name not in self.without

    def _expected(self, answer: Answer) -> frozenset[str]:
        expected = self.outcomes[answer.meaning]
        if self.outcomes is SOAP and answer.kind in {"status", "generated"}:
            return expected | {RESULT, UNKNOWN}  # API 1.1 has no success but 200, and documents with 400 and 500
        if self.outcomes is FETCH and answer.kind in {"redirect", "headers", "status", "generated"}:
            followed = {RESULT} if answer.kind == "redirect" else set[str]()
            return expected | followed | {REBOUND, INVALID, *(["PlatformError"] if self.is_attachment else [])}
        return expected

    def _message(self, server: AnswerServer, number: int) -> Any:
        content: dict[str, Any] = {"body": self.body(number)}
        if self.is_attachment:
            url = f"{server.url}/files/{number}.mp3?signature={SIGNATURE}"
            content = {"body": {}, "attachments": {f"{number}.mp3": {"url": url}}}
        if "url" in content["body"].get("file", {}):
            content["body"]["file"]["url"] = f"{server.url}/files/{number}.mp3?signature={SIGNATURE}"
        return content

    def attack_target(self, server: AnswerServer) -> Target:
        """Return the step to attack with the server's answers."""
        login = {"username": "login", "password": PASSWORD, "server": server.url, "timeout": "2"}

        def check(case: Case) -> Iterator[str]:
            answer = server.answers[case.number]
            count, sends = server.received(case.number), server.sends[case.number]
            if count == 0:
                yield "the server has received no request"
            is_lie = self.broken and answer.meaning is Meaning.DATA  # e.g. an empty list
            if self.once and sends > 1 and not is_lie:
                yield f"the request was sent {sends} times, although it may have been executed"
            if count > MOST_TRIES and answer.meaning is not Meaning.DATA and answer.kind != "redirect":
                yield f"the server has received {count} requests"

        return Target(
            self.function,
            lambda number: encrypt(self._message(server, FIRST_GOOD + number)),
            check,
            component=None,
            config={**login, **self.config},
            prefetch=self.prefetch,
            group=40,
        )


def _encoded(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _text(server: AnswerServer, request: bytes, number: int) -> Any:
    """Respond to a send, or to a search for sends."""
    items = [server.sent_text(number)] if number in server.executed else []
    if request.startswith(b"GET"):
        return {"items": items, "limit": 100, "offset": 0, "totalCount": len(items)}
    return {"items": items or [{"id": number}]}


def _order(server: AnswerServer, request: bytes, number: int) -> Any:
    return {"items": server.orders(request)} if request.startswith(b"GET") else {"id": number}


def _contact(server: AnswerServer, request: bytes, number: int) -> Any:
    """Respond to a create, to a search for the contact, or to its ID."""
    contact = {"id": number, "mobilePhone": f"1213{number}"}
    if request.startswith(b"GET /contacts?"):
        return {"items": [contact] if number in server.executed else [], "limit": 100}
    return contact if request.startswith(b"GET") else {"items": [{"id": number}]}


def _file(_server: AnswerServer, request: bytes, number: int) -> Any:
    return b"ID3 sound %d" % number if request.startswith(b"GET") else {"id": number}


def _sound(number: int) -> dict[str, Any]:
    return {"recipients": [{"phoneNumber": f"1213{number}"}], "defaultMessage": "Hello"}


_SEARCHES = {"settleTime": "20", "waitLimit": "5"}
_SLOW = frozenset({"DRIP in the body", "DRIP without a length"})  # a file may be slow for 30 s
_NO_JSON = frozenset({"body", "charset"})

OPERATIONS = (
    Operation("getCall", "getCall", b"GET /calls/", lambda n: {"id": n}, lambda *a: {"id": a[2]}, READ),
    Operation(
        "findTexts", "findTexts", b"GET /texts", lambda n: {"label": f"{n}"}, lambda *a: {"items": [{"id": a[2]}]}, LIST
    ),
    Operation(
        "getConversation",
        "getConversation",
        b"GET /texts?",
        lambda n: {"number": f"1213{n}"},
        lambda *a: {"items": [{"id": a[2], "created": a[2], "fromNumber": f"1213{a[2]}"}]},
        LIST,
    ),
    Operation(
        "makeRawRequest",
        "makeRawRequest",
        b"GET /raw/",
        lambda n: {"method": "GET", "url": f"/raw/{n}?x=1"},
        lambda *a: {"id": a[2]},
        RAW_READ,
    ),
    Operation(
        "makeRawRequest that writes",
        "makeRawRequest",
        b"POST /raw/",
        lambda n: {"method": "POST", "url": f"/raw/{n}", "data": {"number": n}},
        lambda *a: {"id": a[2]},
        RAW_WRITE,
        once=True,
    ),
    Operation(
        "createContacts",
        "createContacts",
        b"POST /contacts",
        lambda n: {"contacts": [{"firstName": f"{n}"}]},
        lambda *a: {"items": [{"id": a[2]}]},
        WRITE,
        once=True,
    ),
    Operation(
        "deleteContact",
        "deleteContact",
        b"DELETE /contacts/",
        lambda n: {"id": n},
        lambda *_: {"ok": 1},
        COMMAND,
        once=True,
    ),
    Operation("sendTexts", "sendTexts", b"POST /texts", _sound, _text, SEND, once=True, config=_SEARCHES),
    Operation(
        "search for sendTexts",
        "sendTexts",
        b"GET /texts",
        _sound,
        _text,
        SEARCH,
        once=True,
        config=_SEARCHES,
        broken=b"POST",
    ),
    Operation(
        "orderNumbers",
        "orderNumbers",
        b"POST /orders/numbers",
        lambda n: {"localCount": n},
        _order,
        SEND,
        once=True,
        config=_SEARCHES,
    ),
    Operation(
        "upsertContact",
        "upsertContact",
        b"POST /contacts",
        lambda n: {"number": f"1213{n}"},
        _contact,
        SEND,
        once=True,
        config=_SEARCHES,
    ),
    Operation(
        "search for upsertContact",
        "upsertContact",
        b"GET /contacts?",
        lambda n: {"number": f"1213{n}"},
        _contact,
        LIST,
        once=True,
        config=_SEARCHES,
    ),
    Operation(
        "createMedia",
        "createMedia",
        b"POST /media",
        lambda n: {"file": {"content": "SUQz", "filename": f"{n}.mp3"}},
        _file,
        WRITE,
        once=True,
    ),
    Operation(
        "getCallRecordingMp3",
        "getCallRecordingMp3",
        b"GET /calls/recordings/",
        lambda n: {"id": n},
        _file,
        DOWNLOAD,
        without=_SLOW | _NO_JSON | {"size"},
    ),
    Operation(
        "createMedia of a URL",
        "createMedia",
        b"GET /files/",
        lambda _: {"file": {"url": "set by the message"}},
        _file,
        FETCH,
        without=_SLOW | _NO_JSON | {"pause", "error text", "size"},
    ),
    Operation(
        "createMedia of an attachment",
        "createMedia",
        b"GET /files/",
        lambda _: {},
        _file,
        FETCH,
        without=_SLOW | _NO_JSON | {"pause", "error text", "size"},
        is_attachment=True,
    ),
    Operation(
        "sendCallV1",
        "sendCallV1",
        b"POST /api/1.1/soap12/call",
        lambda n: {"toNumber": f"1213{n}", "voiceBroadcastConfig": {"liveSoundText": "Hi"}},
        lambda *a: soap_answers.created(a[2]),
        SOAP,
        once=True,
        without=_NO_JSON | {"error text"},
        more=soap_answers.listed,
    ),
)
