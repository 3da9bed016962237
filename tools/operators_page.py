"""The generated parts of docs/operators.md: the settings of a step and its log lines."""

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import elasticio
from elasticio.platform import limits
from elasticio.runtime import settings
from elasticio.runtime.settings import Settings

from tools import markdown, source

_UNIT = re.compile(r" \((ms|s|bytes)\)\.$")
_PACKAGE = Path(elasticio.__file__).parent


@dataclasses.dataclass(frozen=True)
class Setting:
    """One environment variable. `default` is None for a required one."""

    variable: str
    default: str | None
    unit: str
    meaning: str
    messaging: bool

    @property
    def shown_default(self) -> str:
        """The default with its unit; empty for an empty text."""
        return " ".join(filter(None, (self.default, self.unit if self.default else "")))


def sections() -> Mapping[str, str]:
    """Return the content of each generated section by its marker."""
    every = list(all_settings())
    required = [each for each in every if each.default is None and not each.messaging]
    messaging = [each for each in every if each.default is None and each.messaging]
    optional = [each for each in every if each.default is not None]
    return {
        "required settings": _two_columns(required),
        "messaging settings": _two_columns(messaging),
        "optional settings": markdown.table(
            ("Variable", "Default", "Meaning"),
            [(f"`{each.variable}`", each.shown_default, each.meaning) for each in optional],
        ),
        "limits": markdown.table(("Limit", "Meaning"), _limits()),
        "log lines": markdown.table(
            ("Level", "Text"), [(line.level, f"`{line.text}`") for line in source.log_lines(_PACKAGE)]
        ),
    }


def all_settings() -> Iterator[Setting]:
    """Yield the settings in the order of the source. Raises LookupError if one has no description."""
    texts = source.class_docstrings(Path(settings.__file__), Settings.__name__)
    for field in dataclasses.fields(Settings):
        if not field.metadata.get("variable", True):
            continue
        if field.name not in texts:
            raise LookupError(f"{field.name}: the setting has no description. Add a string below its definition.")
        text = texts[field.name]
        unit = _UNIT.search(text)
        yield Setting(
            variable=settings.variable(field),
            default=None if field.default is dataclasses.MISSING else _shown(field.default),
            unit=unit[1] if unit else "",
            meaning=_UNIT.sub(".", text),
            messaging=bool(field.metadata.get("messaging")),
        )


def _limits() -> Iterator[tuple[str, str]]:
    """Yield each limit of HTTP requests with its unit, and what it limits."""
    tree = ast.parse(Path(str(limits.__file__)).read_text(encoding="utf-8"))
    for name, meaning in source.docstrings(tree.body).items():
        value = getattr(limits, name)
        if name.endswith("_SIZE"):
            shown = f"{value // 1024 // 1024} MB"
        elif name.endswith("_SPEED"):
            shown = f"{value // 1024} KB/s"
        else:
            shown = f"{value:g} s" if isinstance(value, float) else str(value)
        yield shown, meaning


def _two_columns(chosen: list[Setting]) -> str:
    return markdown.table(("Variable", "Meaning"), [(f"`{each.variable}`", each.meaning) for each in chosen])


def _shown(default: Any) -> str:
    """Return a default as text."""
    if isinstance(default, bool):
        return "true" if default else "false"
    if default == float("inf"):
        return "unlimited"
    return f"{default:,}" if isinstance(default, int | float) else str(default)
