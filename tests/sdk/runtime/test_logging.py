"""The format and the content of log lines."""

import json
import logging
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from elasticio import SettingsError
from elasticio.runtime.logging import LIMIT, TRACE, ComponentLogger, RuntimeLogger, component_log, configure, sailor_log

IDENTIFIERS = (
    "API_USERNAME",
    "COMP_ID",
    "COMP_NAME",
    "CONTAINER_ID",
    "CONTRACT_ID",
    "EXEC_ID",
    "EXEC_TYPE",
    "EXECUTION_RESULT_ID",
    "FLOW_ID",
    "FLOW_VERSION",
    "FUNCTION",
    "STEP_ID",
    "TASK_USER_EMAIL",
    "TENANT_ID",
    "USER_ID",
    "WORKSPACE_ID",
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Restore the handlers and levels of the loggers, and Python's hooks."""
    hooks = RuntimeLogger.handler, threading.excepthook, sys.unraisablehook
    loggers = [logging.getLogger(), logging.getLogger("pika"), sailor_log, component_log]
    levels = [logger.level for logger in loggers]
    handlers = loggers[0].handlers[:]
    yield
    RuntimeLogger.handler, threading.excepthook, sys.unraisablehook = hooks
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


class Output:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines that were logged since the last call."""
        captured = self._capsys.readouterr()
        assert captured.err == ""
        assert captured.out == "" or captured.out.endswith("\n")
        return [json.loads(line) for line in captured.out.splitlines()]

    def line(self) -> dict[str, Any]:
        (line,) = self.lines()
        return line


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    return Output(capsys)


def test_the_keys_of_a_line(output: Output) -> None:
    configure({})
    sailor_log.info("hello %s", "world")
    line = output.line()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "name": "sailor",
        "hostname": socket.gethostname(),
        "pid": os.getpid(),
        "level": 30,
        "msg": "hello world",
        "v": 0,
    }


def test_the_time_is_that_of_the_record_in_utc(output: Output) -> None:
    configure({})
    record = sailor_log.makeRecord("sailor", logging.INFO, "", 0, "", (), None)
    record.created = 1_700_000_000.0079
    sailor_log.handle(record)
    assert output.line()["time"] == "2023-11-14T22:13:20.007Z"


def test_the_identifiers_of_the_step(output: Output) -> None:
    environ = {f"ELASTICIO_{name}": f"the {name}" for name in IDENTIFIERS}
    configure(environ)
    sailor_log.info("x")
    line = output.line()
    assert {name: value for name, value in line.items() if name.startswith("ELASTICIO_")} == environ
    assert line["tag"] == "the FLOW_ID"


def test_other_variables_are_not_logged(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    names = "API_KEY AMQP_URI MESSAGE_CRYPTO_PASSWORD MESSAGE_CRYPTO_IV OBJECT_STORAGE_TOKEN CFG POST_RESULT_URL"
    configure({**{f"ELASTICIO_{name}": "secret" for name in names.split()}, "PASSWORD": "secret"})
    sailor_log.error("x")
    assert "secret" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("level", "number"),
    [
        (TRACE, 10),
        (logging.DEBUG, 20),
        (logging.INFO, 30),
        (logging.WARNING, 40),
        (logging.ERROR, 50),
        (logging.CRITICAL, 60),
    ],
)
def test_the_levels_are_those_of_bunyan(output: Output, level: int, number: int) -> None:
    configure({"LOG_LEVEL": "trace"})
    sailor_log.log(level, "x")
    assert output.line()["level"] == number


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("trace", 10),
        ("debug", 20),
        ("info", 30),
        ("warn", 40),
        ("error", 50),
        ("fatal", 60),
        ("WARN", 40),
        (" debug ", 20),
        ("", 30),
        (None, 30),
    ],
)
def test_log_level_sets_the_level(output: Output, text: str | None, first: int) -> None:
    configure({} if text is None else {"LOG_LEVEL": text})
    for level in (TRACE, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        sailor_log.log(level, "x")
        ComponentLogger({}).log(level, "x")
    expected = [level for level in (10, 20, 30, 40, 50, 60) if level >= first]
    lines = output.lines()
    assert [line["level"] for line in lines if line["name"] == "sailor"] == expected
    assert [line["level"] for line in lines if line["name"] == "component"] == expected


def test_an_unknown_level_is_an_error(output: Output) -> None:
    with pytest.raises(SettingsError, match=r"LOG_LEVEL: must be one of trace, debug, .*, not 'loud'"):
        configure({"LOG_LEVEL": "Loud"})
    sailor_log.debug("x")
    sailor_log.info("y")
    assert output.line()["msg"] == "y"  # so that the error can be logged


class Unspeakable:
    def __str__(self) -> str:
        raise ValueError("not this one")


def test_a_line_whose_arguments_cannot_be_formatted_is_logged(output: Output) -> None:
    configure({})
    sailor_log.info("a %s", Unspeakable())
    sailor_log.info("a %d %d", 1)
    sailor_log.info("x", extra={"context": {"odd": Unspeakable()}})
    first, second, third = output.lines()
    assert first["msg"] == "a %s (failed to format the arguments: ValueError)"
    assert second["msg"] == "a %d %d (failed to format the arguments: TypeError)"
    assert third["odd"] == "(Unspeakable)"


def test_the_length_of_a_line_is_limited(output: Output) -> None:
    configure({})
    sailor_log.info("x" * 1_000_000)
    assert len(output.line()["msg"]) == LIMIT


def test_configuring_twice_does_not_repeat_lines(output: Output) -> None:
    configure({})
    configure({})
    sailor_log.info("x")
    assert len(output.lines()) == 1


def test_libraries_log_only_warnings_and_errors(output: Output) -> None:
    configure({"LOG_LEVEL": "trace"})
    logging.getLogger("urllib3.connectionpool").debug("GET /?token=secret")
    logging.getLogger("pika.connection").error("at length")
    logging.getLogger("some.library").warning("trouble")
    line = output.line()
    assert (line["name"], line["msg"]) == ("sailor", "trouble")


class TestComponentLogger:
    def test_its_lines_contain_the_identifiers_of_the_message(self, output: Output) -> None:
        configure({"ELASTICIO_FLOW_ID": "flow"})
        ComponentLogger({"threadId": "t", "messageId": "m", "parentMessageId": "p"}).info("working on %d", 7)
        line = output.line()
        assert line["name"] == "component"
        assert (line["threadId"], line["messageId"], line["parentMessageId"]) == ("t", "m", "p")
        assert (line["tag"], line["msg"]) == ("flow", "working on 7")

    def test_two_messages_have_separate_identifiers(self, output: Output) -> None:
        configure({})
        first, second = ComponentLogger({"messageId": "1"}), ComponentLogger({"messageId": "2"})
        second.info("x")
        first.info("x")
        assert [line["messageId"] for line in output.lines()] == ["2", "1"]

    def test_a_line_break_cannot_create_a_line(self, output: Output) -> None:
        configure({"ELASTICIO_FLOW_ID": "flow"})
        ComponentLogger({}).info('two\nlines and "quotes" \ud83d')
        assert output.line()["msg"] == 'two\nlines and "quotes" \ufffd'

    def test_a_line_for_another_module_of_the_component(self, output: Output) -> None:
        configure({})
        logging.getLogger("component.client").info("x")
        assert output.line()["name"] == "component"

    def test_a_value_that_is_not_json_is_logged_as_text(self, output: Output) -> None:
        configure({})
        sailor_log.info("x", extra={"context": {"place": {1, 2}.__class__}})
        assert output.line()["place"] == "<class 'set'>"


def test_an_exception_is_logged_with_its_place_and_without_its_text(output: Output) -> None:
    configure({})
    text = "the text of a message".replace(" ", "_")  # the source does not contain this text
    try:
        raise ValueError(text)
    except ValueError:
        sailor_log.exception("it failed")
    line = output.line()
    assert line["msg"] == "it failed"
    assert line["err"]["name"] == "ValueError"
    assert "test_an_exception_is_logged" in line["err"]["stack"]
    assert text not in json.dumps(line)
