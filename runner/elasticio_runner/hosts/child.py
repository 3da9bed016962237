"""Run mode for a step that the flow runner has started: `elasticio run`, except that it never outlives the runner.

The runner holds the other end of standard input. It closes when the runner ends, even by kill -9.
"""

import os
import signal
import sys
import threading

from elasticio.cli import main


def _end_with_runner() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock the end of the interpreter wants
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_runner, daemon=True).start()
    sys.exit(main(["run"]))
