"""A component as the rules read it. Values of a wrong type are already removed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from elasticio_runner.check.findings import COMPONENT_FILE
from elasticio_runner.flow_file.locations import Place

Entry = Mapping[str, Any]
Side = Literal["in", "out"]
TEXT_VIEWS = frozenset({"TextFieldView", "TextAreaView", "PasswordFieldView"})
SELECT_VIEWS = frozenset({"SelectView", "MultiSelectView"})


@dataclass(frozen=True)
class FunctionEntry:
    """A trigger or an action."""

    kind: str  # "triggers" or "actions"
    id: str
    entry: Entry

    @property
    def place(self) -> Place:
        """The place of the function in component.json."""
        return (self.kind, self.id)

    @property
    def is_trigger(self) -> bool:
        """Whether the function starts a flow."""
        return self.kind == "triggers"

    @property
    def main(self) -> str:
        """The path of the module; empty if it is missing."""
        return str(self.entry.get("main", ""))


@dataclass(frozen=True)
class Form:
    """The fields of a function, or of the credentials: then `function` is None."""

    place: Place
    fields: Mapping[str, Entry]
    function: FunctionEntry | None = None


@dataclass(frozen=True)
class FormField:
    """One field of a form."""

    place: Place
    name: str
    entry: Entry
    form: Form

    @property
    def view(self) -> str:
        """The view class; empty if it is missing."""
        return str(self.entry.get("viewClass", ""))

    @property
    def options(self) -> Mapping[str, str] | None:
        """The fixed options of a select; None if a function returns them."""
        model = self.entry.get("model")
        return model if isinstance(model, Mapping) else None

    @property
    def help_text(self) -> str:
        """The text behind the info icon; empty if it is missing."""
        return str(self.entry.get("help", {}).get("description", ""))


@dataclass(frozen=True)
class MapperSchema:
    """The schema of a function's input or output, at `place` in `file`."""

    function: FunctionEntry
    side: Side
    content: Entry
    file: str = COMPONENT_FILE
    place: Place = ()


@dataclass(frozen=True)
class SchemaNode:
    """A schema, or a schema within it. `name` is the property's name; None for other nodes."""

    schema: MapperSchema
    place: Place
    entry: Entry
    depth: int
    name: str | None = None

    @property
    def file(self) -> str:
        """The file that contains the node."""
        return self.schema.file


@dataclass(frozen=True)
class CheckedComponent:
    """What the rules read.

    descriptor    the well-formed parts of component.json
    schemas       the schemas of the functions
    exports       {main of a function: names that its module exports}; without modules that cannot be imported
    misfits       {main: {function: why the runtime cannot call it}}, only functions that it cannot call
    logo_size     width and height of logo.png in pixels; None if there is no such PNG
    root_modules  names of the modules in the component's folder
    """

    descriptor: Entry
    schemas: tuple[MapperSchema, ...] = ()
    exports: Mapping[str, frozenset[str]] = field(default_factory=dict)
    misfits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    logo_size: tuple[int, int] | None = None
    root_modules: frozenset[str] = frozenset()

    def functions(self, *kinds: str) -> Iterator[FunctionEntry]:
        """Yield the functions of these kinds, "triggers" and "actions". Default: both."""
        for kind in kinds or ("triggers", "actions"):
            for name, entry in self.descriptor.get(kind, {}).items():
                yield FunctionEntry(kind, name, entry)

    def forms(self) -> Iterator[Form]:
        """Yield the form of the credentials and of each function."""
        yield Form(("credentials", "fields"), self.descriptor.get("credentials", {}).get("fields", {}))
        for function in self.functions():
            yield Form((*function.place, "fields"), function.entry.get("fields", {}), function)

    def fields(self) -> Iterator[FormField]:
        """Yield each field of each form."""
        for form in self.forms():
            for name, entry in form.fields.items():
                yield FormField((*form.place, name), name, entry, form)

    def selects(self) -> Iterator[FormField]:
        """Yield each field in which one or several options are selected."""
        yield from (field for field in self.fields() if field.view in SELECT_VIEWS)

    def nodes(self, *sides: Side) -> Iterator[SchemaNode]:
        """Yield each node of the schemas of these sides. Default: both sides."""
        for schema in self.schemas:
            if schema.side in (sides or ("in", "out")):
                yield from _walk(SchemaNode(schema, schema.place, schema.content, 0))

    def properties(self, *sides: Side) -> Iterator[SchemaNode]:
        """Yield each property of the schemas."""
        yield from (node for node in self.nodes(*sides) if node.name is not None)


def _walk(node: SchemaNode) -> Iterator[SchemaNode]:
    yield node
    for name, inner in node.entry.get("properties", {}).items():
        yield from _walk(SchemaNode(node.schema, (*node.place, "properties", name), inner, node.depth + 1, name))
    if "items" in node.entry:
        yield from _walk(SchemaNode(node.schema, (*node.place, "items"), node.entry["items"], node.depth))
