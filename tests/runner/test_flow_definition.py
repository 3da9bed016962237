"""Reads valid flow files, and reports the mistakes in invalid ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file.flow import Schedule
from elasticio_runner.flow_file.locations import locate
from elasticio_runner.flow_file.problems import FlowFileError
from elasticio_runner.flow_file.reader import read

COMPONENT = str(Path(__file__).parent / "flow_component")
ENVIRON = {"SECRET": "s3cret", "CITY": "Berlin"}


def flow(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Test",
        "steps": [
            {
                "id": "begin",
                "component": COMPONENT,
                "function": "count",
                "config": {"items": 1},
                "schedule": {"runs": 1},
            },
            {"id": "end", "component": "builtin", "function": "console"},
        ],
        "edges": [{"from": "begin", "to": "end"}],
        **changes,
    }


def step(index: int, **changes: Any) -> dict[str, Any]:
    changed = flow()
    changed["steps"][index] |= changes
    return changed


def edge(**changes: Any) -> dict[str, Any]:
    return flow(edges=[{"from": "begin", "to": "end", **changes}])


def write(folder: Path, data: object) -> Path:
    file = folder / "test.flow.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data, indent=2))
    return file


def test_a_valid_file_is_read(tmp_path: Path) -> None:
    data = step(0, credentials={"user": "me in ${CITY}", "secret": "${SECRET}"}, schedule={"every": 0.5, "runs": 3})
    data["variables"] = {"city": "${CITY}", "list": ["${CITY}", 1]}
    read_flow = read(write(tmp_path, data), ENVIRON)
    begin = read_flow.trigger
    assert (read_flow.id, read_flow.name, begin.id) == ("test", "Test", "begin")
    assert begin.config == {"items": 1, "user": "me in Berlin", "secret": "s3cret", "_account": "begin"}
    assert begin.schedule == Schedule(0.5, 3)
    assert read_flow.variables == {"city": "Berlin", "list": ["Berlin", 1]}
    assert read_flow.steps["end"].is_console
    assert "s3cret" not in repr(read_flow)


def test_the_component_is_the_working_directory_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(COMPONENT)
    data = flow()
    del data["steps"][0]["component"]
    assert read(write(tmp_path, data), {}).trigger.root == Path(COMPONENT)


def test_a_components_path_is_relative_to_the_flow_file(tmp_path: Path) -> None:
    (tmp_path / "component").symlink_to(COMPONENT)
    assert read(write(tmp_path, step(0, component="component")), {}).trigger.root == Path(COMPONENT)


SECOND_TRIGGER = {"id": "other", "component": COMPONENT, "function": "count", "config": {"items": 1}}
PROBLEMS = {
    "typo of a field": (flow(stepz=[]), "stepz: unknown field; did you mean 'steps'?"),
    "typo in a step": (step(0, shedule={}), "steps[0].shedule: unknown field; did you mean 'schedule'?"),
    "no id": (flow(steps=[{"function": "count"}]), 'steps[0]: "id" is missing; add it'),
    "no steps": (flow(steps=[]), "steps: must have at least 1 entry"),
    "bad id": (step(0, id="a b"), "steps[0].id: must consist of 1 to 64 letters, digits, - and _"),
    "wrong type": (step(0, prefetch="5"), "steps[0].prefetch: must be of type integer"),
    "too small": (step(0, prefetch=0), "steps[0].prefetch: must be at least 1"),
    "no pause": (step(0, schedule={"every": 0}), "steps[0].schedule.every: must be more than 0"),
    "no component": (step(0, component="nowhere"), "steps[0].component: Failed to load component.json from"),
    "typo of a function": (step(0, function="cuont"), "no trigger or action 'cuont'; did you mean 'count'?"),
    "missing config": (step(0, config={}), 'steps[0].config: "items" (Items) is missing; add it'),
    "input in the config": (
        step(1, component=COMPONENT, function="odd", config={"kind": "LIVE"}),
        "steps[1].config.kind: an input of odd, not a field of its form; write it in the mapping of an edge",
    ),
    "typo in config": (
        step(0, config={"items": 1, "itms": 2}),
        "steps[0].config.itms: unknown field of count; did you mean 'items'?",
    ),
    "typo in credentials": (
        step(0, credentials={"usr": "x"}),
        "unknown field of the component's credentials; did you mean 'user'?",
    ),
    "a secret in the file": (
        step(0, credentials={"secret": "hunter2"}),
        'steps[0].credentials.secret: the file must not contain a secret; write "${SECRET}"',
    ),
    "a variable that is not set": (
        step(0, credentials={"secret": "${NOT_SET}"}),
        "steps[0].credentials.secret: the environment variable NOT_SET is not set",
    ),
    "a variable deep down": (flow(variables={"a": ["${NOT_SET}"]}), "variables.a[0]: the environment variable NOT_SET"),
    "two of a name": (step(1, id="begin"), "steps[1].id: another step has the ID 'begin'; use unique IDs"),
    "edge to nowhere": (edge(to="edn"), "edges[0].to: there is no step 'edn'; did you mean 'end'?"),
    "edge from nowhere": (edge(**{"from": "x"}), "edges[0].from: there is no step 'x'"),
    "bad mapping": (edge(mapping="body.("), "edges[0].mapping: JSONata S0203"),
    "bad leaf": (edge(mapping={"a": [{"b": "1 +"}]}), "edges[0].mapping.a[0].b: JSONata S0207"),
    "leaf that breaks out": (edge(mapping={"a": 'body.x), "b": (1'}), "edges[0].mapping.a: JSONata S020"),
    "bad condition": (edge(condition="a b"), "edges[0].condition: JSONata S0201 at character 3"),
    "a circle": (
        flow(edges=[{"from": "begin", "to": "end"}, {"from": "end", "to": "begin"}]),
        "edges: the edges form a cycle: begin → end → begin",
    ),
    "two triggers": (
        flow(steps=[*flow()["steps"], SECOND_TRIGGER]),
        "steps: a flow has one trigger, but no edge leads to any of: begin, other",
    ),
    "an action first": (
        step(0, function="act", config={}, schedule={}),
        "steps[0].schedule: act is an action, which messages start; remove the schedule",
    ),
    "no trigger": (
        flow(steps=[flow()["steps"][1]], edges=[]),
        "steps[0].function: console is an action; a flow starts with a trigger",
    ),
    "a schedule for a webhook": (
        step(0, function="hook", config={}),
        "steps[0].schedule: hook is a webhook trigger, which HTTP requests start",
    ),
    "a webhook for a schedule": (step(0, webhook={}), "steps[0].webhook: count is not a webhook trigger; remove it"),
    "a name twice": ('{"steps": [], "steps": []}', '"steps" occurs twice in one object; remove one of them'),
    "no JSON": ('{\n "steps": [,]}', "test.flow.json:2: the file: not valid JSON: Expecting value"),
}


@pytest.mark.parametrize(("data", "told"), PROBLEMS.values(), ids=PROBLEMS)
def test_the_error_names_the_place_and_the_correction(tmp_path: Path, data: object, told: str) -> None:
    with pytest.raises(FlowFileError) as error:
        read(write(tmp_path, data), ENVIRON)
    assert told in str(error.value)


def test_one_error_names_all_mistakes_with_their_lines(tmp_path: Path) -> None:
    data = step(0, config={"itms": 2}, credentials={"secret": "hunter2"})
    data["edges"][0]["to"] = "edn"
    file = write(tmp_path, data)
    with pytest.raises(FlowFileError) as error:
        read(file, ENVIRON)
    told = str(error.value).splitlines()
    text = file.read_text().splitlines()
    assert len(told) == 4
    for line in told:
        number = int(line.split(":")[1])
        word = line.split(": ")[1].split(".")[-1]
        assert f'"{word}"' in text[number - 1]
    assert "hunter2" not in str(error.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="cannot be read: No such file"):
        read(tmp_path / "none.json", {})


def test_lines_are_found_for_every_value() -> None:
    text = '{\n "a": [1,\n  {"b": "x, {y}"},\n\n  []],\n "c": {}\n}'
    assert locate(text).lines == {(): 1, ("a",): 2, ("a", 0): 2, ("a", 1): 3, ("a", 1, "b"): 3, ("a", 2): 5, ("c",): 6}


def test_an_input_in_the_config_is_one_problem_and_a_field_of_the_same_name_is_none(tmp_path: Path) -> None:
    names = {"type": "object", "properties": {"both": {"type": "string"}, "onlyInput": {"type": "string"}}}
    fields = {"both": {"viewClass": "TextFieldView", "label": "Both"}}
    action = {"main": "./none.py", "title": "Act", "fields": fields, "metadata": {"in": names}}
    (tmp_path / "component.json").write_text(json.dumps({"actions": {"act": action}}))
    data = step(1, component=str(tmp_path), function="act", config={"both": "x", "onlyInput": "y"})
    with pytest.raises(FlowError) as error:
        read(write(tmp_path, data), {})
    [problem] = [line for line in str(error.value).splitlines() if ".config" in line]
    assert "steps[1].config.onlyInput: an input of act" in problem
