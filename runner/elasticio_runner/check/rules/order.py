"""The order of functions, form fields and properties: the highest number is first."""

from collections.abc import Iterator, Mapping

from elasticio_runner.check.checked_component import CheckedComponent, Entry
from elasticio_runner.check.findings import COMPONENT_FILE, Finding, warning
from elasticio_runner.check.rules.registry import rule
from elasticio_runner.flow_file.locations import Place


@rule
def functions_have_an_order(component: CheckedComponent) -> Iterator[Finding]:
    """Without an order, functions are listed by title."""
    for kind in ("triggers", "actions"):
        yield from _faults((kind,), component.descriptor.get(kind, {}), COMPONENT_FILE)


@rule
def deprecated_functions_are_last(component: CheckedComponent) -> Iterator[Finding]:
    """Integrators should find the current functions first."""
    for kind in ("triggers", "actions"):
        orders = {one.id: one.entry.get("order") for one in component.functions(kind)}
        deprecated = {one.id for one in component.functions(kind) if one.entry.get("deprecated")}
        current = [order for name, order in orders.items() if name not in deprecated and isinstance(order, int)]
        for name in deprecated:
            order = orders[name]
            if current and isinstance(order, int) and order >= min(current):
                advice = f"Give it an order below {min(current)}"
                yield warning((kind, name, "order"), "a deprecated function is above a current one", advice)


@rule
def fields_have_an_order(component: CheckedComponent) -> Iterator[Finding]:
    """Without an order, the order of the fields is not documented."""
    for form in component.forms():
        yield from _faults(form.place, form.fields, COMPONENT_FILE)


@rule
def properties_with_an_order_have_one_each(component: CheckedComponent) -> Iterator[Finding]:
    """The order of the properties is optional, but all properties of an object need it or none."""
    for node in component.nodes():
        properties = node.entry.get("properties", {})
        if any("order" in entry for entry in properties.values()):
            yield from _faults((*node.place, "properties"), properties, node.file)


def _faults(place: Place, entries: Mapping[str, Entry], file: str) -> Iterator[Finding]:
    """Yield a finding for each entry that has no order, or the order of another entry."""
    seen: dict[int, str] = {}
    for name, entry in entries.items():
        order = entry.get("order")
        at = (*place, name, "order")
        if type(order) is not int:
            wrong = "the order is missing" if order is None else "the order is not a whole number"
            yield warning(at, wrong, "Add a whole number; the highest is first", file=file)
        elif seen.setdefault(order, name) != name:
            yield warning(at, f"{seen[order]} has the same order", "Use another number", file=file)
