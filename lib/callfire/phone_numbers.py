"""Phone numbers: `normalize` decides what a notation means, for recipients, caller IDs and filters.

CallFire identifies a number by its digits with the country code, e.g. 12132000384. `normalize` accepts the notations of
people, spreadsheets and other systems. Every text is refused that could mean another person's number:

    notation                                 becomes
    ---------------------------------------  ---------------------------------------------------------------
    11 digits, the first two 1 and 2 to 9    itself, unless only the default region has such a number
    5 or 6 digits                            itself: a short code, if short codes are allowed
    (213) 200-0384, 020 7946 0958            the number as dialled in the default region
    +44 20 7946 0958, 011 44 20 7946 0958    the number as dialled from the default region
    1-800-FLOWERS                            the digits: letters require a complete North American number
    200-0384, extensions, notes, two numbers refused

All decimal digits, spaces and dashes of Unicode are accepted, e.g. full-width ones. Invisible characters, such as
bidirectional marks and zero-width spaces, are removed. Validity and regions come from Google's libphonenumber. Its
tables are slow to load: functions import the library only when a number requires it.
"""

import re
import unicodedata
from functools import cache

CONTACT_PROPERTIES = ("mobilePhone", "homePhone", "workPhone", "extraPhone1", "extraPhone2", "extraPhone3")
"""The properties of a contact that contain a phone number, most used first."""
NORTH_AMERICA = 1
_DEFAULT_REGION = "US"
_ELEVEN_DIGITS = re.compile(r"1[2-9]\d{9}", re.ASCII)
_SHORT_CODE = re.compile(r"\d{5,6}", re.ASCII)
# Digits with the usual separators. A plus sign is allowed only as the first character; one slash is allowed.
_NOTATION = re.compile(r"\(?\+?[\d().\- ]*(?:/[\d().\- ]*)?", re.ASCII)
# Area code, then the seven letters and digits of a subscriber. Only toll-free numbers may have spaces between these:
# in other numbers, a word after a space is probably a note.
_VANITY = re.compile(r"(?:\+?1[-. ]*)?(?:\(([2-9]\d\d)\)[-. ]*|([2-9]\d\d)[-. ]+)(\S.*)", re.ASCII)
_JOINED = re.compile(r"[a-z\d]+(?:[-.][a-z\d]+)*", re.ASCII | re.IGNORECASE)
_SPACED = re.compile(r"(?:\d{1,2} )?[a-z]+(?: [a-z]+)*", re.ASCII | re.IGNORECASE)
_TOLL_FREE = {"800", "833", "844", "855", "866", "877", "888"}
_EXTENSION = re.compile(r"[+(]*\d.*?(?:#|;ext=|x|ext|extn|extension|int|anexo|ramal|доб)[.: ]*\d+[ ]*", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\d{7,15})\.0", re.ASCII)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_REASONS = {
    "TOO_SHORT": "is too short for a phone number",
    "TOO_LONG": "is too long for a phone number",
    "INVALID_LENGTH": "has a length that no phone number has",
    "IS_POSSIBLE_LOCAL_ONLY": "lacks its area code",
    "INVALID_COUNTRY_CODE": "has a country code that does not exist",
}


def normalize(value: str, region: str = _DEFAULT_REGION, *, short_codes: bool = True) -> str:
    """Return a number's digits with the country code, or a short code.

    `region` is the two-letter country code for numbers without a country calling code. Raises ValueError with the
    reason, a text that completes "The number …" and never contains the number.
    """
    is_complete = _ELEVEN_DIGITS.fullmatch(value)  # the usual notation
    text = value if is_complete else _plain(value)
    if (is_complete or _ELEVEN_DIGITS.fullmatch(text)) and not _is_only_in(text, region):
        return text
    if short_codes and _SHORT_CODE.fullmatch(text):
        return text
    if digits := _vanity_digits(text):
        return _dialled(digits, _DEFAULT_REGION)
    if _EXTENSION.fullmatch(text):
        raise ValueError("has an extension, which cannot be reached")
    if any(character.isalpha() for character in text) and any(character.isdigit() for character in text):
        raise ValueError("contains letters and is not a phone number")
    if not _NOTATION.fullmatch(text):
        raise ValueError("is not a phone number")
    return _dialled(text, region)


