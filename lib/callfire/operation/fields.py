"""Fields: what an operation takes and an answer holds, each with its label and help, declared once.

Schemas are JSON Schema, with marks of our own that `schema` resolves: `{"model": "Text"}` stands for the
model of that name (`"more"`: with these fields beside its own), and the formats `unix-ms` for a time that may also be
given as ISO 8601, `phone` for a phone number that is normalized, `phone-as-given` for one that is not, `any` for any
value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Schema = Mapping[str, Any]
_ACRONYMS = {
    "Api": "API",
    "Dnc": "DNC",
    "Id": "ID",
    "Ids": "IDs",
    "Ivr": "IVR",
    "Tsr": "TSR",
    "Ui": "UI",
    "Url": "URL",
    "Xml": "XML",
}
# Names that say little, or something else, to those who do not know CallFire.
_LABELS = {
    "answeringMachineConfig": "Answering machines",
    "begin": "From",
    "bigMessageStrategy": "Long messages",
    "callback": "Callback address",
    "contactNumbersField": "Kind of these numbers",
    "defaultNotificationTtlMillis": "Notices are kept (milliseconds)",
    "dncDigit": "Opt-out key",
    "doubleOptInEnabled": "Double opt-in",
    "end": "Until",
    "endDate": "Until",
    "fields": "Only these properties",
    "intervalBegin": "From",
    "intervalEnd": "Until",
    "limit": "Limit (one page)",
    "match": "Only texts that contain",
    "maxActive": "Under way at the same time",
    "maxActiveTransfers": "Put through at the same time",
    "nonStrictSsl": "Accept any certificate",
    "offset": "Offset (one page)",
    "optInConfirmationMessage": "Opt-in confirmation message",
    "recorded": "Record calls",
    "remainingPayAsYouGoCredits": "Remaining pay-as-you-go credits",
    "resumeNextDay": "Go on the next day",
    "screen": "Announce calls",
    "scrubBroadcastDuplicates": "Leave out duplicates",
    "scrubDuplicates": "Leave out duplicates",
    "soaAccount": "Paying account",
    "start": "Start at once",
    "startDate": "From",
    "stopDate": "Until",
    "strictValidation": "All numbers must be good",
    "tollFree": "Toll-free",
    "tollFreeCount": "Toll-free count",
    "tollFreeNumbers": "Toll-free numbers",
    "transferDigit": "Transfer key",
    "useCustomFields": "Keep property names",
    "zipcode": "ZIP code",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One named value.

    name       CallFire's own name of it
    about      help for the one who fills it: what it does, its unit and format
    schema     its JSON Schema, without title and description
    label      its title in the designer; made from the name where it is not given
    answered   only CallFire sets it: it is not offered as an input, but sent on when given
    joined     a list given for it is sent as one comma-separated text
    """

    name: str
    about: str
    schema: Schema
    required: bool = False
    label: str = ""
    answered: bool = False
    joined: bool = False

    @property
    def title(self) -> str:
        """The label people read."""
        return self.label or _LABELS.get(self.name) or label_of(self.name)

    def but(self, about: str = "", **changes: Any) -> "Field":
        """Return the field with another help text or other marks, e.g. `CAMPAIGN_ID.but(required=True)`."""
        return replace(self, about=about or self.about, **changes)


@dataclass(frozen=True, slots=True)
class Model:
    """An object of CallFire's: its name in our declarations, what it is, its fields, of which one may be demanded."""

    name: str
    about: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()


def label_of(name: str) -> str:
    """Make a label of a field's name: `fromNumber` becomes `From number`, `campaignId` becomes `Campaign ID`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).split()
    lowered = [words[0][:1].upper() + words[0][1:], *(word if word.isupper() else word.lower() for word in words[1:])]
    return " ".join(_ACRONYMS.get(word.capitalize(), word) for word in lowered)


def text(name: str, about: str, *, choices: Sequence[str] = (), limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a text, perhaps one of `choices`; `limits` are JSON Schema's, such as maxLength."""
    return Field(name, about, {"type": "string", **_enum(choices), **(limits or {})}, **marks)


def phone(name: str, about: str, **marks: Any) -> Field:
    """Declare a phone number or short code that is brought into CallFire's notation, e.g. 12132000384."""
    return Field(name, about, {"type": "string", "format": "phone"}, **marks)


def phones(name: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of phone numbers, each as with `phone`."""
    items = {"type": "string", "format": "phone"}
    return Field(name, about, {"type": "array", "items": items, **(limits or {})}, **marks)


def phone_list(name: str, about: str, **marks: Any) -> Field:
    """Declare phone numbers, each as with `phone`, that are sent as one comma-separated text."""
    return Field(name, about, {"type": "string", "format": "phone-list"}, joined=True, **marks)


def phone_as_given(name: str, about: str, **marks: Any) -> Field:
    """Declare a phone number that is sent as it is given; "" is "not given" even in a body."""
    return Field(name, about, {"type": "string", "format": "phone-as-given"}, **marks)


def integer(name: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a whole number of up to 64 bits."""
    return Field(name, about, {"type": "integer", **(limits or {})}, **marks)


def number(name: str, about: str, **marks: Any) -> Field:
    """Declare a number that may have a fraction."""
    return Field(name, about, {"type": "number"}, **marks)


def boolean(name: str, about: str, **marks: Any) -> Field:
    """Declare true or false."""
    return Field(name, about, {"type": "boolean"}, **marks)


def moment(name: str, about: str, **marks: Any) -> Field:
    """Declare a point in time: Unix milliseconds on the wire, ISO 8601 is taken too."""
    return Field(name, about, {"type": "integer", "format": "unix-ms"}, **marks)


def texts(name: str, about: str, *, choices: Sequence[str] = (), limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of texts."""
    return Field(
        name, about, {"type": "array", "items": {"type": "string", **_enum(choices)}, **(limits or {})}, **marks
    )


def integers(name: str, about: str, **marks: Any) -> Field:
    """Declare a list of whole numbers."""
    return Field(name, about, {"type": "array", "items": {"type": "integer"}}, **marks)


def string_map(name: str, about: str, **marks: Any) -> Field:
    """Declare an object of free names with texts as values; numbers are taken as values too."""
    return Field(name, about, {"type": "object", "additionalProperties": {"type": "string"}}, **marks)


def model(name: str, kind: str, about: str, **marks: Any) -> Field:
    """Declare an object that is the model `kind`."""
    return Field(name, about, {"model": kind}, **marks)


def models(name: str, kind: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of objects of the model `kind`."""
    return Field(name, about, {"type": "array", "items": {"model": kind}, **(limits or {})}, **marks)


def anything(name: str, about: str, **marks: Any) -> Field:
    """Declare a value that is passed on as it is, whatever it is."""
    return Field(name, about, {"type": "object", "format": "any"}, **marks)


def objects(name: str, about: str, **marks: Any) -> Field:
    """Declare a list of objects with names of the sender's own."""
    return Field(name, about, {"type": "array", "items": {"type": "object", "additionalProperties": {}}}, **marks)


def _enum(choices: Sequence[str]) -> Schema:
    return {"enum": list(choices)} if choices else {}
