"""A private broker keeps its data during a restart and ends with the run that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pika
import pytest

from services.rabbitmq import BrokerFailedError, PrivateBroker
from services.rabbitmq.check import connection_failure
from services.rabbitmq.private import STOP_WITH_PARENT, LaunchCommand

ROOT = Path(__file__).parents[2]
HOLD = """
from services.rabbitmq import private_broker
with private_broker() as broker:
    print(broker.uri, broker.log.parent, flush=True)
    input()
"""


def test_a_restart_keeps_durable_queues_and_persistent_messages(own_broker: PrivateBroker) -> None:
    with pika.BlockingConnection(pika.URLParameters(own_broker.uri)) as connection:
        channel = connection.channel()
        channel.queue_declare("kept", durable=True)
        channel.confirm_delivery()
        channel.basic_publish("", "kept", b"still here", pika.BasicProperties(delivery_mode=2))
    own_broker.restart()
    with pika.BlockingConnection(pika.URLParameters(own_broker.uri)) as connection:
        assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"still here"


def test_a_stopped_broker_does_not_respond_until_it_starts(own_broker: PrivateBroker) -> None:
    own_broker.stop()
    assert connection_failure(own_broker.uri) == "no response"
    own_broker.start()
    assert connection_failure(own_broker.uri) is None
    with pytest.raises(RuntimeError, match="running already"):
        own_broker.start()


@pytest.mark.rabbitmq
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_the_run_that_started_it(end: signal.Signals, tmp_path: Path) -> None:
    command = (sys.executable, "-c", HOLD)
    env = os.environ | {"TMPDIR": str(tmp_path)}  # a run that is killed leaves its folder behind
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, cwd=ROOT, env=env, text=True) as run:
        assert run.stdout is not None
        uri, folder = run.stdout.readline().split()
        assert connection_failure(uri) is None
        run.send_signal(end)
        run.wait()
    deadline = time.monotonic() + 60
    while connection_failure(uri) is None:
        assert time.monotonic() < deadline, "the broker outlived its run"
        time.sleep(0.1)
    if end is signal.SIGINT:
        assert not Path(folder).exists()


def test_a_broker_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    launch = LaunchCommand("a broken broker", ("/bin/sh", "-c", "echo no space left; exit 3"), port=9)
    with pytest.raises(BrokerFailedError, match="a broken broker did not start") as caught:
        PrivateBroker.of(launch, tmp_path / "log").start()
    assert "no space left" in str(caught.value)


def test_the_command_and_its_children_end_when_the_pipe_closes() -> None:
    script = "sleep 1000 & echo $!; wait"
    process = subprocess.Popen(
        (sys.executable, STOP_WITH_PARENT, "/bin/sh", "-c", script),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) > 0
    process.communicate()  # closes the pipe; returns only when the children, too, have closed stdout
    assert process.returncode != 0


def test_the_exit_code_of_the_command_is_reported() -> None:
    command = (sys.executable, STOP_WITH_PARENT, "/bin/sh", "-c", "exit 7")
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.wait() == 7
