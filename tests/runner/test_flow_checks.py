"""Checks of a flow file beyond its structure: select fields, and mappings against input schemas."""

import json
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner.flow_file import graph, inputs
from elasticio_runner.flow_file.problems import FlowFileError, Problem
from elasticio_runner.flow_file.reader import read

COMPONENT = str(Path(__file__).parent / "flow_component")


def flow(mapping: Any = None, **config: Any) -> dict[str, Any]:
    begin = {"id": "begin", "component": COMPONENT, "function": "flaky", "config": config}
    edge = {"from": "begin", "to": "odd", **({} if mapping is None else {"mapping": mapping})}
    return {"steps": [begin, {"id": "odd", "component": COMPONENT, "function": "odd"}], "edges": [edge]}


def told(folder: Path, data: Any, **environ: str) -> list[str]:
    """Return the reported mistakes of a flow file, without file and line."""
    file = folder / "test.flow.json"
    file.write_text(json.dumps(data, indent=1) if not isinstance(data, str) else data)
    try:
        read(file, environ)
    except FlowFileError as error:
        return [line.split(": ", 1)[1] for line in str(error).splitlines()]
    return []


@pytest.mark.parametrize(
    ("mapping", "problems"),
    [
        ({"kind": "'LIVE'", "people": [{"message": "body.x"}]}, []),
        ({"knd": "body.x"}, ["knd: unknown property of the action's input; did you mean 'kind'?"]),
        (
            {"people": [{"mesage": "body.x"}]},
            ["people[0].mesage: unknown property of the action's input; did you mean 'message'?"],
        ),
        ({"kind": "'LVE'"}, ["kind: 'LVE' is not allowed here; did you mean 'LIVE'?"]),
        ({"kind": '"LVE"'}, ["kind: 'LVE' is not allowed here; did you mean 'LIVE'?"]),
        ({"kind": 5}, ["kind: 5 is not allowed here; available: AM, LIVE"]),
        ({"kind": "body.kind"}, []),
        ({"kind": "'LVE' & body.x"}, []),
        ({"kind": None}, []),
        ({"free": {"anything": "body.x"}}, []),
        ("{'knd': 1}", []),
    ],
)
def test_a_mapping_is_checked_against_the_input_of_its_action(
    tmp_path: Path, mapping: Any, problems: list[str]
) -> None:
    assert told(tmp_path, flow(mapping)) == [f"edges[0].mapping.{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("emitAll", None),
        ("", None),
        ("${MODE:-emitAll}", None),
        ("${MODE}", None),
        ("emitall", "'emitall' is not one of the choices; did you mean 'emitAll'?"),
        ("${MODE:-all}", None),
        (["emitAll", "emitPage"], None),
        (["emitAll", "emitPge"], "'emitPge' is not one of the choices; did you mean 'emitPage'?"),
        (True, "'true' is not one of the choices; available: emitAll, emitPage"),
        ({"a": 1}, "'a' is not one of the choices; available: emitAll, emitPage"),
    ],
)
def test_the_value_of_a_select_field_is_checked(tmp_path: Path, value: Any, problem: str | None) -> None:
    expected = [f"steps[0].config.mode: {problem}"] if problem else []
    assert told(tmp_path, flow(mode=value), MODE="emitPage") == expected


def test_a_reference_is_checked_by_its_value(tmp_path: Path) -> None:
    [problem] = told(tmp_path, flow(mode="${MODE}"), MODE="neither")
    assert "'neither' is not one of the choices" in problem


def test_one_error_names_mistakes_of_structure_and_of_names(tmp_path: Path) -> None:
    data = flow({"knd": "body.("}, mode="emitall", atempts="x")
    data["steps"][0]["prefetch"] = "many"
    data["steps"].append({"id": "late", "component": COMPONENT, "function": "atc"})
    data["steps"].append({"function": "act", "component": COMPONENT, "shedule": {}})
    data["steps"].append(7)
    data["edges"] += [{"from": "begin", "to": "lat"}, {"to": "odd"}, {"from": 5, "to": "odd", "condition": "1 +"}]
    data["variables"] = {"x": "${NOT_SET}"}
    data["stepz"] = 1
    expected = [
        "stepz: unknown field",
        "variables.x: the environment variable NOT_SET is not set",
        "steps[0].prefetch: must be of type integer",
        "steps[0].config.mode: 'emitall' is not one of the choices",
        "steps[0].config.atempts: unknown field of flaky; did you mean 'attempts'?",
        "steps[2].function: the component has no trigger or action 'atc'",
        'steps[3]: "id" is missing',
        "steps[3].shedule: unknown field",
        "steps[4]: must be of type object",
        "edges[0].mapping.knd: JSONata",
        "edges[0].mapping.knd: unknown property of the action's input",
        "edges[1].to: there is no step 'lat'; did you mean 'late'?",
        'edges[2]: "from" is missing',
        "edges[3].from: must be of type string",
        "edges[3].condition: JSONata",
    ]
    found = told(tmp_path, data)
    for part in expected:
        assert any(line.startswith(part) for line in found), (part, found)
    assert len(found) == len(expected)


@pytest.mark.parametrize("data", ["[]", "5", '{"steps": 5}', '{"steps": [], "edges": {}}', '{"steps": [[]]}', "null"])
def test_any_structure_is_a_flow_or_an_error(tmp_path: Path, data: str) -> None:
    assert told(tmp_path, data)


def test_duplicate_names_are_reported_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "test.flow.json"
    file.write_text('{"steps": [\n{"id": "a",\n"function": "f",\n"id": "b"}],\n"stepz": 1}')
    with pytest.raises(FlowFileError) as error:
        read(file, {})
    lines = str(error.value).splitlines()
    assert f'{file}:4: steps[0]: "id" occurs twice in one object; remove one of them' in lines
    assert any(line.startswith(f"{file}:5: stepz: ") for line in lines)


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {"$ref": "#/definitions/A", "definitions": {"A": {"$ref": "#/definitions/A"}}}
    assert list(inputs.problems({"a": 1}, schema, ())) == []


def test_a_cycle_is_found_in_a_long_flow() -> None:
    steps = [{"id": str(number), "function": "f"} for number in range(5000)]
    edges = [{"from": str(number), "to": str(number + 1)} for number in range(4999)]
    kinds: dict[int, str | None] = {number: "triggers" if not number else "actions" for number in range(5000)}
    assert list(graph.problems(steps, edges, kinds)) == []
    [problem] = graph.problems(steps, [*edges, {"from": "4999", "to": "4998"}], kinds)
    assert problem == Problem(("edges",), "the edges form a cycle: 4998 → 4999 → 4998; remove one of these edges")
