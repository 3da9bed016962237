"""Advice for expressions in the notation of another language: JavaScript, templates, or a word processor's quotes."""

import re

from elasticio_runner.json_input import TYPOGRAPHIC

_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_ADVICE = (
    (re.compile(rf"[{TYPOGRAPHIC}]"), "write straight quotes: 'a text'"),
    (re.compile(r"\{\{|\$\{"), "write a path without braces: body.name"),
    (re.compile(r"==|!=="), "write = or !="),
    (re.compile(r"&&"), "write and instead of &&"),
    (re.compile(r"\|\|"), "write or instead of ||"),
    (re.compile(r"!(?!=)"), "write $not(…) instead of !"),
    (re.compile(r"^\s*$"), "write \"''\" for an empty text"),
    (re.compile(r"^[^\W\d]\w*(?:,? +\w+)+[.!?]?$"), "write a text in quotes: \"'a text'\""),
)


def advice(source: str) -> str:
    """Return "; " and the correction of an invalid expression, "" without a known one."""
    code = _TEXTS.sub("''", source)
    return next((f"; {text}" for pattern, text in _ADVICE if pattern.search(code)), "")
