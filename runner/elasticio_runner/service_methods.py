"""Calls the service methods of a component in this process: the methods that the designer calls while a form is edited.

verify         checks credentials with `verify` of verify_credentials.py
select_model   returns the options of a select field
metadata       returns the schemas of a function's input and output

`config` contains credentials and form fields in one object, as on the platform. The component runs in the calling
thread, without a time limit. What it prints goes to `sys.stdout`: `print_redirect` moves it to standard error.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticio import ComponentError
from elasticio.runtime import service
from elasticio.runtime.component import Component
from elasticio.wire.json import from_json, to_json

from elasticio_runner.errors import FlowError, StaticSchemaError, UnknownNameError, describe
from elasticio_runner.flow_file import components
from elasticio_runner.flow_file.problems import nearest
from elasticio_runner.flow_file.static_schema import static_schema

Config = Mapping[str, Any]
Schemas = dict[str, Any]  # {"in": JSON schema, "out": JSON schema}


class ServiceMethodError(FlowError):
    """The component's code failed, or returned a value that the platform refuses.

    `cause` is the exception of the component. Its text may contain secrets; it is also part of this error's text.
    """

    def __init__(self, text: str, cause: BaseException) -> None:
        super().__init__(text)
        self.cause = cause


@dataclass(frozen=True)
class Verdict:
    """The result of `verify`. `reason` explains why the credentials are invalid; `error` is what `verify` raised.

    `is_checked` is false if the component has no verify_credentials.py.
    """

    verified: bool
    reason: str | None = None
    error: BaseException | None = field(default=None, repr=False)
    is_checked: bool = field(default=True, compare=False)


def verify(root: Path, credentials: Config) -> Verdict:
    """Check credentials. Without verify_credentials.py all credentials are valid.

    Raises ComponentError if component.json or verify_credentials.py cannot be loaded.
    """
    component = components.load(root)
    if component.verifier() is None:  # raises the error of a file that cannot be loaded, which is not a verdict
        return Verdict(True, is_checked=False)
    try:
        with _described("verify"):
            verdict = service.verify(component, dict(credentials))
    except ServiceMethodError as error:
        return Verdict(False, _text(error.cause), error.cause)
    if verdict["verified"]:
        return Verdict(True)
    return Verdict(False, str(verdict.get("reason") or "verify returned no reason"))


def select_model(root: Path, function: str | None, name: str, config: Config) -> dict[str, Any]:
    """Return the options {value: label} of the select field `name` of a function, of the credentials if None.

    Raises UnknownNameError, ServiceMethodError, ComponentError.
    """
    component = components.load(root)
    form = _form(component, function)
    owner = function or "the credentials"
    if name not in form:
        raise UnknownNameError(f"{owner}: there is no field {name!r}; {nearest(name, form)}")
    model = form[name].get("model")
    if isinstance(model, dict):
        return dict(model)
    if not isinstance(model, str):
        selects = [each for each, entry in form.items() if entry.get("model")]
        raise UnknownNameError(f"{owner}: the field {name!r} has no options; {nearest(name, selects)}")
    if function is None:
        raise UnknownNameError(f"the credentials: the platform calls no model for {name!r}; list its options there")
    with _described(f"{model} of {function}"):
        return _as_json(service.select_model(component, dict(config), function, model))


def metadata(root: Path, function: str, config: Config) -> Schemas:
    """Return the schemas {"in": …, "out": …} of a function: those of get_meta_model, or the static ones.

    Raises UnknownNameError, StaticSchemaError, ServiceMethodError, ComponentError.
    """
    component = components.load(root)
    entry = components.entry(component.descriptor, function)
    if entry.get("dynamicMetadata"):
        with _described(f"get_meta_model of {function}"):
            return _checked(_as_json(service.get_meta_model(component, dict(config), function)), function)
    try:
        return {side: static_schema(entry, side, root) or {} for side in ("in", "out")}
    except StaticSchemaError as error:
        raise StaticSchemaError(f"{function}.{error}") from error


def _form(component: Component, function: str | None) -> dict[str, dict[str, Any]]:
    if function is None:
        return components.credential_form(component.descriptor)
    return components.form(components.entry(component.descriptor, function))


def _checked(schemas: Schemas, function: str) -> Schemas:
    for side in ("in", "out"):
        if not isinstance(schemas.get(side, {}), dict):
            raise ComponentError(f"get_meta_model of {function}: {side} must be a JSON schema, an object")
    return schemas


def _as_json(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result as the platform receives it. Raises MessageError if JSON cannot represent it."""
    received: dict[str, Any] = from_json(to_json(result))
    return received


@contextmanager
def _described(what: str) -> Iterator[None]:
    """Raise every exception of the component as ServiceMethodError."""
    try:
        yield
    except KeyboardInterrupt:  # of the user
        raise
    except BaseException as error:
        said = _text(error) if isinstance(error, ComponentError) else f"{what} raised {describe(error)}"
        raise ServiceMethodError(said, error) from error


def _text(error: BaseException) -> str:
    """Return an exception's text, its class if it has none."""
    described = describe(error)
    name, _, text = described.partition(": ")
    return text or name
