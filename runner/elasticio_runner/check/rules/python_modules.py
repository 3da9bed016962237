"""The modules of a component, and the functions that the runtime calls."""

import sys
from collections.abc import Iterator

from elasticio_runner.check.callables import HOOKS, advice
from elasticio_runner.check.checked_component import CheckedComponent, FunctionEntry
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.locations import Place

_KNOWN = sys.stdlib_module_names | {"elasticio"}


@rule
def the_runtime_can_call_each_function(component: CheckedComponent) -> Iterator[Finding]:
    """The runtime calls plain functions with a fixed number of arguments. `process` may be a generator."""
    for function in component.functions():
        misfits = component.misfits.get(function.main, {})
        for name, place in _called(component, function):
            if name in misfits:
                yield error(place, f"{name} of {function.main} {misfits[name]}", advice(name))


def _called(component: CheckedComponent, function: FunctionEntry) -> Iterator[tuple[str, Place]]:
    """Yield the functions that the runtime calls for a trigger or an action, and where component.json needs them."""
    yield "process", (*function.place, "main")
    for hook in HOOKS:
        yield hook, (*function.place, "main")
    if function.entry.get("dynamicMetadata"):
        yield "get_meta_model", (*function.place, "dynamicMetadata")
    for field in component.selects():
        model = field.entry.get("model")
        if isinstance(model, str) and field.form.function == function:
            yield model, (*field.place, "model")


@rule
def no_module_has_the_name_of_a_module_of_python(component: CheckedComponent) -> Iterator[Finding]:
    """The component's folder is on sys.path, and a name can be imported only once."""
    for name in sorted(component.root_modules & _KNOWN):
        wrong = "Python or the SDK has a module of the same name, and only one of the two can be imported"
        yield warning((), wrong, "Rename the file", file=f"{name}.py")
