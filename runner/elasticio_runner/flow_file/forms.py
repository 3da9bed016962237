"""Checks the config and the credentials of a step against the forms in component.json."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from elasticio_runner.flow_file import references
from elasticio_runner.flow_file.locations import Place
from elasticio_runner.flow_file.problems import Problem, nearest

Data = Mapping[str, Any]


def problems(step: Data, component: Data, entry: Data, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each mistake in a step's credentials and config."""
    yield from _credential_problems(step, component, place)
    yield from _config_problems(step, entry, place, environ)


def _credential_problems(step: Data, component: Data, place: Place) -> Iterator[Problem]:
    given, fields = step.get("credentials") or {}, component.get("credentials", {}).get("fields", {})
    yield from _unknown(given, fields, (*place, "credentials"), "unknown field of the component's credentials")
    for name, field in fields.items():
        if field.get("required") and name not in given:
            advice = f'add it, e.g. "{name}": "${{{name.upper()}}}"'
            yield Problem((*place, "credentials"), f'"{name}" ({field.get("label", name)}) is missing; {advice}')
        elif _is_open_secret(field, given.get(name, "")):
            advice = f'write "${{{name.upper()}}}" and set that environment variable'
            yield Problem((*place, "credentials", name), f"the file must not contain a secret; {advice}")


def _is_open_secret(field: Data, value: Any) -> bool:
    return field.get("viewClass") == "PasswordFieldView" and value != "" and not references.has_reference(value)


def _config_problems(step: Data, entry: Data, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    given, fields = step.get("config") or {}, entry.get("fields", {})
    yield from _unknown(given, fields, (*place, "config"), f"unknown field of {step['function']}")
    for name, field in fields.items():
        if name in given:
            yield from _choice_problems(given[name], field, (*place, "config", name), environ)
        elif field.get("required"):
            yield Problem((*place, "config"), f'"{name}" ({field.get("label", name)}) is missing; add it')


def _choice_problems(value: Any, field: Data, place: Place, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Check the value of a select field whose choices are in component.json."""
    choices = field.get("model")
    if not isinstance(choices, dict) or list(references.unset(value, environ, place)):
        return
    chosen = references.resolve(value, environ)
    for each in chosen if isinstance(chosen, list | dict) else [chosen]:
        text = each if isinstance(each, str) else json.dumps(each)
        if text not in ("", "null", *choices):
            yield Problem(place, f"{text!r} is not one of the choices; {nearest(text, choices)}")


def _unknown(given: Data, fields: Data, place: Place, what: str) -> Iterator[Problem]:
    """Yield each field that the form does not contain: a function would ignore it. Without a form, all are valid."""
    for name in given.keys() - fields.keys() if fields else ():
        yield Problem((*place, name), f"{what}; {nearest(name, fields)}")
