"""What an operation answers, and what the step makes of it for the designer."""

from dataclasses import dataclass
from typing import Any

from lib.callfire.operation.fields import Field, boolean, integer, models
from lib.callfire.operation.schema import for_designer, model_for_designer

_PAGING = (
    integer("limit", "How many items were asked for."),
    integer("offset", "How many items come before this page."),
    integer("totalCount", "How many items there are in all; -1 where CallFire has not counted them."),
)


@dataclass(frozen=True)
class Returns:
    """The shape of an answer.

    fields  of the object that is emitted (empty: the fields that were acted on)
    model   the answer's model, or that of its items
    lists   the answer's lists, whose items may be emitted one by one
    key     the fields that together tell items apart, none where nothing does
    """

    fields: tuple[Field, ...] = ()
    model: str = ""
    lists: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)

    @property
    def is_list(self) -> bool:
        """Whether emitBehavior applies."""
        return bool(self.lists)

    @property
    def is_empty(self) -> bool:
        """Whether CallFire answers nothing."""
        return not (self.fields or self.model)

    def schema(self, *, single: bool = False) -> dict[str, Any]:
        """Schema of the emitted body; `single` where items are emitted one by one."""
        if self.model and (single or not self.lists):
            return model_for_designer(self.model)
        return for_designer(self.fields, inputs=False)


def nothing() -> Returns:
    """An empty answer."""
    return Returns()


def one(model: str) -> Returns:
    """Answers one object."""
    return Returns(model=model)


def page_of(model: str, *, key: tuple[str, ...] = ("id",)) -> Returns:
    """Answers a page of objects."""
    items = models("items", model, "The items of this page.")
    return Returns((items, *_PAGING), model, ("items",), key)


def list_of(model: str) -> Returns:
    """Answers a list of objects that is not paged."""
    return Returns((models("items", model, "All items."),), model, ("items",))


def results_of(model: str) -> Returns:
    """Answers what became of each thing sent; always one message, since it was one request."""
    return Returns((models("items", model, "One entry for each that was sent, in the same order."),))


def history_of(*lists: Field) -> Returns:
    """Answers one object with several lists that share limit and offset."""
    return Returns(
        (integer("id", "ID it was asked by.", label="ID"), *lists), lists=tuple(entry.name for entry in lists)
    )


def truth(about: str) -> Returns:
    """Answers a bare yes or no."""
    return Returns((boolean("value", about),))


def created(about: str) -> Returns:
    """Answers the id of what was made."""
    return Returns((integer("id", about, label="ID"),))
