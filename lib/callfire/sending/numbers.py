"""Phone numbers as people write them, brought into the digits that CallFire takes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lib.callfire.api.errors import InvalidInput

NUMBER_FIELDS = ("phoneNumber", "fromNumber", "transferNumber")
_ELEVEN = re.compile(r"\d{11}", re.ASCII)
_SHORT_CODE = re.compile(r"\d{5,6}", re.ASCII)


def normal(value: str, region: str, *, short_codes: bool = True) -> str:
    """Return a number's digits with its country code; raises ValueError with the reason where it is none.

    Eleven digits stay as they are, and so do short codes. All else is read as one would dial it in `region`, a
    country's two letters. The value itself is in no error: a number is somebody's.
    """
    text = value.strip()
    if _ELEVEN.fullmatch(text) or (short_codes and _SHORT_CODE.fullmatch(text)):
        return text
    import phonenumbers  # noqa: PLC0415 (slow to load: not before a number needs it)

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError("is no phone number") from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(_REASONS.get(phonenumbers.ValidationResult.to_string(reason), "cannot be a phone number"))
    if number.extension:
        raise ValueError("has an extension, which cannot be reached")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def normal_recipient(given: Mapping[str, Any], region: str, place: str, *, short_codes: bool) -> dict[str, Any]:
    """The recipient with all its numbers normal; `InvalidInput` names the one that is none."""
    numbers = {}
    for name in NUMBER_FIELDS:
        value = given.get(name)
        if not isinstance(value, str) or (value == "" and name != "phoneNumber"):
            continue
        if value == "" and given.get("contactId") is not None:
            continue
        try:
            numbers[name] = normal(value, region, short_codes=short_codes or name == "fromNumber")
        except ValueError as error:
            raise InvalidInput(
                f"{place}.{name}: {error}. Give it with area code, e.g. (213) 200-0384, and from abroad with + "
                "and country code"
            ) from error
    return {**given, **numbers}


def as_text(recipient: Any, names: Iterable[str] = NUMBER_FIELDS) -> Any:
    """The recipient with what a mapping gives as JSON numbers under these names as texts."""
    if not isinstance(recipient, Mapping):
        return recipient
    whole = {
        name: str(recipient[name])
        for name in names
        if isinstance(recipient.get(name), int) and not isinstance(recipient[name], bool)
    }
    return {**recipient, **whole}


def zones(number: str) -> tuple[str, ...]:
    """The time zones that a number may be in, as far as its area code tells; none where it does not."""
    import phonenumbers  # noqa: PLC0415 (as above)
    from phonenumbers import timezone  # noqa: PLC0415 (as above; its tables are large)

    try:
        parsed = phonenumbers.parse(f"+{number}", None)
    except phonenumbers.NumberParseException:
        return ()
    found: tuple[str, ...] = tuple(timezone.time_zones_for_number(parsed))
    return tuple(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE)


def is_region(value: str) -> bool:
    """Whether these are a country's two letters."""
    import phonenumbers  # noqa: PLC0415 (as above)

    return value in phonenumbers.SUPPORTED_REGIONS


_REASONS = {
    "TOO_SHORT": "is too short for a phone number",
    "TOO_LONG": "is too long for a phone number",
    "IS_POSSIBLE_LOCAL_ONLY": "lacks its area code",
    "INVALID_COUNTRY_CODE": "has a country code that does not exist",
}
