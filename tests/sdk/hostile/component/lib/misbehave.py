"""An action that does what `body.do` names, and then emits {"did": …, "result": …}."""

import atexit
import decimal
import itertools
import json
import locale
import logging.config
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

SECRET = "s3cret-of-the-component"
FORK = multiprocessing.get_context("fork")


def process(step: Any, message: Any, config: Any, snapshot: Any) -> Iterator[Any]:
    """Misbehave."""
    name = message.body["do"]
    result = ATTACKS[name](step) if name in ATTACKS else None
    yield {"body": {"did": name, "result": result}}


def init(config: Any) -> None:
    """Do what the config says."""
    if name := config.get("init"):
        ATTACKS[name](None)


def wait_forever(*_: object) -> None:
    threading.Event().wait()


def hang(step: Any) -> None:
    print("init hangs", flush=True)
    wait_forever()


def outliving_thread(step: Any) -> None:
    threading.Thread(target=wait_forever, name="outliving").start()


def late_emit(step: Any) -> None:
    def emit() -> None:
        time.sleep(0.2)
        step.emit("data", {"body": {"did": "too late"}})

    threading.Thread(target=emit, name="late").start()


def exiting_thread(step: Any) -> None:
    thread = threading.Thread(target=sys.exit, args=(3,))
    thread.start()
    thread.join()


def failing_thread(step: Any) -> None:
    def fail() -> None:
        raise ValueError(SECRET)

    thread = threading.Thread(target=fail, name="failing")
    thread.start()
    thread.join()


def unraisable(step: Any) -> None:
    class Odd:
        def __del__(self) -> None:
            raise ValueError(SECRET)

    Odd()


def fork(child: Callable[[], Any]) -> int:
    """Run a function in a forked process whose code then leaves `process`. Return the wait status in the parent."""
    pid = os.fork()
    if pid == 0:
        child()
        sys.exit(7)
    return os.waitpid(pid, 0)[1]


def fork_exits(step: Any) -> int:
    return fork(lambda: os._exit(5))


def fork_leaves(step: Any) -> int | None:
    pid = os.fork()
    return os.waitpid(pid, 0)[1] if pid else None


def fork_ends_with_system_exit(step: Any) -> int:
    return fork(lambda: None)


def fork_fails(step: Any) -> int:
    return fork(lambda: int(SECRET))


def fork_emits(step: Any) -> int:
    return fork(lambda: step.emit("data", {"body": {"did": "emitted by a child"}}))


def terminated_fork(step: Any) -> int:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writer, b"x")
        wait_forever()
    os.read(reader, 1)
    os.kill(pid, signal.SIGTERM)
    return os.waitpid(pid, 0)[1]


def pool(step: Any) -> list[int]:
    workers = FORK.Pool(2)
    result = workers.map(abs, [-1, -2])
    workers.terminate()
    workers.join()
    return result


def inherited(step: Any) -> int:
    """Return the number of sockets that a program inherits, even if the component asks for all descriptors."""
    code = "import os\nfor n in range(3, 100):\n try: print(os.readlink(f'/proc/self/fd/{n}'))\n except OSError: pass"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, close_fds=False)
    return found.stdout.count("socket:")


def closed_output(step: Any) -> None:
    sys.stdout.close()
    sys.stderr.close()


def no_output(step: Any) -> None:
    sys.stdout = sys.stderr = None


def broken_stream(step: Any) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    sys.stdout = sys.stderr = os.fdopen(writer, "w")


def logging_config(step: Any) -> None:
    logging.config.dictConfig({"version": 1})
    logging.basicConfig(force=True, level=logging.CRITICAL)
    logging.getLogger().handlers.clear()
    logging.shutdown()


def odd_arguments(step: Any) -> None:
    class Odd:
        def __str__(self) -> str:
            raise SystemExit(SECRET)

        __repr__ = __str__

    step.logger.warning("%s %d", Odd(), SECRET)
    step.logger.warning(Odd())
    logging.getLogger("component").warning("x", extra={"context": 5})
    logging.getLogger("urllib3").warning("Retrying https://user:%s@host/a?key=%s", SECRET, SECRET)


def default_timeout(step: Any) -> None:
    socket.setdefaulttimeout(0.000001)


def recursion_limit(step: Any) -> None:
    sys.setrecursionlimit(10**6)


def odd_locale(step: Any) -> None:
    for name in ("tr_TR.UTF-8", "C"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue


def patched_json(step: Any) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise ValueError(SECRET)

    for name in ("dumps", "loads", "dump", "load"):
        setattr(json, name, fail)


def strict_warnings(step: Any) -> None:
    warnings.simplefilter("error")


def strict_decimals(step: Any) -> None:
    context = decimal.Context(prec=1, traps=[decimal.Inexact, decimal.Rounded])
    decimal.setcontext(context)
    decimal.DefaultContext.prec = 1
    decimal.DefaultContext.traps = context.traps


def other_folder(step: Any) -> None:
    os.chdir("/")
    os.environ.clear()
    sys.path.clear()


def signal_handler(step: Any) -> str:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except ValueError as error:
        return type(error).__name__
    return "set"


def odd_variables(step: Any) -> None:
    step.variables["odd"] = object()


def exit_handler(step: Any) -> None:
    atexit.register(wait_forever)


def endless(step: Any) -> None:
    for number in itertools.count():
        step.emit("data", {"body": {"did": number}})


def thread_and_error(step: Any) -> None:
    outliving_thread(step)
    raise ValueError(SECRET)


ATTACKS: dict[str, Callable[[Any], Any]] = {
    name: value for name, value in dict(globals()).items() if callable(value) and value.__module__ == __name__
}
