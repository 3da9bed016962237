"""Names in a flow file: credentials that steps share, and what expressions read of earlier steps."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner.flow_file.problems import FlowFileError
from elasticio_runner.flow_file.reader import inspect, read
from elasticio_runner.mapping.paths import message_paths

DESCRIPTOR = {
    "credentials": {"fields": {"key": {"viewClass": "PasswordFieldView", "label": "Key", "required": True}}},
    "triggers": {"poll": {"main": "none.py", "type": "polling", "metadata": {"out": {"properties": {"id": {}}}}}},
    "actions": {
        "act": {
            "main": "none.py",
            "metadata": {
                "out": {
                    "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/definitions/Item"}},
                        "free": {"type": "object"},
                        "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
                    },
                    "definitions": {"Item": {"properties": {"number": {"type": "string"}}}},
                }
            },
        }
    },
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "component.json").write_text(json.dumps(DESCRIPTOR))

    def write_flow(credentials: Any = None, named: Any = None, **edge: Any) -> Path:
        given = {"key": "${KEY}"} if credentials is None else credentials
        names = ("begin", "middle", "end")
        steps = [
            {"id": name, "component": ".", "function": "act" if index else "poll", "credentials": given}
            for index, name in enumerate(names)
        ]
        edges = [{"from": "begin", "to": "middle"}, {"from": "middle", "to": "end", **edge}]
        data = {
            "variables": {"x": 1},
            **({} if named is None else {"credentials": named}),
            "steps": steps,
            "edges": edges,
        }
        file = tmp_path / "test.flow.json"
        file.write_text(json.dumps(data))
        return file

    return write_flow


def told(file: Path, **environ: str) -> list[str]:
    return [f"{'? ' * each.is_warning}{each.place}: {each.text}" for each in inspect(file, environ).findings]


def test_steps_share_named_credentials(write: Write) -> None:
    flow = read(write("shop", {"shop": {"key": "${KEY}"}}), {"KEY": "s3cret"})
    configs = [step.config for step in flow.steps.values()]
    assert configs == [{"key": "s3cret", "_account": "shop"}] * 3
    own = read(write(), {"KEY": "s3cret"})
    assert [step.config["_account"] for step in own.steps.values()] == ["begin", "middle", "end"]


@pytest.mark.parametrize(
    ("credentials", "named", "problem"),
    [
        ("shpo", {"shop": {"key": "${KEY}"}}, "steps[0].credentials: the file has no credentials 'shpo'; did you mean"),
        ("shop", None, "steps[0].credentials: the file has no credentials 'shop'; none is available"),
        ("shop", {"shop": {}}, 'credentials.shop: "key" (Key) is missing; add it, e.g. "key": "${KEY}"'),
        ("shop", {"shop": {"key": "hunter2"}}, "credentials.shop.key: the file must not contain a secret"),
        ("shop", {"shop": {"key": "${KEY}", "kye": 1}}, "credentials.shop.kye: unknown field of the component's"),
        ("shop", {"shop": {"key": "${NOT_SET}"}}, "credentials.shop.key: the environment variable NOT_SET is not set"),
        ("shop", {"shop": 5}, "credentials.shop: must be of type object"),
        ("shop", [], "credentials: must be of type object"),
        (5, None, "steps[0].credentials: must be of type object or string"),
        ({"key": "${EMPTY}"}, None, "steps[0].credentials.key: Key is required, but empty; set a value"),
    ],
)
def test_mistakes_in_credentials_are_reported_once(write: Write, credentials: Any, named: Any, problem: str) -> None:
    with pytest.raises(FlowFileError) as error:
        read(write(credentials, named), {"KEY": "s3cret", "EMPTY": ""})
    lines = str(error.value).splitlines()
    assert len([line for line in lines if f": {problem}" in line]) == 1
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("mapping", "problems"),
    [
        ({"a": "passthrough.begin.body.id", "b": "body.items.number", "c": "body.items[0].number"}, []),
        ("{'a': passthrough.middle.body.items.number, 'b': $variables.x}", []),
        ("$map(body.items, function($i) {$i.x})", []),
        ("body.free.anything", []),
        ("body.open.anything", []),
        ("headers.x & attachments.y & query.z", []),
        ("body.items[anything = 1].number", []),
        ("($x := body.free; $x.anything)", []),
        ("body.items@$i.{'a': $i.number}", []),
        ("body.items#$at.{'a': $at}", []),
        ("body.items ~> $map($uppercase)", []),
        ("($twice := function($n) {$n * 2}; $twice(2))", []),
        ("$$.body.free & $.body.free & $now()", []),
        ("'$upper(body)'", []),
        ("$x.anything", ["? mapping: there is no variable $x; write $variables.x"]),
        ("$y", ["? mapping: there is no variable $y; the variables of the flow are in $variables"]),
        ({"a": ["$variables.xx"]}, ["? mapping.a[0]: the flow has no variable 'xx'; did you mean 'x'?"]),
        ("$upper(body.free)", ["? mapping: there is no function $upper; did you mean 'uppercase'?"]),
        ("$qqq(1)", ["? mapping: there is no function $qqq; see docs.jsonata.org for all functions"]),
        ({"a": ["passthrough.bgin.body"]}, ["mapping.a[0]: passthrough.bgin: 'bgin' is no step of this flow; did you"]),
        ("passthrough.end.body", ["mapping: passthrough.end: 'end' is no step before this edge; available: "]),
        ("$count($$.passthrough.end)", ["mapping: passthrough.end: 'end' is no step before this edge; "]),
        ("body.itms", ["? mapping: the output of 'middle' has no property 'itms'; did you mean 'items'?"]),
        ("body.items.nmber", ["? mapping: the output of 'middle' has no property 'nmber'; did you mean 'number'?"]),
        ("passthrough.begin.body.i", ["? mapping: the output of 'begin' has no property 'i'; did you mean 'id'?"]),
        ("bdy.items", ["? mapping: a message has no 'bdy'; expressions see body, "]),
        ({"t": "hello"}, ["? mapping.t: a message has no 'hello'; expressions see body, headers, attachments, "]),
        ("body.(", ["mapping: JSONata S0203"]),
    ],
)
def test_expressions_read_what_exists(write: Write, mapping: Any, problems: list[str]) -> None:
    found = told(write(mapping=mapping), KEY="k")
    assert len(found) == len(problems)
    for text, problem in zip(found, problems, strict=True):
        mark = "? " if problem.startswith("? ") else ""
        assert text.startswith(f"{mark}edges[1].{problem.removeprefix('? ')}")


def test_a_condition_is_checked_like_a_mapping(write: Write) -> None:
    [text] = told(write(condition="passthrough.end.body = 1"), KEY="k")
    assert text.startswith("edges[1].condition: passthrough.end: ")


def test_a_flow_with_warnings_can_be_read(write: Write) -> None:
    assert read(write(mapping="body.itms"), {"KEY": "k"}).trigger.id == "begin"


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("a.b.c", [("a", "b", "c")]),
        ("a.b[c = d.e].f", [("a", "b", "f")]),
        ("a.*.b", [("a",)]),
        ("$.a & $$.b.c", [("a",), ("b", "c")]),
        ("a ? b.c : (d; $x := e; $x.f)", [("a",), ("b", "c"), ("d",), ("e",)]),
        ("{'k': a.b, c: [d, -e]}", [("a", "b"), ("c",), ("d",), ("e",)]),
        ("$map(a, function($v) { b.c })", [("a",)]),
        ("a.(b + c)", [("a",)]),
        ("'text' & 5", []),
        ("a.(", []),
    ],
)
def test_the_paths_that_start_at_the_message_are_found(expression: str, paths: list[tuple[str, ...]]) -> None:
    assert sorted(message_paths(expression)) == sorted(paths)


def test_a_deep_expression_ends() -> None:
    assert message_paths("(" * 150 + "a" + ")" * 150) in ([], [("a",)])
