"""The input rule: it converts and checks the values of a message before a request.

A value is converted only if no information is lost. "2" and 2.0 become the integer 2; 2026 and true become the texts
"2026" and "true"; a single value becomes a list of one, and a text with commas a list of plain values. null means "not
given". "" means the same, except in free texts of a body. All other values must have the declared type, and all names
must be declared. docs/inputs.md has the table.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from lib.callfire import form, phone_numbers, unix_time
from lib.callfire.api.errors import InvalidInput
from lib.callfire.form import Config, FormField
from lib.callfire.operation.fields import Field, Schema
from lib.callfire.operation.schema import for_checking
from lib.callfire.operation.schema_check import SchemaCheck, opened, place_of

_INT64 = range(-(2**63), 2**63)
_EXACT = 2**53  # a float of this size or more may have lost digits
_WHOLE = re.compile(r"(-?\d{1,19})(?:\.0{1,17})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,19}(\.\d{1,17})?", re.ASCII)
_NEVER_EMPTY = {"integer", "number", "boolean", "array", "object"}
_BOOLEANS = {"true": True, "on": True, "false": False, "off": False}

UNKNOWN_PROPERTIES: FormField = form.check_box(
    "Pass Unknown Properties",
    "Sends properties that this version does not know to CallFire. Default: such properties are refused, because "
    "CallFire ignores misspelled names.",
    order=5,
)


def passes_unknown(config: Config) -> bool:
    """Read the form's passUnknownProperties. Default: false."""
    return "passUnknownProperties" in config and form.is_checked(config, "passUnknownProperties")


class InputRule:
    """The rule for the inputs of one operation.

    outside  names of the inputs in the path and query, where "" means "not given" also for texts
    schema   JSON Schema of the converted inputs
    """

    def __init__(self, fields: Iterable[Field], outside: Iterable[str]) -> None:
        self.schema = for_checking(fields)
        self._convert = _conversion(self.schema)
        self._outside = frozenset(outside)
        self._joined = frozenset(field.name for field in fields if field.joined)

    def read(self, body: Any, defaults: Mapping[str, Any], config: Config) -> dict[str, Any]:
        """Return the converted inputs of a message's body. `defaults` replace inputs that are not given.

        Unknown properties are refused, unless the form allows them. Raises `InvalidInput`, which names the property
        and never contains its value. The body is not changed.
        """
        if body is None:
            body = {}
        if not isinstance(body, Mapping):
            raise InvalidInput(
                "The body of the message must be an object with the properties of the action. Correct the mapping."
            )
        given = {name: value for name, value in body.items() if not self._is_missing(name, value)}
        given = {**{name: value for name, value in defaults.items() if value not in (None, "")}, **given}
        for name in self._joined & given.keys():  # before the conversion, which normalizes phone numbers
            given[name] = _comma_text(given[name])
        try:
            values: dict[str, Any] = self._convert(given)
        except _RefusedValue as refused:
            raise InvalidInput(f"{place_of(refused.path)}: {refused.reason}") from None
        values = {name: value for name, value in values.items() if not self._is_missing(name, value)}
        check = self._opened if passes_unknown(config) else self._closed
        if not check.is_certainly_valid(values):
            check.check(values)
        return values

    def _is_missing(self, name: str, value: Any) -> bool:
        return value is None or (value == "" and name in self._outside)

    @cached_property
    def _closed(self) -> SchemaCheck:
        return SchemaCheck(self.schema)

    @cached_property
    def _opened(self) -> SchemaCheck:
        return SchemaCheck(opened(self.schema))


