"""The queues of one run of a flow, and the settings that lead its steps to them.

Each step has an input queue, and a rebound queue from which messages come back to the input when their time is over.
What steps emit goes to a few queues of the run, one for each kind, which the relay reads.
"""

import base64
import os
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from elasticio.broker.topology import Queue, Topology
from elasticio.runtime.settings import PREFIX

from elasticio_runner.flow_file import components
from elasticio_runner.flow_file.flow import Flow, Step
from elasticio_runner.local_platform.platform_api import Platform

IN_MEMORY = "memory:"
_THIS_MACHINE = "localhost,127.0.0.0/8,::1"  # where services and files of a flow under development are
LANE_PREFETCH = 100  # of the relay, for each of its queues
DATA, ERROR, SNAPSHOT, REPLY = KINDS = ("data", "error", "snapshot", "reply")  # REPLY is a routing key, too


def input_key(step_id: str) -> str:
    """Return the routing key under which messages reach a step."""
    return f"{step_id}.input"


def fence_key(kind: str) -> str:
    """Return the routing key that leads to the run's queue of one kind, for the relay's own use."""
    return f"fence.{kind}"


@dataclass(frozen=True)
class Run:
    """One run of a flow: its name on the broker and the keys to its messages, both its own."""

    flow: Flow
    amqp_uri: str = IN_MEMORY
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    crypto_password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    crypto_iv: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(12)).decode(), repr=False)

    @property
    def exchange(self) -> str:
        """The exchange that all publish to."""
        return f"flow-{self.flow.id}-{self.id}"

    def queue(self, name: str) -> str:
        """Return the full name of a queue."""
        return f"{self.exchange}:{name}"

    def topology(self) -> Topology:
        """Return all that has to be declared before a step can start."""
        steps = list(self.flow.steps)
        inputs = [Queue(self.queue(f"{step}.input"), (input_key(step),)) for step in steps]
        rebounds = [Queue(self.queue(f"{step}.rebound"), (f"{step}.rebound",), input_key(step)) for step in steps]
        kinds = [
            Queue(self.queue(kind), (fence_key(kind), *([REPLY] if kind == REPLY else [f"{s}.{kind}" for s in steps])))
            for kind in KINDS
        ]
        return Topology(self.exchange, (*inputs, *rebounds, *kinds))

    def environment(self, step: Step, platform: Platform, webhook_uri: str) -> dict[str, str]:
        """Return the variables that the platform would start a step with."""
        rates, rebound = step.options.get("rates", {}), step.options.get("rebound", {})
        values: Mapping[str, object] = {
            "FLOW_ID": self.flow.id,
            "EXEC_ID": self.id,
            "STEP_ID": step.id,
            "CONTAINER_ID": f"{self.id}-{step.id}",
            "WORKSPACE_ID": "local",
            "USER_ID": "local",
            "COMP_ID": step.root.name,
            "FUNCTION": step.function,
            "API_URI": platform.uri,
            "API_USERNAME": platform.username,
            "API_KEY": platform.api_key,
            "COMPONENT_PATH": components.path_for_settings(step.root),
            "OBJECT_STORAGE_URI": platform.uri,
            "OBJECT_STORAGE_TOKEN": platform.token,
            "EGRESS_ALLOW": f"{_THIS_MACHINE},{os.environ.get(PREFIX + 'EGRESS_ALLOW', '')}",
            "EGRESS_DENY": os.environ.get(PREFIX + "EGRESS_DENY", ""),
            "AMQP_URI": self.amqp_uri,
            "LISTEN_MESSAGES_ON": self.queue(f"{step.id}.input"),
            "PUBLISH_MESSAGES_TO": self.exchange,
            **{f"{kind.upper()}_ROUTING_KEY": f"{step.id}.{kind}" for kind in (DATA, ERROR, SNAPSHOT, "rebound")},
            "MESSAGE_CRYPTO_IV": self.crypto_iv,
            "MESSAGE_CRYPTO_PASSWORD": self.crypto_password,
            "AMQP_PERSISTENT_MESSAGES": "true",  # a flow outlives a restart of its broker
            "RABBITMQ_PREFETCH_SAILOR": step.options.get("prefetch", 1),
            "PROTOCOL_VERSION": 2,
            "STARTUP_REQUIRED": str(step.is_webhook).lower(),
            "FLOW_WEBHOOK_URI": webhook_uri if step.is_webhook else "",
            **{f"{name.upper()}_RATE_LIMIT": rates[name] for name in (DATA, ERROR, SNAPSHOT) if name in rates},
            **({"RATE_INTERVAL": rates["interval"]} if "interval" in rates else {}),
            **({"REBOUND_INITIAL_EXPIRATION": rebound["delay"]} if "delay" in rebound else {}),
            **({"REBOUND_LIMIT": rebound["limit"]} if "limit" in rebound else {}),
        }
        return {PREFIX + name: str(value) for name, value in values.items()}
