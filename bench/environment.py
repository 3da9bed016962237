"""The environment of a measurement: broker, platform, targets, and the installed Node.js runtime."""

import compileall
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.runtimes import PEER, ROOT, Runtime
from bench.step import StepProcess
from bench.target import LOGIN, TEXT, Target, fixed_responses, recipients, sandbox
from services.fake_platform import FakePlatform, fake_platform
from services.node_sailor import NodeSailor, install_sailor
from services.rabbitmq import find_broker
from services.step_environment import step_environment
from services.step_queues import StepQueues

# As long as the platform's identifiers, which are in the headers of every message
IDENTITY = {
    f"{name}_id": hashlib.sha256(name.encode()).hexdigest()[:24]
    for name in ("flow", "exec", "container", "workspace", "user", "comp")
} | {"step_id": "step_2"}
COMPILED = ("lib", "sdk/elasticio", "bench/echo/lib")  # as in the image, whose steps start without compiling
UNLIMITED = 1_000_000  # events in each interval of 100 ms


@dataclass(frozen=True)
class Job:
    """The job of a step: its function, its target, and the body of the messages in its queue."""

    function: str
    target: Target
    body: Any = None
    config: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole_config(self) -> dict[str, str]:
        """The step's configuration with credentials and server."""
        return {**LOGIN, "server": self.target.url, **self.config}


def get_call(target: Target) -> Job:
    """Read a call. The id is text: Node.js would round the number."""
    return Job("getCall", target, {"id": target.call_id})


def send_texts(target: Target) -> Job:
    """Send one text to one recipient."""
    return Job("sendTexts", target, {"recipients": [TEXT]})


def send_many_texts(target: Target, count: int) -> Job:
    """Send texts to `count` recipients in one request."""
    return Job("sendTexts", target, {"recipients": recipients(count)})


def echo(target: Target, size: int = 0) -> Job:
    """Emit the input. `size` is the size of the body in bytes of JSON."""
    return Job("echo", target, {"text": "x" * max(0, size - len('{"text":""}'))})


@dataclass(frozen=True)
class Environment:
    """The services of a measurement. `folder` is for temporary files."""

    broker_uri: str
    platform: FakePlatform
    node: NodeSailor
    folder: Path
    nginx: Target
    sandbox: Target

    def start(self, runtime: Runtime, job: Job, queues: StepQueues, **settings: Any) -> StepProcess:
        """Start a step. `settings` are ELASTICIO_ variables: lower-case names without the prefix."""
        self.platform.steps[IDENTITY["flow_id"], IDENTITY["step_id"]] = {"config": job.whole_config, "snapshot": {}}
        limits: dict[str, Any] = dict.fromkeys(
            ("data_rate_limit", "snapshot_rate_limit", "error_rate_limit"), UNLIMITED
        )
        function = {"function": runtime.function(job.function), "component_path": runtime.component(job.function)}
        variables = step_environment(queues, self.platform, **IDENTITY, **function, **limits, **settings)
        return StepProcess(
            runtime.command(self.node), {**variables, "BENCH_DESCRIPTION": str(self._description(job.target))}
        )

    def _description(self, target: Target) -> Path:
        path = self.folder / f"{target.url.split(':')[-1].replace('/', '-')}.json"
        if not path.exists():
            path.write_bytes(target.description(self.sandbox))
        return path


@contextmanager
def environment() -> Iterator[Environment]:
    """Start the environment and stop it at the end."""
    node = install_sailor(PEER)
    for package in COMPILED:
        compileall.compile_dir(ROOT / package, quiet=1)
    with ExitStack() as stack:
        broker = stack.enter_context(find_broker())
        platform = stack.enter_context(fake_platform())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        callfire = stack.enter_context(sandbox())
        answers = stack.enter_context(fixed_responses(callfire))
        yield Environment(broker.uri, platform, node, folder, answers, callfire)
