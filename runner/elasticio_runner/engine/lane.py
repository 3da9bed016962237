"""A lane consumes one queue of a run in a separate thread, one message at a time."""

import queue
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from elasticio.broker import Broker, Delivery, Publication
from elasticio.errors import BrokerError, MessageError

from elasticio_runner.engine.queues import fence_key

_FENCE = "x-flow-fence"
_SILENCE = 120.0  # seconds without a delivery after which the broker is considered lost; a restart takes less
Handler = Callable[[Mapping[str, Any], bytes], None]


class Lane:
    """Calls `handle` for each message and acknowledges it.

    If `handle` raises or the broker fails, calls `on_failure`: the run must end. Fences then end at once.
    """

    def __init__(self, kind: str, broker: Broker, handle: Handler, on_failure: Callable[[BaseException], None]) -> None:
        self._kind = kind
        self.broker = broker
        self._handle = handle
        self._on_failure = on_failure
        self._inbox: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._fences: dict[str, _Fence] = {}
        self._has_failed = False
        self._handling = False
        self._active_at = 0.0  # time of the last delivery, on the monotonic clock
        self._thread = threading.Thread(target=self._work, name=f"relay-{kind}", daemon=True)

    def start(self) -> None:
        """Connect and start to consume."""
        self.broker.connect(self._fail)
        self.broker.consume(self._inbox.put)
        self._thread.start()

    def stop(self) -> None:
        """Handle the delivered messages, and close the connection."""
        self.broker.stop_consuming()
        self._inbox.put(None)
        self._thread.join()
        self.broker.close()

    def pass_fence(self) -> None:
        """Publish a message to the lane's own queue. Return when it and all messages before it are handled.

        Returns at once if the lane has failed. Raises BrokerError if the message cannot be published, or if the broker
        delivers nothing for two minutes, for example because the queue was deleted.
        """
        key, fence = str(uuid.uuid4()), _Fence()
        self._fences[key] = fence
        if self._has_failed:  # after the fence was added: a later failure ends it
            return
        self._active_at = time.monotonic()
        self.broker.publish(Publication(fence_key(self._kind), b"", {_FENCE: key}), fence.published)
        while not fence.passed.wait(self._remaining_silence()):
            if self._remaining_silence() <= 0:
                raise BrokerError(f"the broker has delivered nothing from the queue {self._kind!r} for {_SILENCE:g} s")
        if fence.failure and not self._has_failed:  # the first failure is the reason for the end
            raise fence.failure

    def _remaining_silence(self) -> float:
        return _SILENCE if self._handling else self._active_at + _SILENCE - time.monotonic()

    def _work(self) -> None:
        while delivery := self._inbox.get():
            self._handling = True
            self._receive(delivery)
            self._active_at = time.monotonic()
            self._handling = False

    def _receive(self, delivery: Delivery) -> None:
        headers = delivery.headers or {}
        if fence := self._fences.pop(str(headers.get(_FENCE)), None):
            fence.passed.set()
        elif _FENCE not in headers:
            try:
                self._handle(headers, delivery.body)
            except Exception as error:  # noqa: BLE001 (the run must end: this message was not relayed)
                self._fail(error)
                return
        delivery.ack()

    def _fail(self, error: BaseException) -> None:
        self._has_failed = True
        for fence in list(self._fences.values()):
            fence.passed.set()
        self._on_failure(error)


class _Fence:
    """A message that marks a position in a queue. `passed` is set when it is handled or cannot arrive."""

    def __init__(self) -> None:
        self.passed = threading.Event()
        self.failure: BrokerError | MessageError | None = None

    def published(self, failure: BrokerError | MessageError | None) -> None:
        """Handle the broker's confirm, or the end of the attempts to publish."""
        if failure:
            self.failure = failure
            self.passed.set()