class _RefusedValue(Exception):  # noqa: N818 (never leaves this module)
    """A value that cannot be converted. Each level of the call stack adds its part to `path`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.path: list[str | int] = []


_Conversion = Callable[[Any], Any]
"""Returns a value, converted if no information is lost. The check rejects other values. Raises `_RefusedValue`."""


def _conversion(schema: Schema) -> _Conversion:
    """Return the conversion for a schema. A schema without a known type has the conversion of any value."""
    kind, of_kind = schema.get("type", ""), schema.get("format", "")
    if kind == "string":
        return _formatted_text(of_kind) if of_kind else _text
    if kind == "integer":
        return _time if of_kind == "unix-ms" else _integer
    if kind == "array":
        return _array(schema["items"])
    return _object(schema) if kind == "object" else _CONVERSIONS.get(kind, _free)


def _text(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return value


def _formatted_text(of_kind: str) -> _Conversion:
    def convert(value: Any) -> Any:
        text = _text(value)
        return _phone(text, of_kind) if isinstance(text, str) else text

    return convert


def _phone(value: str, form: str) -> str:
    numbers = value.split(",") if form == "phone-list" else [value]
    if form == "phone-as-given":
        return value
    try:
        return ",".join(map(phone_numbers.normalize, numbers))
    except ValueError as error:
        raise _RefusedValue(f"the number {error}. Use 11 digits, e.g. 12132000384, or a short code.") from None


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        if found := _WHOLE.fullmatch(value.strip()):
            value = int(found[1])
    elif isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if type(value) is int and value not in _INT64:
        raise _RefusedValue("the number is out of CallFire's range (64 bits).")
    return value


def _time(value: Any) -> Any:
    number = _integer(value)
    if isinstance(number, str):
        milliseconds = unix_time.from_iso(number)
        return number if milliseconds is None else milliseconds
    if type(number) is int and unix_time.looks_like_seconds(number):
        raise _RefusedValue(unix_time.LOOKS_LIKE_SECONDS)
    return number


def _number(value: Any) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    return _free(value)


def _boolean(value: Any) -> Any:
    return _BOOLEANS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _array(inner: Schema) -> _Conversion:
    convert_item, accepts_commas = _conversion(inner), inner.get("type") in ("string", "integer")

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            items = value
        elif isinstance(value, str) and "," in value and accepts_commas:
            items = [part.strip() for part in value.split(",") if part.strip()] or [value]
        else:
            items = [value]
        return _each(enumerate(items), convert_item)

    return convert


def _each(parts: Iterable[tuple[str | int, Any]], convert: _Conversion) -> list[Any]:
    """Return the converted parts of a list or object, which are given with their places."""
    place: str | int = ""
    converted = []
    try:
        for place, part in parts:  # noqa: B007 (the handler uses it)
            converted.append(convert(part))
    except _RefusedValue as refused:
        refused.path.insert(0, place)
        raise
    return converted


def _object(schema: Schema) -> _Conversion:
    """Return the conversion of an object. It leaves out null, and "" where that means "not given"."""
    is_map = schema.get("additionalProperties") == {"type": "string"}
    known = {name: (_conversion(inner), _may_be_empty(inner)) for name, inner in schema.get("properties", {}).items()}
    other = (_map_value if is_map else _free), True

    def convert(value: Any) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):  # the first is faster
            return value
        name, converted = "", {}
        try:
            for name, inner in value.items():
                convert_inner, may_be_empty = known.get(name, other)
                if inner is not None and (may_be_empty or inner != ""):
                    converted[name] = convert_inner(inner)
        except _RefusedValue as refused:
            refused.path.insert(0, name)
            raise
        return converted

    return convert


def _map_value(value: Any) -> Any:
    """Convert a value of a map of texts. Numbers with a fraction, e.g. prices, become texts, too."""
    is_fraction = isinstance(value, float) and math.isfinite(value) and not value.is_integer()
    return str(value) if is_fraction else _text(value)


def _free(value: Any) -> Any:
    """Return a value without a declared type unchanged. Numbers beyond JSON's or CallFire's range are refused."""
    if isinstance(value, Mapping):
        _each(value.items(), _free)
    elif isinstance(value, list):
        _each(enumerate(value), _free)
    elif (isinstance(value, int) and value not in _INT64) or (isinstance(value, float) and not math.isfinite(value)):
        raise _RefusedValue("the number is out of CallFire's range (64 bits).")
    return value


_CONVERSIONS: Mapping[str, _Conversion] = {"number": _number, "boolean": _boolean}


def _may_be_empty(schema: Schema) -> bool:
    """Return whether "" is a value: in free texts, and without a declared type."""
    return schema.get("type") not in _NEVER_EMPTY and not schema.keys() & {"enum", "format"}


def _comma_text(value: Any) -> Any:
    """Return a list as the comma-separated text that CallFire expects."""
    if not isinstance(value, list):
        return value
    items = [_text(item) for item in value]
    return ",".join(filter(None, items)) if all(isinstance(item, str) for item in items) else value
