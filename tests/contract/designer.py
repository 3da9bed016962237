"""The rules of the platform's designer for component.json, as checks.

The sections are those of the platform's documentation: the component, functions, order, credentials, form fields, view
classes, selects, the mapper's metadata, samples and names. Each rule yields a complaint per violation.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = Mapping[str, Any]
TEXT_VIEWS = {"TextFieldView", "TextAreaView", "PasswordFieldView"}
SELECT_VIEWS = {"SelectView", "MultiSelectView"}
VIEWS = TEXT_VIEWS | SELECT_VIEWS | {"CheckBoxView"}
# `note` is documented for these views
NOTE_VIEWS = {"TextFieldView", "TextAreaView", "CheckBoxView"}
COMPONENT_KEYS = {
    *("title", "description", "version", "buildType", "docsUrl", "url", "deprecated", "consumesRawData", "envVars"),
    *("credentials", "triggers", "actions", "authClientTypes"),
}
FUNCTION_KEYS = {
    *("title", "description", "help", "main", "type", "fields", "metadata", "dynamicMetadata", "deprecated", "order"),
    "autoResolveObjectReferences",
}
FIELD_KEYS = {
    *("viewClass", "label", "required", "placeholder", "prompt", "note", "help", "model", "require", "order"),
    *("prefix", "suffix"),
}
SCHEMA_KEYS = {
    *(
        "type",
        "title",
        "description",
        "help",
        "required",
        "properties",
        "items",
        "enum",
        "examples",
        "default",
        "order",
    ),
    *("maxLength", "minimum", "maximum", "minItems", "maxItems", "format", "additionalProperties"),
}
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}
DEEPEST = 8  # levels of objects in a schema
LARGEST_LIST = 2**32 - 1  # numeric keys below are moved to the front of an object in JavaScript
MARKDOWN = re.compile(r"`|\*\*|__|\]\(|^#+ |^[-*] ", re.MULTILINE)
SMALL_WORDS = {"and", "as", "by", "for", "from", "if", "in", "of", "or", "per", "to", "the", "a", "with", "until"}


@dataclass(frozen=True)
class Component:
    """A component as the designer reads it.

    descriptor   component.json
    schemas      {function ID: {"in": schema, "out": schema}}, also those of dynamic metadata
    exports      {main of a function: names that its module exports}
    logo_size    width and height of logo.png, None without a logo
    root_files   names of the modules in the root
    """

    descriptor: dict[str, Any]
    schemas: dict[str, dict[str, Any]]
    exports: dict[str, set[str]]
    logo_size: tuple[int, int] | None
    root_files: set[str] = field(default_factory=set)

    def functions(self) -> Iterator[tuple[str, Entry]]:
        """Yield the ID and the entry of each trigger and action."""
        for kind in ("triggers", "actions"):
            yield from self.descriptor.get(kind, {}).items()

    def forms(self) -> Iterator[tuple[str, Mapping[str, Entry]]]:
        """Yield the form of the credentials and of each function, with its place."""
        yield "credentials", self.descriptor.get("credentials", {}).get("fields", {})
        for name, function in self.functions():
            yield name, function.get("fields", {})

    def fields(self) -> Iterator[tuple[str, str, Entry]]:
        """Yield each form field: its place, its name and its entry."""
        for place, form in self.forms():
            for name, entry in form.items():
                yield f"{place}.{name}", name, entry

    def selects(self) -> Iterator[tuple[str, Entry]]:
        """Yield each select with its place."""
        yield from ((place, entry) for place, _, entry in self.fields() if entry.get("viewClass") in SELECT_VIEWS)

    def nodes(self, *sides: str) -> Iterator[tuple[str, Entry]]:
        """Yield each node of the schemas of these sides with its place. Default: both sides."""
        for name, schemas in self.schemas.items():
            for side, schema in schemas.items():
                if side in (sides or ("in", "out")):
                    yield from walk(f"{name}.{side}", schema)

    def properties(self, *sides: str) -> Iterator[tuple[str, Entry]]:
        """Yield each property of the schemas: all nodes except the schemas themselves and the items of lists."""
        for place, node in self.nodes(*sides):
            if place.count(".") > 1 and not place.endswith("[]"):
                yield place, node


def walk(place: str, schema: Entry) -> Iterator[tuple[str, Entry]]:
    """Yield a schema and all schemas within it."""
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from walk(f"{place}.{name}", inner)
    if "items" in schema:
        yield from walk(f"{place}[]", schema["items"])


Rule = Callable[[Component], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Register a rule under the name of its function."""
    RULES[check.__name__] = check
    return check


# 1. The component


@rule
def the_component_has_title_and_description(component: Component) -> Iterator[str]:
    yield from (key for key in ("title", "description") if not component.descriptor.get(key))


