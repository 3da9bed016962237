"""Runs one function of a component once in the runtime, for `elasticio exec` and the preview."""

import mimetypes
import tempfile
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from elasticio.broker import Headers, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.platform.api import PlatformApi
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import PREFIX, Settings
from elasticio.wire.encryption import Encryptor

from elasticio_runner import exec_config
from elasticio_runner.display.log_lines import LogLevels, logs_to
from elasticio_runner.display.print_redirect import protected_output
from elasticio_runner.engine.queues import FlowRun, input_key
from elasticio_runner.engine.state_file import State
from elasticio_runner.engine.step_environment import environment
from elasticio_runner.errors import FlowError
from elasticio_runner.exec_events import EventListener, FunctionEvents
from elasticio_runner.exec_output import ExecOutput
from elasticio_runner.flow_file import components, references
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.hosts.observed_broker import ObservedBroker
from elasticio_runner.local_platform.object_store import ObjectStore
from elasticio_runner.local_platform.platform_api import LocalPlatform

_ID = "exec"
_UNLIMITED = 1_000_000


@dataclass(frozen=True)
class Call:
    """The function and its input. `files` become attachments. `is_verbose` passes on log lines of the level debug."""

    function: str
    component: Path
    body: Any = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    snapshot: Any = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    is_sample: bool = False
    is_verbose: bool = False


def run_and_print(call: Call, environ: Mapping[str, str], save: Path | None = None) -> bool:
    """Run a function, with its events on standard output and everything else on standard error."""
    with protected_output() as (out, err):
        return execute(call, environ, out, err, save)


def execute(call: Call, environ: Mapping[str, str], out: IO[str], err: IO[str], save: Path | None = None) -> bool:
    """Run a function once and print what happens. Returns False if it failed or rebounded.

    Each event is written to `out` as one line of JSON: {"event": "data", "body": …}. Errors are written to `err`, with
    their tracebacks if the call is verbose. The folder `save` receives emitted files. Raises what `run` raises; the
    reason of an AbandonedError can also be that `out` or a file cannot be written.
    """
    output = ExecOutput(out, err, save, traced=call.component if call.is_verbose else None)
    with output.progress(call.function):
        return run(call, environ, output)


def run(call: Call, environ: Mapping[str, str], listener: EventListener) -> bool:
    """Run a function once. Returns False if it failed or rebounded.

    Raises ElasticioError if the function cannot run. Raises AbandonedError if the listener fails: the function may then
    still be running.
    """
    levels = log_levels(environ, is_verbose=call.is_verbose)
    flow = Flow(_ID, call.function, {}, {_ID: _step(call, environ)})
    flow_run = FlowRun(flow)
    with ExitStack() as stack:
        state = State()
        state.replace_snapshot(_ID, call.snapshot)
        objects = ObjectStore(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exec-"))))
        platform = LocalPlatform(flow, state, objects)
        stack.callback(platform.stop)
        platform.start()
        encryptor = Encryptor(flow_run.crypto_password, flow_run.crypto_iv)
        events = FunctionEvents(encryptor, objects, listener)
        settings = _settings(flow_run, platform, call)
        hub = Hub()
        hub.declare(flow_run.topology())
        broker = ObservedBroker(MemoryBroker.of(settings, hub), events.published, events.settled)
        sailor = Sailor(settings, broker, PlatformApi.of(settings))
        attachments = {file.name: _attached(file, platform) for file in call.files}
        payload = encryptor.encode({"body": call.body, "attachments": attachments}, 2)
        ids: Headers = {"messageId": str(uuid.uuid4()), "threadId": str(uuid.uuid4()), "protocolVersion": 2}
        hub.publish(flow_run.exchange, Publication(input_key(_ID), payload, ids))
        stack.enter_context(logs_to(events.logged, levels))
        sailor.start()
        events.wait(sailor)
        sailor.stop()
    return events.is_well


def log_levels(environ: Mapping[str, str], *, is_verbose: bool) -> LogLevels:
    """Return the levels for LOG_LEVEL, or debug if `is_verbose`; raises SettingsError."""
    return LogLevels.of("debug") if is_verbose else LogLevels(environ)


def _step(call: Call, environ: Mapping[str, str]) -> FlowStep:
    descriptor = components.descriptor(call.component)
    entry = components.entry(descriptor, call.function)
    exec_config.check(exec_config.function_problems(call.config, call.function, descriptor, entry, environ))
    config = {"_account": _ID, **references.resolve(dict(call.config), environ)}
    options = {"passthrough": False, "rates": {"data": _UNLIMITED, "error": _UNLIMITED, "snapshot": _UNLIMITED}}
    return FlowStep(_ID, call.component.resolve(), call.function, config=config, options=options)


def _settings(run: FlowRun, platform: LocalPlatform, call: Call) -> Settings:
    environ = environment(run, run.flow.steps[_ID], platform, "")
    return Settings.read({**environ, **({PREFIX + "FLOW_TYPE": "debug"} if call.is_sample else {})})


def _attached(file: Path, platform: LocalPlatform) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FlowError(f"the file {file} cannot be read: {error.strerror}") from error
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {"url": platform.store(content, content_type), "content-type": content_type, "size": len(content)}
