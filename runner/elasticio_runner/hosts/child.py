"""Run mode in a process of the runner: `python -m elasticio_runner.hosts.child DESCRIPTOR`

Two things differ from `elasticio run`. The process reports through the pipe DESCRIPTOR (`reports`). It ends with the
runner: the runner holds the other end of standard input, which closes even after SIGKILL.
"""

import os
import signal
import sys
import threading

from elasticio.broker.rabbitmq import RabbitBroker
from elasticio.platform.api import PlatformApi
from elasticio.runtime import logging, shutdown
from elasticio.runtime.hooks import run_shutdown_hook
from elasticio.runtime.sailor import Sailor
from elasticio.runtime.settings import Settings

from elasticio_runner.errors import describe
from elasticio_runner.hosts.observed_broker import MessageObserver, ObservedBroker
from elasticio_runner.hosts.reports import Reporter


def main(reporter: Reporter) -> int:
    """Run the step that the environment describes; returns the exit code."""
    logging.configure(os.environ)
    try:
        settings = Settings.read(os.environ)
        if settings.hook_shutdown:
            run_shutdown_hook(settings)
            return 0
        return _run(settings, reporter)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a component may raise any error; the runner shows it)
        reporter.failed(describe(error))
        return 1


def _run(settings: Settings, reporter: Reporter) -> int:
    observer = MessageObserver(settings, reporter.rebounded, reporter.settled)
    broker = ObservedBroker(RabbitBroker.of(settings), observer.published, observer.settled)
    sailor = Sailor(settings, broker, PlatformApi.of(settings))

    install_handlers = shutdown.on_signals(sailor.ended)
    shutdown.in_time(sailor, settings.shutdown_timeout / 1000)
    sailor.start()
    install_handlers()
    reporter.ready()
    sailor.wait()
    sailor.stop()
    if sailor.failure:
        reporter.failed(describe(sailor.failure))
        return 1
    return 0


def _end_with_runner() -> None:
    os.read(sys.stdin.fileno(), 1)  # unbuffered: the interpreter needs the buffer's lock at its end
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_runner, daemon=True).start()
    code = main(Reporter(int(sys.argv[1])))
    sys.stdout.flush()
    os._exit(code)  # a thread of the component must not keep the process alive