@rule
def the_version_is_semantic(component: Component) -> Iterator[str]:
    version = str(component.descriptor.get("version"))
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version):
        yield version


@rule
def the_build_type_is_docker(component: Component) -> Iterator[str]:
    if component.descriptor.get("buildType", "docker") != "docker":
        yield "buildType"


@rule
def the_component_has_known_keys_only(component: Component) -> Iterator[str]:
    yield from component.descriptor.keys() - COMPONENT_KEYS


@rule
def no_list_of_functions_is_empty(component: Component) -> Iterator[str]:
    yield from (kind for kind in ("triggers", "actions") if component.descriptor.get(kind) == {})


@rule
def ids_of_functions_are_unique_words(component: Component) -> Iterator[str]:
    names = [name for name, _ in component.functions()]
    yield from (name for name in names if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) or names.count(name) > 1)


@rule
def environment_variables_are_described(component: Component) -> Iterator[str]:
    variables = component.descriptor.get("envVars", {})
    yield from (name for name, entry in variables.items() if not entry.get("description") or "required" not in entry)


@rule
def the_logo_has_the_size_of_an_icon(component: Component) -> Iterator[str]:
    if component.logo_size != (128, 128):
        yield f"logo.png: {component.logo_size}"


# 2. Functions


@rule
def a_function_has_title_description_and_help(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        help_ = function.get("help", {})
        texts = (function.get("title"), function.get("description"), help_.get("description"), help_.get("link"))
        if not all(texts):
            yield name


@rule
def a_help_link_leads_to_a_section(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        if not re.fullmatch(r"(https://[^#\s]+|/components/[^#\s]+)#\S+", function.get("help", {}).get("link", "")):
            yield name


@rule
def a_help_has_one_or_two_sentences(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        text = function.get("help", {}).get("description", "").replace("e.g. ", "")
        if len(re.findall(r"\.(?: |$)", text)) not in (1, 2):
            yield name


@rule
def a_function_has_a_module_with_process(component: Component) -> Iterator[str]:
    yield from (name for name, one in component.functions() if "process" not in component.exports.get(one["main"], ()))


@rule
def triggers_have_a_type_and_actions_none(component: Component) -> Iterator[str]:
    for name, trigger in component.descriptor.get("triggers", {}).items():
        if trigger.get("type") not in ("polling", "webhook"):
            yield name
    yield from (name for name, action in component.descriptor.get("actions", {}).items() if "type" in action)


@rule
def metadata_is_static_or_dynamic(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        if ("metadata" in function) == bool(function.get("dynamicMetadata")):
            yield name


@rule
def dynamic_metadata_has_a_function(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        if function.get("dynamicMetadata") and "get_meta_model" not in component.exports.get(function["main"], ()):
            yield name


@rule
def metadata_has_the_sides_of_the_function(component: Component) -> Iterator[str]:
    for name, _ in component.functions():
        wanted = {"out"} if name in component.descriptor.get("triggers", {}) else {"in", "out"}
        if not wanted <= component.schemas.get(name, {}).keys():
            yield name


@rule
def a_function_has_known_keys_only(component: Component) -> Iterator[str]:
    for name, function in component.functions():
        yield from (f"{name}.{key}" for key in function.keys() - FUNCTION_KEYS)


@rule
def deprecated_is_a_boolean(component: Component) -> Iterator[str]:
    yield from (name for name, function in component.functions() if function.get("deprecated", True) is not True)


# 3. Order


@rule
def functions_have_an_order(component: Component) -> Iterator[str]:
    for kind in ("triggers", "actions"):
        yield from _without_order(kind, component.descriptor.get(kind, {}))


@rule
def deprecated_functions_are_last(component: Component) -> Iterator[str]:
    actions = component.descriptor.get("actions", {})
    current = [entry["order"] for entry in actions.values() if not entry.get("deprecated")]
    for name, entry in actions.items():
        if entry.get("deprecated") and entry["order"] >= min(current):
            yield name


@rule
def fields_have_an_order(component: Component) -> Iterator[str]:
    for place, form in component.forms():
        yield from _without_order(place, form)


@rule
def properties_have_an_order(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        yield from _without_order(place, node.get("properties", {}))


def _without_order(place: str, entries: Mapping[str, Entry]) -> Iterator[str]:
    """Yield the entries that have no order of their own."""
    orders = [entry.get("order") for entry in entries.values()]
    for name, order in zip(entries, orders, strict=True):
        if type(order) is not int or orders.count(order) > 1:
            yield f"{place}.{name}"


@rule
def tuning_is_last_in_a_form(component: Component) -> Iterator[str]:
    rare = {"errorPolicy", "timeout", "passUnknownProperties"}
    for place, form in component.forms():
        common = [entry["order"] for name, entry in form.items() if name not in rare]
        last = [entry["order"] for name, entry in form.items() if name in rare]
        if common and last and max(last) > min(common):
            yield place


# 4. Credentials


@rule
def credentials_have_help_with_a_link(component: Component) -> Iterator[str]:
    help_ = component.descriptor.get("credentials", {}).get("help", {})
    if not help_.get("description") or not str(help_.get("link")).startswith("https://"):
        yield "credentials.help"


@rule
def credentials_and_forms_have_different_names(component: Component) -> Iterator[str]:
    names = component.descriptor.get("credentials", {}).get("fields", {}).keys()
    for name, function in component.functions():
        yield from (f"{name}.{field}" for field in names & function.get("fields", {}).keys())


@rule
def credentials_can_be_verified(component: Component) -> Iterator[str]:
    if component.descriptor.get("credentials") and "verify_credentials" not in component.root_files:
        yield "verify_credentials"


# 5. and 6. Form fields and view classes


@rule
def a_field_has_a_documented_view(component: Component) -> Iterator[str]:
    yield from (place for place, _, entry in component.fields() if entry.get("viewClass") not in VIEWS)


@rule
def a_field_has_known_keys_only(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        yield from (f"{place}.{key}" for key in entry.keys() - FIELD_KEYS)


@rule
def a_field_has_a_label_in_title_case(component: Component) -> Iterator[str]:
    yield from (place for place, _, entry in component.fields() if not is_title(entry.get("label", "")))


@rule
def a_form_works_untouched(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if not place.startswith("credentials.") and entry.get("required", False) is not False:
            yield place


@rule
def no_check_box_is_required(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if entry.get("viewClass") == "CheckBoxView" and entry.get("required"):
            yield place


@rule
def a_placeholder_is_in_a_text(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if "placeholder" in entry and entry.get("viewClass") not in TEXT_VIEWS:
            yield place


@rule
def a_text_has_an_example_in_its_placeholder(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if entry.get("viewClass") in TEXT_VIEWS and not entry.get("placeholder"):
            yield place


@rule
def a_prompt_is_in_each_select_and_nowhere_else(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if bool(entry.get("prompt")) != (entry.get("viewClass") in SELECT_VIEWS):
            yield place


@rule
def a_note_is_where_the_designer_shows_it(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if "note" in entry and entry.get("viewClass") not in NOTE_VIEWS:
            yield place


@rule
def a_field_is_explained_once(component: Component) -> Iterator[str]:
    for place, _, entry in component.fields():
        if bool(entry.get("note")) == bool(entry.get("help", {}).get("description")):
            yield place


@rule
def a_dependency_names_another_field(component: Component) -> Iterator[str]:
    for place, form in component.forms():
        for name, entry in form.items():
            wanted = entry.get("require", [])
            names = [wanted] if isinstance(wanted, str) else wanted
            yield from (f"{place}.{name}" for each in names if each not in form.keys() - {name})


# 7. Selects


@rule
def a_select_has_options_or_a_function_of_its_module(component: Component) -> Iterator[str]:
    mains = {name: function["main"] for name, function in component.functions()}
    for place, entry in component.selects():
        model = entry.get("model")
        known = component.exports.get(mains.get(place.partition(".")[0], ""), set())
        if not (model in known if isinstance(model, str) else isinstance(model, Mapping) and model):
            yield place


@rule
def no_option_is_a_placeholder(component: Component) -> Iterator[str]:
    for place, entry in component.selects():
        model = entry.get("model")
        if isinstance(model, Mapping) and not all(key and label for key, label in model.items()):
            yield place


@rule
def no_option_is_a_number(component: Component) -> Iterator[str]:
    for place, entry in component.selects():
        model = entry.get("model")
        keys = model if isinstance(model, Mapping) else ()
        yield from (place for key in keys if re.fullmatch(r"0|[1-9]\d*", key) and int(key) < LARGEST_LIST)


@rule
def options_are_in_words(component: Component) -> Iterator[str]:
    for place, entry in component.selects():
        model = entry.get("model")
        labels = model.values() if isinstance(model, Mapping) else ()
        yield from (place for label in labels if not re.match(r"[A-Z].*[a-z]", label))


@rule
def the_prompt_of_fixed_options_says_the_default(component: Component) -> Iterator[str]:
    for place, entry in component.selects():
        model = entry.get("model")
        prompt = str(entry.get("prompt"))
        labels = model.values() if isinstance(model, Mapping) else ()
        if labels and entry["viewClass"] == "SelectView" and prompt.removeprefix("Default: ") not in labels:
            yield place


# 8. Metadata


@rule
def a_property_has_one_known_type(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        if node.get("type") not in ("string", "number", "boolean", "object", "array"):
            yield place


@rule
def a_property_has_known_keys_only(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        yield from (f"{place}.{key}" for key in node.keys() - SCHEMA_KEYS)


@rule
def a_property_has_title_and_help(component: Component) -> Iterator[str]:
    for place, node in component.properties():
        if not is_title(node.get("title", "")) or not node.get("help", {}).get("description"):
            yield place


@rule
def no_text_is_markdown(component: Component) -> Iterator[str]:
    functions = ((name, one.get("description"), one.get("title")) for name, one in component.functions())
    properties = ((place, one.get("description"), one.get("title")) for place, one in component.properties())
    fields = ((place, one.get("note"), one.get("help", {}).get("description")) for place, _, one in component.fields())
    for place, *texts in itertools.chain(functions, properties, fields):
        if any(MARKDOWN.search(text or "") for text in texts):
            yield place


@rule
def required_is_true_on_the_property(component: Component) -> Iterator[str]:
    yield from (place for place, node in component.nodes() if node.get("required", True) is not True)


@rule
def no_output_is_required(component: Component) -> Iterator[str]:
    yield from (place for place, node in component.nodes("out") if "required" in node)


@rule
def an_object_has_properties(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        if node.get("type") == "object" and not isinstance(node.get("properties"), Mapping):
            yield place


@rule
def a_free_object_has_no_placeholder(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        if "additionalProperties" in node and node.get("properties"):
            yield place


@rule
def a_list_has_items(component: Component) -> Iterator[str]:
    yield from (place for place, node in component.nodes() if node.get("type") == "array" and not node.get("items"))


@rule
def an_input_list_is_a_list_of_objects(component: Component) -> Iterator[str]:
    for place, node in component.nodes("in"):
        if node.get("type") == "array" and node.get("items", {}).get("type") != "object":
            yield place


@rule
def there_are_no_references(component: Component) -> Iterator[str]:
    yield from (place for place, node in component.nodes() if node.keys() & {"$ref", "$id", "definitions"})


@rule
def a_schema_is_not_too_deep(component: Component) -> Iterator[str]:
    yield from (place for place, _ in component.nodes() if place.count(".") - 1 > DEEPEST)


@rule
def fixed_values_are_texts(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        values = node.get("enum", ["any"])
        if not values or len(set(values)) < len(values) or not all(isinstance(value, str) for value in values):
            yield place


@rule
def examples_and_defaults_have_the_type_of_the_property(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        values = [*node.get("examples", []), *([node["default"]] if "default" in node else [])]
        kinds = PYTHON_TYPES.get(str(node.get("type")), ())
        if not all(type(value) in kinds for value in values) or node.get("examples") == []:
            yield place


@rule
def a_default_is_one_of_the_fixed_values(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        if "enum" in node and node.get("default", node["enum"][0]) not in node["enum"]:
            yield place


@rule
def a_default_is_in_an_optional_input(component: Component) -> Iterator[str]:
    for place, node in component.nodes():
        if "default" in node and (node.get("required") or ".out." in place):
            yield place


# 9. and 10. Samples and names


@rule
def phone_numbers_ids_and_times_have_examples(component: Component) -> Iterator[str]:
    for place, node in component.properties():
        name = place.rpartition(".")[2]
        is_id = node.get("type") == "number" and re.search(r"(?:^id|Id)$", name)
        is_text = node.get("type") == "string" and re.search(r"honeNumber$|^(from|to)Number$|^interval\w+$", name)
        if (is_id or is_text) and not node.get("examples"):
            yield place


@rule
def titles_are_in_title_case(component: Component) -> Iterator[str]:
    yield from (name for name, function in component.functions() if not is_title(function.get("title", "")))


@rule
def titles_are_unique(component: Component) -> Iterator[str]:
    for kind in ("triggers", "actions"):
        titles = [entry.get("title") for entry in component.descriptor.get(kind, {}).values()]
        yield from (str(title) for title in titles if titles.count(title) > 1)


@rule
def titles_of_triggers_say_how_they_start(component: Component) -> Iterator[str]:
    words = {"polling": "Polling", "webhook": "Webhook"}
    for name, trigger in component.descriptor.get("triggers", {}).items():
        if not str(trigger.get("title")).endswith(words.get(trigger.get("type", ""), "")):
            yield name


@rule
def emit_behavior_has_the_platform_s_values(component: Component) -> Iterator[str]:
    labels = {"emitAll": "Emit all", "emitPage": "Emit page", "emitIndividually": "Emit individually"}
    for place, name, entry in component.fields():
        if name == "emitBehavior" and not entry["model"].items() <= labels.items():
            yield place


def is_title(text: str) -> bool:
    """Return whether a text is in title case, without a full stop. Words in brackets may be in lower case."""
    words = re.sub(r"\([^)]*\)", "", text).split()
    is_capital = [word[0].isupper() or word[0].isdigit() or word in SMALL_WORDS for word in words]
    return bool(words) and all(is_capital) and words[0] not in SMALL_WORDS and not text.endswith(".")
