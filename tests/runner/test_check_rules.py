"""Each rule of `elasticio check` finds its violations, and a component that follows all rules has none."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from elasticio_runner.check.callables import misfit
from elasticio_runner.check.rules import RULES, SECTIONS

from tests.runner.small_component import (
    ACTION,
    BOX,
    DELETED,
    FORM,
    FUNCTION,
    ID,
    IN,
    LIST,
    OUT,
    SMALL,
    TEXT,
    TRIGGER,
    changed,
    component_of,
    nested,
)

E, W = "error", "warning"
MODEL = f"{FORM}/emitBehavior/model"
EXPORTS = "exports/.~1lib~1do_it.py"
MISFITS = "misfits/.~1lib~1do_it.py"
# (rule, severity, path in SMALL, value that breaks the rule, place that the finding names)
BROKEN: list[tuple[str, str, str, Any, str]] = [
    ("the_component_has_title_and_description", W, "component/title", DELETED, "title"),
    ("the_component_has_title_and_description", W, "component/description", "", "description"),
    ("the_component_has_a_function", E, "component", {"title": "Empty"}, "the file"),
    ("the_version_is_semantic", E, "component/version", "v1.0.0", "version"),
    ("the_version_is_semantic", W, "component/version", DELETED, "version"),
    ("the_build_type_is_docker", W, "component/buildType", "slug", "buildType"),
    ("the_component_has_known_keys_only", W, "component/useInputMetadata", True, "useInputMetadata"),
    ("no_list_of_functions_is_empty", W, "component/triggers", {}, "triggers"),
    ("ids_of_functions_are_unique_words", E, "component/actions/watch", FUNCTION, "actions.watch"),
    ("ids_of_functions_are_unique_words", E, "component/actions/do-it", FUNCTION, "actions.do-it"),
    ("environment_variables_are_described", W, "component/envVars", {"A": {"required": True}}, "envVars.A"),
    ("environment_variables_are_described", W, "component/envVars", {"A": {"description": "A"}}, "envVars.A"),
    ("the_logo_has_the_size_of_an_icon", W, "logo", [64, 64], "the file"),
    ("the_logo_has_the_size_of_an_icon", W, "logo", None, "the file"),
    ("a_function_has_title_and_help", E, f"{ACTION}/title", "", "actions.doIt"),
    ("a_function_has_title_and_help", W, f"{ACTION}/help/link", DELETED, "actions.doIt"),
    (
        "a_function_has_title_and_help",
        W,
        "component/actions/doIt",
        {"title": "Do", "help": {"link": "x"}},
        "actions.doIt",
    ),
    ("a_help_link_is_an_address", W, f"{ACTION}/help/link", "docs/actions.md", "actions.doIt.help.link"),
    ("a_function_has_a_module_with_process", E, EXPORTS, [], "triggers.watch.main"),
    ("the_runtime_can_call_each_function", E, MISFITS, {"process": "is async"}, "triggers.watch.main"),
    ("the_runtime_can_call_each_function", E, MISFITS, {"init": "is a generator"}, "actions.doIt.main"),
    ("no_module_has_the_name_of_a_module_of_python", W, "root", ["email", "verify_credentials"], "the file"),
    ("no_module_has_the_name_of_a_module_of_python", W, "root", ["elasticio"], "the file"),
    ("triggers_have_a_type_and_actions_none", W, f"{TRIGGER}/type", DELETED, "triggers.watch.type"),
    ("triggers_have_a_type_and_actions_none", E, f"{TRIGGER}/type", "cron", "triggers.watch.type"),
    ("triggers_have_a_type_and_actions_none", W, f"{ACTION}/type", "polling", "actions.doIt.type"),
    ("metadata_is_static_or_dynamic", W, f"{ACTION}/dynamicMetadata", True, "actions.doIt"),
    ("metadata_is_static_or_dynamic", W, f"{TRIGGER}/dynamicMetadata", DELETED, "triggers.watch"),
    ("dynamic_metadata_has_a_function", E, EXPORTS, ["process"], "triggers.watch.dynamicMetadata"),
    ("metadata_has_the_sides_of_the_function", W, f"{ACTION}/metadata/in", DELETED, "actions.doIt.metadata"),
    ("metadata_has_the_sides_of_the_function", W, f"{TRIGGER}/metadata", {}, "triggers.watch.metadata"),
    ("a_function_has_known_keys_only", W, f"{ACTION}/note", "No note.", "actions.doIt.note"),
    ("functions_have_an_order", W, f"{TRIGGER}/order", DELETED, "triggers.watch.order"),
    ("functions_have_an_order", W, "component/actions/doOther/order", 20, "actions.doOther.order"),
    ("deprecated_functions_are_last", W, "component/actions/doOther/order", 30, "actions.doOther.order"),
    ("fields_have_an_order", W, f"{FORM}/check/order", DELETED, "actions.doIt.fields.check.order"),
    ("fields_have_an_order", W, f"{FORM}/check/order", "10", "actions.doIt.fields.check.order"),
    (
        "fields_have_an_order",
        W,
        "component/credentials/fields/server/order",
        DELETED,
        "credentials.fields.server.order",
    ),
    ("properties_with_an_order_have_one_each", W, f"{IN}/id/order", 10, "properties.box.order"),
    ("properties_with_an_order_have_one_each", W, f"{IN}/id/order", DELETED, "properties.id.order"),
    ("credentials_have_help_with_a_link", W, "component/credentials/help/link", DELETED, "credentials.help"),
    ("credentials_have_help_with_a_link", W, "component/credentials/help/description", "", "credentials.help"),
    ("credentials_and_forms_have_different_names", E, f"{FORM}/server", TEXT, "actions.doIt.fields.server"),
    ("credentials_can_be_verified", W, "root", [], "credentials"),
    (
        "a_field_has_a_documented_view",
        E,
        f"{FORM}/check/viewClass",
        "NumberView",
        "actions.doIt.fields.check.viewClass",
    ),
    (
        "a_field_has_a_documented_view",
        W,
        f"{FORM}/check/viewClass",
        "JSONataView",
        "actions.doIt.fields.check.viewClass",
    ),
    ("a_field_has_known_keys_only", W, f"{FORM}/check/default", True, "actions.doIt.fields.check.default"),
    ("a_field_has_a_label", W, f"{FORM}/check/label", "", "actions.doIt.fields.check"),
    ("no_check_box_is_required", W, f"{FORM}/check/required", True, "actions.doIt.fields.check.required"),
    (
        "a_placeholder_is_where_the_designer_shows_it",
        W,
        f"{FORM}/check/placeholder",
        "Yes",
        "actions.doIt.fields.check.placeholder",
    ),
    (
        "a_text_has_an_example_in_its_placeholder",
        W,
        f"{FORM}/timeout/placeholder",
        DELETED,
        "actions.doIt.fields.timeout",
    ),
    (
        "a_prompt_is_in_each_select_and_nowhere_else",
        W,
        f"{FORM}/emitBehavior/prompt",
        DELETED,
        "actions.doIt.fields.emitBehavior",
    ),
    (
        "a_prompt_is_in_each_select_and_nowhere_else",
        W,
        f"{FORM}/check/prompt",
        "Select",
        "actions.doIt.fields.check.prompt",
    ),
    (
        "a_note_is_where_the_designer_shows_it",
        W,
        f"{FORM}/emitBehavior/note",
        "Note.",
        "actions.doIt.fields.emitBehavior.note",
    ),
    ("a_field_is_explained_once", W, f"{FORM}/check/help", DELETED, "actions.doIt.fields.check"),
    ("a_field_is_explained_once", W, f"{FORM}/timeout/help", {"description": "Again."}, "actions.doIt.fields.timeout"),
    ("a_dependency_names_another_field", E, f"{FORM}/check/require", "missing", "actions.doIt.fields.check.require"),
    ("a_dependency_names_another_field", E, f"{FORM}/check/require", ["check"], "actions.doIt.fields.check.require"),
    ("a_select_has_options_or_a_function_of_its_module", E, MODEL, "missing", "actions.doIt.fields.emitBehavior.model"),
    ("a_select_has_options_or_a_function_of_its_module", E, MODEL, {}, "actions.doIt.fields.emitBehavior"),
    (
        "a_select_has_options_or_a_function_of_its_module",
        E,
        "component/credentials/fields/server",
        {"viewClass": "SelectView", "model": "lists"},
        "credentials.fields.server.model",
    ),
    ("no_option_is_a_placeholder", W, MODEL, {"": "Nothing there"}, "actions.doIt.fields.emitBehavior.model"),
    ("no_option_is_a_placeholder", W, MODEL, {"none": ""}, "actions.doIt.fields.emitBehavior.model"),
    ("no_option_is_a_number", W, MODEL, {"7": "Seven"}, "actions.doIt.fields.emitBehavior.model.7"),
    (
        "emit_behavior_has_the_values_of_the_platform",
        W,
        MODEL,
        {"all": "Emit all"},
        "actions.doIt.fields.emitBehavior.model.all",
    ),
    (
        "emit_behavior_has_the_values_of_the_platform",
        W,
        MODEL,
        {"emitAll": "All"},
        "actions.doIt.fields.emitBehavior.model.emitAll",
    ),
    ("a_property_has_one_known_type", W, f"{IN}/id/type", "integer", "properties.id.type"),
    ("a_property_has_one_known_type", W, f"{OUT}/id/type", ["number", "string"], "properties.id.type"),
    ("a_property_has_one_known_type", E, f"{OUT}/id/type", "text", "properties.id.type"),
    ("a_property_has_one_known_type", W, f"{OUT}/id/type", DELETED, "properties.id"),
    ("a_property_has_known_keys_only", W, f"{IN}/id/pattern", "x", "properties.id.pattern"),
    ("a_property_has_a_title", W, f"{IN}/id/title", DELETED, "properties.id"),
    (
        "a_description_is_shown_as_help",
        W,
        f"{OUT}/id",
        {"type": "number", "description": "An ID."},
        "properties.id.description",
    ),
    ("no_text_is_markdown", W, f"{ACTION}/description", "Does `it`.", "actions.doIt.description"),
    ("no_text_is_markdown", W, f"{IN}/id/description", "The **ID**.", "properties.id.description"),
    ("no_text_is_markdown", W, f"{FORM}/timeout/note", "See [here](there).", "actions.doIt.fields.timeout.note"),
    ("no_text_is_markdown", W, f"{FORM}/check/help/description", "- one\n- two", "actions.doIt.fields.check.help"),
    ("required_is_true_on_the_property", W, "schemas/doIt/in/required", ["id"], "required"),
    ("no_output_is_required", W, f"{OUT}/id/required", True, "properties.id.required"),
    ("an_object_has_properties", W, f"{IN}/box/properties", DELETED, "properties.box"),
    ("a_list_has_items", E, f"{OUT}/box", {**BOX, "type": "array"}, "properties.box"),
    ("an_input_list_is_a_list_of_objects", W, f"{IN}/box", LIST, "properties.box"),
    ("a_reference_has_a_target_in_its_schema", E, f"{IN}/box/$ref", "other.json#/box", "properties.box.$ref"),
    ("a_reference_has_a_target_in_its_schema", E, f"{IN}/box/$ref", "#/definitions/Box", "properties.box.$ref"),
    ("a_reference_has_a_target_in_its_schema", E, f"{IN}/box/$ref", "#/type/object", "properties.box.$ref"),
    ("a_schema_is_not_too_deep", W, f"{IN}/box", nested(9), "properties." + ".properties.".join(["box"] * 9)),
    ("fixed_values_are_different_and_of_the_type", W, f"{IN}/id/enum", [], "properties.id.enum"),
    ("fixed_values_are_different_and_of_the_type", W, f"{IN}/id/enum", [1, 1], "properties.id.enum"),
    ("fixed_values_are_different_and_of_the_type", W, f"{IN}/id/enum", ["A"], "properties.id.enum"),
    ("examples_and_defaults_have_the_type_of_the_property", W, f"{IN}/id/examples", ["5"], "properties.id.examples"),
    ("examples_and_defaults_have_the_type_of_the_property", W, f"{IN}/id/examples", [], "properties.id.examples"),
    ("examples_and_defaults_have_the_type_of_the_property", W, f"{OUT}/id/default", True, "properties.id.default"),
    (
        "a_default_is_one_of_the_fixed_values",
        W,
        f"{IN}/box",
        {"type": "string", "enum": ["A"], "default": "B"},
        "properties.box.default",
    ),
    ("a_default_is_in_an_optional_input", W, f"{IN}/id/default", 5, "properties.id.default"),
    ("a_default_is_in_an_optional_input", W, f"{OUT}/id/default", 5, "properties.id.default"),
    ("titles_are_unique", W, "component/actions/doOther/title", "Do It", "actions.doOther.title"),
]
# All functions of SMALL have the same module.
FINDINGS = {
    "a_function_has_a_module_with_process": 3,
    "dynamic_metadata_has_a_function": 2,
    "the_runtime_can_call_each_function": 3,
}
PLAIN = {"type": "string", "title": "Box"}
# (rule, path in SMALL, value that the rule accepts)
ACCEPTED: list[tuple[str, str, Any]] = [
    ("environment_variables_are_described", "component/envVars", {"A": {"required": False, "description": "A"}}),
    ("a_function_has_title_and_help", f"{ACTION}/description", DELETED),
    ("a_function_has_title_and_help", f"{ACTION}/help/description", DELETED),
    ("a_help_link_is_an_address", f"{ACTION}/help", DELETED),
    ("a_help_link_is_an_address", f"{ACTION}/help/link", "http://localhost:8000/docs"),
    ("titles_are_unique", "component/actions/doOther/title", "Get Items Polling"),
    ("titles_are_unique", "component/actions", {"a": {}, "b": {}}),
    ("deprecated_functions_are_last", "component/actions", {"a": {"deprecated": True, "order": 5}}),
    ("deprecated_functions_are_last", "component/actions/doOther/order", "30"),
    ("deprecated_functions_are_last", f"{ACTION}/order", "30"),
    ("credentials_can_be_verified", "component/credentials", {"fields": {}}),
    ("credentials_have_help_with_a_link", "component/credentials", {"fields": {}}),
    ("a_dependency_names_another_field", f"{FORM}/check/require", ["timeout", "emitBehavior"]),
    ("no_check_box_is_required", f"{FORM}/timeout/required", True),
    ("a_field_has_a_documented_view", f"{FORM}/check/viewClass", DELETED),
    ("a_placeholder_is_where_the_designer_shows_it", f"{FORM}/emitBehavior/placeholder", "Select"),
    ("a_select_has_options_or_a_function_of_its_module", MODEL, "lists"),
    (
        "a_select_has_options_or_a_function_of_its_module",
        "component/credentials/fields/server",
        {"viewClass": "SelectView", "model": {"a": "A"}},
    ),
    ("the_runtime_can_call_each_function", MISFITS, {"helper": "is async"}),
    ("no_option_is_a_placeholder", MODEL, "lists"),
    ("no_option_is_a_number", MODEL, "lists"),
    ("no_option_is_a_number", MODEL, {"4294967295": "Large", "007": "Agent", "-1": "Minus"}),
    ("emit_behavior_has_the_values_of_the_platform", MODEL, "lists"),
    ("emit_behavior_has_the_values_of_the_platform", f"{FORM}/other", {"viewClass": "SelectView", "model": {"a": "A"}}),
    ("a_description_is_shown_as_help", f"{IN}/id/description", "The ID."),
    ("required_is_true_on_the_property", f"{IN}/id/required", False),
    ("an_object_has_properties", f"{IN}/box", PLAIN),
    ("a_list_has_items", f"{IN}/box", LIST),
    ("an_input_list_is_a_list_of_objects", f"{IN}/box", {**LIST, "items": BOX}),
    ("an_input_list_is_a_list_of_objects", f"{IN}/box", {"type": "array"}),
    ("an_input_list_is_a_list_of_objects", f"{IN}/box/items", {"type": "string"}),
    ("an_input_list_is_a_list_of_objects", f"{OUT}/box", LIST),
    ("a_schema_is_not_too_deep", f"{IN}/box", nested(7)),
    ("fixed_values_are_different_and_of_the_type", f"{IN}/id/enum", [1, 2.5]),
    ("examples_and_defaults_have_the_type_of_the_property", f"{IN}/box", {"examples": ["any", 5]}),
    ("examples_and_defaults_have_the_type_of_the_property", f"{IN}/box", {**BOX, "examples": [{}], "default": {}}),
    ("a_default_is_one_of_the_fixed_values", f"{IN}/box", {**PLAIN, "enum": ["A"]}),
    ("a_default_is_one_of_the_fixed_values", f"{IN}/box", {**PLAIN, "default": "A"}),
    ("a_default_is_one_of_the_fixed_values", f"{IN}/box", {**PLAIN, "default": "A", "enum": ["A"]}),
    ("a_default_is_in_an_optional_input", f"{IN}/box", {**PLAIN, "default": "A"}),
]


@pytest.mark.parametrize("name", RULES)
def test_a_component_without_problems_follows_the_rule(name: str) -> None:
    assert list(RULES[name](component_of(SMALL))) == []


@pytest.mark.parametrize(("name", "severity", "path", "value", "place"), BROKEN)
def test_a_violation_is_found(name: str, severity: str, path: str, value: Any, place: str) -> None:
    findings = list(RULES[name](changed(path, value)))
    texts = [finding.text(7) for finding in findings]
    assert any(f":7: {severity}: {place}: " in text for text in texts), texts
    assert len(texts) == FINDINGS.get(name, 1), texts
    assert all(re.search(r"[^.?][.?]$", text) and "\n" not in text for text in texts)


@pytest.mark.parametrize(("name", "path", "value"), ACCEPTED)
def test_a_sound_value_is_accepted(name: str, path: str, value: Any) -> None:
    assert list(RULES[name](changed(path, value))) == []


def test_each_rule_has_a_violation() -> None:
    assert {name for name, *_ in BROKEN} == RULES.keys()


def test_the_sections_contain_all_rules() -> None:
    assert sum(name in RULES for section in SECTIONS for name in vars(section)) == len(RULES)


def test_a_property_of_a_list_is_checked() -> None:
    broken = {**LIST, "items": {"type": "object", "properties": {"id": {**ID, "type": "integer"}}}}
    [finding] = RULES["a_property_has_one_known_type"](changed(f"{OUT}/box", broken))
    assert finding.place == ("properties", "box", "items", "properties", "id", "type")
    assert finding.file == "doIt.out.json"


@pytest.mark.parametrize("reference", ["#/definitions/Box", "#box"])
def test_a_reference_within_the_schema_is_accepted(reference: str) -> None:
    definitions = {"Box": {"type": "object", "properties": {}, "$id": "#box"}}
    listed = {"type": "array", "title": "Boxes", "items": {"$ref": reference}}
    properties = {"box": {"$ref": reference}, "same": {"type": "object", "$ref": reference}, "listed": listed}
    schema = {"type": "object", "properties": properties, "definitions": definitions}
    component = changed("schemas/doIt/in", schema)
    assert [finding for rule in RULES.values() for finding in rule(component)] == []


def test_functions_of_forms_and_dynamic_metadata_are_called() -> None:
    called = replace(changed(MODEL, "lists"), misfits={"./lib/do_it.py": {"lists": "is async", "get_meta_model": "x"}})
    found = [finding.text(1) for finding in RULES["the_runtime_can_call_each_function"](called)]
    assert any(
        "actions.doIt.fields.emitBehavior.model: lists of ./lib/do_it.py is async. Define lists(config) as" in text
        for text in found
    )
    assert sum(".dynamicMetadata: get_meta_model of ./lib/do_it.py x." in text for text in found) == 2


def test_optional_parts_may_be_missing() -> None:
    empty = replace(changed("component/credentials", {"fields": {}}), root_modules=frozenset())
    assert list(RULES["credentials_can_be_verified"](empty)) == []
    component = changed("component/credentials", DELETED)
    assert not any(finding.place[:1] == ("credentials",) for rule in RULES.values() for finding in rule(component))
    schema = {"type": "object", "properties": {"id": {key: ID[key] for key in ("type", "title", "help")}}}
    assert list(RULES["properties_with_an_order_have_one_each"](changed("schemas/watch/out", schema))) == []


def helper(config: Any, /, *rest: Any, flag: bool = False) -> None: ...


class Operation:
    def process(self, step: Any, message: Any, config: Any, snapshot: Any) -> Iterator[Any]:
        yield from ()

    async def __call__(self, step: Any, message: Any, config: Any, snapshot: Any) -> None: ...


async def waits(config: Any) -> None: ...
async def streams(step: Any, message: Any, config: Any, snapshot: Any) -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("process", Operation().process, ""),
        ("process", partial(Operation().process, snapshot=None), "cannot be called with 4 arguments"),
        ("process", Operation(), "is async"),
        ("process", streams, "is async"),
        ("process", lambda step, message, config: None, "cannot be called with 4 arguments"),
        ("process", lambda *arguments: None, ""),
        ("options", helper, ""),
        ("options", waits, "is async"),
        ("options", Operation.process, "is a generator"),
        ("options", lambda config, *, more: None, "cannot be called with one argument"),
        ("options", lambda: None, "cannot be called with one argument"),
        ("options", dict, ""),
        ("startup", lambda config, flow: None, ""),
        ("init", waits, "is async"),
    ],
)
def test_a_function_that_the_runtime_cannot_call_is_a_misfit(name: str, value: Any, wrong: str) -> None:
    assert misfit(name, value) == wrong


def test_a_module_that_cannot_be_imported_has_one_finding_only() -> None:
    component = replace(changed(MODEL, "missing"), exports={})
    assert [finding for rule in RULES.values() for finding in rule(component)] == []
