"""What a request's body is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field


@dataclass(frozen=True)
class Body:
    """Either the properties of a model, side by side with the other inputs, or one list that is the whole body.

    `required` and `offered` are names of the model's fields. `offered` ones are inputs although CallFire sets them too.
    """

    model: str = ""
    required: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    whole: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The inputs that go into the body."""
        if self.whole:
            return (self.whole,)
        return tuple(self._input(field) for field in find(self.model).fields)

    def _input(self, field: Field) -> Field:
        if field.name in self.required:
            return field.but(required=True, answered=False)
        return field.but(answered=False) if field.name in self.offered else field

    def pick(self, values: Mapping[str, Any], *, without: Collection[str]) -> dict[str, Any]:
        """Return the object with the properties among these inputs; those named in `without` stand in the path."""
        names = [field.name for field in self.fields if field.name not in without]
        return {name: values[name] for name in names if name in values}


def properties_of(model: str, *required: str, offered: tuple[str, ...] = ()) -> Body:
    """Declare a body that is an object: its properties are inputs of their own."""
    return Body(model=model, required=required, offered=offered)


def list_as(field: Field) -> Body:
    """Declare a body that is a bare list, given as the one input `field`."""
    return Body(whole=field.but(required=True))
