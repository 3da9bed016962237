"""Run mode: one step of a flow, from the start of its container to its end.

start     connect to the broker, fetch the step from the platform, load its function, run its hooks, consume
process   process up to `prefetch` messages at the same time, each in a worker thread (`execution`)
stop      on SIGTERM or SIGINT: stop consuming, wait for the messages in progress, close (`shutdown`)
"""

import logging
import threading
import time
from collections.abc import Mapping
from functools import partial

from elasticio.broker import Broker, Publication
from elasticio.errors import BrokerError, ElasticioError, MessageError, SettingsError
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.body_storage import BodyStorage
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.object_storage import ObjectStorage
from elasticio.platform.web_address import WebAddress
from elasticio.runtime import shutdown
from elasticio.runtime.component import Component
from elasticio.runtime.context import StepContext, StepData, Throttles
from elasticio.runtime.emitter import publish_and_wait
from elasticio.runtime.execution import begin
from elasticio.runtime.failure import describe, in_log
from elasticio.runtime.health import HealthFile
from elasticio.runtime.hooks import run_shutdown_hook, run_start_hooks
from elasticio.runtime.logging import configure
from elasticio.runtime.settings import Settings, doubtful_secrets
from elasticio.runtime.workers import Job, Workers
from elasticio.wire import events
from elasticio.wire.encryption import Encryptor
from elasticio.wire.headers import identity, new_id

log = logging.getLogger("sailor")

_START = "start the step"
_REPORT_TIMEOUT = 10.0  # seconds for publishing the error of a failed start
_SLOW = 60.0  # seconds after which a message in progress is logged
_LOOK = 5.0  # seconds between two checks for such messages, and between two touches of the health file


class Sailor:
    """Runs one step. `ended` is set when the step must stop; `failure` is the error that stops it, if any."""

    def __init__(self, settings: Settings, broker: Broker, api: PlatformApi) -> None:
        self._settings = settings
        self._broker = broker
        self._api = api
        self._encryptor = Encryptor(settings.message_crypto_password, settings.message_crypto_iv)
        self._identity = _identity(settings)
        self.workers = Workers(settings.rabbitmq_prefetch_sailor, self.fail)
        self.ended = threading.Event()
        self._health = HealthFile(settings.health_file)
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Connect, prepare the step and consume. A failure after connecting is published as an error and raised."""
        self._health.remove()
        self._broker.connect(self.fail)
        try:
            context = self._prepare()
            run_start_hooks(self._settings, context.function, context.data, self._api)
            self._broker.consume(partial(begin, context))
        except BaseException as error:
            self.fail(error)
            self._report(error)
            self._broker.close()
            raise

    def wait(self) -> None:
        """Return when the step must stop. Until then, log each message in progress for over 60 s, once.

        Touch the health file while the broker is healthy.
        """
        logged: set[Job] = set()
        self._show_health()
        while not self.ended.wait(_LOOK):
            self._show_health()
            slow = {job for job in self.workers.in_flight() if time.monotonic() - job.started > _SLOW}
            for job in slow - logged:
                log.warning("Still processing a message after %g s", _SLOW, extra={"context": job.identifiers})
            logged = slow

    def fail(self, reason: BaseException) -> None:
        """Stop the step because of an error. When the process ends, the broker redelivers the unsettled messages."""
        self.failure = self.failure or reason
        self.ended.set()

    def stop(self) -> None:
        """Stop consuming, wait for the messages in progress, and close."""
        self._broker.stop_consuming()
        log.info("Shutting down: no new messages are consumed, waiting for messages in progress")
        self.workers.finish()
        self._broker.close()

    def _show_health(self) -> None:
        if self._health.is_wanted and self._broker.is_healthy():
            self._health.touch()

    def _prepare(self) -> StepContext:
        settings = self._settings
        storage = object_storage(settings)
        egress = EgressPolicy.parse(settings.egress_allow, settings.egress_deny)
        data = StepData.read(self._api.step(settings.flow_id, settings.step_id))
        function = Component.load(settings.component_path).function(settings.function)
        return StepContext(
            settings=settings,
            broker=self._broker,
            api=self._api,
            encryptor=self._encryptor,
            bodies=BodyStorage(storage, self._encryptor),
            attachments=Attachments(storage, self._api, egress),
            throttles=Throttles.of(settings),
            workers=self.workers,
            data=data,
            function=function,
            process=function.get("process"),
            identity=self._identity,
        )

    def _report(self, error: BaseException) -> None:
        """Publish a failure of the start, which belongs to no message."""
        headers = {**self._settings.additional_headers, **self._identity, "messageId": new_id()}
        publication = events.error(
            describe(error), None, headers, routing_key=self._settings.error_routing_key, encryptor=self._encryptor
        )
        try:
            publish_and_wait(self._broker, publication, _REPORT_TIMEOUT)
        except ElasticioError as unpublished:
            log.error("Failed to publish the error of the start: %s", unpublished)


def object_storage(settings: Settings) -> ObjectStorage | None:
    """Return the platform's object storage, None if the settings name none. Raises SettingsError for no URL."""
    if not settings.object_storage_uri:
        return None
    try:
        WebAddress.parse(settings.object_storage_uri)
    except ValueError as error:
        raise SettingsError(f"ELASTICIO_OBJECT_STORAGE_URI: {error}.") from error
    request_id = f"f:{settings.flow_id};s:{settings.step_id};m:"
    return ObjectStorage(settings.object_storage_uri, settings.object_storage_token, request_id)


