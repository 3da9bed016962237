"""Mistakes that people make in flow files: each finding contains the correction."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticio_runner import json_input
from elasticio_runner.engine.state_file import State
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_check import check
from elasticio_runner.flow_file.problems import LocatedProblem
from elasticio_runner.flow_file.reader import inspect
from elasticio_runner.local_platform.http_server import HttpServer
from elasticio_runner.mapping.expression import Expression, MappingError
from starlette.applications import Starlette

from tests.runner.hooked import Hooked

ONCE = {"schedule": {"runs": 1}}
EDGE = {"from": "go", "to": "out"}


def findings(folder: Path, start: Any, *edges: Any) -> list[LocatedProblem]:
    steps = [
        {"id": "go", "component": "builtin", "function": "start", **start},
        {"id": "out", "component": "builtin", "function": "console"},
    ]
    file = folder / "test.flow.json"
    file.write_text(json.dumps({"steps": steps, "edges": [EDGE, *edges]}))
    return list(inspect(file, {}).findings)


@pytest.mark.parametrize(
    ("start", "edges", "texts"),
    [
        (ONCE, (), []),
        ({"schedule": {"every": 5}}, (), []),
        (ONCE, ({**EDGE, "condition": "body.a"}, {**EDGE, "mapping": {"a": "1"}}), []),
        (ONCE, (EDGE,), ["edges[1]: equals edges[0], so 'out' receives each message twice; remove one of them"]),
        ({}, (), ['steps[0]: start emits its config every 60 s; write "schedule": {"runs": 1} to emit it once']),
    ],
)
def test_what_sends_twice_is_a_warning(start: Any, edges: Any, texts: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, start, *edges)
    assert [f"{each.place}: {each.text}" for each in found] == texts
    assert all(each.is_warning for each in found)


@pytest.mark.parametrize("text", ["$SENDER", "${ SENDER }", "%SENDER%", "{{SENDER}}"])
def test_a_reference_in_another_notation_is_a_warning(text: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {**ONCE, "config": {"from": [text]}})
    advice = 'this is no reference; write "${SENDER}" for the environment variable'
    assert (found.place, found.text, found.is_warning) == ("steps[0].config.from[0]", advice, True)


@pytest.mark.parametrize("text", ["$5", "100%", "Hi ${contact.firstName}", "$a", "${X:-y}"])
def test_other_texts_are_no_references(text: str, tmp_path: Path) -> None:
    assert not findings(tmp_path, {**ONCE, "config": {"from": text}})


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("body.n == '1'", "write = or !="),
        ("a && b", "write and instead of &&"),
        ("a || b", "write or instead of ||"),
        ("!body.n", "write $not(…) instead of !"),
        ("{{body.n}}", "write a path without braces: body.name"),
        ("${body.n}", "write a path without braces: body.name"),
        ("“Hello there”", "write straight quotes: 'a text'"),
        ("", "write \"''\" for an empty text"),
        ("Hello there", "write a text in quotes: \"'a text'\""),
    ],
)
def test_an_expression_in_another_notation_is_corrected(source: str, advice: str) -> None:
    with pytest.raises(MappingError) as error:
        Expression(source, ())
    assert str(error.value).endswith(f"; {advice}")


def test_texts_in_an_expression_are_not_corrected() -> None:
    with pytest.raises(MappingError) as error:
        Expression("'a && b == {{c}}' +", ())
    assert ";" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("", 1, "it is empty"),
        (" \n", 2, "it is empty"),
        ('// my flow\n{"a": 1}', 1, "JSON has no comments; remove it"),
        ('{"a": 1, # one\n"b": 2}', 1, "JSON has no comments; remove it"),
        ("{\n“a”: 1}", 2, 'write straight quotes: "'),
        ("{'a': 1}", 1, 'write double quotes: "'),
        ('{"a": True}', 1, "write true, false or null"),
        ("name: x\nsteps:\n", 1, "this is YAML; write JSON"),
        ("- id: a", 1, "this is YAML; write JSON"),
        ("<html></html>", 1, "this is HTML or XML; write JSON"),
        ('{"a": "x\ny"}', 1, "write \\n for a line break and \\t for a tab in a text"),
    ],
)
def test_invalid_json_is_corrected(text: str, line: int, advice: str) -> None:
    with pytest.raises(json_input.InvalidJsonError) as error:
        json_input.parse(text)
    assert str(error.value).endswith(f"; {advice}")
    assert error.value.line == line


@pytest.mark.parametrize("text", ['{"a": 1,}', "[1,\n]"])
def test_a_last_comma_is_named(text: str) -> None:
    """Python versions report the comma or the bracket after it."""
    with pytest.raises(json_input.InvalidJsonError, match="; remove the comma"):
        json_input.parse(text)


def test_a_file_in_another_encoding_must_be_saved_as_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'{"name": "Gr\xfc\xdfe"}')
    with pytest.raises(Exception, match="it is not in UTF-8; save it as UTF-8"):
        inspect(file, {})


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooked]:
    world = Hooked(tmp_path_factory.mktemp("hooked"))
    world.platform.start()
    yield world
    world.platform.stop()


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/plain", "a body of type text/plain becomes an attachment; send application/json or a form"),
        (None, "a body of type application/octet-stream becomes an attachment; send application/json or a form"),
        ("application/x-www-form-urlencoded", "looks like JSON; send it as application/json"),
    ],
)
def test_a_request_of_an_unsuitable_type_is_explained_once(
    content_type: str | None, text: str, hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    for _ in range(2):
        assert requests.post(hooked.uri, data=b'{"phone": "1"}', headers=headers, timeout=10).ok
    assert [text in line for line in caplog.messages] == [True]


@pytest.mark.parametrize("content", ["a=1&b=2", ""])
def test_a_usual_form_is_not_explained(content: str, hooked: Hooked, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(hooked.uri, data=content, headers=headers, timeout=10).ok
    assert not caplog.messages


def test_a_wrong_address_names_the_webhook(hooked: Hooked) -> None:
    answer = requests.post(f"{hooked.platform.uri}/hook/other", timeout=10)
    assert answer.json() == {"error": "this flow has no webhook at this address; use /hook/hook"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{}", "no run of a flow has written it"),
        ("[]", "no run of a flow has written it"),
        ('{"version": 1, "snapshots": 1}', "no run of a flow has written it"),
        ("nope", "Expecting value at column 1"),
        (None, "Is a directory"),
    ],
)
def test_a_wrong_state_file_is_explained(content: str | None, reason: str, tmp_path: Path) -> None:
    file = tmp_path if content is None else tmp_path / "state.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(FlowError, match=f"cannot be read \\({reason}\\). Restore it, or remove it"):
        State(file)


def test_a_missing_file_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "none.json"
    assert not check([file], {})
    assert capsys.readouterr().out == f"{file}:1: the file: cannot be read: No such file or directory\n"


def test_a_used_port_is_named_without_numbers_of_the_system(hooked: Hooked) -> None:
    port = int(hooked.platform.uri.rpartition(":")[2])
    with pytest.raises(FlowError, match=rf"failed to open port {port} \(Address already in use\). Choose another"):
        HttpServer(Starlette(), port)
