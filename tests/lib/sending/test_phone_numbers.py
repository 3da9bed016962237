"""Phone numbers: all notations of ten regions are parsed, and no other text is."""

import zoneinfo
from collections.abc import Iterator

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from phonenumbers.tzdata import TIMEZONE_DATA

from lib.callfire.phone_numbers import comparable, normalize, time_zones

REGIONS = ("US", "CA", "GB", "DE", "FR", "AU", "MX", "BR", "IN", "JP")
TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NOTES = (" Joe", " (home)", " cell", "; call after 5", " or 555-0100", ", 2nd", " 👍", "*")
EXTENSIONS = (" ext. 5", "x5", " x 512", " #5", ";ext=5", " extension 17", " ext 5")


def examples() -> Iterator[tuple[str, phonenumbers.PhoneNumber, str]]:
    for region in REGIONS:
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number and phonenumbers.is_valid_number(number):
                digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
                yield region, number, digits


EXAMPLES = list(dict.fromkeys((region, digits) for region, _, digits in examples()))


def notations(region: str, digits: str) -> Iterator[tuple[str, str]]:
    """The notations of a number, each with its region."""
    number = phonenumbers.parse(f"+{digits}")
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    abroad = "FR" if region != "FR" else "GB"
    yield national, region
    yield f"  {national}\t", region
    yield "".join(filter(str.isdigit, national)), region
    yield national.replace(" ", "\N{NO-BREAK SPACE}"), region
    yield national.replace("-", "\N{NON-BREAKING HYPHEN}").replace(" ", "\N{EN DASH}"), region
    yield national.replace(" ", "."), region
    yield national.translate(FULL_WIDTH), region
    yield national.translate(ARABIC_INDIC), region
    yield "\N{ZERO WIDTH SPACE}".join(national) + "\N{ZERO WIDTH NO-BREAK SPACE}", region
    yield international, abroad
    yield f"\N{LEFT-TO-RIGHT EMBEDDING}{international}\N{POP DIRECTIONAL FORMATTING}", abroad
    yield international.translate(FULL_WIDTH), abroad
    yield international.replace("+", "00", 1), abroad
    yield international.replace("+", "011 ", 1), "US"
    yield phonenumbers.format_number(number, PhoneNumberFormat.E164), abroad
    yield phonenumbers.format_number(number, PhoneNumberFormat.RFC3966), abroad


NOTATIONS = [
    (given, at, digits) for region, digits in EXAMPLES for given, at in dict.fromkeys(notations(region, digits))
]


def test_there_are_several_hundred_notations() -> None:
    assert len({region for region, _ in EXAMPLES}) == 10
    assert len(NOTATIONS) > 300


@pytest.mark.parametrize(("given", "region", "digits"), NOTATIONS)
def test_each_notation_becomes_the_same_digits(given: str, region: str, digits: str) -> None:
    assert normalize(given, region) == digits


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(("region", "digits"), EXAMPLES)
def test_a_note_never_becomes_digits(region: str, digits: str, note: str) -> None:
    national = phonenumbers.format_number(phonenumbers.parse(f"+{digits}"), PhoneNumberFormat.NATIONAL)
    for given in (f"{national}{note}", f"+{digits}{note}", f"{note.strip()} {national}", f"{digits}{note}"):
        with pytest.raises(ValueError, match="number"):
            normalize(given, region)


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize(("region", "digits"), EXAMPLES)
def test_an_extension_is_refused(region: str, digits: str, extension: str) -> None:
    national = phonenumbers.format_number(phonenumbers.parse(f"+{digits}"), PhoneNumberFormat.NATIONAL)
    for given in (f"{national}{extension}", f"+{digits}{extension}"):
        with pytest.raises(ValueError, match="extension"):
            normalize(given, region)


@pytest.mark.parametrize(
    ("given", "digits"),
    [
        ("1-800-FLOWERS", "18003569377"),
        ("1-800-flowers", "18003569377"),
        ("+1 (800) FLOWERS", "18003569377"),
        ("1 800 GO FEDEX", "18004633339"),
        ("1.800.COLLECT", "18002655328"),
        ("(888) 2-GO-BIKE", "18882462453"),
        ("213-200-JOEY", "12132005639"),
    ],
)
def test_a_whole_vanity_number_is_read(given: str, digits: str) -> None:
    assert normalize(given, "US") == digits


