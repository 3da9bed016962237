"""A polling trigger under attack: odd items, hostile answers, and a full disk.

Each attack is followed by good polls. Good items are emitted once, also those of a page with an odd item. An odd item
is named once.
"""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from services.encryption import encrypt
from tests.integration.hostile.answer import Answer, Meaning, response
from tests.integration.hostile.answer_server import give
from tests.integration.hostile.attack import GOOD, Attack, Report, Target, attacked
from tests.integration.hostile.case import PASSWORD, REBOUND, RESULT, SIGNED, Failure
from tests.integration.hostile.outcomes import Outcomes, faults_in_log, settlements
from tests.integration.step_process import Checkout
from tests.sdk.http.scripted import Peer, scripted

BEGIN = 1_790_000_000_000  # Unix milliseconds
PATIENCE = 30.0  # seconds until a poll is settled
NAMED = "cannot be read"
SMALL_FILES = ("sh", "-c", 'ulimit -f 1000 && exec "$@"', "sh")  # files of at most 512,000 bytes
_DEEP = "[" * 150 + "]" * 150

ODD_ITEMS = {
    "null": "null",
    "a number": "5",
    "a text": '"item"',
    "a list": "[]",
    "no ID": f'{{"created":{BEGIN}}}',
    "ID null": '{"id":null}',
    "ID 2^63": '{"id":9223372036854775808}',
    "ID of 5,000 digits": f'{{"id":{"9" * 5000}}}',
    "ID a list": '{"id":[1]}',
    "ID 150 levels deep": f'{{"id":{_DEEP}}}',
    "ID 1.5": '{"id":1.5}',
    "ID with secrets": f'{{"id":"{SIGNED} 12135550123"}}',
    "created 10^20": '{"id":71,"created":100000000000000000000}',
    "created negative": '{"id":72,"created":-1}',
}
_CREATED = f'"created":{BEGIN}'
READABLE_ITEMS = {
    "created a text": '{"id":81,"created":"soon"}',
    "state a list": f'{{"id":82,{_CREATED},"state":["FINISHED"]}}',
    "state 150 levels deep": f'{{"id":83,{_CREATED},"state":{_DEEP}}}',
    "half a surrogate pair": f'{{"id":84,{_CREATED},"finalTextResult":"\\ud83d","message":"\\ude00"}}',
    "1 MB": f'{{"id":85,{_CREATED},"message":"{"x" * 1_000_000}"}}',
    "odd properties": f'{{"id":86,{_CREATED},"records":5,"contact":[],"labels":{{"a":null}}}}',
}


