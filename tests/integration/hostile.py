"""Hostile messages for a step's process: listed and generated cases, and the checks of the guarantee.

    python -m tests.integration.hostile --cases 2000 --seed 7

Each case is one hostile message, followed by good ones. A case has a class, by which the results are counted.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import pika
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.encryption import encrypt
from services.fake_platform import fake_platform
from services.rabbitmq import find_broker
from services.step_environment import step_environment
from services.step_queues import StepQueues, step_queues
from tests.integration.odd_headers import UNREADABLE, EncodedHeaders, message_id
from tests.integration.step_process import StepProcess, python_step
from tests.sdk.wire.strategies import delivered_headers, json_values, nested

GOOD = 3  # good messages after each hostile one
GROUP = 50  # cases that are published before the results are checked
SECRET = "s3cret-of-the-message"
PHONE = "12135550123"
SIGNED = f"https://files.example.com/a.csv?signature={SECRET}"
FORBIDDEN = (
    SECRET,
    PHONE,
    "Unexpected error in the broker's I/O thread",
    "Connection to RabbitMQ lost",
    "Channel closed",
)

ODD_VALUES: list[Any] = [["list"], {"a": "table"}, -5, 2**62, b"\xff", "r" * 300, True, None]
ODD_PARTS: list[Any] = ["abc", [1], 5, None, {"a": None}, "\ud83d"]
ODD_PAYLOADS: list[Any] = [None, 5, "\ud83d", [], {}, {"$set": 5}, {"statusCode": "x"}, nested(300)]
ODD_MESSAGES: list[Any] = [None, 5, "abc", [], [1], True, "\ud83d"]


@dataclass(frozen=True)
class Case:
    """One hostile message. The class `kind` and the name are for the report."""

    kind: str
    name: str
    payload: bytes
    properties: pika.BasicProperties

    @property
    def can_be_written(self) -> bool:
        """Whether pika can write the properties."""
        try:
            self.properties.encode()
        except Exception:  # noqa: BLE001 (pika raises many classes, also struct.error and AssertionError)
            return False
        return True


def raw(kind: str, name: str, payload: bytes, headers: Mapping[str, Any] | None = None, **properties: Any) -> Case:
    """Return a case with any payload."""
    table = {"messageId": "hostile", **(headers or {})}
    return Case(kind, name, payload, pika.BasicProperties(headers=table, delivery_mode=2, **properties))


def message(kind: str, name: str, body: Any, headers: Mapping[str, Any] | None = None, **properties: Any) -> Case:
    """Return a case with a message that can be decrypted."""
    return raw(kind, name, encrypt(body), headers, **properties)


def emitting(name: str, *events: tuple[str, Any], **headers: Any) -> Case:
    """Return a case whose component emits these events."""
    return message("emitted", name, {"body": {"emit": [list(event) for event in events]}}, headers)


def listed() -> Iterator[Case]:
    """Yield the inputs that have stopped a step, or that could stop one."""
    for name, odd in UNREADABLE.items():
        yield Case("header", name, b"x", EncodedHeaders(odd, message_id(b"hostile")))
    for name in ("messageId", "end", "reboundIteration", "reply_to", "threadId", "protocolVersion", "start"):
        for value in ODD_VALUES:
            script = {"body": {"emit": [["httpReply", {"statusCode": 200}], ["rebound", "later"]]}}
            yield message("header", f"{name}={value!r:.20}", script, {name: value})
    payloads: dict[str, bytes] = {
        "no base64": b"\xff\xfe",
        "empty": b"",
        "plain": b'{"body": 1}',
        "1 MB of zeros": bytes(1_000_000),
    }
    for name, payload in payloads.items():
        yield raw("payload", name, payload)
    for depth in (500, 900):
        yield message("json", f"{depth} levels", {"body": nested(depth)})
    for part in ("headers", "body", "attachments", "passthrough", "id", "snapshot"):
        for value in ODD_PARTS:
            yield message("json", f"{part}={value!r}", {"body": {"tell": True}, part: value})
    for value in ODD_MESSAGES:
        yield message("json", f"message={value!r}", value)
    yield from _emitted()


def _emitted() -> Iterator[Case]:
    for name, identifier in {"2**70": 2**70, "surrogate": "\ud83d", "200 KB": "x" * 200_000, "list": [1]}.items():
        yield emitting(f"id {name}", ("data", {"body": 1, "id": identifier}))
    for key in (5, {"a": 1}, "k" * 300, "\ud83d", "", None):
        yield emitting(f"routing key {key!r:.20}", ("data", {"body": 1, "headers": {"x-eio-routing-key": key}}))
    for reason in ("r" * 200_000, "busy \ud83d", {"message": [1]}, 5, None, ""):
        yield emitting(f"rebound {reason!r:.20}", ("rebound", reason))
    for event in ("snapshot", "updateSnapshot", "updateKeys", "httpReply", "error", "odd", ""):
        for payload in ODD_PAYLOADS:
            yield emitting(f"{event} {payload!r:.20}", (event, payload))
    for reply in (5, {"a": 1}, "r" * 300, "\x00"):
        yield emitting(f"reply to {reply!r:.20}", ("httpReply", {"statusCode": 200, "body": 1}), reply_to=reply)
    yield message("secret", "raised", {"body": {"raise": f"cannot fetch {SIGNED}"}})
    yield message("secret", "in a body", {"body": {"text": f"{SECRET} {PHONE} {SIGNED}", "emit": 5}})
    yield message("secret", "in an id", {"body": {"emit": [["data", {"body": SECRET, "id": [PHONE, SECRET]}]]}})


def generated(count: int, number: int) -> list[Case]:
    """Return `count` generated cases of each of four classes; the same ones for the same seed."""
    events = st.sampled_from(
        ["data", "error", "rebound", "snapshot", "updateSnapshot", "httpReply", "updateKeys", "odd"]
    )
    payloads = json_values | st.fixed_dictionaries(
        {"body": json_values}, optional={"id": json_values, "headers": json_values}
    )
    scripts = st.lists(st.tuples(events, payloads), min_size=1, max_size=3)
    names = st.sampled_from(["content_type", "correlation_id", "reply_to", "message_id", "type", "app_id"])
    properties = st.dictionaries(names, st.text(max_size=60), max_size=3)
    headers = delivered_headers.map(lambda table: {n: v for n, v in table.items() if n not in {"CC", "BCC"}})
    cases: list[Case] = []

    def draw(strategy: st.SearchStrategy[Any], case: Callable[[Any], Case]) -> None:
        @seed(number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def collect(value: Any) -> None:
            cases.append(case(value))

        collect()

    draw(st.binary(max_size=200), lambda body: raw("payload", repr(body), body))
    draw(json_values, lambda value: message("json", f"{value!r:.200}", value))
    draw(scripts, lambda script: message("emitted", f"{script!r:.200}", {"body": {"emit": script}}))
    draw(
        st.tuples(headers, properties),
        lambda both: message(
            "header", f"{both!r:.200}", {"body": {"emit": [["rebound", "later"]]}}, both[0], **both[1]
        ),
    )
    return cases


class Run:
    """A step's process under attack. `count` has the number of cases by class."""

    def __init__(self, queues: StepQueues, step: StepProcess) -> None:
        self.queues, self.step = queues, step
        self.count: Counter[str] = Counter()
        self._good = 0

    def attack(self, cases: list[Case]) -> None:
        """Send the cases in groups, and check the guarantee after each group."""
        for start in range(0, len(cases), GROUP):
            self._check(cases[start : start + GROUP])

    def _check(self, cases: list[Case]) -> None:
        expected = set()
        for case in filter(lambda case: case.can_be_written, cases):
            self.queues.send_encoded(case.payload, case.properties)
            self.count[case.kind] += 1
            for _ in range(GOOD):
                self._good += 1
                expected.add(f"good {self._good}")
                self.queues.send(
                    {"body": {"tell": True, "good": f"good {self._good}"}}, {"messageId": f"g{self._good}"}
                )
        self._await_good(expected)
        assert self.step.process.poll() is None, "the process has ended"
        self.check_log()

    def _await_good(self, expected: set[str]) -> None:
        while expected:
            for received in self.queues.receive("data", len(expected)):
                with suppress(ValueError, TypeError, KeyError):  # a result of a hostile message
                    expected.discard(received.message["body"]["message"]["body"]["good"])

    def check_log(self) -> None:
        """Raise AssertionError if a log line shows content, or a lost connection."""
        for line in self.step.lines:
            for text in FORBIDDEN:
                assert text not in line, line

    def finish(self) -> None:
        """End the process, and check that each message is settled."""
        assert self.step.end() == 0
        assert not any("Leaving a message unsettled" in line for line in self.step.lines)
        assert self.queues.waiting(self.queues.input) == 0
        self.check_log()
        for received in self.queues.receive("error", self.queues.waiting(self.queues.queue("error"))):
            assert SECRET not in json.dumps(received.message["error"])

    def settled(self) -> int:
        """Return the number of settled messages, from the log: each has exactly one line."""
        records = [json.loads(line) for line in self.step.lines if line.startswith("{")]
        unreadable: int = sum(record["msg"].startswith("Rejected an unreadable message") for record in records)
        settled: int = sum(record["msg"] == "message settled" for record in records)
        return unreadable + settled


def attack(uri: str, cases: list[Case], prefetch: int = 10) -> Counter[str]:
    """Attack a new step with the cases; returns their number by class. Raises AssertionError at the first fault."""
    with ExitStack() as stack:
        platform = stack.enter_context(fake_platform())
        queues = stack.enter_context(step_queues(uri))
        limits: dict[str, Any] = {"data_rate_limit": 10**6, "error_rate_limit": 10**6, "snapshot_rate_limit": 10**6}
        variables = step_environment(queues, platform, rabbitmq_prefetch_sailor=prefetch, **limits)
        step = stack.enter_context(python_step({**variables, "LOG_LEVEL": "debug"}))
        run = Run(queues, step.ready())
        run.attack(cases)
        run.finish()
        assert run.settled() == (GOOD + 1) * run.count.total()
        return run.count


def main() -> None:
    """Attack a step with all listed and with generated cases."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cases", type=int, default=400, help="number of generated cases")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="seed of the generated cases")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with find_broker() as broker:
        count = attack(broker.uri, [*listed(), *generated(options.cases // 4, options.seed)])
    print(", ".join(f"{kind}: {number}" for kind, number in sorted(count.items())))


if __name__ == "__main__":
    main()
