"""The process of one call: `python -m elasticio_runner.preview.call_child`, started by `calls`.

Reads the call as one line of JSON from standard input. Writes events as lines of JSON to standard output:

log      {who, text}         a line of the runtime's or the component's logger
data, rebound, snapshot …    what the function emits, as in `elasticio exec`; `files` of data are [{name, size}]
error    {text}              the error of the function
result   {value}             what verify, a select or get_meta_model returns
done     {ok}                the call has ended
failed   {reason}            the call has no result
"""

import base64
import io
import json
import os
import re
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

from elasticio import ElasticioError

from elasticio_runner import service_methods
from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.log_lines import logs_to
from elasticio_runner.display.print_redirect import prints_to_stderr
from elasticio_runner.errors import describe
from elasticio_runner.flow_file import references
from elasticio_runner.tracebacks import traceback_of

Request = Mapping[str, Any]
_TRACED = re.compile(
    r"(.*Traceback \(most recent call last\):(?:\n  [^\n]*)+)\n(.*)", re.DOTALL
)  # and the error's text


class CallEvents:
    """Writes events of a call. Threads may share it."""

    def __init__(self, out: IO[str]) -> None:
        self._lines = JsonLines(out)
        self._lock = threading.Lock()

    def report(self, event: str, **values: Any) -> None:
        """Write one event."""
        with self._lock:
            self._lines.write({"event": event, **values})

    def logged(self, who: str, _level: int, text: str) -> None:
        """Write a log line."""
        self.report("log", who=who, text=text)


def main() -> None:
    """Run one call and end the process, also if a thread of the component is still running."""
    with prints_to_stderr() as out:
        request = json.loads(sys.stdin.buffer.readline())
        threading.Thread(target=_end_with_server, daemon=True).start()
        call_events = CallEvents(out)
        try:
            _call(request, call_events)
        except BaseException as error:  # noqa: BLE001 (a component may raise anything; the page shows it)
            _print_traceback(error, request)
            call_events.report("failed", reason=_reason(error))
        sys.stderr.flush()
    os._exit(0)


def _call(request: Request, call_events: CallEvents) -> None:
    if request["kind"] in ("run", "sample"):
        call_events.report("done", ok=_run(request, call_events))
        return
    with logs_to(call_events.logged):
        call_events.report("result", value=_ask(request))
    call_events.report("done", ok=True)


def _ask(request: Request) -> Any:
    """Return the result of verify, the options of a select, or the schemas of get_meta_model."""
    root, function = Path(request["root"]), request["function"]
    config = references.resolve(dict(request["config"]), os.environ)
    match request["kind"]:
        case "verify":
            verdict = service_methods.verify(root, config)
            _print_traceback(verdict.error, request)
            return {"verified": verdict.verified, "reason": verdict.reason}
        case "options":
            return service_methods.select_model(root, function, request["field"], config)
        case _:
            return service_methods.metadata(root, function, config)


def _run(request: Request, call_events: CallEvents) -> bool:
    """Run the function once and report its events. Returns whether it succeeded."""
    from elasticio_runner.exec import Call, execute  # noqa: PLC0415 (other calls start faster without it)

    with tempfile.TemporaryDirectory(prefix="preview-") as given:
        files = tuple(_written(file, Path(given) / str(number)) for number, file in enumerate(request["files"]))
        emitted = Path(request["folder"]) / "emitted"
        call = Call(
            function=request["function"],
            component=Path(request["root"]),
            body=request["body"],
            config=request["config"],
            snapshot=request["snapshot"],
            files=files,
            save=emitted,
            is_sample=request["kind"] == "sample",
            is_verbose=True,
        )
        out, err = _EmittedEvents(call_events, emitted), _ToldLines(call_events)
        return execute(call, os.environ, cast("IO[str]", out), cast("IO[str]", err))


def _written(file: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir()
    path = folder / (Path(file["name"]).name or "file")
    path.write_bytes(base64.b64decode(file["content"]))
    return path


class _EmittedEvents(io.StringIO):
    """Receives the lines that `execute` prints, each after the files of its message were saved."""

    def __init__(self, call_events: CallEvents, emitted: Path) -> None:
        super().__init__()
        self._call_events = call_events
        self._emitted = emitted
        self._count = 0

    def write(self, text: str) -> int:
        values = json.loads(text)
        self._count += 1
        folder = self._emitted.with_name(str(self._count))
        if self._emitted.exists():
            self._emitted.rename(folder)
        files = []
        for number, name in enumerate(values.get("attachments", ())):
            saved = folder / Path(name).name
            if saved.is_file():
                saved = saved.rename(folder / str(number))
                files.append(
                    {"name": Path(name).name, "size": saved.stat().st_size, "place": f"{self._count}/{number}"}
                )
        self._call_events.report(values.pop("event"), **values, files=files)
        return len(text)


class _ToldLines(io.StringIO):
    """Receives what `execute` writes for people: log lines, and the error of the function."""

    def __init__(self, call_events: CallEvents) -> None:
        super().__init__()
        self._call_events = call_events

    def write(self, text: str) -> int:
        who, _, rest = text.rstrip("\n").partition(": ")
        if who in ("sailor", "runner", "component"):
            self._call_events.report("log", who=who, text=rest)
        elif text.startswith("the function rebounded"):
            pass  # the event says it
        else:
            traced = _TRACED.fullmatch(text.rstrip("\n"))
            if traced:
                self._call_events.report("output", text=traced[1])
            self._call_events.report("error", text=traced[2] if traced else text.rstrip("\n"))
        return len(text)


def _end_with_server() -> None:
    os.read(sys.stdin.fileno(), 1)  # unbuffered: the interpreter needs the buffer's lock at its end
    os._exit(1)


def _reason(error: BaseException) -> str:
    """Return the text that the designer shows, without the name of the called function."""
    if isinstance(error, service_methods.ServiceMethodError):
        return describe(error.cause).partition(": ")[2] or type(error.cause).__name__
    return str(error) if isinstance(error, ElasticioError) else describe(error)


def _print_traceback(error: BaseException | None, request: Request) -> None:
    """Print the traceback of a component's error for its author. An error of the SDK says everything in its text."""
    cause = error.cause if isinstance(error, service_methods.ServiceMethodError) else error
    if cause is not None and not isinstance(cause, ElasticioError):
        sys.stderr.write(traceback_of(cause, Path(request["root"])) + "\n")


if __name__ == "__main__":
    main()
