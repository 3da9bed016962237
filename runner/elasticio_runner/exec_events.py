"""Follows one function that runs in the runtime: turns its publications into events, and waits for its end."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from elasticio.broker import Headers, Publication
from elasticio.wire.encryption import Encryptor
from elasticio.wire.incoming import protocol_version

from elasticio_runner.errors import AbandonedError, FlowError, OutputError, describe
from elasticio_runner.local_platform.object_store import ObjectStore


@dataclass(frozen=True)
class Event:
    """What a function emitted.

    `name` is data, rebound, snapshot or updateSnapshot. `values` are body, attachments and more of data; reason of a
    rebound; snapshot of the others. `files` are the emitted attachments by name; a file exists until the run ends.
    """

    name: str
    values: dict[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return {"event": name, …} with all values. A value with the name `event` is left out."""
        return {"event": self.name} | self.values | {"event": self.name}


class EventListener(Protocol):
    """Receives what happens during a run. Only one thread at a time calls it."""

    def emitted(self, event: Event) -> None:
        """Receive an event. An OutputError ends the run."""

    def failed(self, text: str, stack: str) -> None:
        """Receive the error of the function: its text, and its traceback in Python's format or an empty string."""

    def logged(self, who: str, level: int, text: str) -> None:
        """Receive a log line of `who`: sailor, component or runner."""


class RunningStep(Protocol):
    """The parts of the sailor that the events need."""

    ended: threading.Event
    failure: BaseException | None


class FunctionEvents:
    """Receives the publications and settlements of a step. Threads may call it."""

    def __init__(self, encryptor: Encryptor, objects: ObjectStore, listener: EventListener) -> None:
        self._encryptor = encryptor
        self._objects = objects
        self._listener = listener
        self._lock = threading.Lock()
        self._failure: FlowError | None = None
        self._over = threading.Event()
        self.is_well = True

    def published(self, publication: Publication) -> None:
        """Pass an event on. If the listener fails, `wait` raises the reason."""
        name = publication.routing_key.rpartition(".")[2]
        with self._lock:
            if self._failure:
                return
            try:
                self._pass_on(name, publication)
            except OutputError as error:
                self._failure = error
            except Exception as error:  # noqa: BLE001 (the broker would drop the error, and the command would hang)
                self._failure = FlowError(f"the event {name} could not be shown: {describe(error)}")
            if self._failure:
                self._over.set()

    def settled(self, _headers: Headers) -> None:
        """Record that the function has ended."""
        self._over.set()

    def logged(self, who: str, level: int, text: str) -> None:
        """Pass a log line on."""
        with self._lock:
            self._listener.logged(who, level, text)

    def wait(self, step: RunningStep) -> None:
        """Return when the function has ended; raises AbandonedError if the step or the listener fails."""
        threading.Thread(target=self._end_with, args=(step,), daemon=True).start()
        self._over.wait()
        if self._failure:
            raise AbandonedError(str(self._failure)) from self._failure

    def _end_with(self, step: RunningStep) -> None:
        step.ended.wait()
        if step.failure:
            with self._lock:
                self._failure = self._failure or FlowError(f"failed to run the function: {describe(step.failure)}")
        self._over.set()

    def _pass_on(self, name: str, publication: Publication) -> None:
        match name:
            case "data":
                message = self._encryptor.decode(publication.body, protocol_version(publication.headers))
                values = {name: value for name, value in message.items() if name == "body" or value not in ({}, None)}
                self._listener.emitted(Event("data", values, self._files(message.get("attachments") or {})))
            case "error" if "parentMessageId" in publication.headers:  # the step raises an error of its start
                self.is_well = False
                error = self._encryptor.decode(json.loads(publication.body)["error"].encode(), 1)
                self._listener.failed(f"{error.get('name')}: {error.get('message')}", str(error.get("stack") or ""))
            case "rebound":
                self.is_well = False
                self._listener.emitted(Event("rebound", {"reason": publication.headers.get("reboundReason")}))
            case "snapshot":
                kind = str(publication.headers.get("snapshotEvent"))
                self._listener.emitted(Event(kind, {"snapshot": json.loads(publication.body)}))

    def _files(self, attachments: Mapping[str, Mapping[str, Any]]) -> dict[str, Path]:
        """Return the attachments that are in the local storage; others are URLs of other servers."""
        files = {}
        for name, entry in attachments.items():
            object_id = str(entry.get("url", "")).partition("?")[0].rpartition("/")[2]
            if stored := self._objects.get(object_id):
                files[name] = stored.file
        return files
