"""Phone numbers in CallFire's notation."""

import re

_NUMBER = re.compile(r"\+?1?([2-9][0-9]{9})")
_SHORT_CODE = re.compile(r"[0-9]{5,6}")


def normal(text: str, *, short_codes: bool = False) -> str | None:
    """Return the number as 11 digits, or the short code if `short_codes` allows one; None for anything else."""
    text = text.strip()
    if short_codes and _SHORT_CODE.fullmatch(text):
        return text
    match = _NUMBER.fullmatch(re.sub(r"[\s().-]", "", text))
    return f"1{match[1]}" if match else None


def national(number: str) -> str:
    """Return an 11-digit number in national format: (213) 200-0384."""
    return f"({number[-10:-7]}) {number[-7:-4]}-{number[-4:]}"
