"""Prints the output of one function: events as lines of JSON, errors and log lines as text."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, Any, Protocol

from elasticio.broker import Headers, Publication
from elasticio.wire.encryption import Encryptor
from elasticio.wire.incoming import protocol_version

from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.errors import AbandonedError, FlowError, OutputError, describe
from elasticio_runner.local_platform.object_store import ObjectStore
from elasticio_runner.terminal_text import json_text, printable
from elasticio_runner.tracebacks import own_frames


class RunningStep(Protocol):
    """The parts of the sailor that the output uses."""

    ended: threading.Event
    failure: BaseException | None


class ExecOutput:
    """Receives the publications and settlements of a step. Threads may call it."""

    def __init__(
        self,
        encryptor: Encryptor,
        objects: ObjectStore,
        save: Path | None,
        out: IO[str],
        err: IO[str],
        *,
        traced: Path | None = None,
    ) -> None:
        """`traced` is the folder of the component if errors are shown with their tracebacks."""
        self._encryptor = encryptor
        self._objects = objects
        self._save = save
        self._lines = JsonLines(out)
        self._err = err
        self._traced = traced
        self._lock = threading.Lock()
        self._written: Counter[str] = Counter()
        self._on_emitted: Callable[[int], object] | None = None
        self._failure: FlowError | None = None
        self._over = threading.Event()
        self.is_well = True

    def published(self, publication: Publication) -> None:
        """Print an event. If printing fails, `wait` raises the reason."""
        event = publication.routing_key.rpartition(".")[2]
        with self._lock:
            if self._failure:
                return
            try:
                self._print(event, publication)
            except OutputError as error:
                self._failure = error
            except Exception as error:  # noqa: BLE001 (the broker would drop the error, and the command would hang)
                self._failure = FlowError(f"the event {event} could not be printed: {describe(error)}")
            if self._failure:
                self._over.set()

    def settled(self, _headers: Headers) -> None:
        """Record that the function has ended."""
        self._over.set()

    def logged(self, who: str, _level: int, text: str) -> None:
        """Print a log line."""
        with self._lock:
            self._show(f"{who}: {text}")

    def wait(self, step: RunningStep) -> None:
        """Return when the function has ended; raises AbandonedError if its events cannot be printed."""
        threading.Thread(target=self._end_with, args=(step,), daemon=True).start()
        self._over.wait()
        if self._failure:
            raise AbandonedError(str(self._failure)) from self._failure

    def progress(self, function: str) -> Any:
        """Return a context manager that shows the elapsed time and the number of events on a terminal."""
        if not self._err.isatty():
            return nullcontext()
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        shown = Progress(*columns, console=Console(file=self._err), transient=True)
        task = shown.add_task(f"{function} is running", total=None)
        self._on_emitted = lambda count: shown.update(task, description=f"{function} is running, {count} emitted")
        return shown

    def _end_with(self, step: RunningStep) -> None:
        step.ended.wait()
        if step.failure:
            with self._lock:
                self._failure = self._failure or FlowError(f"failed to run the function: {describe(step.failure)}")
        self._over.set()

    def _print(self, event: str, publication: Publication) -> None:
        match event:
            case "data":
                self._write("data", self._message(publication))
            case "error":
                error = self._encryptor.decode(json.loads(publication.body)["error"].encode(), 1)
                self._fail(self._error_text(error))
            case "rebound":
                self._write("rebound", {"reason": publication.headers.get("reboundReason")})
                self._fail("the function rebounded the message; exec does not retry")
            case "snapshot":
                name = str(publication.headers.get("snapshotEvent"))
                self._write(name, {"snapshot": json.loads(publication.body)})

    def _error_text(self, error: Mapping[str, Any]) -> str:
        text = f"{error.get('name')}: {error.get('message')}"
        stack = own_frames(str(error.get("stack") or ""), self._traced) if self._traced else ""
        return stack if stack.endswith(text) else text

    def _message(self, publication: Publication) -> dict[str, Any]:
        message = self._encryptor.decode(publication.body, protocol_version(publication.headers))
        if self._save:
            self._keep_files(message.get("attachments") or {}, self._save)
        return {name: value for name, value in message.items() if name == "body" or value not in ({}, None)}

    def _keep_files(self, attachments: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, entry in attachments.items():
                object_id = str(entry.get("url", "")).partition("?")[0].rpartition("/")[2]
                if stored := self._objects.get(object_id):
                    (folder / Path(name).name).write_bytes(stored.file.read_bytes())
        except OSError as error:
            raise OutputError(f"--save {folder}: files cannot be saved ({error.strerror}).") from error

    def _fail(self, text: str) -> None:
        self.is_well = False
        self._show(text)

    def _show(self, text: str) -> None:
        with suppress(OSError, ValueError):  # standard error is closed or full
            self._err.write(printable(text) + "\n")

    def _write(self, event: str, rest: Mapping[str, Any]) -> None:
        value = {"event": event, **rest}
        try:
            self._lines.write(value)
        except OutputError as error:
            raise OutputError(f"{error}\n{self._already()}Emitted but not written: {json_text(value)}") from error
        self._written[event] += 1
        if self._on_emitted:
            self._on_emitted(self._written.total())

    def _already(self) -> str:
        counts = ", ".join(f"{count} {event}" for event, count in self._written.items()) or "nothing"
        return f"Emitted and written before: {counts}. The function may have had further effects.\n"
