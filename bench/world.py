"""Everything that runs while steps are measured."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.sides import PEER, Side
from bench.step import StepProcess
from bench.target import LOGIN, TEXT, Target, fixed_answers, sandbox
from services.fake_platform import FakePlatform, fake_platform
from services.node_sailor import NodeSailor, install_sailor
from services.rabbitmq import find_broker
from services.step_environment import step_environment
from services.step_queues import StepQueues

# As long as the platform's, since they go into the headers of every message
IDENTITY = {
    f"{name}_id": hashlib.sha256(name.encode()).hexdigest()[:24]
    for name in ("flow", "exec", "container", "workspace", "user", "comp")
} | {"step_id": "step_2"}
UNLIMITED = 1_000_000  # events in each interval of 100 ms


@dataclass(frozen=True)
class Work:
    """What a step does: its function, where it asks, and what is in its queue."""

    function: str
    target: Target
    body: Any = None
    config: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole_config(self) -> dict[str, str]:
        """The step's configuration, with the login."""
        return {**LOGIN, "server": self.target.url, **self.config}


def get_call(target: Target) -> Work:
    """Ask for a call. Its id is text: as a number it would not survive JSON in Node."""
    return Work("getCall", target, {"id": target.call_id})


def send_texts(target: Target) -> Work:
    """Send one text."""
    return Work("sendTexts", target, {"recipients": [TEXT]})


def echo(target: Target, size: int = 0) -> Work:
    """Give the body back; `size` is what it has, in bytes of JSON."""
    return Work("echo", target, {"text": "x" * max(0, size - len('{"text":""}'))})


@dataclass(frozen=True)
class World:
    """The broker, the platform's API, the installed peer and the targets; `folder` is for files of the occasion."""

    broker_uri: str
    platform: FakePlatform
    node: NodeSailor
    folder: Path
    nginx: Target
    sandbox: Target

    def start(self, side: Side, work: Work, queues: StepQueues, **settings: Any) -> StepProcess:
        """Start a step; settings are names of ELASTICIO_ variables in lower case."""
        self.platform.steps[IDENTITY["flow_id"], IDENTITY["step_id"]] = {"config": work.whole_config, "snapshot": {}}
        limits: dict[str, Any] = dict.fromkeys(
            ("data_rate_limit", "snapshot_rate_limit", "error_rate_limit"), UNLIMITED
        )
        function = {"function": side.function(work.function), "component_path": side.component(work.function)}
        variables = step_environment(queues, self.platform, **IDENTITY, **function, **limits, **settings)
        return StepProcess(
            side.command(self.node), {**variables, "BENCH_DESCRIPTION": str(self._description(work.target))}
        )

    def _description(self, target: Target) -> Path:
        path = self.folder / f"{target.url.split(':')[-1].replace('/', '-')}.json"
        if not path.exists():
            path.write_bytes(target.description(self.sandbox))
        return path


@contextmanager
def world() -> Iterator[World]:
    """Start what is needed, and end it afterwards."""
    node = install_sailor(PEER)
    with ExitStack() as stack:
        broker = stack.enter_context(find_broker())
        platform = stack.enter_context(fake_platform())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        callfire = stack.enter_context(sandbox())
        answers = stack.enter_context(fixed_answers(callfire))
        yield World(broker.uri, platform, node, folder, answers, callfire)
