"""Run a command until standard input closes: `python keeper.py COMMAND …`

The pipe closes when whoever holds its other end closes it or dies, even by kill -9. So a broker never outlives the
run that started it. It is in a session of its own, out of reach of the terminal's Ctrl-C: tests that are interrupted
can still tidy up against a living broker.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 30


def _end(server: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)  # not sys.stdin: its lock, held by a waiting thread, breaks the interpreter's exit
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    running = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_end, args=(running,), daemon=True).start()
    status = running.wait()
    with contextlib.suppress(ProcessLookupError):  # what the command left behind in its process group
        os.killpg(running.pid, signal.SIGKILL)
    sys.exit(status)
