"""Form fields and their view classes."""

from collections.abc import Iterator

from elasticio_runner.check.checked_component import SELECT_VIEWS, TEXT_VIEWS, CheckedComponent
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.problems import nearest

DOCUMENTED = TEXT_VIEWS | SELECT_VIEWS | {"CheckBoxView", "OAuthFieldView", "HTTPAuthView"}
# Editors of single components of the vendor, and older spellings.
SPECIAL = frozenset(
    (
        *("TextFieldWithNoteView", "TextAreaWithNoteView", "CodeFieldView", "JSONataView", "SelectTreeView"),
        *("SelectPropertyView", "WebHookPayloadView", "WebhookAuthView", "OutMetadataView", "CSVReadView"),
        *("InMetadataExtensionView", "CSVWriteView", "RESTAPIView"),
    )
)
NOTE_VIEWS = frozenset({"TextFieldView", "TextAreaView", "CheckBoxView"})
KEYS = frozenset(
    (
        *("viewClass", "label", "required", "placeholder", "prompt", "note", "help", "model", "require", "order"),
        *("prefix", "suffix"),
    )
)


@rule
def a_field_has_a_documented_view(component: CheckedComponent) -> Iterator[Finding]:
    """The designer cannot show a field of another view class."""
    for field in component.fields():
        place = (*field.place, "viewClass")
        if field.view in SPECIAL:
            wrong = f"{field.view} is an editor of single components and not documented"
            yield warning(place, wrong, "Use a documented view class")
        elif field.view and field.view not in DOCUMENTED:
            yield error(place, f"{field.view!r} is not a view class", f"Correct it; {nearest(field.view, DOCUMENTED)}")


@rule
def a_field_has_known_keys_only(component: CheckedComponent) -> Iterator[Finding]:
    """The designer ignores other keys, for example default values."""
    for field in component.fields():
        for key in field.entry.keys() - KEYS:
            advice = f"Remove or correct it; {nearest(key, KEYS)}"
            yield warning((*field.place, key), "the designer does not know this key", advice)


@rule
def a_field_has_a_label(component: CheckedComponent) -> Iterator[Finding]:
    """The label is the only text of a check box."""
    for field in component.fields():
        if not field.entry.get("label"):
            yield warning(field.place, "the field has no label", 'Add "label"')


@rule
def no_check_box_is_required(component: CheckedComponent) -> Iterator[Finding]:
    """A check box that is not checked sends nothing."""
    for field in component.fields():
        if field.view == "CheckBoxView" and field.entry.get("required"):
            yield warning((*field.place, "required"), "a check box cannot be required", 'Remove "required"')


@rule
def a_placeholder_is_where_the_designer_shows_it(component: CheckedComponent) -> Iterator[Finding]:
    """Texts and selects have placeholders."""
    for field in component.fields():
        if "placeholder" in field.entry and field.view not in TEXT_VIEWS | SELECT_VIEWS:
            yield warning((*field.place, "placeholder"), f"{field.view} shows no placeholder", "Remove it")


@rule
def a_text_has_an_example_in_its_placeholder(component: CheckedComponent) -> Iterator[Finding]:
    """The placeholder shows the format of the value."""
    for field in component.fields():
        if field.view in TEXT_VIEWS and not field.entry.get("placeholder"):
            yield warning(field.place, "the field has no placeholder", 'Add "placeholder" with an example of a value')


@rule
def a_prompt_is_in_each_select_and_nowhere_else(component: CheckedComponent) -> Iterator[Finding]:
    """The prompt is shown while nothing is selected."""
    for field in component.fields():
        if field.view in SELECT_VIEWS and not field.entry.get("prompt"):
            yield warning(field.place, "the select has no prompt", 'Add "prompt", which should name the default')
        elif field.view not in SELECT_VIEWS and "prompt" in field.entry:
            yield warning((*field.place, "prompt"), f"{field.view} shows no prompt", "Remove it")


@rule
def a_note_is_where_the_designer_shows_it(component: CheckedComponent) -> Iterator[Finding]:
    """Selects and passwords have help instead."""
    for field in component.fields():
        if "note" in field.entry and field.view in DOCUMENTED - NOTE_VIEWS:
            wrong = f"a note is not documented for {field.view}"
            yield warning((*field.place, "note"), wrong, 'Move the text to "help": {"description": …}')


@rule
def a_field_is_explained_once(component: CheckedComponent) -> Iterator[Finding]:
    """The designer shows a note and a help with the same icon."""
    for field in component.fields():
        has_note = bool(field.entry.get("note"))
        if has_note and field.help_text:
            yield warning(field.place, "the field has a note and a help", "Remove one of the two")
        elif not has_note and not field.help_text:
            advice = 'Add "help": {"description": …} with meaning, unit and default'
            yield warning(field.place, "the field is not explained", advice)


@rule
def a_dependency_names_another_field(component: CheckedComponent) -> Iterator[Finding]:
    """The designer waits until the other fields have values."""
    for field in component.fields():
        wanted = field.entry.get("require", [])
        others = field.form.fields.keys() - {field.name}
        for each in [wanted] if isinstance(wanted, str) else wanted:
            if each not in others:
                wrong = f"the form has no other field {each!r}"
                yield error((*field.place, "require"), wrong, f"Correct the name; {nearest(each, others)}")
