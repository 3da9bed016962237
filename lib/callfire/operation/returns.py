"""Results of operations: the shape of the response, and the schema of the emitted body."""

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
    """The result of an operation.

    fields  fields of the emitted object; empty if the response has no body
    model   model of the response, or of its items
    lists   names of lists whose items can be emitted individually
    key     names of the fields that together identify an item; empty if items have no key
    """

    fields: tuple[Field, ...] = ()
    model: str = ""
    lists: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)

    @property
    def is_list(self) -> bool:
        """Whether the result has lists, to which emitBehavior applies."""
        return bool(self.lists)

    @property
    def is_empty(self) -> bool:
        """Whether the response has no body."""
        return not (self.fields or self.model)

    def shape(self, *, may_be_empty: bool) -> AnswerShape:
        """Return the shape of the decoded response. `may_be_empty`: a response without a body is accepted."""
        lists = tuple(field.name for field in self.fields if field.schema.get("type") == "array")
        is_truth = self.is_empty or any(field.schema.get("type") == "boolean" for field in self.fields)
        kinds: list[type] = [dict]
        kinds += [list] if "items" in lists else []
        kinds += [bool] if is_truth else []
        kinds += [NoneType] if may_be_empty else []
        return AnswerShape(tuple(kinds), lists, null_lists=self.is_list)

    def schema(self, *, single: bool = False) -> dict[str, Any]:
        """Return the schema of the emitted body. `single`: items are emitted individually."""
        if self.model and (single or not self.lists):
            return model_for_designer(self.model)
        return for_designer(self.fields, inputs=False)


def nothing() -> Returns:
    """Declare a response without a body."""
    return Returns()


def one(model: str) -> Returns:
    """Declare a response that is one object of a model."""
    return Returns(model=model)


def page_of(model: str, *, key: tuple[str, ...] = ("id",)) -> Returns:
    """Declare a response that is a page of objects. Paging deduplicates the objects by `key`."""
    items = models("items", model, "Items of this page.")
    return Returns((items, *_PAGING), model, ("items",), key)


def list_of(model: str) -> Returns:
    """Declare a response that is a list of objects without paging."""
    return Returns((models("items", model, "All items."),), model, ("items",))


def results_of(model: str) -> Returns:
    """Declare a response with one result per sent item. The results are emitted as one message."""
    return Returns((models("items", model, "One result per sent item, in the same order."),))


def history_of(*lists: Field) -> Returns:
    """Declare a response that is one object with several lists, which share limit and offset."""
    return Returns(
        (integer("id", "ID from the input.", label="ID"), *lists), lists=tuple(entry.name for entry in lists)
    )


def truth(about: str) -> Returns:
    """Declare a response that is a bare boolean; `about` describes it."""
    return Returns((boolean("value", about),))


def created(about: str) -> Returns:
    """Declare a response that is the ID of a new item; `about` describes it."""
    return Returns((integer("id", about, label="ID"),))
