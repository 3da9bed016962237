"""One function of a component, run once through the same runtime: what it emits comes out as lines of JSON."""

import json
import mimetypes
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from elasticio.broker import Headers, Publication
from elasticio.broker.memory import Hub, MemoryBroker
from elasticio.platform.api import PlatformApi
from elasticio.runtime.emitter import protocol_version
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import PREFIX, Settings
from elasticio.wire.encryption import Encryptor

from elasticio_runner.display.log_lines import logs_to
from elasticio_runner.engine.queues import Run, input_key
from elasticio_runner.engine.state_file import State
from elasticio_runner.flow_file import components, references
from elasticio_runner.flow_file.flow import Flow, Step
from elasticio_runner.flow_file.problems import FlowError, nearest
from elasticio_runner.hosts.observed_broker import Watched
from elasticio_runner.local_platform.object_store import Objects
from elasticio_runner.local_platform.platform_api import Platform

_ID = "exec"
_UNLIMITED = 1_000_000


@dataclass(frozen=True)
class Call:
    """What to run, and on what. `files` become attachments; files that are emitted are saved in `save`."""

    function: str
    component: Path
    body: Any = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    snapshot: Any = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    save: Path | None = None
    is_sample: bool = False


def execute(call: Call, environ: Mapping[str, str], out: IO[str], err: IO[str]) -> bool:
    """Run a function once; tells whether it neither failed nor asked to come again later.

    Each event goes to `out` as one line of JSON: {"event": "data", "body": …}. Errors go to `err`. Raises
    ElasticioError where the function cannot be run at all.
    """
    flow = Flow(_ID, call.function, {}, {_ID: _step(call, environ)})
    run = Run(flow)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exec-")))
        state = State()
        state.replace_snapshot(_ID, call.snapshot)
        objects = Objects(folder)
        platform = Platform(flow, state, objects)
        platform.start()
        stack.callback(platform.stop)
        encryptor = Encryptor(run.crypto_password, run.crypto_iv)
        telling = Telling(encryptor, objects, call.save, out, err)
        settings = _settings(run, platform, call)
        hub = Hub()
        hub.declare(run.topology())
        broker = Watched(MemoryBroker.of(settings, hub), telling.published, telling.settled)
        sailor = Sailor(settings, broker, PlatformApi.of(settings))
        attachments = {file.name: _attached(file, platform) for file in call.files}
        payload = encryptor.encode({"body": call.body, "attachments": attachments}, 2)
        ids: Headers = {"messageId": str(uuid.uuid4()), "threadId": str(uuid.uuid4()), "protocolVersion": 2}
        hub.publish(run.exchange, Publication(input_key(_ID), payload, ids))
        stack.enter_context(telling.progress(call.function))
        stack.enter_context(logs_to(telling.logged))
        sailor.start()
        telling.done.wait()
        sailor.stop()
    return telling.is_well


class Telling:
    """Writes down what a function emits."""

    def __init__(self, encryptor: Encryptor, objects: Objects, save: Path | None, out: IO[str], err: IO[str]) -> None:
        self._encryptor = encryptor
        self._objects = objects
        self._save = save
        self._out = out
        self._err = err
        self._lock = threading.Lock()
        self._emitted = 0
        self._on_emitted: Callable[[int], object] = lambda _: None
        self.is_well = True
        self.done = threading.Event()

    def published(self, publication: Publication) -> None:
        """Write an event."""
        event = publication.routing_key.removeprefix(f"{_ID}.")
        with self._lock:
            self._emitted += 1
            self._on_emitted(self._emitted)
            _EVENTS[event](self, publication)

    def settled(self, _headers: Headers) -> None:
        """Take note that the function is done."""
        self.done.set()

    def logged(self, who: str, _level: int, text: str) -> None:
        """Show a line of a log."""
        with self._lock:
            self._err.write(f"{who}: {text}\n")

    def progress(self, function: str) -> Any:
        """Return a context in which a terminal shows how long it has been running, and what has come of it so far."""
        if not self._err.isatty():
            return nullcontext()
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        shown = Progress(*columns, console=Console(file=self._err), transient=True)
        task = shown.add_task(f"{function} is running", total=None)
        self._on_emitted = lambda count: shown.update(task, description=f"{function} is running, {count} emitted")
        return shown

    def _data(self, publication: Publication) -> None:
        message = self._encryptor.decode(publication.body, protocol_version(publication.headers))
        if self._save:
            self._keep_files(message.get("attachments") or {}, self._save)
        given = {name: value for name, value in message.items() if name == "body" or value not in ({}, None)}
        self._write("data", given)

    def _keep_files(self, attachments: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, entry in attachments.items():
            object_id = str(entry.get("url", "")).partition("?")[0].rpartition("/")[2]
            if stored := self._objects.get(object_id):
                (folder / Path(name).name).write_bytes(stored.file.read_bytes())

    def _error(self, publication: Publication) -> None:
        error = self._encryptor.decode(json.loads(publication.body)["error"].encode(), 1)
        self._fail(f"{error.get('name')}: {error.get('message')}")

    def _rebound(self, publication: Publication) -> None:
        self._write("rebound", {"reason": publication.headers.get("reboundReason")})
        self._fail("it asked to be called again later; nothing more is done here")

    def _snapshot(self, publication: Publication) -> None:
        event = str(publication.headers.get("snapshotEvent"))
        self._write(event, {"snapshot": json.loads(publication.body)})

    def _fail(self, text: str) -> None:
        self.is_well = False
        self._err.write(text + "\n")

    def _write(self, event: str, rest: Mapping[str, Any]) -> None:
        self._out.write(json.dumps({"event": event, **rest}, ensure_ascii=False) + "\n")
        self._out.flush()


_EVENTS: Mapping[str, Callable[[Telling, Publication], None]] = {
    "data": Telling._data,
    "error": Telling._error,
    "rebound": Telling._rebound,
    "snapshot": Telling._snapshot,
}


def _step(call: Call, environ: Mapping[str, str]) -> Step:
    functions = components.entries(components.descriptor(call.component))
    if call.function not in functions:
        raise FlowError(
            f"the component has no trigger or action {call.function!r}; {nearest(call.function, functions)}"
        )
    if problems := list(references.unset(call.config, environ, ("config",))):
        raise FlowError("; ".join(f"config: {problem.text}" for problem in problems))
    config = {"_account": _ID, **references.resolve(dict(call.config), environ)}
    options = {"passthrough": False, "rates": {"data": _UNLIMITED, "error": _UNLIMITED, "snapshot": _UNLIMITED}}
    return Step(_ID, call.component.resolve(), call.function, config=config, options=options)


def _settings(run: Run, platform: Platform, call: Call) -> Settings:
    environ = run.environment(run.flow.steps[_ID], platform, "")
    return Settings.read({**environ, **({PREFIX + "FLOW_TYPE": "debug"} if call.is_sample else {})})


def _attached(file: Path, platform: Platform) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FlowError(f"the file {file} cannot be read: {error.strerror}") from error
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {"url": platform.store(content, content_type), "content-type": content_type, "size": len(content)}


def run_and_print(call: Call, environ: Mapping[str, str]) -> bool:
    """Run a function once, with its output on standard output and its errors on standard error."""
    return execute(call, environ, sys.stdout, sys.stderr)
