"""Runs a command until standard input closes: `python stop_with_parent.py COMMAND …`

The pipe closes when the process at its other end closes it or dies, even after kill -9. The broker therefore ends with
the run that started it. The command runs in its own session, where the terminal's Ctrl-C does not reach it. Interrupted
tests can therefore clean up while the broker still runs.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 30


def _stop_at_end_of_input(command: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)  # not sys.stdin: a thread that waits for its lock breaks the exit of the interpreter
    with contextlib.suppress(ProcessLookupError):
        os.killpg(command.pid, signal.SIGTERM)
        try:
            command.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(command.pid, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    running = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_stop_at_end_of_input, args=(running,), daemon=True).start()
    status = running.wait()
    with contextlib.suppress(ProcessLookupError):  # processes that the command left in its process group
        os.killpg(running.pid, signal.SIGKILL)
    sys.exit(status)
