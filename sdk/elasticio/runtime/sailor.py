"""Run mode: one step of a flow, from its container's start to its end.

start-up   connect to the broker, ask the platform what this step is, load its function, run its hooks, consume
work       each message in a worker thread, as many side by side as the prefetch says (`execution`)
end        on SIGTERM or SIGINT: stop consuming, finish what is in hand, close
"""

import logging
import os
import signal
import threading
from collections.abc import Mapping

from elasticio.broker import Broker, Delivery, Publication
from elasticio.errors import ElasticioError
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import BodyStorage
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.object_storage import ObjectStorage
from elasticio.runtime.component import Component
from elasticio.runtime.confirms import publish_and_wait
from elasticio.runtime.context import StepContext, StepData, Throttles
from elasticio.runtime.emitter import describe
from elasticio.runtime.execution import Execution
from elasticio.runtime.hooks import run_shutdown_hook, run_start_hooks
from elasticio.runtime.settings import Settings
from elasticio.runtime.workers import Workers
from elasticio.wire import headers as envelope
from elasticio.wire.encoding import to_json
from elasticio.wire.encryption import Encryptor

log = logging.getLogger("sailor")


class Sailor:
    """One step at work. `ended` is set when it cannot go on; `failure` tells why."""

    def __init__(self, settings: Settings, broker: Broker, api: PlatformApi) -> None:
        self._settings = settings
        self._broker = broker
        self._api = api
        self._workers = Workers(settings.rabbitmq_prefetch_sailor)
        self._in_hand = 0
        self._settled = threading.Condition()
        self._encryptor = Encryptor(settings.message_crypto_password, settings.message_crypto_iv)
        self._context: StepContext
        self.ended = threading.Event()
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Start up and consume. What fails once the broker is there is published as an error and raised."""
        self._broker.connect(self._broker_failed)
        try:
            self._context = self._prepare()
            run_start_hooks(self._settings, self._context.function, self._context.data, self._api)
            self._broker.consume(self._take)
        except BaseException as error:
            self._report(error)
            self._broker.close()
            raise

    def stop(self) -> None:
        """Stop consuming, finish what is in hand, and close."""
        self._broker.stop_consuming()
        log.info("No new messages are taken; finishing what is in hand")
        with self._settled:
            self._settled.wait_for(lambda: not self._in_hand)
        self._workers.finish()
        self._broker.close()

    def _prepare(self) -> StepContext:
        settings = self._settings
        storage = object_storage(settings)
        egress = EgressPolicy.parse(settings.egress_allow, settings.egress_deny)
        data = StepData.read(self._api.step(settings.flow_id, settings.step_id))
        function = Component.load(settings.component_path).function(settings.function)
        function.get("process")
        return StepContext(
            settings=settings,
            broker=self._broker,
            api=self._api,
            encryptor=self._encryptor,
            bodies=BodyStorage(storage, self._encryptor),
            attachments=Attachments(storage, self._api, egress),
            throttles=Throttles.of(settings),
            data=data,
            function=function,
        )

    def _take(self, delivery: Delivery) -> None:
        with self._settled:
            self._in_hand += 1
        self._workers.submit(Execution(self._context, delivery, self._workers.submit, self._ended).run)

    def _ended(self, error: BaseException | None) -> None:
        if error:  # nothing was settled; the process has to end for the message to come again
            self.failure = error
            self.ended.set()
        with self._settled:
            self._in_hand -= 1
            if not self._in_hand:
                self._settled.notify_all()

    def _broker_failed(self, error: BaseException) -> None:
        self.failure = error
        self.ended.set()

    def _report(self, error: BaseException) -> None:
        """Publish a failure that belongs to no message."""
        headers = {**self._settings.additional_headers, **envelope.identity(self._settings)}
        payload = {"error": self._encryptor.encode(describe(error), 1).decode()}
        try:
            publish_and_wait(
                self._broker,
                Publication(
                    self._settings.error_routing_key, to_json(payload), {**headers, "messageId": envelope.new_id()}
                ),
            )
        except ElasticioError as unpublished:
            log.error("The failure could not be published: %s", unpublished)


def object_storage(settings: Settings) -> ObjectStorage | None:
    """Return the platform's object storage, None where the step was told of none."""
    if not settings.object_storage_uri:
        return None
    request_id = f"f:{settings.flow_id};s:{settings.step_id};m:"
    return ObjectStorage(settings.object_storage_uri, settings.object_storage_token, request_id)


def run(environ: Mapping[str, str]) -> int:
    """Run a step as its environment describes it, until it is told to stop; returns the exit code."""
    try:
        settings = Settings.read(environ)
        if settings.hook_shutdown:
            run_shutdown_hook(settings)
            return 0
        return _run_until_told(settings)
    except ElasticioError as error:
        log.critical("%s: %s", type(error).__name__, error)
    except Exception as error:
        log.critical("The step could not be started: %s: %s", type(error).__name__, error, exc_info=True)
    return 1


def _run_until_told(settings: Settings) -> int:
    from elasticio.broker.rabbitmq import RabbitBroker  # noqa: PLC0415 (the shutdown hook runs without it)

    sailor = Sailor(settings, RabbitBroker.of(settings), PlatformApi.of(settings))

    def end(number: int, _frame: object) -> None:
        log.info("Received %s", signal.Signals(number).name)
        sailor.ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    sailor.start()
    log.info("Fully initialized and waiting for messages")
    sailor.ended.wait()
    sailor.stop()
    if sailor.failure:
        log.critical("The step ends: %s: %s", type(sailor.failure).__name__, sailor.failure)
    code = 1 if sailor.failure else 0
    _leave_threads_behind(code)
    return code


def _leave_threads_behind(code: int) -> None:
    """End the process at once if the component started threads that would keep it, and so its container, forever."""
    names = [
        thread.name for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    if names:
        log.warning("Threads of the component are still running and are left behind: %s", ", ".join(names))
        logging.shutdown()
        os._exit(code)
