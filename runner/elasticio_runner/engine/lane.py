"""A lane reads one queue of a run, one message after the other, in a separate thread."""

import queue
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from elasticio.broker import Broker, Delivery, Publication
from elasticio.runtime.emitter import publish_and_wait

from elasticio_runner.engine.queues import fence_key

_FENCE = "x-flow-fence"
Handler = Callable[[Mapping[str, Any], bytes], None]


class Lane:
    """A message is acknowledged when `handle` has returned. If it raises, the run must end: `on_failure` is called."""

    def __init__(self, kind: str, broker: Broker, handle: Handler, on_failure: Callable[[BaseException], None]) -> None:
        self._kind = kind
        self.broker = broker
        self._handle = handle
        self._on_failure = on_failure
        self._inbox: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._fences: dict[str, threading.Event] = {}
        self._thread = threading.Thread(target=self._work, name=f"relay-{kind}", daemon=True)

    def start(self) -> None:
        """Connect and begin to read."""
        self.broker.connect(self._on_failure)
        self.broker.consume(self._inbox.put)
        self._thread.start()

    def stop(self) -> None:
        """Handle what has been delivered, and close."""
        self.broker.stop_consuming()
        self._inbox.put(None)
        self._thread.join()
        self.broker.close()

    def pass_fence(self) -> None:
        """Return when everything that is in the queue now has been handled: a message of the lane goes behind it."""
        fence, passed = str(uuid.uuid4()), threading.Event()
        self._fences[fence] = passed
        publish_and_wait(self.broker, Publication(fence_key(self._kind), b"", {_FENCE: fence}))
        passed.wait()

    def _work(self) -> None:
        while delivery := self._inbox.get():
            headers = delivery.headers or {}
            if passed := self._fences.pop(str(headers.get(_FENCE)), None):
                passed.set()
            elif _FENCE not in headers:
                try:
                    self._handle(headers, delivery.body)
                except Exception as error:  # noqa: BLE001 (the run has to end: this message did not arrive)
                    self._on_failure(error)
                    continue
            delivery.ack()