def run(environ: Mapping[str, str]) -> int:
    """Run the step that the environment describes until SIGTERM or SIGINT; returns the exit code."""
    action = _START
    try:
        configure(environ)
        settings = Settings.read(environ)
        for name in doubtful_secrets(environ):
            log.warning("%s: white space or quotation marks around the value count as a part of the secret", name)
        if settings.hook_shutdown:
            action = "run the shutdown hook"
            run_shutdown_hook(settings)
            return 0
        return _run_until_stopped(settings)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (every error is the reason for the end)
        _log_failure(error, action)
    return 1


def _log_failure(error: BaseException, action: str) -> None:
    if isinstance(error, ElasticioError):
        log.critical("%s: %s", type(error).__name__, error)
    else:
        log.critical("Failed to %s: %s", action, in_log(error), exc_info=error)


def _run_until_stopped(settings: Settings) -> int:
    from elasticio.broker.rabbitmq import RabbitBroker  # noqa: PLC0415 (the shutdown hook runs without it)

    sailor = Sailor(settings, RabbitBroker.of(settings), PlatformApi.of(settings))
    install_handlers = shutdown.on_signals(sailor.ended)
    shutdown.in_time(sailor, settings.shutdown_timeout / 1000)
    try:
        sailor.start()
    except (Exception, SystemExit) as error:  # noqa: BLE001 (as above)
        if isinstance(error, BrokerError) and sailor.ended.is_set() and not sailor.failure:
            log.warning("Stopped before the connection to the broker was open: %s", error)
            return 0
        _log_failure(error, _START)
        shutdown.end_despite_threads(1)
        return 1
    install_handlers()
    log.info("Fully initialized and waiting for messages")
    sailor.wait()
    sailor.stop()
    if sailor.failure:
        shutdown.log_failure(sailor.failure)
    code = 1 if sailor.failure else 0
    shutdown.end_despite_threads(code)
    return code


def _identity(settings: Settings) -> dict[str, str]:
    """Return the headers that identify the step; raises SettingsError if AMQP cannot carry a value."""
    headers = identity(
        exec_id=settings.exec_id,
        flow_id=settings.flow_id,
        workspace_id=settings.workspace_id,
        container_id=settings.container_id,
        user_id=settings.user_id,
        step_id=settings.step_id,
        comp_id=settings.comp_id,
        function=settings.function,
    )
    keys = ("data_routing_key", "error_routing_key", "rebound_routing_key", "snapshot_routing_key")
    try:
        for key in keys:
            Publication(getattr(settings, key), b"", {**settings.additional_headers, **headers})
    except MessageError as error:
        names = f"ELASTICIO_{key.upper()} and the headers of the step"
        raise SettingsError(f"the environment is invalid: {names}: {error}") from error
    return headers
