"""Checks the config and the credentials of a step against the forms in component.json.

The designer shows the field of each view class differently, so each accepts other values: texts, check boxes, choices.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file import components, references
from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest

Data = Mapping[str, Any]
Form = Mapping[str, Mapping[str, Any]]

_CHECKED = (True, False, "true", "false", "on", "", None)


def problems(
    step: Data, entry: Data, inputs: Collection[str], place: Place, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield each mistake in a step's config. `credential_problems` checks its credentials.

    `inputs` are the names of the function's input properties, which people confuse with fields.
    """
    given, form = step.get("config") or {}, components.form(entry)
    place = (*place, "config")
    for name in [name for name in given if name in inputs and name not in form]:
        advice = "write it in the mapping of an edge to this step"
        yield Problem((*place, name), f"an input of {step['function']}, not a field of its form; {advice}")
    others = {name: value for name, value in given.items() if name not in inputs}
    yield from unknown(others, form, place, f"unknown field of {step['function']}")
    yield from missing(given, form, place, environ)
    yield from invalid(given, form, place, environ)


def credential_problems(given: Data, component: Data, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each mistake in the credentials at `place` of a flow file, which must not contain secrets."""
    form = components.credential_form(component)
    yield from unknown(given, form, place, "unknown field of the component's credentials")
    yield from missing(given, form, place, environ, are_credentials=True)
    for name, field in form.items():
        if _is_open_secret(field, given.get(name, "")):
            advice = f'write "${{{name.upper()}}}" and set that environment variable'
            yield Problem((*place, name), f"the file must not contain a secret; {advice}")
        elif name in given:
            yield from _value_problems(given[name], field, (*place, name), environ)


def unknown(given: Data, form: Form, place: Place, what: str) -> Iterator[Problem]:
    """Yield each field that the form does not contain: a function would ignore it. Without a form, all are valid."""
    for name in given.keys() - form.keys() if form else ():
        yield Problem((*place, name), f"{what}; {nearest(name, form)}")


def missing(
    given: Data, form: Form, place: Place, environ: Mapping[str, str], *, are_credentials: bool = False
) -> Iterator[Problem]:
    """Yield each required field without a value."""
    for name, field in form.items():
        label = field.get("label", name)
        if not field.get("required") or field.get("viewClass") == "CheckBoxView":
            continue
        if name not in given:
            advice = f'add it, e.g. "{name}": "${{{name.upper()}}}"' if are_credentials else "add it"
            yield Problem(place, f'"{name}" ({label}) is missing; {advice}')
        elif references.resolve(given[name], environ) in ("", None):
            yield Problem((*place, name), f"{label} is required, but empty; set a value")


def invalid(given: Data, form: Form, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each value that the view class of its field or its static choices exclude."""
    for name, field in form.items():
        if name in given:
            yield from _value_problems(given[name], field, (*place, name), environ)


def _value_problems(value: Any, field: Data, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    if list(references.unset(value, environ, place)):
        return
    chosen, view_class = references.resolve(value, environ), str(field.get("viewClass"))
    if isinstance(choices := field.get("model"), dict):
        yield from _choice_problems(chosen, choices, place)
    elif view_class == "CheckBoxView" and chosen not in _CHECKED:
        yield Problem(place, "a check box has the value true or false; write one of them")
    elif view_class.startswith(("Text", "Password")) and isinstance(chosen, dict | list):
        yield Problem(place, f"must be a text, not {_kind(chosen)}; write it in quotes")
    elif view_class == "SelectView" and isinstance(chosen, dict):
        yield Problem(place, "must be one choice, not an object; write its value as a text")
    elif view_class == "MultiSelectView" and isinstance(chosen, bool | int | float):
        yield Problem(place, 'must be a list of choices; write their values in brackets: ["…"]')


def _choice_problems(chosen: Any, choices: Data, place: Place) -> Iterator[Problem]:
    for each in chosen if isinstance(chosen, list | dict) else [chosen]:
        text = each if isinstance(each, str) else json.dumps(each)
        if text not in ("", "null", *choices):
            yield Problem(place, f"{text!r} is not one of the choices; {nearest(text, choices)}")


def _is_open_secret(field: Data, value: Any) -> bool:
    return field.get("viewClass") == "PasswordFieldView" and value != "" and not references.has_reference(value)


def _kind(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list"
