"""Calls of a component, each in a new process: it uses the files as they are now, and it can be stopped at any time.

A process receives its call as one line of JSON on standard input, and reports events as lines of JSON on standard
output. Everything that the component itself prints arrives on standard error.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticio.runtime.settings import PREFIX

from elasticio_runner.errors import FlowError

LIMITS: Mapping[str, float] = {"verify": 30, "options": 120, "metadata": 120, "sample": 60, "run": 600}
"""Seconds for each kind of call. All but `run` have the limits of the platform."""
_LARGEST_EVENT = 96 * 1024 * 1024  # bytes of a line: the largest message of 10 MB, with every character escaped
_LONGEST_LINE = 10_000  # characters of printed output
_PULSE = 1.0  # seconds between two empty lines, which reveal that the page has closed the connection
_REST = 10.0  # maximum seconds for output that a detached process of the component holds back
_ENDED = object()

Event = dict[str, Any]


@dataclass(frozen=True)
class PreviewCall:
    """One call. `function` is empty for `verify`; `field` is a select; `files` are attachments.

    A file is {name, content}: the content is base64.
    """

    kind: str
    function: str
    field: str
    config: Mapping[str, Any]
    body: Any
    snapshot: Any
    files: list[Mapping[str, str]]

    @classmethod
    def read(cls, given: Any) -> "PreviewCall":
        """Read the request of the page; raises FlowError."""
        if not isinstance(given, dict) or given.get("kind") not in LIMITS:
            raise FlowError(f"kind: must be one of {', '.join(LIMITS)}")
        config, files = given.get("config", {}), given.get("files", [])
        if not isinstance(config, dict):
            raise FlowError("config: must be an object")
        if not isinstance(files, list) or not all(
            isinstance(file, dict) and isinstance(file.get("name"), str) and isinstance(file.get("content"), str)
            for file in files
        ):
            raise FlowError("files: must be a list of objects with name and content")
        function, field = str(given.get("function", "")), str(given.get("field", ""))
        return cls(given["kind"], function, field, config, given.get("body", {}), given.get("snapshot", {}), files)


async def events(call: PreviewCall, root: Path, folder: Path) -> AsyncGenerator[Event | None, None]:
    """Yield the events of a call, and None about every second in between. Leaving the iterator kills the process.

    `folder` receives emitted files. The last event is `done`, `failed` (the call has no result) or `stopped` (the time
    limit).
    """
    temporary = folder / "temporary"
    temporary.mkdir()
    process = await _start(temporary)
    queue: asyncio.Queue[Any] = asyncio.Queue(100)
    work = asyncio.create_task(_pass_on(process, {**vars(call), "root": str(root), "folder": str(folder)}, queue))
    loop = asyncio.get_running_loop()
    limit = LIMITS[call.kind]
    end = loop.time() + limit
    try:
        while (left := end - loop.time()) > 0:
            try:
                event = await asyncio.wait_for(queue.get(), min(left, _PULSE))
            except TimeoutError:
                event = None
            if event is _ENDED:
                return
            yield event
        yield {"event": "stopped", "reason": f"The call did not end within {limit:g} s and was stopped."}
    finally:
        _kill(process)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await process.wait()
        # The pipes may contain unread output. Nothing else closes them then, and the loop may end before the garbage
        # collector runs.
        process._transport.close()  # type: ignore[attr-defined] # asyncio has no public way
        shutil.rmtree(temporary, ignore_errors=True)


async def _start(temporary: Path) -> asyncio.subprocess.Process:
    """Start a process. A killed process leaves its temporary files in `temporary`."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or "EGRESS" in name}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # the working directory is not on the path of modules, as for the command `elasticio`
        "-m",
        "elasticio_runner.preview.call_child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **environ,
            "PYTHONIOENCODING": "utf-8:backslashreplace",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(temporary),
        },
        limit=_LARGEST_EVENT,
        process_group=0,  # Ctrl-C must reach only the server
    )


async def _pass_on(
    process: asyncio.subprocess.Process, request: Mapping[str, Any], queue: "asyncio.Queue[Any]"
) -> None:
    """Put all events of a process into the queue. Standard input stays open: the process ends when it closes."""
    assert process.stdin is not None  # noqa: S101 (for mypy)
    last: list[Event] = []
    readers = [asyncio.create_task(read) for read in (_read_events(process, queue, last), _read_output(process, queue))]
    try:
        with suppress(ConnectionError):  # the process has ended already; its exit code is the reason
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
        code = await process.wait()
        _kill(process)  # processes that the component has started
        pending = set(readers)
        while pending:
            _, pending = await asyncio.wait(pending, timeout=_REST)
            if queue.empty():  # otherwise the page has not received all events yet
                break
        if not last:
            await queue.put({"event": "failed", "reason": f"The component ended the process with {_described(code)}."})
        await queue.put(_ENDED)
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        process.stdin.close()


async def _read_events(process: asyncio.subprocess.Process, queue: "asyncio.Queue[Any]", last: list[Event]) -> None:
    assert process.stdout is not None  # noqa: S101 (for mypy)
    while line := await process.stdout.readline():
        event = json.loads(line)
        if event["event"] in ("done", "failed"):
            last.append(event)
        await queue.put(event)


async def _read_output(process: asyncio.subprocess.Process, queue: "asyncio.Queue[Any]") -> None:
    """Put each printed line into the queue; a longer line is several events."""
    assert process.stderr is not None  # noqa: S101 (for mypy)
    rest = ""
    while chunk := await process.stderr.read(65536):
        *lines, rest = (rest + chunk.decode(errors="replace")).split("\n")
        for line in lines:
            await queue.put({"event": "output", "text": line[:_LONGEST_LINE]})
        if len(rest) > _LONGEST_LINE:
            await queue.put({"event": "output", "text": rest})
            rest = ""
    if rest:
        await queue.put({"event": "output", "text": rest[:_LONGEST_LINE]})


def _described(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
