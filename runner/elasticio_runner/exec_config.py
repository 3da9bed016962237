"""Checks the config of `elasticio exec`, which contains credentials and form fields in one object.

The rules are those of flow files, except that the config may contain secrets.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from elasticio_runner.errors import FlowError
from elasticio_runner.flow_file import components, forms, references
from elasticio_runner.flow_file.locations import spell
from elasticio_runner.flow_file.problems import Problem, nearest

Data = Mapping[str, Any]
Form = dict[str, dict[str, Any]]
_PLACE = ("config",)


def check(problems: Iterable[Problem]) -> None:
    """Raise one FlowError that has a line for each problem."""
    if texts := [f"{spell(problem.place)}: {problem.text}" for problem in problems]:
        raise FlowError("\n".join(dict.fromkeys(texts)))


def function_problems(
    config: Data, function: str, descriptor: Data, entry: Data, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield the mistakes in the config of a function."""
    credentials, form = components.credential_form(descriptor), components.form(entry)
    yield from references.unset(config, environ, _PLACE)
    if credentials or form:
        for name in config.keys() - credentials.keys() - form.keys():
            if not name.startswith("_"):  # such values are of the platform, e.g. _account
                hint = nearest(name, [*form, *credentials])
                yield Problem((*_PLACE, name), f"unknown field of {function} and of the credentials; {hint}")
    yield from form_problems(config, credentials, environ, are_credentials=True)
    yield from form_problems(config, form, environ)


def form_problems(
    config: Data, form: Form, environ: Mapping[str, str], *, are_credentials: bool = False
) -> Iterator[Problem]:
    """Yield the missing and the invalid values of one form."""
    yield from forms.missing(config, form, _PLACE, environ, are_credentials=are_credentials)
    yield from forms.invalid(config, form, _PLACE, environ)
