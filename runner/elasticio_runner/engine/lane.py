"""A lane consumes one queue of a run in a separate thread, one message at a time."""

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
    """Calls `handle` for each message and acknowledges it. If `handle` raises, calls `on_failure`: the run must end."""

    def __init__(self, kind: str, broker: Broker, handle: Handler, on_failure: Callable[[BaseException], None]) -> None:
        self._kind = kind
        self.broker = broker
        self._handle = handle
        self._on_failure = on_failure
        self._inbox: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._fences: dict[str, threading.Event] = {}
        self._thread = threading.Thread(target=self._work, name=f"relay-{kind}", daemon=True)

    def start(self) -> None:
        """Connect and start to consume."""
        self.broker.connect(self._on_failure)
        self.broker.consume(self._inbox.put)
        self._thread.start()

    def stop(self) -> None:
        """Handle the delivered messages, and close the connection."""
        self.broker.stop_consuming()
        self._inbox.put(None)
        self._thread.join()
        self.broker.close()

    def pass_fence(self) -> None:
        """Publish a message to the lane's own queue. Return when it and all messages before it are handled."""
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
                except Exception as error:  # noqa: BLE001 (the run must end: this message was not relayed)
                    self._on_failure(error)
                    continue
            delivery.ack()
