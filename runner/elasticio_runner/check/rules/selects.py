"""Selects and their options."""

import re
from collections.abc import Iterator

from elasticio_runner.check.callables import HOOKS
from elasticio_runner.check.checked_component import CheckedComponent
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.problems import nearest

NO_MODELS = frozenset({"process", "get_meta_model", *HOOKS})
MOVED = 2**32 - 1  # JavaScript moves smaller numbers to the front of an object
EMIT_BEHAVIOR = {"emitAll": "Emit all", "emitPage": "Emit page", "emitIndividually": "Emit individually"}


@rule
def a_select_has_options_or_a_function_of_its_module(component: CheckedComponent) -> Iterator[Finding]:
    """`model` is {value: label}, or the name of a function in the module of `process`."""
    for field in component.selects():
        model = field.entry.get("model")
        place = (*field.place, "model")
        function = field.form.function
        if not model:
            yield error(field.place, "the select has no options", 'Add "model" with {value: label}')
        elif isinstance(model, str) and function is None:
            yield error(place, "the credentials have no module with functions", "List the options as {value: label}")
        elif isinstance(model, str) and function is not None:
            exports = component.exports.get(function.main)
            if exports is not None and model not in exports:
                known = [name for name in exports - NO_MODELS if name[:1].islower()]
                advice = f"Define {model}(config), or correct the name; {nearest(model, known)}"
                yield error(place, f"{function.main} has no function {model}", advice)


@rule
def no_option_is_a_placeholder(component: CheckedComponent) -> Iterator[Finding]:
    """An option without a value can be selected like any other option."""
    for field in component.selects():
        for key, label in (field.options or {}).items():
            if not key or not label:
                yield warning((*field.place, "model"), "an option has no value or no label", 'Use "prompt" instead')


@rule
def no_option_is_a_number(component: CheckedComponent) -> Iterator[Finding]:
    """The designer is written in JavaScript, which sorts such keys first."""
    for field in component.selects():
        for key in field.options or ():
            if re.fullmatch(r"0|[1-9][0-9]{0,9}", key) and int(key) < MOVED:
                wrong = f"the designer moves the option {key!r} to the front, because its value is a number"
                yield warning((*field.place, "model", key), wrong, "Use a word as the value")


@rule
def emit_behavior_has_the_values_of_the_platform(component: CheckedComponent) -> Iterator[Finding]:
    """Integrators know this field from other components."""
    for field in component.selects():
        if field.name == "emitBehavior":
            for key, label in (field.options or {}).items():
                if EMIT_BEHAVIOR.get(key) != label:
                    known = ", ".join(f"{value}: {name}" for value, name in EMIT_BEHAVIOR.items())
                    wrong = f"other components do not have the option {key}: {label}"
                    yield warning((*field.place, "model", key), wrong, f"Use {known}")
