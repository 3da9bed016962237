"""Names for functions, modules and titles, from any text."""

import keyword
import re
import unicodedata

LONGEST = 60  # characters of an ID
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_ACRONYMS = frozenset(
    (
        "api",
        "csv",
        "html",
        "http",
        "id",
        "ip",
        "json",
        "ok",
        "pdf",
        "sms",
        "sql",
        "ssh",
        "ssl",
        "uri",
        "url",
        "uuid",
        "xml",
    )
)
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
_SMALL = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with")
)
# Names of modules that cannot be imported by a statement, or that some file systems do not allow.
_RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, "aux", "con", "nul", "prn", "init", "main", "test"))


def words(text: str) -> list[str]:
    """Return the words of a text or identifier. Other characters than letters and digits of ASCII are left out."""
    return _WORD.findall(unicodedata.normalize("NFKD", text.translate(_ASCII)).encode("ascii", "ignore").decode())


def identifier(text: str, default: str) -> str:
    """Return an ID of a function: the text itself if it is one, otherwise its words in camel case."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text):
        return text[:LONGEST]
    first, *others = [*words(text)] or [default]
    name = first.lower() + "".join(word[:1].upper() + word[1:] for word in others)
    return (name if name[0].isalpha() else f"{default}{name}")[:LONGEST]


def module(name: str) -> str:
    """Return the name of a module for the ID of a function: getPet becomes get_pet."""
    snake = "_".join(word.lower() for word in words(name))
    return f"{snake}_action" if snake in _RESERVED else snake


def title(text: str) -> str:
    """Return the words of a text in title case: petId becomes Pet ID."""
    found = text.split() if " " in text.strip() else words(text)
    cased = [_cased(word, is_first=index == 0) for index, word in enumerate(found)]
    return " ".join(cased).strip(" .:;,")


def slug(text: str) -> str:
    """Return a name for a folder: lower case words with hyphens."""
    return "-".join(word.lower() for word in words(text)) or "component"


def unique(name: str, taken: set[str]) -> str:
    """Return the name, with a number if `taken` has it in any spelling, and add it to `taken`."""
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"{name}{number}"
    taken.add(candidate.lower())
    return candidate


def _cased(word: str, *, is_first: bool) -> str:
    if word.lower().strip(".,:;()") in _ACRONYMS:
        return word.upper()
    if word.lower() in _SMALL and not is_first:
        return word.lower()
    return word[:1].upper() + word[1:]


def field(text: str) -> str:
    """Return a name for a field of the credentials: its words in camel case."""
    first, *others = [*words(text)] or ["key"]
    name = first.lower() + "".join(word[:1].upper() + word[1:].lower() for word in others)
    return name if name[0].isalpha() else f"key{name}"
