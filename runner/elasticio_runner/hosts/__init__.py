"""A step at work, and the news of what it does. `ThreadHost` keeps it in this process, `processes` in its own."""

import threading
from collections.abc import Mapping
from typing import Protocol

from elasticio.broker import Broker, Headers, Publication
from elasticio.platform.api import PlatformApi
from elasticio.runtime.hooks import run_shutdown_hook
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import PREFIX, Settings

from elasticio_runner.engine.queues import REPLY
from elasticio_runner.hosts.observed_broker import Watched


class News(Protocol):
    """Who wants to know what hosts see. Called from any thread."""

    def settled(self, step_id: str, thread_id: str, replied: bool) -> None:
        """A message was acked or rejected; `replied` tells whether the thread's request was answered with it."""

    def rebounded(self, step_id: str) -> None:
        """A message will come again; told before it is settled."""

    def logged(self, step_id: str, level: int, text: str) -> None:
        """A step has logged a line; `level` is one of the logging module."""

    def crashed(self, step_id: str) -> None:
        """A process has ended that should not have; it is started again when this returns."""

    def gave_up(self, step_id: str, reason: str) -> None:
        """A step cannot go on."""


class Host(Protocol):
    """A step at work."""

    def start(self) -> None:
        """Begin to start."""

    def wait_until_ready(self) -> None:
        """Return when the step consumes. Raises what keeps it from that."""

    def stop(self) -> None:
        """Let it finish what is in hand, and end it."""

    def shut_down(self) -> None:
        """Run the component's `shutdown`, after `stop`."""


class ThreadHost:
    """A step in threads of this process."""

    def __init__(self, environ: Mapping[str, str], broker: Broker, news: News) -> None:
        self._environ = environ
        self._settings = Settings.read(environ)
        self._news = news
        self._replied: set[str] = set()
        self._sailor = Sailor(
            self._settings, Watched(broker, self._published, self._settled), PlatformApi.of(self._settings)
        )

    def start(self) -> None:
        """Start the sailor."""
        self._sailor.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def wait_until_ready(self) -> None:
        """Return: it is."""

    def stop(self) -> None:
        """Stop the sailor."""
        self._sailor.stop()
        self._sailor.ended.set()

    def shut_down(self) -> None:
        """Run the hook here."""
        run_shutdown_hook(Settings.read({**self._environ, PREFIX + "HOOK_SHUTDOWN": "true"}))

    def _watch(self) -> None:
        self._sailor.ended.wait()
        if failure := self._sailor.failure:
            self._news.gave_up(self._settings.step_id, f"{type(failure).__name__}: {failure}")

    def _published(self, publication: Publication) -> None:
        if publication.routing_key == self._settings.rebound_routing_key:
            self._news.rebounded(self._settings.step_id)
        elif publication.routing_key == REPLY:
            self._replied.add(str(publication.headers.get("threadId")))

    def _settled(self, headers: Headers) -> None:
        thread_id = str(headers.get("threadId"))
        replied = thread_id in self._replied
        self._replied.discard(thread_id)
        self._news.settled(self._settings.step_id, thread_id, replied)
