"""Plain text for the designer from descriptions in Markdown and HTML."""

import html
import re

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)?")
_TAG = re.compile(r"<[^>]{0,200}>")
_MARKS = re.compile(r"`+|\*\*+|__+|^\s{0,3}#+\s+|^\s*[-*+]\s+|^\s*>+\s*|^\s*\|", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def plain(text: object, longest: int = 300) -> str:
    """Return a text in one line, without Markdown and HTML, of at most `longest` characters.

    A longer text ends after a sentence, or after a word with an ellipsis.
    """
    if not isinstance(text, str):
        return ""
    without = _MARKS.sub("", html.unescape(_TAG.sub(" ", _LINK.sub(r"\1", _CONTROL.sub(" ", text)))))
    line = " ".join(re.sub(r"`|\*\*|__|\]\(", "", without).split())
    line = re.sub(r"^[-*#]+ ", "", line)
    if len(line) <= longest:
        return line
    cut = line[:longest]
    sentence = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    if sentence > longest // 3:
        return cut[: sentence + 1]
    return cut[: longest - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def sentence(text: object, longest: int = 300) -> str:
    """Return a plain text that ends with a full stop; empty for an empty text."""
    line = plain(text, longest)
    return line if not line or line[-1] in ".!?…" else f"{line}."
