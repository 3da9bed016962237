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
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from elasticio import ElasticioError

from elasticio_runner import service_methods
from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.log_lines import logs_to
from elasticio_runner.display.print_redirect import prints_to_stderr
from elasticio_runner.errors import describe
from elasticio_runner.exec_events import Event
from elasticio_runner.flow_file import references
from elasticio_runner.saved_files import file_name
from elasticio_runner.tracebacks import own_frames, traceback_of

Request = Mapping[str, Any]


class PreviewEvents:
    """Writes events of a call, and saves emitted files as FOLDER/event/number. Threads may share it.

    It is an EventListener.
    """

    def __init__(self, out: IO[str], request: Request) -> None:
        self._lines = JsonLines(out)
        self._lock = threading.Lock()
        self._folder = Path(request["folder"])
        self._root = Path(request["root"])
        self._count = 0

    def report(self, event: str, **values: Any) -> None:
        """Write one event."""
        self._write({"event": event, **values})

    def emitted(self, event: Event) -> None:
        """Write an event of the function. Its files are saved before."""
        self._count += 1
        files = [
            self._saved(name, file, f"{self._count}/{number}")
            for number, (name, file) in enumerate(event.files.items())
        ]
        self._write(event.as_json() | {"files": files})

    def failed(self, text: str, stack: str) -> None:
        """Write the traceback as output, and the error."""
        frames = own_frames(stack, self._root).removesuffix(text).rstrip("\n")
        if frames:
            self.report("output", text=frames)
        self.report("error", text=text)

    def logged(self, who: str, _level: int, text: str) -> None:
        """Write a log line."""
        self.report("log", who=who, text=text)

    def _write(self, values: Mapping[str, Any]) -> None:
        with self._lock:
            self._lines.write(values)

    def _saved(self, name: str, file: Path, place: str) -> dict[str, Any]:
        target = self._folder / place
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, target)
        return {"name": file_name(name), "size": target.stat().st_size, "place": place}


def main() -> None:
    """Run one call and end the process, also if a thread of the component is still running."""
    with prints_to_stderr() as out:
        request = json.loads(sys.stdin.buffer.readline())
        threading.Thread(target=_end_with_server, daemon=True).start()
        preview_events = PreviewEvents(out, request)
        try:
            _call(request, preview_events)
        except BaseException as error:  # noqa: BLE001 (a component may raise anything; the page shows it)
            _print_traceback(error, request)
            preview_events.report("failed", reason=_reason(error))
        sys.stderr.flush()
    os._exit(0)


def _call(request: Request, preview_events: PreviewEvents) -> None:
    if request["kind"] in ("run", "sample"):
        preview_events.report("done", ok=_run(request, preview_events))
        return
    with logs_to(preview_events.logged):
        preview_events.report("result", value=_ask(request))
    preview_events.report("done", ok=True)


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


def _run(request: Request, preview_events: PreviewEvents) -> bool:
    """Run the function once and report its events. Returns whether it succeeded."""
    from elasticio_runner.exec import Call, run  # noqa: PLC0415 (other calls start faster without it)

    with tempfile.TemporaryDirectory(prefix="preview-") as given:
        files = tuple(_written(file, Path(given) / str(number)) for number, file in enumerate(request["files"]))
        call = Call(
            function=request["function"],
            component=Path(request["root"]),
            body=request["body"],
            config=request["config"],
            snapshot=request["snapshot"],
            files=files,
            is_sample=request["kind"] == "sample",
            is_verbose=True,
        )
        return run(call, os.environ, preview_events)


def _written(file: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir()
    path = folder / file_name(file["name"])
    path.write_bytes(base64.b64decode(file["content"]))
    return path


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
