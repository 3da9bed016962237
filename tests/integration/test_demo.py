"""Tests of `python -m demo`."""

import json
import os
import subprocess
import sys

import pytest

from demo.report import is_success
from demo.senders import SENDERS, Sender

PATIENCE = 120


def run_demo(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "COLUMNS": "300"}
    command = [sys.executable, "-m", "demo", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE, env=environ)


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker_name(request: pytest.FixtureRequest) -> str:
    return "memory" if request.param == "memory" else str(request.getfixturevalue("broker").uri)


def test_each_sender_receives_one_reply(broker_name: str) -> None:
    ended = run_demo("--broker", broker_name)
    assert ended.returncode == 0, ended.stderr
    answered = [json.loads(line)["answered"] for line in ended.stdout.splitlines() if line.startswith("{")]
    assert sorted(answered) == [sender.number for sender in SENDERS if sender.text != "STOP"]
    assert "Each sender received exactly one reply" in ended.stdout
    for sender in SENDERS:
        assert f"│ {sender.number} │ {sender.text}" in ended.stdout
    assert "all messages succeeded" in ended.stderr


def test_an_unavailable_broker_is_an_error() -> None:
    ended = run_demo("--broker", "amqp://guest:secret@127.0.0.1:1")
    assert ended.returncode == 1
    assert "127.0.0.1:1" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"1": ["a"]}, True),
        ({}, False),
        ({"1": ["a", "a"]}, False),
        ({"1": ["a"], "2": ["b"]}, False),
        ({"1": ["a"], "3": ["c"]}, False),
    ],
)
def test_the_demo_detects_wrong_replies(replies: dict[str, list[str]], expected: bool) -> None:
    assert is_success([Sender("1", "hi"), Sender("2", "STOP")], replies) is expected
