"""What an operation answers: the shape of the answer, and the schema of what the step emits of it."""

from dataclasses import dataclass
from types import NoneType
from typing import Any

from lib.callfire.api.client import AnswerShape
from lib.callfire.operation.fields import Field, boolean, integer, models
from lib.callfire.operation.schema import for_designer, model_for_designer

_PAGING = (
    integer("limit", "Number of items that were requested."),
    integer("offset", "Number of items before this page."),
    integer("totalCount", "Total number of items. -1: CallFire did not count them."),
)


@dataclass(frozen=True)
class Returns:
    """The shape of an answer.

    fields  of the object that is emitted; empty where CallFire answers without a body
    model   the answer's model, or that of its items
    lists   names of the answer's lists, whose items can be emitted individually
    key     names of the fields that together identify an item; empty where nothing does
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
        """Whether CallFire answers without a body."""
        return not (self.fields or self.model)

    def shape(self, *, may_be_empty: bool) -> AnswerShape:
        """Return the shape of the decoded answer; `may_be_empty` accepts an answer without a body."""
        lists = tuple(field.name for field in self.fields if field.schema.get("type") == "array")
        is_truth = self.is_empty or any(field.schema.get("type") == "boolean" for field in self.fields)
        kinds: list[type] = [dict]
        kinds += [list] if "items" in lists else []
        kinds += [bool] if is_truth else []
        kinds += [NoneType] if may_be_empty else []
        return AnswerShape(tuple(kinds), lists, null_lists=self.is_list)

    def schema(self, *, single: bool = False) -> dict[str, Any]:
        """Return the schema of the emitted body; `single` for items that are emitted individually."""
        if self.model and (single or not self.lists):
            return model_for_designer(self.model)
        return for_designer(self.fields, inputs=False)


def nothing() -> Returns:
    """Declare an answer without a body."""
    return Returns()


def one(model: str) -> Returns:
    """Declare an answer that is one object."""
    return Returns(model=model)


def page_of(model: str, *, key: tuple[str, ...] = ("id",)) -> Returns:
    """Declare an answer that is a page of objects; they are deduplicated by `key` while pages are fetched."""
    items = models("items", model, "Items of this page.")
    return Returns((items, *_PAGING), model, ("items",), key)


def list_of(model: str) -> Returns:
    """Declare an answer that is a list of objects without paging."""
    return Returns((models("items", model, "All items."),), model, ("items",))


def results_of(model: str) -> Returns:
    """Declare an answer with one result per item that was sent. It is one message, like the request."""
    return Returns((models("items", model, "One result per item that was sent, in the same order."),))


def history_of(*lists: Field) -> Returns:
    """Declare an answer that is one object with several lists, which share limit and offset."""
    return Returns(
        (integer("id", "ID from the input.", label="ID"), *lists), lists=tuple(entry.name for entry in lists)
    )


def truth(about: str) -> Returns:
    """Declare an answer that is a bare true or false."""
    return Returns((boolean("value", about),))


def created(about: str) -> Returns:
    """Declare an answer that is the ID of a new item."""
    return Returns((integer("id", about, label="ID"),))