@pytest.mark.parametrize(
    "given",
    [
        "555-0177 Joe",
        "213-2001 Joe",
        "213 2001-Joe",
        "213 200 Joey",
        "800 Street 2",
        "800-0177 Joe",
        "888-234 Jane",
        "1-800-FLOWERS-NOW",
        "1-800-FLOWER",
        "Joe 213-200-0384",
        "FLOWERS",
        "1-FLO-WERSNOW",
        "213-200-0384 l",
        "2I3-2OO-O384",
        "1.2135550177E+10",
    ],
)
def test_letters_of_anything_else_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="number"):
        normalize(given, "US")


@pytest.mark.parametrize(
    ("given", "region"), [("0800 FLOWERS", "GB"), ("1300 FLOWER", "AU"), ("0800 LETTERS", "DE"), ("030 TAXI", "DE")]
)
def test_letters_are_read_in_north_america_only(given: str, region: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        normalize(given, region)


@pytest.mark.parametrize(
    ("given", "region", "digits"),
    [
        ("12132000384", "US", "12132000384"),
        ("12132000384", "GB", "12132000384"),
        ("19245550100", "US", "19245550100"),  # libphonenumber does not know this area code
        ("07911123456", "GB", "447911123456"),
        ("09012345678", "JP", "819012345678"),
        ("01711234567", "DE", "491711234567"),
        ("08001111111", "GB", "448001111111"),
        ("13812345678", "CN", "8613812345678"),
        ("11961234567", "BR", "5511961234567"),
        ("89123456789", "RU", "79123456789"),
        ("05012345678", "TR", "905012345678"),
        ("08123456789", "NG", "2348123456789"),
        ("09171234567", "PH", "639171234567"),
        ("15112345678", "DE", "4915112345678"),
        ("13102345678", "CN", "13102345678"),  # both are numbers: CallFire's own notation takes precedence
    ],
)
def test_eleven_digits_are_kept_only_where_they_are_callfires_notation(given: str, region: str, digits: str) -> None:
    assert normalize(given, region) == digits


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("0005550177", "not valid in North America"),
        ("10005550177", "not valid in North America"),
        ("+15550177563", "not valid in North America"),
        ("99999999999", "too long"),
        ("07911123456", "too long"),
        ("21320003845", "too long"),
        ("213-200-0384/85", "too long"),
        ("213-200-0384, 213-200-0385", "not a phone number"),
        ("030/12/3456", "not a phone number"),
        ("+1+2132000384", "not a phone number"),
        ("213²2000384", "not a phone number"),
        ("*67 213 200 0384", "not a phone number"),
        ("1,213,200,0384", "not a phone number"),
        ("\N{ZERO WIDTH SPACE}", "not a phone number"),
        ("67-076", "too short"),
    ],
)
def test_what_may_be_another_number_is_refused(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        normalize(given, "US")


@pytest.mark.parametrize("given", ["67076", "67076".translate(FULL_WIDTH), " 67076\N{NO-BREAK SPACE}", "818818"])
def test_short_codes_are_kept(given: str) -> None:
    assert normalize(given, "GB") in ("67076", "818818")
    with pytest.raises(ValueError, match="too short"):
        normalize(given, "US", short_codes=False)


def test_spreadsheet_exports_are_read() -> None:
    assert normalize("12135550177.0") == normalize("2135550177.0") == "12135550177"


@pytest.mark.parametrize(
    ("one", "other"), [("+1213-200-0384", "12132000384"), ("(213) 200-0384", "+12132000384"), ("67 07 6 9", "670769")]
)
def test_numbers_are_compared_in_one_notation(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("12132000384", ("America/Los_Angeles",)),
        ("442079460958", ("Europe/London",)),
        ("18005550100", ()),
        ("18445550100", ()),
        ("18765550100", ()),  # Jamaica, for which the tables name all of North America
        ("19245550100", ()),
        ("16795550100", ()),
        ("67076", ()),
        ("x", ()),
    ],
)
def test_time_zones_are_told_only_where_the_digits_tell_them(number: str, zones: tuple[str, ...]) -> None:
    assert time_zones(number) == zones


def test_all_time_zones_exist_without_the_data_of_the_system() -> None:
    names = {name for found in TIMEZONE_DATA.values() for name in found}
    zoneinfo.reset_tzpath(to=())
    try:
        for name in names:
            zoneinfo.ZoneInfo.no_cache(name)
    finally:
        zoneinfo.reset_tzpath()
