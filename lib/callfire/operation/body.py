"""What a request's body is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lib.callfire.models import find
from lib.callfire.operation.fields import Field


@dataclass(frozen=True)
class Body:
    """Either the properties of a model, side by side with the other inputs, or one list that is the whole body."""

    model: str = ""
    required: tuple[str, ...] = ()
    whole: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The inputs that go into the body."""
        if self.whole:
            return (self.whole,)
        return tuple(
            field.but(required=True, answered=False) if field.name in self.required else field
            for field in find(self.model).fields
        )

    def pick(self, values: Mapping[str, Any], *, without: tuple[Field, ...]) -> Any:
        """Take the body out of the inputs; what the path already says is left out."""
        if self.whole:
            return values[self.whole.name]
        elsewhere = {field.name for field in without}
        names = [field.name for field in self.fields if field.name not in elsewhere]
        return {name: values[name] for name in names if name in values}


def properties_of(model: str, *required: str) -> Body:
    """Body that is an object: its properties are inputs of their own."""
    return Body(model=model, required=required)


def list_as(field: Field) -> Body:
    """Body that is a bare list, given as the one input `field`."""
    return Body(whole=field.but(required=True))
