"""component.json and the schemas follow every rule of `elasticio check` and of the house style."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticio_runner.check.checked_component import CheckedComponent, FunctionEntry, MapperSchema
from elasticio_runner.check.examine import examine
from elasticio_runner.check.findings import COMPONENT_FILE
from elasticio_runner.check.json_file import read
from elasticio_runner.check.rules import RULES

from tests.contract.designer import HOUSE_RULES, is_title
from tests.contract.repository import ROOT
from tests.runner.small_component import (
    ACTION,
    BOX,
    DELETED,
    FORM,
    ID,
    IN,
    OUT,
    SMALL,
    TRIGGER,
    changed,
    component_of,
)
from tools import functions

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
# (rule, path in SMALL, value that breaks the rule)
BROKEN: list[tuple[str, str, Any]] = [
    ("a_function_has_all_texts", f"{ACTION}/help/link", DELETED),
    ("a_function_has_all_texts", f"{ACTION}/description", ""),
    ("a_help_link_leads_to_a_section", f"{ACTION}/help/link", "https://example.com/docs.html"),
    ("a_help_has_one_or_two_sentences", f"{ACTION}/help/description", "One. Two. Three."),
    ("deprecated_is_true_or_missing", f"{ACTION}/deprecated", False),
    ("metadata_has_all_sides", "schemas/doIt/in", DELETED),
    ("metadata_has_all_sides", "schemas/watch/out", DELETED),
    ("properties_have_an_order", f"{IN}/id/order", DELETED),
    ("properties_have_an_order", f"{IN}/id/order", "10"),
    ("tuning_is_last_in_a_form", f"{FORM}/timeout/order", 25),
    ("a_field_has_one_of_the_six_views", f"{FORM}/check/viewClass", "SelectViewWithGrouping"),
    ("a_field_has_one_of_the_six_views", f"{FORM}/check/viewClass", "OAuthFieldView"),
    ("labels_are_in_title_case", f"{FORM}/check/label", "Check this"),
    ("labels_are_in_title_case", f"{FORM}/check/label", ""),
    ("a_form_works_untouched", f"{FORM}/timeout/required", True),
    ("a_placeholder_is_in_a_text", f"{FORM}/emitBehavior/placeholder", "Yes"),
    ("options_are_in_words", f"{FORM}/emitBehavior/model", {"LA": "LA"}),
    ("the_prompt_of_fixed_options_says_the_default", f"{FORM}/emitBehavior/prompt", "Select"),
    ("a_property_has_title_and_help", f"{IN}/id/title", DELETED),
    ("a_property_has_title_and_help", f"{IN}/id/title", "id"),
    ("a_property_has_title_and_help", f"{OUT}/id/help", DELETED),
    ("optional_properties_do_not_say_so", "schemas/doIt/in/required", ["id"]),
    ("optional_properties_do_not_say_so", f"{IN}/id/required", False),
    ("a_free_object_has_no_placeholder", f"{IN}/box", {**BOX, "additionalProperties": {}, "properties": {"name": ID}}),
    ("there_are_no_references", f"{IN}/box/$ref", "#/definitions/Box"),
    ("fixed_values_are_texts", f"{IN}/id/enum", [1]),
    ("examples_are_plain_values", f"{IN}/box/examples", [{}]),
    ("phone_numbers_ids_and_times_have_examples", f"{IN}/id/examples", DELETED),
    ("titles_are_in_title_case", f"{ACTION}/title", "Do it"),
    ("titles_are_in_title_case", f"{ACTION}/title", "Do It."),
    ("titles_of_triggers_say_how_they_start", f"{TRIGGER}/title", "Get Items"),
]


def dynamic_schemas(function: functions.Function, entry: FunctionEntry) -> Iterator[MapperSchema]:
    """Yield the schemas of dynamic metadata for the forms that change them."""
    forms = (*FORMS, *EVENTS) if "events" in function.form else FORMS
    offered = function.form.get("emitBehavior", {}).get("model", {})
    for number, form in enumerate(forms):
        if form.get("emitBehavior", "emitAll") in offered or "emitBehavior" not in form:
            for side, schema in function.module.get_meta_model(form).items():
                yield MapperSchema(entry, side, schema, f"{function.id}, form {number}, {side}")


@pytest.fixture(scope="module")
def component() -> CheckedComponent:
    """The connector's own component, as the rules read it."""
    descriptor = read(ROOT, COMPONENT_FILE).data
    plain = CheckedComponent(descriptor)
    entries = {entry.id: entry for entry in plain.functions()}
    schemas: list[MapperSchema] = []
    for function in (*functions.triggers(), *functions.actions()):
        if function.has_dynamic_metadata:
            schemas += dynamic_schemas(function, entries[function.id])
        else:
            for side in ("in", "out"):
                if side in function.schemas:
                    schemas.append(MapperSchema(entries[function.id], side, function.schemas[side], function.id))
    return replace(plain, schemas=tuple(schemas), logo_size=(128, 128), root_modules=frozenset({"verify_credentials"}))


def test_the_component_has_no_problems() -> None:
    assert list(examine(ROOT).texts()) == []


@pytest.mark.parametrize("name", RULES)
def test_the_component_follows_the_rule_with_its_dynamic_metadata(name: str, component: CheckedComponent) -> None:
    assert list(RULES[name](component)) == []


@pytest.mark.parametrize("name", HOUSE_RULES)
def test_the_component_follows_the_house_style(name: str, component: CheckedComponent) -> None:
    assert list(HOUSE_RULES[name](component)) == []


@pytest.mark.parametrize("name", HOUSE_RULES)
def test_a_small_component_follows_the_house_style(name: str) -> None:
    assert list(HOUSE_RULES[name](component_of(SMALL))) == []


@pytest.mark.parametrize(("name", "path", "value"), BROKEN)
def test_a_violation_is_found(name: str, path: str, value: Any) -> None:
    assert list(HOUSE_RULES[name](changed(path, value)))


def test_each_rule_of_the_house_style_has_a_violation() -> None:
    assert {name for name, _, _ in BROKEN} == HOUSE_RULES.keys()


@pytest.mark.parametrize("folder", ["examples/local"])
def test_the_examples_have_no_problems(folder: str) -> None:
    assert list(examine(ROOT / folder).texts()) == []


@pytest.mark.parametrize("text", ["Send Texts (SMS)", "Limit (one page)", "Add Recipients to List", "5 Items", "API"])
def test_a_title_is_recognized(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize("text", ["", "send", "Send texts", "Send Texts.", "to List"])
def test_other_texts_are_no_titles(text: str) -> None:
    assert not is_title(text)
