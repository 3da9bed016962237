"""The top level of component.json, and the logo."""

import re
from collections.abc import Iterator

from elasticio_runner.check.checked_component import CheckedComponent
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.problems import nearest

KEYS = frozenset(
    (
        *("title", "description", "version", "buildType", "docsUrl", "url", "deprecated", "consumesRawData", "envVars"),
        *("credentials", "triggers", "actions", "authClientTypes"),
    )
)
LOGO = "logo.png"
ICON = (128, 128)  # pixels


@rule
def the_component_has_title_and_description(component: CheckedComponent) -> Iterator[Finding]:
    """The list of components shows both."""
    for key in ("title", "description"):
        if not component.descriptor.get(key):
            yield warning((key,), f"the component has no {key}", f'Add "{key}", which the list of components shows')


@rule
def the_component_has_a_function(component: CheckedComponent) -> Iterator[Finding]:
    """A step of a flow needs a function."""
    if not any(component.functions()):
        yield error((), "the component has no trigger and no action", 'Add a function to "triggers" or "actions"')


@rule
def the_version_is_semantic(component: CheckedComponent) -> Iterator[Finding]:
    """The platform refuses a version that was pushed before, and shows v1.0.1 for 1.0.1."""
    version = component.descriptor.get("version")
    if version is None:
        yield warning(("version",), "the component has no version", 'Add "version", for example "1.0.0"')
    elif not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version, re.ASCII):
        advice = "Write three numbers without a leading v, for example 1.0.0"
        yield error(("version",), f"{version!r} is not a semantic version", advice)


@rule
def the_build_type_is_docker(component: CheckedComponent) -> Iterator[Finding]:
    """The platform builds an image from the Dockerfile whatever the build type is."""
    if component.descriptor.get("buildType", "docker") != "docker":
        yield warning(("buildType",), "the platform ignores this build type", 'Remove it, or write "docker"')


@rule
def the_component_has_known_keys_only(component: CheckedComponent) -> Iterator[Finding]:
    """The platform ignores other keys."""
    for key in component.descriptor.keys() - KEYS:
        yield warning((key,), "the platform does not know this key", f"Remove or correct it; {nearest(key, KEYS)}")


@rule
def no_list_of_functions_is_empty(component: CheckedComponent) -> Iterator[Finding]:
    """Some designers offer an unusable function for an empty list."""
    for kind in ("triggers", "actions"):
        if component.descriptor.get(kind) == {}:
            yield warning((kind,), "the list is empty", "Remove it: some designers offer a function that does not work")


@rule
def ids_of_functions_are_unique_words(component: CheckedComponent) -> Iterator[Finding]:
    """Triggers and actions share their IDs."""
    triggers = component.descriptor.get("triggers", {})
    for function in component.functions():
        if not re.fullmatch(r"[A-Za-z]\w*", function.id, re.ASCII):
            advice = "Use letters, digits and underscores, and begin with a letter"
            yield error(function.place, f"{function.id!r} is not a valid ID of a function", advice)
        elif function.kind == "actions" and function.id in triggers:
            yield error(function.place, "a trigger has the same ID", "Rename one of the two")


@rule
def environment_variables_are_described(component: CheckedComponent) -> Iterator[Finding]:
    """An operator sets these variables."""
    for name, entry in component.descriptor.get("envVars", {}).items():
        for key in ("description", "required"):
            if entry.get(key) in (None, ""):
                yield warning(("envVars", name), f'"{key}" is missing', f'Add "{key}" for the operator')


@rule
def the_logo_has_the_size_of_an_icon(component: CheckedComponent) -> Iterator[Finding]:
    """Without a logo the designer shows a generic icon."""
    width, height = ICON
    advice = f"Add a PNG of {width} by {height} pixels with a transparent background"
    if component.logo_size is None:
        yield warning((), f"there is no {LOGO}, so the designer shows a generic icon", advice, file=LOGO)
    elif component.logo_size != ICON:
        found = "{} by {}".format(*component.logo_size)
        yield warning((), f"the logo has {found} pixels", advice, file=LOGO)
