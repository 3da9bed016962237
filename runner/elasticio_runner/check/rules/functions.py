"""Triggers and actions: texts, type, module and metadata."""

import re
from collections.abc import Iterator

from elasticio_runner.check.checked_component import CheckedComponent
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.problems import nearest

KEYS = frozenset(
    (
        *("title", "description", "help", "main", "type", "fields", "metadata", "dynamicMetadata", "deprecated"),
        *("order", "autoResolveObjectReferences"),
    )
)
TYPES = ("polling", "webhook")


@rule
def a_function_has_title_and_help(component: CheckedComponent) -> Iterator[Finding]:
    """The designer lists functions by title and shows the help beside it. `description` is the older key for it."""
    for function in component.functions():
        help_ = function.entry.get("help", {})
        if not function.entry.get("title"):
            yield error(function.place, "the function has no title", 'Add "title", which the list of functions shows')
        if not function.entry.get("description") and not help_.get("description"):
            wrong = "the function has no description"
            yield warning(function.place, wrong, 'Add "help": {"description": …}, the text of the info icon')
        if not help_.get("link"):
            wrong = "the help has no link"
            yield warning(function.place, wrong, 'Add "help": {"link": …}, the address of the documentation')


@rule
def a_help_link_is_an_address(component: CheckedComponent) -> Iterator[Finding]:
    """A path is relative to the documentation of the platform's tenant."""
    for function in component.functions():
        link = function.entry.get("help", {}).get("link")
        if link and not re.fullmatch(r"(https?://|/components/)[^\s\"<>]+", link):
            advice = "Write an address with https://, or a path that begins with /components/"
            yield warning((*function.place, "help", "link"), "the link is not an address", advice)


@rule
def a_function_has_a_module_with_process(component: CheckedComponent) -> Iterator[Finding]:
    """The runtime calls `process` for each message."""
    for function in component.functions():
        exports = component.exports.get(function.main)
        if exports is not None and "process" not in exports:
            advice = "Define process(step, message, config, snapshot)"
            yield error((*function.place, "main"), f"{function.main} has no function process", advice)


@rule
def triggers_have_a_type_and_actions_none(component: CheckedComponent) -> Iterator[Finding]:
    """A schedule starts a polling trigger, an HTTP request a webhook trigger."""
    for function in component.functions():
        type_ = function.entry.get("type")
        place = (*function.place, "type")
        if not function.is_trigger:
            if type_ is not None:
                yield warning(place, "an action has no type", "Remove it")
        elif type_ is None:
            yield warning(place, "the trigger has no type, so it counts as webhook", 'Add "polling" or "webhook"')
        elif type_ not in TYPES:
            yield error(place, f"{type_!r} is not a type of a trigger", 'Write "polling" or "webhook"')


@rule
def metadata_is_static_or_dynamic(component: CheckedComponent) -> Iterator[Finding]:
    """The mapper reads one of the two."""
    for function in component.functions():
        has_static, is_dynamic = "metadata" in function.entry, function.entry.get("dynamicMetadata", False)
        if has_static and is_dynamic:
            advice = 'Remove "metadata" or "dynamicMetadata"'
            yield warning(function.place, "the function has static and dynamic metadata", advice)
        elif not has_static and not is_dynamic:
            advice = 'Add "metadata" with the schemas, or "dynamicMetadata" and the function get_meta_model'
            yield warning(function.place, "the function has no metadata, so the mapper offers no properties", advice)


@rule
def dynamic_metadata_has_a_function(component: CheckedComponent) -> Iterator[Finding]:
    """The platform asks `get_meta_model` for the schemas."""
    for function in component.functions():
        exports = component.exports.get(function.main)
        if function.entry.get("dynamicMetadata") and exports is not None and "get_meta_model" not in exports:
            wrong = f"{function.main} has no function get_meta_model"
            advice = 'Define get_meta_model(config), or remove "dynamicMetadata"'
            yield error((*function.place, "dynamicMetadata"), wrong, advice)


@rule
def metadata_has_the_sides_of_the_function(component: CheckedComponent) -> Iterator[Finding]:
    """A trigger has an output, an action an input and an output."""
    for function in component.functions():
        if "metadata" not in function.entry:
            continue
        for side in ("out",) if function.is_trigger else ("in", "out"):
            if side not in function.entry["metadata"]:
                wrong = f'the metadata has no "{side}"'
                yield warning((*function.place, "metadata"), wrong, f'Add the schema "{side}"')


@rule
def a_function_has_known_keys_only(component: CheckedComponent) -> Iterator[Finding]:
    """The platform ignores other keys."""
    for function in component.functions():
        for key in function.entry.keys() - KEYS:
            advice = f"Remove or correct it; {nearest(key, KEYS)}"
            yield warning((*function.place, key), "the platform does not know this key", advice)


@rule
def titles_are_unique(component: CheckedComponent) -> Iterator[Finding]:
    """Integrators tell functions apart by their titles."""
    for kind in ("triggers", "actions"):
        seen: dict[str, str] = {}
        for function in component.functions(kind):
            title = function.entry.get("title")
            if title and seen.setdefault(title, function.id) != function.id:
                wrong = f"{seen[title]} has the same title"
                yield warning((*function.place, "title"), wrong, "Name the difference in the title")
