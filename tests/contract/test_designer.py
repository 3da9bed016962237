"""component.json and the schemas follow every rule of the designer, and each rule finds its violations."""

import copy
import importlib
import json
import struct
from typing import Any

import pytest

from tests.contract.designer import RULES, Component, is_title
from tests.contract.repository import ROOT
from tools import functions

DELETED = object()
FORMS: tuple[dict[str, Any], ...] = (
    {},
    {"emitBehavior": "emitPage"},
    {"emitBehavior": "emitIndividually"},
    {"emitBehavior": "emitAll"},
)
EVENTS: tuple[dict[str, Any], ...] = (
    {"events": ["InboundText.finished"]},
    {"events": ["InboundText.finished", "OutboundCall.finished"]},
)
# A small component that follows all rules
HELP = {"description": "Does something.", "link": "/components/example/actions.html#do-it"}
FUNCTION = {"title": "Do It", "description": "Does something.", "help": HELP, "main": "./lib/do_it.py", "order": 20}
ID = {"type": "number", "title": "ID", "help": {"description": "The ID."}, "examples": [5], "order": 20}
BOX = {"type": "object", "title": "Box", "help": {"description": "A box."}, "properties": {}, "order": 10}
TEXT = {"viewClass": "TextFieldView", "label": "Server", "placeholder": "https://…", "note": "The server.", "order": 20}
SMALL: dict[str, Any] = {
    "component": {
        "title": "Example",
        "description": "Does examples",
        "version": "1.0.0",
        "credentials": {
            "help": {"description": "Where to find the login.", "link": "https://example.com/login"},
            "fields": {"server": TEXT},
        },
        "triggers": {
            "watch": {
                **FUNCTION,
                "title": "Get Items Polling",
                "type": "polling",
                "fields": {},
                "dynamicMetadata": True,
            }
        },
        "actions": {
            "doIt": {
                **FUNCTION,
                "fields": {
                    "emitBehavior": {
                        "viewClass": "SelectView",
                        "label": "Emit Behavior",
                        "help": {"description": "The messages."},
                        "model": {"emitAll": "Emit all"},
                        "prompt": "Default: Emit all",
                        "order": 30,
                    },
                    "check": {
                        "viewClass": "CheckBoxView",
                        "label": "Check",
                        "help": {"description": "Checks."},
                        "order": 20,
                    },
                    "timeout": {**TEXT, "order": 10},
                },
                "metadata": {"in": "./in.json", "out": "./out.json"},
            },
            "doOther": {
                **FUNCTION,
                "title": "Do Other Things",
                "order": 0,
                "deprecated": True,
                "fields": {},
                "dynamicMetadata": True,
            },
        },
    },
    "schemas": {
        "watch": {"out": {"type": "object", "properties": {"id": ID}}},
        "doIt": {
            "in": {"type": "object", "properties": {"id": {**ID, "required": True}, "box": BOX}},
            "out": {"type": "object", "properties": {"id": ID, "box": BOX}},
        },
        "doOther": {"in": {"type": "object", "properties": {}}, "out": {"type": "object", "properties": {}}},
    },
    "exports": {"./lib/do_it.py": ["process", "get_meta_model", "lists"]},
    "logo": [128, 128],
    "root": ["verify_credentials"],
}
ACTION, TRIGGER, FORM = "component/actions/doIt", "component/triggers/watch", "component/actions/doIt/fields"
IN, OUT = "schemas/doIt/in/properties", "schemas/doIt/out/properties"
LIST = {**BOX, "type": "array", "items": {"type": "string"}}
# (rule, path in SMALL, value that breaks the rule)
BROKEN: list[tuple[str, str, Any]] = [
    ("the_component_has_title_and_description", "component/description", DELETED),
    ("the_version_is_semantic", "component/version", "v1.0.0"),
    ("the_build_type_is_docker", "component/buildType", "slug"),
    ("the_component_has_known_keys_only", "component/useInputMetadata", True),
    ("no_list_of_functions_is_empty", "component/triggers", {}),
    ("ids_of_functions_are_unique_words", "component/actions/watch", FUNCTION),
    ("ids_of_functions_are_unique_words", "component/actions/do-it", FUNCTION),
    ("environment_variables_are_described", "component/envVars", {"NAME": {"required": True}}),
    ("the_logo_has_the_size_of_an_icon", "logo", [64, 64]),
    ("the_logo_has_the_size_of_an_icon", "logo", None),
    ("a_function_has_title_description_and_help", f"{ACTION}/help/link", DELETED),
    ("a_function_has_title_description_and_help", f"{ACTION}/description", ""),
    ("a_help_link_leads_to_a_section", f"{ACTION}/help/link", "https://example.com/docs.html"),
    ("a_help_has_one_or_two_sentences", f"{ACTION}/help/description", "One. Two. Three."),
    ("a_function_has_a_module_with_process", "exports/.~1lib~1do_it.py", []),
    ("triggers_have_a_type_and_actions_none", f"{TRIGGER}/type", DELETED),
    ("triggers_have_a_type_and_actions_none", f"{ACTION}/type", "polling"),
    ("metadata_is_static_or_dynamic", f"{ACTION}/dynamicMetadata", True),
    ("metadata_is_static_or_dynamic", f"{TRIGGER}/dynamicMetadata", DELETED),
    ("dynamic_metadata_has_a_function", "exports/.~1lib~1do_it.py", ["process"]),
    ("metadata_has_the_sides_of_the_function", "schemas/doIt/in", DELETED),
    ("metadata_has_the_sides_of_the_function", "schemas/watch/out", DELETED),
    ("a_function_has_known_keys_only", f"{ACTION}/note", "No note."),
    ("deprecated_is_a_boolean", f"{ACTION}/deprecated", "no"),
    ("functions_have_an_order", f"{TRIGGER}/order", DELETED),
    ("functions_have_an_order", "component/actions/doOther/order", 20),
    ("deprecated_functions_are_last", "component/actions/doOther/order", 30),
    ("fields_have_an_order", f"{FORM}/check/order", DELETED),
    ("fields_have_an_order", f"{FORM}/check/order", "10"),
    ("fields_have_an_order", "component/credentials/fields/server/order", DELETED),
    ("properties_have_an_order", f"{IN}/id/order", 10),
    ("tuning_is_last_in_a_form", f"{FORM}/timeout/order", 25),
    ("credentials_have_help_with_a_link", "component/credentials/help/link", DELETED),
    ("credentials_and_forms_have_different_names", f"{FORM}/server", TEXT),
    ("credentials_can_be_verified", "root", []),
    ("a_field_has_a_documented_view", f"{FORM}/check/viewClass", "SelectViewWithGrouping"),
    ("a_field_has_known_keys_only", f"{FORM}/check/default", True),
    ("a_field_has_a_label_in_title_case", f"{FORM}/check/label", "Check this"),
    ("a_field_has_a_label_in_title_case", f"{FORM}/check/label", ""),
    ("a_form_works_untouched", f"{FORM}/timeout/required", True),
    ("no_check_box_is_required", f"{FORM}/check/required", True),
    ("a_placeholder_is_in_a_text", f"{FORM}/check/placeholder", "Yes"),
    ("a_text_has_an_example_in_its_placeholder", f"{FORM}/timeout/placeholder", DELETED),
    ("a_prompt_is_in_each_select_and_nowhere_else", f"{FORM}/emitBehavior/prompt", DELETED),
    ("a_prompt_is_in_each_select_and_nowhere_else", f"{FORM}/check/prompt", "Select"),
    ("a_note_is_where_the_designer_shows_it", f"{FORM}/emitBehavior/note", "The messages."),
    ("a_field_is_explained_once", f"{FORM}/check/help", DELETED),
    ("a_field_is_explained_once", f"{FORM}/timeout/help", {"description": "Again."}),
    ("a_dependency_names_another_field", f"{FORM}/check/require", "missing"),
    ("a_dependency_names_another_field", f"{FORM}/check/require", ["check"]),
    ("a_select_has_options_or_a_function_of_its_module", f"{FORM}/emitBehavior/model", "missing"),
    ("a_select_has_options_or_a_function_of_its_module", f"{FORM}/emitBehavior/model", {}),
    ("no_option_is_a_placeholder", f"{FORM}/emitBehavior/model", {"": "Nothing there"}),
    ("no_option_is_a_number", f"{FORM}/emitBehavior/model", {"7": "Seven"}),
    ("options_are_in_words", f"{FORM}/emitBehavior/model", {"LA": "LA"}),
    ("the_prompt_of_fixed_options_says_the_default", f"{FORM}/emitBehavior/prompt", "Select"),
    ("a_property_has_one_known_type", f"{IN}/id/type", "integer"),
    ("a_property_has_one_known_type", f"{OUT}/id/type", ["number", "string"]),
    ("a_property_has_known_keys_only", f"{IN}/id/pattern", "x"),
    ("a_property_has_title_and_help", f"{IN}/id/title", DELETED),
    ("a_property_has_title_and_help", f"{OUT}/id/help", DELETED),
    ("no_text_is_markdown", f"{ACTION}/description", "Does `it`."),
    ("no_text_is_markdown", f"{IN}/id/description", "The **ID**."),
    ("no_text_is_markdown", f"{FORM}/timeout/note", "See [here](there)."),
    ("no_text_is_markdown", f"{FORM}/check/help/description", "- one\n- two"),
    ("required_is_true_on_the_property", "schemas/doIt/in/required", ["id"]),
    ("required_is_true_on_the_property", f"{IN}/id/required", False),
    ("no_output_is_required", f"{OUT}/id/required", True),
    ("an_object_has_properties", f"{IN}/box/properties", DELETED),
    ("a_free_object_has_no_placeholder", f"{IN}/box", {**BOX, "additionalProperties": {}, "properties": {"name": ID}}),
    ("a_list_has_items", f"{OUT}/box", {**BOX, "type": "array"}),
    ("an_input_list_is_a_list_of_objects", f"{IN}/box", LIST),
    ("there_are_no_references", f"{IN}/box/$ref", "other.json#/box"),
    ("fixed_values_are_texts", f"{IN}/id/enum", []),
    ("fixed_values_are_texts", f"{IN}/id/enum", ["A", "A"]),
    ("fixed_values_are_texts", f"{IN}/id/enum", [1]),
    ("examples_and_defaults_have_the_type_of_the_property", f"{IN}/id/examples", ["5"]),
    ("examples_and_defaults_have_the_type_of_the_property", f"{IN}/id/examples", []),
    ("examples_and_defaults_have_the_type_of_the_property", f"{OUT}/id/default", True),
    ("a_default_is_one_of_the_fixed_values", f"{IN}/box", {**BOX, "type": "string", "enum": ["A"], "default": "B"}),
    ("a_default_is_in_an_optional_input", f"{IN}/id/default", 5),
    ("a_default_is_in_an_optional_input", f"{OUT}/id/default", 5),
    ("phone_numbers_ids_and_times_have_examples", f"{IN}/id/examples", DELETED),
    ("titles_are_in_title_case", f"{ACTION}/title", "Do it"),
    ("titles_are_in_title_case", f"{ACTION}/title", "Do It."),
    ("titles_are_unique", "component/actions/doOther/title", "Do It"),
    ("titles_of_triggers_say_how_they_start", f"{TRIGGER}/title", "Get Items"),
    ("emit_behavior_has_the_platform_s_values", f"{FORM}/emitBehavior/model", {"all": "Emit all"}),
]


