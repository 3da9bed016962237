"""One recipient as properties of the message itself, instead of the list `recipients`.

Most flows send to one recipient per message. Its properties can be mapped directly, without a list of objects.
"""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from lib.callfire.api.errors import InvalidInput
from lib.callfire.operation.common_fields import MERGE_FIELDS
from lib.callfire.operation.fields import Field

LIST = "recipients"
_MISSING = f"{LIST}: is required."
_FIRST = f"{LIST}[0]"


def direct_fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields of a recipient as inputs of a message. None is required, because a list may be given.

    The contact is last, because most messages have a phone number.
    """
    return tuple(_direct(field) for field in sorted(fields, key=_is_contact))


def _is_contact(field: Field) -> bool:
    return field.name == "contactId"


def _direct(field: Field) -> Field:
    about = field.about
    if field.name == "phoneNumber":
        about = about.replace("Required without contactId.", "For several recipients, map Recipients instead.")
    elif field.name == "contactId":
        about = about.replace("Required without phoneNumber.", "Replaces the phone number.")
    elif field.name == "message":
        about = f"Text to send; default: the common text of all recipients. {MERGE_FIELDS}"
    return field.but(about, required=False)


def is_direct(body: Any) -> bool:
    """Return whether a message has no list of recipients."""
    return not (isinstance(body, Mapping) and _is_given(body.get(LIST)))


def with_list(body: Any, own: Set[str], others: Set[str]) -> Any:
    """Return the body with a recipient that is given directly as the only one of the list.

    `own` are the properties of a recipient, `others` those of a message. Unknown properties belong to the recipient. A
    body without a property of a recipient is returned unchanged. Raises `InvalidInput` if the body has a list, too.
    """
    if not isinstance(body, Mapping) or own.isdisjoint(body):
        return body
    given = {name: value for name, value in body.items() if _is_given(value) or name not in own}
    if own.isdisjoint(given):
        return given
    if not is_direct(body):
        name = next(name for name in given if name in own)
        raise InvalidInput(
            f"{name}: belongs to a single recipient, but {LIST} is given, too. Map either {LIST}, or the properties of "
            "one recipient."
        )
    rest = {name: value for name, value in given.items() if name in others and name != LIST}
    return {**rest, LIST: [{name: value for name, value in given.items() if name not in others}]}


def explained(error: InvalidInput) -> InvalidInput:
    """Return the error of a message without a list, with the names of the properties that are given directly."""
    text = str(error)
    if text.startswith(_MISSING):
        return InvalidInput(f"{_MISSING} Map {LIST}, or phoneNumber for a single recipient.")
    return InvalidInput(text.removeprefix(f"{_FIRST}.").removeprefix(f"{_FIRST}: "))


def _is_given(value: Any) -> bool:
    return value is not None and value != ""
