"""Fields of forms in the shape that component.json has, for all actions and triggers.

Readers of what a form contains stand beside the settings that they make, in `lib.callfire.api.settings`.
"""

from collections.abc import Mapping
from typing import Any

FormField = dict[str, Any]


def text_field(label: str, note: str, *, order: int, placeholder: str = "") -> FormField:
    """Return a text field; `note` is shown below it."""
    field = _field("TextFieldView", label, order)
    return {**field, **({"placeholder": placeholder} if placeholder else {}), "note": note}


def select(label: str, note: str, options: Mapping[str, str], *, order: int, prompt: str = "") -> FormField:
    """Return a select with fixed options {value: label}; the first one's label is the prompt unless it is given."""
    field = _field("SelectView", label, order)
    return {**field, "model": dict(options), "prompt": prompt or next(iter(options.values())), "note": note}


def account_select(label: str, note: str, function: str, *, order: int) -> FormField:
    """Return a select that lists what the function of that name in the action's module finds in the account."""
    return {**_field("SelectView", label, order), "model": function, "note": note}


def multi_select(label: str, note: str, options: Mapping[str, str], *, order: int) -> FormField:
    """Return a select of any number of fixed options {value: label}."""
    return {**_field("MultiSelectView", label, order), "model": dict(options), "note": note}


def check_box(label: str, note: str, *, order: int) -> FormField:
    """Return a check box."""
    return {**_field("CheckBoxView", label, order), "note": note}


def _field(view: str, label: str, order: int) -> FormField:
    return {"viewClass": view, "label": label, "required": False, "order": order}