def component_of(given: dict[str, Any]) -> Component:
    logo = given["logo"]
    exports = {main: set(names) for main, names in given["exports"].items()}
    size = (logo[0], logo[1]) if logo else None
    return Component(given["component"], given["schemas"], exports, size, set(given["root"]))


def changed(path: str, value: Any) -> Component:
    """Return SMALL with another value at the path; ~1 is a slash within a part."""
    given = copy.deepcopy(SMALL)
    *parents, last = [part.replace("~1", "/") for part in path.split("/")]
    place = given
    for part in parents:
        place = place[part]
    if value is DELETED:
        del place[last]
    else:
        place[last] = value
    return component_of(given)


def nested(depth: int) -> dict[str, Any]:
    return {**BOX, "properties": {"box": nested(depth - 1)}} if depth else BOX


def schemas_of(function: functions.Function) -> dict[str, dict[str, Any]]:
    """Return the schemas of a function by its ID; those of other forms by ID and number of the form."""
    if not function.has_dynamic_metadata:
        return {function.id: function.schemas}
    forms = (*FORMS, *EVENTS) if "events" in function.form else FORMS
    offered = function.form.get("emitBehavior", {}).get("model", {})
    found = [form for form in forms if form.get("emitBehavior", "emitAll") in offered or "emitBehavior" not in form]
    named = {f"{function.id} {number}": dict(function.module.get_meta_model(form)) for number, form in enumerate(found)}
    return {function.id: named.pop(f"{function.id} 0"), **named}