def comparable(value: str, region: str = _DEFAULT_REGION) -> str:
    """Return a notation for comparing two numbers: the normalized number, or the digits of an invalid number."""
    try:
        return normalize(value, region)
    except ValueError:
        return "".join(filter(str.isdigit, _plain(value)))


def comparable_forms(value: str) -> frozenset[str]:
    """Return the notations for comparing a number from CallFire: its digits, and the normalized number."""
    if _ELEVEN_DIGITS.fullmatch(value):
        return frozenset((value,))
    return frozenset((comparable(value), "".join(filter(str.isdigit, value))))


def time_zones(number: str) -> tuple[str, ...]:
    """Return the possible IANA time zones of a normalized number.

    The result is empty for toll-free numbers and for area codes that libphonenumber does not locate.
    """
    import phonenumbers  # noqa: PLC0415 (slow to load: only when a number requires it)
    from phonenumbers import timezone  # noqa: PLC0415 (as above)

    try:
        parsed = phonenumbers.parse(f"+{number}", None)
    except phonenumbers.NumberParseException:
        return ()
    zones: tuple[str, ...] = tuple(timezone.time_zones_for_number(parsed))
    if timezone.UNKNOWN_TIMEZONE in zones or zones == _zones_of_north_america():
        return ()
    return zones


def is_region(value: str) -> bool:
    """Return whether this is the two-letter code of a country with phone numbers, e.g. US."""
    import phonenumbers  # noqa: PLC0415 (as above)

    return value in phonenumbers.SUPPORTED_REGIONS


def _plain(value: str) -> str:
    """Return the value with ASCII digits, spaces and dashes, and without invisible characters."""
    text = value if value.isascii() and value.isprintable() else "".join(map(_plain_character, value))
    text = text.strip().removeprefix("tel:")
    whole = _WHOLE_FLOAT.fullmatch(text)  # as spreadsheets export numbers
    return whole[1] if whole else text


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category == "Cf":
        return ""
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if "\N{FULLWIDTH EXCLAMATION MARK}" <= character <= "\N{FULLWIDTH TILDE}":
        return chr(ord(character) - 0xFEE0)
    return character


def _vanity_digits(text: str) -> str | None:
    """Return the digits of a complete North American number with letters; None for any other text.

    "213-2001 Joe" is a local number with a note: if the digits before the letters are a number, the letters are not
    read as digits.
    """
    found = _VANITY.fullmatch(text)
    if not found:
        return None
    area_code, written = found[1] or found[2], found[3]
    if not (_JOINED.fullmatch(written) or (area_code in _TOLL_FREE and _SPACED.fullmatch(written))):
        return None
    subscriber = re.sub(r"[-. ]", "", written).upper()
    letters = sum(character.isalpha() for character in subscriber)
    if len(subscriber) != 7 or letters < 3 or subscriber[:4].isdigit():
        return None
    return area_code + subscriber.translate(_KEYPAD)


def _dialled(text: str, region: str) -> str:
    """Return the digits of a number as dialled in a region. Raises ValueError for an invalid number."""
    import phonenumbers  # noqa: PLC0415 (as above)

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a phone number") from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(_REASONS[phonenumbers.ValidationResult.to_string(reason)])
    if number.country_code == NORTH_AMERICA and not phonenumbers.is_valid_number(number):
        raise ValueError("is not valid in North America (11 digits are sent unchanged if the area code is new)")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _is_only_in(eleven_digits: str, region: str) -> bool:
    """Return whether 11 digits are a number of the region, e.g. a Chinese mobile number, and not of North America."""
    if region == _DEFAULT_REGION:
        return False
    import phonenumbers  # noqa: PLC0415 (as above)

    if phonenumbers.country_code_for_region(region) == NORTH_AMERICA:
        return False
    if phonenumbers.is_valid_number(phonenumbers.parse(f"+{eleven_digits}", None)):
        return False
    return phonenumbers.is_valid_number(phonenumbers.parse(eleven_digits, region))


@cache
def _zones_of_north_america() -> tuple[str, ...]:
    import phonenumbers  # noqa: PLC0415 (as above)
    from phonenumbers import timezone  # noqa: PLC0415 (as above)

    return tuple(timezone.time_zones_for_number(phonenumbers.parse("+18005550100", None)))
