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
from lib.callfire.operation.quick_check import is_certainly_valid
from lib.callfire.operation.schema import for_checking
from lib.callfire.operation.schema_check import SchemaCheck, opened, place_of

_INT64 = range(-(2**63), 2**63)
_EXACT = 2**53  # a float of this size or more may have lost digits
_WHOLE = re.compile(r"(-?\d{1,19})(?:\.0{1,17})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,19}(\.\d{1,17})?", re.ASCII)
_MAP_VALUE = {"type": "map value"}
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
        try:
            values: dict[str, Any] = _object(given, self.schema)
        except _RefusedValue as refused:
            raise InvalidInput(f"{place_of(refused.path)}: {refused.reason}") from None
        for name in self._joined & values.keys():
            values[name] = _comma_text(values[name])
        values = {name: value for name, value in values.items() if not self._is_missing(name, value)}
        check = self._opened if passes_unknown(config) else self._closed
        if not is_certainly_valid(values, check.schema):
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


def _converted(value: Any, schema: Schema) -> Any:
    """Return the value, converted if no information is lost. The check rejects other values."""
    convert = _CONVERTERS.get(schema.get("type", ""), _free)
    return convert(value, schema)


def _text(value: Any, schema: Schema) -> Any:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int):
        value = str(value)
    elif isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = str(int(value))
    if isinstance(value, str) and "format" in schema:
        return _phone(value, str(schema["format"]))
    return value


def _phone(value: str, form: str) -> str:
    numbers = value.split(",") if form == "phone-list" else [value]
    if form == "phone-as-given":
        return value
    try:
        return ",".join(map(phone_numbers.normalize, numbers))
    except ValueError as error:
        raise _RefusedValue(f"the number {error}. Use 11 digits, e.g. 12132000384, or a short code.") from None


def _integer(value: Any, schema: Schema) -> Any:
    is_time = schema.get("format") == "unix-ms"
    if isinstance(value, str):
        if found := _WHOLE.fullmatch(value.strip()):
            value = int(found[1])
        elif is_time and (milliseconds := unix_time.from_iso(value)) is not None:
            return milliseconds
    elif isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if type(value) is int:
        if value not in _INT64:
            raise _RefusedValue("the number is out of CallFire's range (64 bits).")
        if is_time and unix_time.looks_like_seconds(value):
            raise _RefusedValue(unix_time.LOOKS_LIKE_SECONDS)
    return value


def _number(value: Any, schema: Schema) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    return _free(value, schema)


def _boolean(value: Any, _schema: Schema) -> Any:
    return _BOOLEANS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _array(value: Any, schema: Schema) -> Any:
    inner = schema["items"]
    if isinstance(value, list):
        items = value
    elif isinstance(value, str) and "," in value and inner.get("type") in ("string", "integer"):
        items = [part.strip() for part in value.split(",") if part.strip()] or [value]
    else:
        items = [value]
    return [_within(row, item, inner) for row, item in enumerate(items)]


def _object(value: Any, schema: Schema) -> Any:
    if not isinstance(value, Mapping):
        return value
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    more = _MAP_VALUE if others == {"type": "string"} else {}
    return {
        name: _within(name, inner, properties.get(name, more))
        for name, inner in value.items()
        if inner is not None and (inner != "" or _may_be_empty(properties.get(name, more)))
    }


def _map_value(value: Any, schema: Schema) -> Any:
    """Convert a value of a map of texts. Numbers with a fraction, e.g. prices, become texts, too."""
    is_fraction = isinstance(value, float) and math.isfinite(value) and not value.is_integer()
    return str(value) if is_fraction else _text(value, schema)


def _free(value: Any, _schema: Schema) -> Any:
    """Return a value without a declared type unchanged. Numbers beyond JSON's or CallFire's range are refused."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _within(name, inner, {})
    elif isinstance(value, list):
        for row, inner in enumerate(value):
            _within(row, inner, {})
    elif (isinstance(value, int) and value not in _INT64) or (isinstance(value, float) and not math.isfinite(value)):
        raise _RefusedValue("the number is out of CallFire's range (64 bits).")
    return value


def _within(place: str | int, value: Any, schema: Schema) -> Any:
    try:
        return _converted(value, schema)
    except _RefusedValue as refused:
        refused.path.insert(0, place)
        raise


_CONVERTERS: dict[str, Callable[[Any, Schema], Any]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
    _MAP_VALUE["type"]: _map_value,
}


def _may_be_empty(schema: Schema) -> bool:
    """Return whether "" is a value: in free texts, and without a declared type."""
    return schema.get("type") not in _NEVER_EMPTY and not schema.keys() & {"enum", "format"}


def _comma_text(value: Any) -> Any:
    """Return a list as the comma-separated text that CallFire expects."""
    if not isinstance(value, list):
        return value
    items = [_text(item, {}) for item in value]
    return ",".join(filter(None, items)) if all(isinstance(item, str) for item in items) else value
