"""The body of a request: the properties of a model, or one list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field


@dataclass(frozen=True)
class Body:
    """A body: the properties of a model, or one list.

    model     name of the model, whose properties are inputs
    required  names of required properties
    offered   names of properties that are inputs, although CallFire also sets them
    whole     field with the list, instead of a model
    """

    model: str = ""
    required: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    whole: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The inputs of the body."""
        if self.whole:
            return (self.whole,)
        return tuple(self._input(field) for field in find(self.model).fields)

    def _input(self, field: Field) -> Field:
        if field.name in self.required:
            return field.but(required=True, answered=False, hidden=False)
        return field.but(answered=False, hidden=False) if field.name in self.offered else field

    def pick(self, values: Mapping[str, Any], *, without: Collection[str]) -> dict[str, Any]:
        """Return the body as an object of these inputs, without the properties in `without`, e.g. those of the path."""
        names = [field.name for field in self.fields if field.name not in without]
        return {name: values[name] for name in names if name in values}


def properties_of(model: str, *required: str, offered: tuple[str, ...] = ()) -> Body:
    """Declare a body that is an object. Each of its properties is an input."""
    return Body(model=model, required=required, offered=offered)


def list_as(field: Field) -> Body:
    """Declare a body that is a bare list. The input `field` contains the list."""
    return Body(whole=field.but(required=True))
