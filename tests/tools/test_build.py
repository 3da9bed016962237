"""component.json and schemas/ are up to date, complete, and valid for the platform's designer."""

import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lib.callfire.models import all_models
from tools import build

COMPONENT: dict[str, Any] = json.loads((build.ROOT / "component.json").read_text())
FUNCTIONS: dict[str, Any] = COMPONENT["triggers"] | COMPONENT["actions"]
VIEWS = {"TextFieldView", "TextAreaView", "PasswordFieldView", "CheckBoxView", "SelectView", "MultiSelectView"}


def module_of(name: str) -> Any:
    main = FUNCTIONS[name]["main"]
    return importlib.import_module(main.removeprefix("./").removesuffix(".py").replace("/", "."))


def schemas_of(name: str) -> dict[str, Any]:
    function = FUNCTIONS[name]
    if function.get("dynamicMetadata"):
        return dict(module_of(name).get_meta_model({}))
    return {side: json.loads((build.ROOT / path).read_text()) for side, path in function["metadata"].items()}


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from nodes(inner, f"{path}.{name}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{path}[]")


def test_the_committed_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    wanted = build.outputs()
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "outputs", lambda: wanted)
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    (tmp_path / "schemas" / "getText.in.json").write_text("{}")
    (tmp_path / "schemas" / "left.over.json").write_text("{}")
    assert build.main(["--check"]) == 1
    reported = capsys.readouterr().err
    assert "schemas/getText.in.json is stale" in reported
    assert "schemas/left.over.json belongs to no action" in reported
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0


def test_every_operation_is_an_action_under_its_own_name() -> None:
    expected = json.loads((build.ROOT / "tests" / "lib" / "expected_requests.json").read_text())
    assert expected.keys() <= COMPONENT["actions"].keys()
    assert len(expected) == 122


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_complete(name: str) -> None:
    function, module = FUNCTIONS[name], module_of(name)
    assert function["title"]
    assert function["help"]["description"].endswith(".")
    assert callable(module.process)
    for key, field in function["fields"].items():
        assert field["viewClass"] in VIEWS, key
        assert field["label"], key
        if field["viewClass"] == "SelectView":
            assert isinstance(field["model"], dict) or callable(getattr(module, field["model"])), key


def test_titles_and_orders_of_actions_are_unique() -> None:
    actions = COMPONENT["actions"].values()
    assert len({action["title"] for action in actions}) == len(actions)
    assert len({action["order"] for action in actions}) == len(actions)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_schemas_are_in_the_platforms_dialect(name: str) -> None:
    for side, schema in schemas_of(name).items():
        assert schema["type"] == "object"
        for path, node in nodes(schema):
            assert "$ref" not in node
            assert node["type"] != "array" or "items" in node, (side, path)
            assert node["type"] != "object" or "properties" in node, (side, path)
            assert node.get("required", True) is True, (side, path)
            if path and not path.endswith("[]"):
                assert node["title"], (side, path)
                assert node["description"], (side, path)


def test_every_model_is_used_and_described() -> None:
    described = json.dumps([schemas_of(name) for name in FUNCTIONS])
    for model in all_models().values():
        assert model.about.endswith(".")
        for field in model.fields:
            assert field.about.endswith("."), (model.name, field.name)
            assert json.dumps(field.about)[1:-1] in described, (model.name, field.name)


def test_read_only_properties_are_not_inputs_of_a_create() -> None:
    offered = schemas_of("createTextBroadcast")["in"]["properties"]
    assert "message" in offered
    assert not {"id", "status", "lastModified"} & offered.keys()


def test_a_path_value_is_one_input() -> None:
    assert schemas_of("updateContact")["in"]["properties"]["id"]["required"] is True
    assert "required" not in schemas_of("getContactList")["in"]["properties"]["id"]  # the form may contain it


def test_a_recursive_object_is_reduced_to_its_plain_values() -> None:
    account = schemas_of("getAccount")["out"]["properties"]
    assert "name" in account["soaAccount"]["properties"]
    assert "soaAccount" not in account["soaAccount"]["properties"]
