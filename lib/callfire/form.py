"""Fields of forms: their declarations for component.json, and the functions that read their values.

The platform sends values as text and check boxes as "on", and leaves out empty fields. Therefore the readers accept
texts and typed values, and treat null and "" as an empty field. Readers raise `InvalidSettings`, which names the field.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.callfire import unix_time
from lib.callfire.api.errors import InvalidSettings

Config = Mapping[str, Any]
"""A step's configuration: credentials and form fields by their names."""
FormField = dict[str, Any]
"""One field as in component.json."""

_CHECKED = {True: True, "true": True, "on": True, False: False, "false": False, "off": False, "": False, None: False}


def text_field(label: str, about: str, *, order: int, placeholder: str = "") -> FormField:
    """Return a text field. `about` explains the field, `placeholder` is the default or an example."""
    field = _field("TextFieldView", label, order)
    return {**field, **({"placeholder": placeholder} if placeholder else {}), "note": about}


def select(label: str, about: str, options: Mapping[str, str], *, order: int) -> FormField:
    """Return a select with fixed options {value: label}. The first option is the default, which the prompt says."""
    default = next(iter(options.values()))
    return {**_select("SelectView", label, about, order), "model": dict(options), "prompt": f"Default: {default}"}


def account_select(label: str, about: str, function: str, *, order: int, prompt: str) -> FormField:
    """Return a select with items of the account, which the function named `function` in the action's module lists."""
    return {**_select("SelectView", label, about, order), "model": function, "prompt": prompt}


def multi_select(label: str, about: str, options: Mapping[str, str] | str, *, order: int, prompt: str) -> FormField:
    """Return a select for several options: fixed ones {value: label}, or the name of a function that lists them."""
    model = options if isinstance(options, str) else dict(options)
    return {**_select("MultiSelectView", label, about, order), "model": model, "prompt": prompt}


def check_box(label: str, about: str, *, order: int) -> FormField:
    """Return a check box. An unchecked box is false."""
    return _select("CheckBoxView", label, about, order)


def _select(view: str, label: str, about: str, order: int) -> FormField:
    """Return a field without a text. Its help is behind an icon, because `note` is for fields with a text."""
    return {**_field(view, label, order), "help": {"description": about}}


def _field(view: str, label: str, order: int) -> FormField:
    return {"viewClass": view, "label": label, "required": False, "order": order}


def is_empty(config: Config, name: str) -> bool:
    """Return whether a field is missing, null or ""."""
    return config.get(name) in (None, "")


def choice(config: Config, name: str, default: str, allowed: Sequence[str]) -> str:
    """Read a select with fixed options; `default` for an empty field."""
    value = config.get(name)
    if value is None or value == "":
        return default
    if value not in allowed:
        raise InvalidSettings(f"{name}: must be one of {', '.join(allowed)}.")
    return str(value)


def whole(config: Config, name: str, default: int, low: int, high: int) -> int:
    """Read a whole number from `low` to `high`. "20" and 20.0 are accepted as 20."""
    value = config.get(name)
    if value is None or value == "":
        return default
    number = number_of(value)
    if number is None or not number.is_integer():
        raise InvalidSettings(f"{name}: must be a whole number. Default if empty: {default}.")
    if not low <= number <= high:
        raise InvalidSettings(f"{name}: must be from {low} to {high}.")
    return int(number)


def seconds(config: Config, name: str, default: float, longest: float) -> float:
    """Read a duration of more than 0 and at most `longest` seconds."""
    value = config.get(name)
    if value is None or value == "":
        return default
    number = number_of(value)
    if number is None:
        raise InvalidSettings(f"{name}: must be a number of seconds. Default if empty: {default:g}.")
    if not 0 < number <= longest:
        raise InvalidSettings(f"{name}: must be more than 0 and at most {longest:g} seconds.")
    return number


def is_checked(config: Config, name: str) -> bool:
    """Read a check box: true, "true" and "on" are checked; false, "false", "off" and an empty field are not."""
    value = config.get(name)
    try:
        return _CHECKED[value.strip().lower() if isinstance(value, str) else value]
    except (KeyError, TypeError):
        raise InvalidSettings(f"{name}: must be true or false.") from None


def unix_ms(config: Config, name: str) -> int | None:
    """Read a point in time, ISO 8601 or Unix milliseconds, as Unix milliseconds; None for an empty field."""
    value = config.get(name)
    if value is None or value == "":
        return None
    number = number_of(value)
    found = unix_time.from_iso(value) if number is None and isinstance(value, str) else number
    if found is None or not 0 <= found < unix_time.LATEST or found != int(found):
        raise InvalidSettings(f"{name}: must be a time: {unix_time.FORMATS}.")
    if unix_time.looks_like_seconds(int(found)):
        raise InvalidSettings(f"{name}: {unix_time.LOOKS_LIKE_SECONDS}")
    return int(found)


def number_of(value: Any) -> float | None:
    """Read a number or its text. Returns None for any other value and for infinite numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < float("inf") else None
