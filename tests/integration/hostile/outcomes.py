"""The outcomes of messages, from the step's publications and its log: exactly one for each message."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.encryption import decrypt
from services.step_queues import StepQueues
from tests.integration.hostile.case import ERROR, REBOUND, RESULT, SECRETS, UNREADABLE, Case

_LOST = ("Unexpected error in the broker's I/O thread", "Connection to RabbitMQ lost", "Channel closed")


def settlements(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Return the log lines about the settlement of a message."""
    records = [json.loads(line) for line in lines if line.startswith("{")]
    return [
        one for one in records if one["msg"].startswith(("message settled", "Rejected an", "A message was rejected"))
    ]


def faults_in_log(lines: Iterable[str]) -> Iterator[str]:
    """Yield the log lines that show a secret or a lost connection."""
    for line in lines:
        if any(text in line for text in (*SECRETS, *_LOST)):
            yield f"log line: {line.strip()[:1000]}"


@dataclass
class Outcomes:
    """What became of a group of messages, by message ID.

    results, rebounds  number of publications
    errors             names of the published errors
    settled            number of settlements
    unreadable         number of messages that were rejected without an error
    secrets            published texts that show a secret
    """

    results: Counter[Any] = field(default_factory=Counter)
    rebounds: Counter[Any] = field(default_factory=Counter)
    errors: dict[Any, list[str]] = field(default_factory=lambda: defaultdict(list))
    settled: Counter[Any] = field(default_factory=Counter)
    unreadable: Counter[Any] = field(default_factory=Counter)
    secrets: list[str] = field(default_factory=list)

    def read_results(self, queues: StepQueues) -> set[Any]:
        """Read the results that have been published; returns the IDs of their messages."""
        names = [received.headers.get("parentMessageId") for received in queues.available("data")]
        self.results.update(name for name in names if isinstance(name, str))
        return {name for name in names if isinstance(name, str)}

    def read(self, queues: StepQueues, lines: Iterable[str]) -> None:
        """Read all publications, and the log lines of the group."""
        self.read_results(queues)
        for received in queues.available("error"):
            error = _published_error(received.payload)
            self._check(error)
            self.errors[_text(received.headers.get("parentMessageId"))].append(error["name"])
        for received in queues.available("rebound"):
            self._check(received.headers.get("reboundReason"))
            self.rebounds[_text(received.headers.get("messageId"))] += 1
        for record in settlements(lines):
            name = _text(record.get("messageId"))
            self.settled[name] += 1
            self.unreadable[name] += record["msg"] != "message settled"

    def of(self, name: str) -> str:
        """Return the outcome of a message: RESULT, REBOUND, UNREADABLE, the name of an error, or a contradiction."""
        found = [(RESULT, self.settled[name]), (UNREADABLE, self.unreadable[name])]
        evidence = (len(self.errors.get(name, ())) > 0, self.rebounds[name], self.unreadable[name])
        if self.settled[name] != 1 or sum(map(bool, evidence)) > 1 or self.rebounds[name] > 1:
            return f"{found}, errors {self.errors.get(name)}, rebounds {self.rebounds[name]}"
        if evidence[0]:
            return self.errors[name][-1]
        return REBOUND if self.rebounds[name] else UNREADABLE if self.unreadable[name] else RESULT

    def wrong(self, case: Case) -> Iterator[str]:
        """Yield the reason if the outcome of a case is not an expected one."""
        if case.message_id is None:
            return
        outcome = self.of(case.message_id)
        known = outcome in {RESULT, REBOUND, UNREADABLE}
        fits = outcome in case.expected or (ERROR in case.expected and not known and outcome.isidentifier())
        if not fits:
            yield f"the outcome is {outcome}, not {' or '.join(sorted(case.expected))}"

    def _check(self, published: Any) -> None:
        shown = json.dumps(published, ensure_ascii=False)
        if any(secret in shown for secret in SECRETS):
            self.secrets.append(f"published: {shown[:3000]}")


def _published_error(payload: bytes) -> Any:
    """Return the error of a publication. Its input is not read, because it may be nested too deeply."""
    text = json.loads(payload)["error"]
    return json.loads(text) if text.startswith("{") else decrypt(text)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