@pytest.fixture(scope="module")
def component() -> Component:
    """The connector's own component."""
    listed = [*functions.triggers(), *functions.actions()]
    logo = (ROOT / "logo.png").read_bytes()
    assert logo.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", logo[16:24])
    descriptor = json.loads((ROOT / "component.json").read_text())
    mains = {entry["main"] for kind in ("triggers", "actions") for entry in descriptor[kind].values()}
    modules = {main: main.removeprefix("./").removesuffix(".py").replace("/", ".") for main in mains}
    return Component(
        descriptor=descriptor,
        schemas={name: schemas for function in listed for name, schemas in schemas_of(function).items()},
        exports={main: set(vars(importlib.import_module(module))) for main, module in modules.items()},
        logo_size=(width, height),
        root_files={path.stem for path in ROOT.glob("*.py")},
    )


@pytest.mark.parametrize("name", RULES)
def test_the_component_follows_the_rule(name: str, component: Component) -> None:
    assert list(RULES[name](component)) == []


@pytest.mark.parametrize("name", RULES)
def test_a_small_component_follows_the_rule(name: str) -> None:
    assert list(RULES[name](component_of(SMALL))) == []


@pytest.mark.parametrize(("name", "path", "value"), BROKEN)
def test_a_violation_is_found(name: str, path: str, value: Any) -> None:
    assert list(RULES[name](changed(path, value)))


def test_a_schema_that_is_too_deep_is_found() -> None:
    rule = RULES["a_schema_is_not_too_deep"]
    assert list(rule(changed(f"{IN}/box", nested(6)))) == []
    assert list(rule(changed(f"{IN}/box", nested(9))))


def test_each_rule_has_a_violation() -> None:
    assert {name for name, _, _ in BROKEN} | {"a_schema_is_not_too_deep"} == RULES.keys()


@pytest.mark.parametrize("text", ["Send Texts (SMS)", "Limit (one page)", "Add Recipients to List", "5 Items", "API"])
def test_a_title_is_recognized(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize("text", ["", "send", "Send texts", "Send Texts.", "to List"])
def test_other_texts_are_no_titles(text: str) -> None:
    assert not is_title(text)
