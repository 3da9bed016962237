"""The house style of this component, in addition to the rules of `elasticio check`.

Our titles and labels are in Title Case, our forms work untouched, all our properties have an order, a title and a help,
and our help links lead to sections of our documentation. Each rule yields the place of a violation.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from elasticio_runner.check.checked_component import TEXT_VIEWS, CheckedComponent, SchemaNode

Rule = Callable[[CheckedComponent], Iterator[str]]
HOUSE_RULES: dict[str, Rule] = {}
VIEWS = {"TextFieldView", "TextAreaView", "PasswordFieldView", "SelectView", "MultiSelectView", "CheckBoxView"}
SMALL_WORDS = {"and", "as", "by", "for", "from", "if", "in", "of", "or", "per", "to", "the", "a", "with", "until"}
RARE_FIELDS = {"errorPolicy", "timeout", "passUnknownProperties"}


def rule(check: Rule) -> Rule:
    """Register a rule under the name of its function."""
    HOUSE_RULES[check.__name__] = check
    return check


@rule
def a_function_has_all_texts(component: CheckedComponent) -> Iterator[str]:
    for function in component.functions():
        help_ = function.entry.get("help", {})
        if not all((function.entry.get("description"), help_.get("description"), help_.get("link"))):
            yield function.id


@rule
def a_help_link_leads_to_a_section(component: CheckedComponent) -> Iterator[str]:
    for function in component.functions():
        link = function.entry.get("help", {}).get("link", "")
        if not re.fullmatch(r"(https://[^#\s]+|/components/[^#\s]+)#\S+", link):
            yield function.id


@rule
def a_help_has_one_or_two_sentences(component: CheckedComponent) -> Iterator[str]:
    for function in component.functions():
        text = function.entry.get("help", {}).get("description", "").replace("e.g. ", "")
        if len(re.findall(r"\.(?: |$)", text)) not in (1, 2):
            yield function.id


@rule
def deprecated_is_true_or_missing(component: CheckedComponent) -> Iterator[str]:
    yield from (one.id for one in component.functions() if one.entry.get("deprecated", True) is not True)


@rule
def metadata_has_all_sides(component: CheckedComponent) -> Iterator[str]:
    known = {(schema.function.id, schema.side) for schema in component.schemas}
    for function in component.functions():
        sides = {"out"} if function.is_trigger else {"in", "out"}
        yield from (function.id for side in sides if (function.id, side) not in known)


@rule
def properties_have_an_order(component: CheckedComponent) -> Iterator[str]:
    yield from (place(node) for node in component.properties() if type(node.entry.get("order")) is not int)


@rule
def tuning_is_last_in_a_form(component: CheckedComponent) -> Iterator[str]:
    for form in component.forms():
        common = [entry["order"] for name, entry in form.fields.items() if name not in RARE_FIELDS]
        last = [entry["order"] for name, entry in form.fields.items() if name in RARE_FIELDS]
        if common and last and max(last) > min(common):
            yield str(form.place)


@rule
def a_field_has_one_of_the_six_views(component: CheckedComponent) -> Iterator[str]:
    yield from (str(field.place) for field in component.fields() if field.view not in VIEWS)


@rule
def labels_are_in_title_case(component: CheckedComponent) -> Iterator[str]:
    yield from (str(field.place) for field in component.fields() if not is_title(field.entry.get("label", "")))


@rule
def a_form_works_untouched(component: CheckedComponent) -> Iterator[str]:
    for field in component.fields():
        if field.form.function and field.entry.get("required", False) is not False:
            yield str(field.place)


@rule
def a_placeholder_is_in_a_text(component: CheckedComponent) -> Iterator[str]:
    for field in component.fields():
        if "placeholder" in field.entry and field.view not in TEXT_VIEWS:
            yield str(field.place)


@rule
def options_are_in_words(component: CheckedComponent) -> Iterator[str]:
    for field in component.selects():
        labels = (field.options or {}).values()
        yield from (str(field.place) for label in labels if not re.match(r"[A-Z].*[a-z]", label))


@rule
def the_prompt_of_fixed_options_says_the_default(component: CheckedComponent) -> Iterator[str]:
    for field in component.selects():
        labels = (field.options or {}).values()
        prompt = str(field.entry.get("prompt"))
        if labels and field.view == "SelectView" and prompt.removeprefix("Default: ") not in labels:
            yield str(field.place)


@rule
def a_property_has_title_and_help(component: CheckedComponent) -> Iterator[str]:
    for node in component.properties():
        if not is_title(node.entry.get("title", "")) or not node.entry.get("help", {}).get("description"):
            yield place(node)


@rule
def optional_properties_do_not_say_so(component: CheckedComponent) -> Iterator[str]:
    yield from (place(node) for node in component.nodes() if node.entry.get("required", True) is not True)


@rule
def a_free_object_has_no_placeholder(component: CheckedComponent) -> Iterator[str]:
    for node in component.nodes():
        if "additionalProperties" in node.entry and node.entry.get("properties"):
            yield place(node)


@rule
def there_are_no_references(component: CheckedComponent) -> Iterator[str]:
    yield from (place(node) for node in component.nodes() if node.entry.keys() & {"$ref", "$id", "definitions"})


@rule
def fixed_values_are_texts(component: CheckedComponent) -> Iterator[str]:
    for node in component.nodes():
        if not all(isinstance(value, str) for value in node.entry.get("enum", [])):
            yield place(node)


@rule
def examples_are_plain_values(component: CheckedComponent) -> Iterator[str]:
    for node in component.nodes():
        values = [*node.entry.get("examples", []), node.entry.get("default")]
        yield from (place(node) for value in values if isinstance(value, Mapping | list))


@rule
def phone_numbers_ids_and_times_have_examples(component: CheckedComponent) -> Iterator[str]:
    for node in component.properties():
        name, kind = str(node.name), node.entry.get("type")
        is_id = kind == "number" and re.search(r"(?:^id|Id)$", name)
        is_text = kind == "string" and re.search(r"honeNumber$|^(from|to)Number$|^interval\w+$", name)
        if (is_id or is_text) and not node.entry.get("examples"):
            yield place(node)


@rule
def titles_are_in_title_case(component: CheckedComponent) -> Iterator[str]:
    yield from (function.id for function in component.functions() if not is_title(function.entry.get("title", "")))


@rule
def titles_of_triggers_say_how_they_start(component: CheckedComponent) -> Iterator[str]:
    words = {"polling": "Polling", "webhook": "Webhook"}
    for trigger in component.functions("triggers"):
        if not str(trigger.entry.get("title")).endswith(words.get(trigger.entry.get("type", ""), "")):
            yield trigger.id


def place(node: SchemaNode) -> str:
    """Return function, side and place of a node."""
    return f"{node.schema.function.id}.{node.schema.side}{node.place}"


def is_title(text: str) -> bool:
    """Return whether a text is in title case, without a full stop. Words in brackets may be in lower case."""
    words = re.sub(r"\([^)]*\)", "", text).split()
    is_capital = [word[0].isupper() or word[0].isdigit() or word in SMALL_WORDS for word in words]
    return bool(words) and all(is_capital) and words[0] not in SMALL_WORDS and not text.endswith(".")
