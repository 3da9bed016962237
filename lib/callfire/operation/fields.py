"""Fields: the inputs of operations and the properties of responses, each declared once with its label and help.

Schemas are JSON Schema with extensions that `lib.callfire.operation.schema` resolves:

    {"model": "Text"}       the model of that name; "more": additional fields
    format unix-ms          Unix milliseconds, or ISO 8601
    format phone            a phone number that is normalized
    format phone-list       comma-separated phone numbers that are normalized
    format phone-as-given   a phone number that is not changed
    format any              any value
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Schema = Mapping[str, Any]
_SPELLINGS = {
    "Api": "API",
    "Dnc": "DNC",
    "Id": "ID",
    "Ids": "IDs",
    "Ivr": "IVR",
    "Of": "of",
    "Tsr": "TSR",
    "Ui": "UI",
    "Url": "URL",
    "Xml": "XML",
}
# Labels for names of CallFire that are unclear or misleading without its documentation.
_LABELS = {
    "answeringMachineConfig": "Answering Machine Detection (AMD)",
    "begin": "From",
    "bigMessageStrategy": "Long Messages",
    "callback": "Callback URL",
    "campaignId": "Broadcast ID",
    "contactNumbersField": "Type of Contact Numbers",
    "defaultNotificationTtlMillis": "Notification Retention (milliseconds)",
    "dncDigit": "Opt-Out Key",
    "doubleOptInEnabled": "Double Opt-In",
    "end": "Until",
    "endDate": "Until",
    "fields": "Fields to Return",
    "intervalBegin": "From",
    "intervalEnd": "Until",
    "limit": "Limit (one page)",
    "match": "Text Contains",
    "nonStrictSsl": "Accept Any Certificate",
    "offset": "Offset (one page)",
    "optInConfirmationMessage": "Opt-In Confirmation Message",
    "recorded": "Record Calls",
    "remainingPayAsYouGoCredits": "Remaining Pay-as-You-Go Credits",
    "resumeNextDay": "Resume Next Day",
    "screen": "Announce Calls",
    "scrubBroadcastDuplicates": "Skip Duplicates",
    "scrubDuplicates": "Skip Duplicates",
    "soaAccount": "Paying Account",
    "start": "Start Immediately",
    "startDate": "From",
    "stopDate": "Until",
    "strictValidation": "Strict Validation",
    "tollFree": "Toll-Free",
    "tollFreeCount": "Toll-Free Count",
    "tollFreeNumbers": "Toll-Free Numbers",
    "transferDigit": "Transfer Key",
    "useCustomFields": "Keep Property Names",
    "zipcode": "ZIP Code",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A named value: an input or a property of a response.

    name       CallFire's name
    about      help text: effect, unit, format, default
    schema     JSON Schema without title and description
    label      title in the designer. Default: derived from the name
    answered   only CallFire sets the value: the designer does not offer it, but a given value is sent
    hidden     like answered, but a given value is checked
    joined     a list is sent as one comma-separated text
    default    value that CallFire or the connector applies if the input is not given
    """

    name: str
    about: str
    schema: Schema
    required: bool = False
    label: str = ""
    answered: bool = False
    hidden: bool = False
    joined: bool = False
    default: Any = None

    @property
    def title(self) -> str:
        """The label in the designer."""
        return self.label or _LABELS.get(self.name) or label_of(self.name)

    def but(self, about: str = "", **changes: Any) -> "Field":
        """Return a copy with another help text or other attributes, e.g. `CAMPAIGN_ID.but(required=True)`."""
        return replace(self, about=about or self.about, **changes)


@dataclass(frozen=True, slots=True)
class Model:
    """An object of CallFire's API.

    name    name in declarations
    about   description
    fields  properties of the object
    one_of  names of fields of which at least one is required
    """

    name: str
    about: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()


def label_of(name: str) -> str:
    """Derive a label in title case from a name: `fromNumber` becomes `From Number`, `campaignId` `Campaign ID`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).split()
    titled = [word[:1].upper() + word[1:] for word in words]
    return " ".join(_SPELLINGS.get(word, word) for word in titled)


def text(name: str, about: str, *, choices: Sequence[str] = (), limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a text. `choices` are the allowed values; `limits` are keywords of JSON Schema, e.g. maxLength."""
    return Field(name, about, {"type": "string", **_enum(choices), **(limits or {})}, **marks)


def phone(name: str, about: str, **marks: Any) -> Field:
    """Declare a phone number or short code that is converted to CallFire's notation, e.g. 12132000384."""
    return Field(name, about, {"type": "string", "format": "phone"}, **marks)


def phones(name: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of phone numbers, each as with `phone`."""
    items = {"type": "string", "format": "phone"}
    return Field(name, about, {"type": "array", "items": items, **(limits or {})}, **marks)


def phone_list(name: str, about: str, **marks: Any) -> Field:
    """Declare phone numbers, each as with `phone`, that are sent as one comma-separated text."""
    return Field(name, about, {"type": "string", "format": "phone-list"}, joined=True, **marks)


def phone_as_given(name: str, about: str, **marks: Any) -> Field:
    """Declare a phone number that is sent unchanged. "" means "not given", also in a body."""
    return Field(name, about, {"type": "string", "format": "phone-as-given"}, **marks)


def integer(name: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a whole number of up to 64 bits."""
    return Field(name, about, {"type": "integer", **(limits or {})}, **marks)


def number(name: str, about: str, **marks: Any) -> Field:
    """Declare a number that may have a fraction."""
    return Field(name, about, {"type": "number"}, **marks)


def boolean(name: str, about: str, **marks: Any) -> Field:
    """Declare a boolean."""
    return Field(name, about, {"type": "boolean"}, **marks)


def moment(name: str, about: str, **marks: Any) -> Field:
    """Declare a point in time: Unix milliseconds or ISO 8601, sent as Unix milliseconds."""
    return Field(name, about, {"type": "integer", "format": "unix-ms"}, **marks)


def texts(name: str, about: str, *, choices: Sequence[str] = (), limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of texts. `choices` are the allowed values; `limits` are keywords of JSON Schema."""
    return Field(
        name, about, {"type": "array", "items": {"type": "string", **_enum(choices)}, **(limits or {})}, **marks
    )


def integers(name: str, about: str, **marks: Any) -> Field:
    """Declare a list of whole numbers."""
    return Field(name, about, {"type": "array", "items": {"type": "integer"}}, **marks)


def string_map(name: str, about: str, **marks: Any) -> Field:
    """Declare an object with any names and texts as values. Numbers are converted to texts."""
    return Field(name, about, {"type": "object", "additionalProperties": {"type": "string"}}, **marks)


def model(name: str, kind: str, about: str, **marks: Any) -> Field:
    """Declare an object that is the model `kind`."""
    return Field(name, about, {"model": kind}, **marks)


def models(name: str, kind: str, about: str, *, limits: Schema | None = None, **marks: Any) -> Field:
    """Declare a list of objects of the model `kind`."""
    return Field(name, about, {"type": "array", "items": {"model": kind}, **(limits or {})}, **marks)


def anything(name: str, about: str, **marks: Any) -> Field:
    """Declare a value of any type that is sent unchanged."""
    return Field(name, about, {"type": "object", "format": "any"}, **marks)


def objects(name: str, about: str, **marks: Any) -> Field:
    """Declare a list of objects with any properties."""
    return Field(name, about, {"type": "array", "items": {"type": "object", "additionalProperties": {}}}, **marks)


def _enum(choices: Sequence[str]) -> Schema:
    return {"enum": list(choices)} if choices else {}
