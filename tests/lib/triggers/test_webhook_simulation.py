"""The webhook trigger with repeated, reordered, forged and lost deliveries, and with crashes and new processes.

Each event is emitted, and twice only after a crash before its snapshot. More runs: SIMULATIONS=2000 pytest this file.
"""

import json
import os
from collections import Counter, deque
from typing import Any

from callfire_sandbox.switches import Switches
from callfire_sandbox.world.webhooks import delivered, request
from elasticio import FlowFacts, Message
from elasticio.wire.incoming import Incoming
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from lib.triggers import inbound_events
from tests.lib.steps import FakeStep
from tests.lib.triggers.simulation import SNAPSHOT_LIMIT, CallFire

FLOW = FlowFacts(flow_id="flow", step_id="hook", webhook_uri="http://127.0.0.1:9/hook/hook")
FEW = 60  # of each kind: the maximum of one recovery and of the window of repeats
LOGIN = {"username": "login", "password": "password"}
SWITCHES = st.fixed_dictionaries(
    {
        "webhook_duplicates": st.sampled_from([0, 0.3, 1]),
        "webhook_reordered": st.sampled_from([0, 0.3]),
        "webhook_retries": st.sampled_from([0, 3]),
        "visible_after": st.sampled_from([0, 2000]),
        "order": st.sampled_from(["newest", "oldest", "shuffled"]),
        "interval_field": st.sampled_from(["created", "modified", "finished"]),
        "whole_seconds": st.booleans(),
    }
)


class Delivering(RuleBasedStateMachine):
    """One flow's life."""

    @initialize(switches=SWITCHES, lost=st.sampled_from([0, 0.2, 0.9]), interval=st.sampled_from([0, 30]))
    def begin(self, switches: Any, lost: float, interval: int) -> None:
        self.callfire = CallFire(Switches().changed(switches | {"webhook_lost": lost}))
        reconciles = {"reconcile": True, "reconcileInterval": interval} if lost else {}
        self.config = {**LOGIN, **reconciles}
        self.snapshot: Any = {}
        self.emitted: Counter[str] = Counter()
        self.excused: Counter[str] = Counter()
        self.ids: dict[str, str] = {}
        self.due: Counter[str] = Counter()
        self.numbers: set[str] = set()
        self.again: deque[Message] = deque()
        with self.callfire.answering():
            inbound_events.startup(self.config, FLOW)
            inbound_events.init(self.config, FLOW)
        self.callfire.advance(1000)

    @rule(table=st.sampled_from(["texts", "calls"]), count=st.integers(1, 9))
    def some_come_in(self, table: str, count: int) -> None:
        for _ in range(count if self.due[table] + count <= FEW else 0):
            self.numbers.add(str(self.callfire.arrive(table)["id"]))
            self.due[table] += 1

    @rule(milliseconds=st.sampled_from([1, 700, 1600, 40_000]))
    def time_passes(self, milliseconds: int) -> None:
        self.callfire.advance(milliseconds)

    @rule(most=st.integers(1, 30))
    def some_are_delivered(self, most: int) -> None:
        outbox = self.callfire.world.outbox
        for _ in range(min(most, len(outbox))):
            number = outbox.popleft()
            message = self.request(number)
            delivered(self.callfire.world, number, self.run(message) or 500)

    @precondition(lambda self: self.callfire.world.outbox)
    @rule(event=st.integers(0, 4))
    def the_process_dies_over_one(self, event: int) -> None:
        """CallFire receives no response. The platform has the message and redelivers it."""
        number = self.callfire.world.outbox.popleft()
        message = self.request(number)
        if self.run(message, dies_at=event) is None:
            self.again.append(message)
        delivered(self.callfire.world, number, "ReadTimeout")
        self.a_new_process_begins()

    @rule()
    def a_new_process_begins(self) -> None:
        with self.callfire.answering():
            inbound_events.init(self.config, FLOW)

    @precondition(lambda self: self.again)
    @rule()
    def the_platform_hands_one_out_again(self) -> None:
        self.run(self.again.popleft())

    @rule(signature=st.sampled_from([{}, {"x-callfire-signature": "v14pF7d5C1+CHNIEWlg+sw9v0Xg="}]))
    def a_third_party_forges_one(self, signature: dict[str, str]) -> None:
        event = {"resourceType": "InboundText", "eventType": "finished", "resource": {"id": 1}}
        forged = Message(body={"rawData": json.dumps({"events": [event]})}, headers=signature, method="POST")
        assert self.run(forged) == 401

    @rule()
    def the_schedule_starts_the_flow(self) -> None:
        self.run(Message())

    def request(self, number: int) -> Message:
        record = self.callfire.world["deliveries"].get(number)
        assert record
        raw, headers = request(record)
        lowered = {name.lower(): value for name, value in headers.items()}
        return Message(body={"rawData": raw.decode()}, headers=lowered, method="POST")

    def run(self, message: Message, dies_at: int | None = None) -> int | None:
        """Let the trigger process a message; returns the status of its response, None after a crash."""
        step: Any = FakeStep(flow_id="flow", step_id="hook", incoming=Incoming(thread_id="t", reply_to="replies"))
        uncovered: list[str] = []
        count = seen = 0
        with self.callfire.answering():
            running = inbound_events.process(step, message, self.config, json.loads(json.dumps(self.snapshot)))
            for emitted in running:
                seen = self.store(step, seen, uncovered)
                if count == dies_at:
                    running.close()  # type: ignore[attr-defined]
                    self.excused.update(uncovered)
                    return None
                count += 1
                number = str(emitted.body["resource"]["id"])  # webhooks bring large ids as text
                self.emitted[number] += 1
                uncovered.append(number)
                assert self.ids.setdefault(str(emitted.id), number) == number
        self.store(step, seen, uncovered)
        assert not uncovered
        replies = [payload["statusCode"] for event, payload in step.emitted if event == "httpReply"]
        return replies[0] if replies else 0

    def store(self, step: FakeStep, seen: int, uncovered: list[str]) -> int:
        """Store the snapshots that were emitted since the last call."""
        for event, payload in step.emitted[seen:]:
            if event == "snapshot":
                text = json.dumps(payload)
                assert len(text) < SNAPSHOT_LIMIT
                self.snapshot = json.loads(text)
                uncovered.clear()
        return len(step.emitted)

    def teardown(self) -> None:
        if not hasattr(self, "snapshot"):
            return
        for _ in range(12):
            self.callfire.advance(5000)
            self.some_are_delivered(10_000)
        while self.again:
            self.the_platform_hands_one_out_again()
        self.the_schedule_starts_the_flow()
        self.the_schedule_starts_the_flow()
        assert self.emitted.keys() == self.numbers, f"{len(self.numbers - self.emitted.keys())} lost"
        assert not [number for number, count in self.emitted.items() if count > 1 + self.excused[number]]


TestDelivering = Delivering.TestCase
TestDelivering.settings = settings(
    max_examples=int(os.environ.get("SIMULATIONS", "50")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
