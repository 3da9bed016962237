"""A step in threads of this process, over the memory broker."""

import threading
from collections.abc import Mapping

from elasticio.broker import Broker
from elasticio.platform.api import PlatformApi
from elasticio.runtime.hooks import run_shutdown_hook
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import PREFIX, Settings

from elasticio_runner.errors import describe
from elasticio_runner.hosts import ReboundNotice, SettledNotice, StepEvents
from elasticio_runner.hosts.observed_broker import MessageObserver, ObservedBroker


class ThreadHost:
    """Implements `StepHost` with a sailor in this process."""

    def __init__(self, environ: Mapping[str, str], broker: Broker, events: StepEvents) -> None:
        self._environ = environ
        self._settings = Settings.read(environ)
        self._events = events
        observer = MessageObserver(self._settings, self._rebounded, self._settled)
        observed = ObservedBroker(broker, observer.published, observer.settled)
        self._sailor = Sailor(self._settings, observed, PlatformApi.of(self._settings))

    def start(self) -> None:
        """Start the sailor; raises the error that prevents it."""
        self._sailor.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def wait_until_ready(self) -> None:
        """Return at once: the step consumes messages since `start` returned."""

    def stop(self) -> None:
        """Stop the sailor after its messages in flight."""
        self._sailor.stop()
        self._sailor.ended.set()

    def shut_down(self) -> None:
        """Run the shutdown hook in this process."""
        run_shutdown_hook(Settings.read({**self._environ, PREFIX + "HOOK_SHUTDOWN": "true"}))

    def _watch(self) -> None:
        self._sailor.wait()  # logs messages that take long
        if failure := self._sailor.failure:
            self._events.gave_up(self._settings.step_id, describe(failure))

    def _rebounded(self, notice: ReboundNotice) -> None:
        self._events.rebounded(self._settings.step_id, notice)

    def _settled(self, notice: SettledNotice) -> None:
        self._events.settled(self._settings.step_id, notice)