@dataclass
class InboundServer:
    """A server with inbound texts. `extra` is one more item as JSON, `answer` replaces its responses."""

    items: list[str] = field(default_factory=list)
    extra: str = ""
    answer: Answer | None = None

    def handle(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while request := peer.request():
            query = dict(parse_qsl(request.split(b" ")[1].partition(b"?")[2].decode()))
            start, count = int(query.get("offset", 0)), int(query.get("limit", 100))
            listed = [*self.items, *([self.extra] if self.extra else [])]
            page = ",".join(listed[start : start + count])
            good = f'{{"items":[{page}],"totalCount":{len(listed)}}}'.encode()
            if self.answer is None:
                peer.send(response(good))
            elif not give(peer, self.answer, good):
                return

    def arrive(self, text: str = "Hello") -> int:
        """Add a good item; returns its ID."""
        number = 1000 + len(self.items)
        self.items.append(json.dumps({"id": number, "created": BEGIN + number, "state": "FINISHED", "message": text}))
        return number


class PollingAttack:
    """The attack on one process of the trigger."""

    def __init__(self, server: InboundServer, running: Attack) -> None:
        self._server, self._running = server, running
        self.report = running.report
        self._polls = self._read = 0

    def odd_item(self, name: str, item: str, *, is_readable: bool) -> None:
        """Poll a page with an odd item twice."""
        arrived = [self._server.arrive() for _ in range(2)]
        self._server.items.insert(-1, item)
        outcome, found, named = self._poll()
        again, repeated, named_again = self._poll()
        self._server.items.remove(item)
        good = [number for number in found if number in arrived]
        is_right = (outcome, good, named) == (RESULT, arrived, 0 if is_readable else 1)
        if not is_right or (again, repeated, named_again) != (RESULT, [], 0):
            self._fail(
                "item", name, f"{outcome}, {found}, named {named}; then {again}, {repeated}, named {named_again}"
            )
        self._good_polls("item", name)

    def hostile_answer(self, answer: Answer, expected: frozenset[str]) -> None:
        """Poll a server that gives a hostile answer."""
        self._server.answer = answer
        outcome, _, _ = self._poll()
        self._server.answer = None
        if outcome not in expected:
            self._fail(answer.kind, answer.name, f"the outcome is {outcome}, not {' or '.join(sorted(expected))}")
        self._good_polls(answer.kind, answer.name, may_repeat=answer.meaning is Meaning.DATA)

    def full_disk(self) -> None:
        """Poll more items than fit into the files that the process may write."""
        before = list(self._server.items)
        for _ in range(900):
            self._server.arrive("x" * 10_000)
        outcome, found, _ = self._poll()
        self._server.items[:] = before
        if (outcome, found) != ("SpoolError", []):
            self._fail("disk", "full", f"{outcome}, {len(found)} items")
        self._good_polls("disk", "full")

    def _good_polls(self, kind: str, name: str, *, may_repeat: bool = False) -> None:
        """Poll good items. `may_repeat`: the list was without the earlier items, so they may be emitted again."""
        self.report.count[kind] += 1
        began = time.monotonic()
        for _ in range(GOOD):
            arrived = self._server.arrive()
            outcome, found, named = self._poll()
            found, may_repeat = found[-1:] if may_repeat else found, False
            if (outcome, found, named) != (RESULT, [arrived], 0):
                self._fail(kind, name, f"a good poll: {outcome}, {found} instead of {arrived}, named {named}")
        self.report.slowest = max(self.report.slowest, time.monotonic() - began)

    def _poll(self) -> tuple[str, list[Any], int]:
        """Poll once. Returns the outcome, the IDs of the emitted items, and the number of named items."""
        queues, step = self._running.queues, self._running.step
        self._polls += 1
        name, deadline = f"hostile-poll-{self._polls}", time.monotonic() + PATIENCE
        queues.send_raw(encrypt({"body": {}}), {"messageId": name})
        while not settlements(step.lines[self._read :]) and time.monotonic() < deadline and step.process.poll() is None:
            queues.sleep(0.005)
        lines = step.lines[self._read :]
        self._read += len(lines)
        found = [received.message["body"].get("id") for received in queues.available("data")]
        outcomes = Outcomes()
        outcomes.read(queues, lines)
        for reason in (*faults_in_log(lines), *outcomes.secrets):
            self._fail("secret", name, reason)
        return outcomes.of(name), found, sum(NAMED in line for line in lines)

    def _fail(self, kind: str, name: str, reason: str) -> None:
        self.report.failures.append(Failure(kind, f"newInboundTexts: {name}", reason[:1000]))


def attack_by_polling(uri: str, answers: Sequence[Answer], checkout: Checkout | None = None) -> Report:
    """Attack the trigger newInboundTexts with odd items and with these answers."""
    report = Report()
    for wrapper in ((), SMALL_FILES):
        with ExitStack() as stack:
            server = InboundServer()
            url = stack.enter_context(scripted(server.handle)).url
            config = {"username": "login", "password": PASSWORD, "server": url, "timeout": "2", "startTime": BEGIN}
            target = Target(
                "newInboundTexts",
                lambda _: b"",
                component=None,
                config={**config, "lookback": "100"},
                prefetch=1,
                wrapper=wrapper,
            )
            attack = PollingAttack(server, stack.enter_context(attacked(uri, target, checkout or Checkout())))
            if wrapper:
                attack.full_disk()
            else:
                _run(attack, answers)
            attack._running.finish()
            report.add(attack.report)
    return report


def _run(attack: PollingAttack, answers: Sequence[Answer]) -> None:
    for name, item in ODD_ITEMS.items():
        attack.odd_item(name, item, is_readable=False)
    for name, item in READABLE_ITEMS.items():
        attack.odd_item(name, item, is_readable=True)
    for answer in answers:
        attack.hostile_answer(answer, _EXPECTED.get(answer.meaning, frozenset({REBOUND})))


_REFUSED = frozenset({"Rejected", "NotAuthenticated", "NotAllowed", "NotFound"})
_EXPECTED = {
    Meaning.GOOD: frozenset({RESULT}),
    Meaning.DATA: frozenset({RESULT, REBOUND, "CallFireError"}),
    Meaning.EITHER: frozenset({RESULT, REBOUND}),
    Meaning.REFUSED: _REFUSED,
}
