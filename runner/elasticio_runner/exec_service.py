"""`elasticio exec --verify`, `--select` and `--metadata`: calls a service method once and prints its result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from elasticio_runner import exec_config, service_methods
from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.log_lines import logs_to
from elasticio_runner.display.print_redirect import protected_output
from elasticio_runner.errors import FlowError
from elasticio_runner.exec import log_levels
from elasticio_runner.flow_file import components, references
from elasticio_runner.flow_file.problems import Problem
from elasticio_runner.terminal_text import printable
from elasticio_runner.tracebacks import traceback_of

VERIFY, SELECT, METADATA = "verify", "select", "metadata"


@dataclass(frozen=True)
class ServiceCall:
    """A service method and its input. `select_field` is for SELECT: one of the credentials without a `function`."""

    method: str
    component: Path
    function: str | None = None
    select_field: str = ""
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    is_verbose: bool = False


def run_and_print(call: ServiceCall, environ: Mapping[str, str]) -> bool:
    """Call a method, with its result on standard output and everything else on standard error."""
    with protected_output() as (out, err):
        return execute(call, environ, out, err)


def execute(call: ServiceCall, environ: Mapping[str, str], out: IO[str], err: IO[str]) -> bool:
    """Call a method and write its result to `out` as one line of JSON. Returns False for invalid credentials.

    verify    {"verified": true}, or {"verified": false, "reason": …}
    select    {value: label}
    metadata  {"in": schema, "out": schema}

    Raises ElasticioError if the method fails.
    """

    def show(who: str, _level: int, text: str) -> None:
        err.write(printable(f"{who}: {text}\n"))

    exec_config.check(_problems(call, environ))
    config = references.resolve(dict(call.config), environ)
    with logs_to(show, log_levels(environ, is_verbose=call.is_verbose)):
        result = _result(call, config, err)
    JsonLines(out).write(result)
    return result.get("verified") is not False if call.method == VERIFY else True


def _result(call: ServiceCall, config: Mapping[str, Any], err: IO[str]) -> dict[str, Any]:
    match call.method:
        case "verify":
            verdict = service_methods.verify(call.component, config)
            if not verdict.is_checked:
                err.write("The component has no verify_credentials.py: the platform accepts all credentials.\n")
            if verdict.error and call.is_verbose:
                err.write(printable(traceback_of(verdict.error, call.component) + "\n"))
            return {"verified": verdict.verified, **({"reason": verdict.reason} if verdict.reason else {})}
        case "select":
            return service_methods.select_model(call.component, call.function, call.select_field, config)
        case "metadata" if call.function:
            return service_methods.metadata(call.component, call.function, config)
    raise FlowError(f"unknown service method {call.method!r}")


def _problems(call: ServiceCall, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the mistakes in the values that the designer requires before it calls the method."""
    descriptor = components.descriptor(call.component)
    entry = components.entries(descriptor).get(call.function or "", {})
    form = components.form(entry)
    yield from references.unset(call.config, environ, ("config",))
    if call.method == METADATA:
        yield from exec_config.form_problems(call.config, form if entry.get("dynamicMetadata") else {}, environ)
        return
    credentials = components.credential_form(descriptor)
    if call.method == SELECT:
        required = form.get(call.select_field, {}).get("require") or ()
        names = [required] if isinstance(required, str) else list(required)
        first = {name: {**form[name], "required": True} for name in names if name in form}
        yield from exec_config.form_problems(call.config, first, environ)
        if not isinstance(form.get(call.select_field, {}).get("model"), str):
            return  # static options need no credentials
    yield from exec_config.form_problems(call.config, credentials, environ, are_credentials=True)
