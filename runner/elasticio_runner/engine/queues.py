"""The queues of one run of a flow.

Each step has an input queue. A step without a schedule also has a rebound queue: its messages return to the input queue
after their delay. The run has one queue for each kind of event that steps emit. The relay consumes these queues.
"""

import base64
import secrets
import uuid
from dataclasses import dataclass, field

from elasticio.broker.topology import Queue, Topology

from elasticio_runner.flow_file.flow import Flow, FlowStep

IN_MEMORY = "memory:"
LANE_PREFETCH = 100  # of the relay, for each of its queues
DATA, ERROR, SNAPSHOT, REPLY = KINDS = ("data", "error", "snapshot", "reply")  # REPLY is a routing key, too
REBOUND = "rebound"


def input_key(step_id: str) -> str:
    """Return the routing key of a step's input."""
    return f"{step_id}.input"


def fence_key(kind: str) -> str:
    """Return the routing key that the relay itself uses for the run's queue of one kind."""
    return f"fence.{kind}"


@dataclass(frozen=True)
class FlowRun:
    """One run of a flow, with its own exchange and its own keys for the encryption of messages."""

    flow: Flow
    amqp_uri: str = IN_MEMORY
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    crypto_password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    crypto_iv: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(12)).decode(), repr=False)

    @property
    def exchange(self) -> str:
        """The exchange for all messages of the run."""
        return f"flow-{self.flow.id}-{self.id}"

    def queue(self, name: str) -> str:
        """Return the full name of a queue."""
        return f"{self.exchange}:{name}"

    def topology(self) -> Topology:
        """Return the exchange and queues that must exist before a step starts."""
        steps = list(self.flow.steps)
        inputs = [Queue(self.queue(f"{step}.input"), (input_key(step),)) for step in steps]
        rebounds = [
            Queue(self.queue(f"{step.id}.{REBOUND}"), (f"{step.id}.{REBOUND}",), input_key(step.id))
            for step in self.flow.steps.values()
            if self.returns_rebounds(step)
        ]
        kinds = [
            Queue(self.queue(kind), (fence_key(kind), *([REPLY] if kind == REPLY else [f"{s}.{kind}" for s in steps])))
            for kind in KINDS
        ]
        return Topology(self.exchange, (*inputs, *rebounds, *kinds))

    def returns_rebounds(self, step: FlowStep) -> bool:
        """Return whether rebounded messages of a step return. The schedule of a polling trigger sends new ones."""
        return step.is_webhook or step.id != self.flow.trigger.id
