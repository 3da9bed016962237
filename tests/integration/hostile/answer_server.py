"""A server that gives hostile answers. It counts the requests, and executes sends as CallFire may do.

A case has a number of seven digits. It is in the path, the query or the body of its requests. Other numbers belong to
good messages and get good answers.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.integration.hostile.answer import Answer, Ending, Meaning, response
from tests.sdk.http.scripted import Peer, scripted

FIRST_HOSTILE, FIRST_GOOD = 2_000_000, 3_000_000
_NUMBER = re.compile(rb"(?<![\da-f])(?:1213)?([23]\d{6})(?![\da-f])")
_NOT_EXECUTED = {Meaning.REFUSED, Meaning.LIMITED}
_LATEST = 10.0  # seconds until the server has read a request


@dataclass
class AnswerServer:
    """The server of one operation.

    target    start of the requests that get hostile answers, e.g. b"POST /texts"
    good      returns the good body of a request with a number
    answers   the hostile answers by the number of the case
    requests  number of requests to `target`, by the number of the case
    sends     number of executed requests that must not be repeated: POST and DELETE
    broken    start of the other requests of hostile cases whose connection is reset after the execution
    """

    target: bytes
    broken: bytes
    good: Callable[["AnswerServer", bytes, int], bytes]
    answers: dict[int, Answer] = field(default_factory=dict)
    requests: Counter[int] = field(default_factory=Counter)
    sends: Counter[int] = field(default_factory=Counter)
    executed: dict[int, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def handle(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while request := peer.request():
            found = _NUMBER.search(request.split(b"\r\n", 1)[0]) or _NUMBER.search(request.partition(b"\r\n\r\n")[2])
            number = int(found[1]) if found else 0
            is_target = request.startswith(self.target)
            answer = self.answers.get(number) if is_target else None
            self._note(number, request, answer, is_target=is_target)
            if self.broken and number in self.answers and request.startswith(self.broken):
                peer.reset()
                return
            good = self.good(self, request, number)
            if answer is None:
                peer.send(response(good))
            elif not give(peer, answer, good):
                return

    def _note(self, number: int, request: bytes, answer: Answer | None, *, is_target: bool) -> None:
        """Count a request. A send is executed unless the answer says that it was not."""
        with self._lock:
            self.requests[number] += is_target
            self._lock.notify_all()
            if not request.startswith((b"POST", b"DELETE")) or (answer and answer.meaning in _NOT_EXECUTED):
                return
            self.sends[number] += 1
            self.executed[number] = {"created": int(time.time() * 1000), "body": request.partition(b"\r\n\r\n")[2]}

    def received(self, number: int) -> int:
        """Return the number of requests to `target`.

        On a busy machine a client may give up before the server has read its request, so this waits for the first one.
        """
        with self._lock:
            self._lock.wait_for(lambda: self.requests[number], _LATEST)
            return self.requests[number]

    def sent_text(self, number: int) -> dict[str, Any]:
        """Return the text that was sent to the recipient with this number, as CallFire lists it."""
        (recipient,) = json.loads(self.executed[number]["body"])
        item = {name: recipient[name] for name in ("attributes",) if name in recipient}
        return {"id": number, "state": "READY", "toNumber": recipient["phoneNumber"], **item}

    def orders(self, request: bytes) -> list[dict[str, Any]]:
        """Return a page of the executed orders, as CallFire lists them."""
        query = dict(parse_qsl(request.split(b" ")[1].partition(b"?")[2].decode()))
        start, count = int(query["offset"]), int(query["limit"])
        with self._lock:
            made = dict([*self.executed.items()][start : start + count])
        common = {"status": "FINISHED", "tollFreeNumbers": {"ordered": 0}}
        return [
            {"id": number, "created": order["created"], "localNumbers": {"ordered": number}, **common}
            for number, order in made.items()
        ]


def give(peer: Peer, answer: Answer, good: bytes) -> bool:
    """Send a hostile answer. Returns whether the connection remains open."""
    try:
        peer.send(*answer.pieces(good))
        if answer.ending is Ending.KEEP:
            return True
        if answer.ending is Ending.RESET:
            time.sleep(0.05)  # so that the client has read the bytes: a reset discards them
            peer.reset()
        elif answer.ending is Ending.HANG:
            peer.hang()
        elif answer.ending is Ending.DRIP:
            while not peer.released.wait(0.05):
                peer.send(b"1")
    except OSError:
        pass  # the client has closed the connection
    return False


@contextmanager
def answer_server(server: AnswerServer) -> Iterator[AnswerServer]:
    """Run the server."""
    with scripted(server.handle) as running:
        server.url = running.url
        yield server
