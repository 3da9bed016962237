"""The time limit of a shutdown: the process exits with the right code and names each unsettled message."""

import json
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading, time
from elasticio.runtime import shutdown
from elasticio.runtime.logging import configure
from elasticio.runtime.workers import Workers

class Job:
    def __init__(self, name):
        self.started, self.identifiers = time.monotonic(), {"messageId": name}
    def run(self):
        threading.Event().wait()

class Step:
    ended = threading.Event()
    failure = FAILURE
    workers = Workers(2, print)

configure({})
step = Step()
for name in NAMES:
    step.workers.start(Job(name))
shutdown.in_time(step, 0.1)
step.ended.set()
step.workers.finish()
threading.Event().wait(30)
"""


LINGERING = """
import threading
from elasticio.runtime import shutdown
from elasticio.runtime.logging import configure

configure({})
threading.Thread(target=threading.Event().wait, name="lingering").start()
shutdown.end_despite_threads(CODE)
"""


def run(names: list[str], failure: str = "None") -> tuple[int, list[tuple[int, str, str | None]]]:
    """Return the exit code and level, text and message ID of each log line of a step that does not stop."""
    program = PROGRAM.replace("NAMES", repr(names)).replace("FAILURE", failure)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, [(record["level"], record["msg"], record.get("messageId")) for record in records]


UNSETTLED = "Leaving a message unsettled after 0.1 s; the broker will redeliver it"
END = (40, "Ending the process: the step did not stop within 0.1 s", None)


@pytest.mark.parametrize("names", [["m1", "m2"], []])
def test_each_unsettled_message_is_named_and_the_exit_code_is_0(names: list[str]) -> None:
    code, lines = run(names)
    assert code == 0
    assert lines == [*((40, UNSETTLED, name) for name in names), END]


def test_a_failure_is_logged_and_makes_the_exit_code_1() -> None:
    code, lines = run(["m1"], "OSError('the reason')")
    assert code == 1
    assert lines == [(60, "Stopped because of an error: the reason", None), (40, UNSETTLED, "m1"), END]


@pytest.mark.parametrize("code", [0, 1])
def test_a_thread_of_the_component_does_not_change_the_exit_code(code: int) -> None:
    program = LINGERING.replace("CODE", str(code))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    [line] = done.stdout.splitlines()
    assert json.loads(line)["msg"] == "Ending the process although threads of the component still run: lingering"


def test_a_failure_without_a_text_is_logged_with_its_class() -> None:
    assert run([], "AssertionError()")[1][0] == (60, "Stopped because of an error: AssertionError", None)


FORKING = """
import os, signal, threading
from elasticio.runtime import shutdown

def terminated_at_once():
    os.kill(os.getpid(), signal.SIGTERM)

ended = threading.Event()
os.register_at_fork(after_in_child=terminated_at_once)  # runs before the hook of `on_signals`
shutdown.on_signals(ended)
child = os.fork()
if child == 0:
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), ended.wait(0.2), signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def test_a_signal_to_a_new_fork_ends_the_fork_and_not_the_step() -> None:
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == [str(-signal.SIGTERM), "False", "set()"], done.stderr
