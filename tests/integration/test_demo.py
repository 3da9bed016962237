"""The demo, as `make demo` runs it"""

import json
import os
import subprocess
import sys

import pytest

from demo.people import PEOPLE, Person
from demo.report import answers_are_right

PATIENCE = 120


def run_demo(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "COLUMNS": "300"}
    command = [sys.executable, "-m", "demo", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE, env=environ)


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker_name(request: pytest.FixtureRequest) -> str:
    return "memory" if request.param == "memory" else str(request.getfixturevalue("broker").uri)


def test_everybody_gets_one_answer(broker_name: str) -> None:
    ended = run_demo("--broker", broker_name)
    assert ended.returncode == 0, ended.stderr
    answered = [json.loads(line)["answered"] for line in ended.stdout.splitlines() if line.startswith("{")]
    assert sorted(answered) == [person.number for person in PEOPLE if person.text != "STOP"]
    assert "Everybody got exactly one answer" in ended.stdout
    for person in PEOPLE:
        assert f"│ {person.number} │ {person.text}" in ended.stdout
    assert "all messages succeeded" in ended.stderr


def test_a_broker_that_is_not_there_is_told() -> None:
    ended = run_demo("--broker", "amqp://guest:secret@127.0.0.1:1")
    assert ended.returncode == 1
    assert "127.0.0.1:1" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


@pytest.mark.parametrize(
    ("answers", "are_right"),
    [
        ({"1": ["a"]}, True),
        ({}, False),
        ({"1": ["a", "a"]}, False),
        ({"1": ["a"], "2": ["b"]}, False),
        ({"1": ["a"], "3": ["c"]}, False),
    ],
)
def test_the_demo_notices_what_is_wrong(answers: dict[str, list[str]], are_right: bool) -> None:
    assert answers_are_right([Person("1", "hi"), Person("2", "STOP")], answers) is are_right
