"""Reads the description of an HTTP API: OpenAPI 3.0 and 3.1, or Swagger 2.0, as JSON or YAML. Uses no network."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import yaml
from elasticio import ElasticioError

from elasticio_runner import json_input
from elasticio_runner.flow_file.locations import Place, spell
from elasticio_runner.terminal_text import printable

DEEPEST = 200  # levels of nesting
_LONGEST_CHAIN = 50  # references that lead to references


class DescriptionError(ElasticioError):
    """A description cannot be used. The text has the place, the mistake and what to do."""

    def __init__(self, place: Place, wrong: str, advice: str) -> None:
        super().__init__(printable(f"{spell(place)}: {wrong}. {advice}."))


@dataclass(frozen=True)
class Description:
    """The description of an API. `is_swagger` tells whether it is Swagger 2.0."""

    root: Mapping[str, Any]
    is_swagger: bool

    def mapping(self, value: Any, place: Place) -> dict[str, Any]:
        """Return an object, after its references were followed. A missing value is an empty object.

        Raises DescriptionError if the value is something else, or a reference has no target.
        """
        siblings: dict[str, Any] = {}
        for _ in range(_LONGEST_CHAIN):
            if value is None:
                return siblings
            if not isinstance(value, dict):
                raise DescriptionError(place, "must be an object", "Correct the description of the API")
            if not isinstance(value.get("$ref"), str):
                return {**value, **siblings}
            siblings = {key: item for key, item in value.items() if key != "$ref"} | siblings
            value = self.target(value["$ref"], place)
        raise DescriptionError(place, "the references form a cycle", "Remove the cycle")

    def target(self, reference: str, place: Place) -> Any:
        """Return the value that a reference names. Raises DescriptionError if there is none in this file."""
        if not reference.startswith("#/") and reference != "#":
            advice = "Bundle the description into one file first, because other files are not read"
            raise DescriptionError(place, f"{reference!r} is in another file", advice)
        value: Any = self.root
        for part in reference.removeprefix("#").split("/")[1:]:
            name = _unquoted(part)
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            else:
                raise DescriptionError(place, f"{reference!r} has no target", "Correct the reference")
        return value

    def listed(self, value: Any, place: Place) -> list[Any]:
        """Return a list. A missing value is an empty list. Raises DescriptionError for something else."""
        if value is None:
            return []
        if not isinstance(value, list):
            raise DescriptionError(place, "must be a list", "Correct the description of the API")
        return value

    def members(self, value: Any, place: Place) -> Iterator[tuple[str, dict[str, Any], Place]]:
        """Yield name, object and place of each member of an object. Extensions (x-…) are left out."""
        for name, item in self.mapping(value, place).items():
            if not name.startswith("x-"):
                yield name, self.mapping(item, (*place, name)), (*place, name)


def read(file: Path) -> Description:
    """Read a description. Raises DescriptionError if the file cannot be read or has another format."""
    try:
        text = json_input.read_text(file)
    except UnicodeDecodeError:
        raise DescriptionError((str(file),), "the file is not in UTF-8", "Save the file in UTF-8") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the path is invalid"
        raise DescriptionError((str(file),), f"the file cannot be read ({reason})", "Correct the path") from None
    root = _parsed(file, text)
    if not isinstance(root, dict):
        raise DescriptionError((str(file),), "must be an object", "Name a file with an OpenAPI description")
    return of(root)


def of(root: dict[str, Any]) -> Description:
    """Return a description for its parsed content. Raises DescriptionError for an unknown version."""
    swagger, openapi = str(root.get("swagger", "")), str(root.get("openapi", ""))
    if swagger.startswith("2.") or openapi.startswith("3."):
        return Description(root, is_swagger=not openapi)
    wrong = (
        f"version {openapi or swagger!r} is unknown" if openapi or swagger else 'there is no "openapi" and no "swagger"'
    )
    raise DescriptionError((), wrong, "Use a description in OpenAPI 3.0 or 3.1, or in Swagger 2.0")


def _parsed(file: Path, text: str) -> Any:
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            return json_input.parse(text, DEEPEST)
        except json_input.InvalidJsonError as error:
            if file.suffix == ".json":
                place: Place = (f"{file}:{error.line}",)
                raise DescriptionError(place, f"not valid JSON: {error}", "Correct the JSON") from None
    try:
        return _plain(yaml.load(text, _Loader), {}, 0)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        wrong = f"not valid YAML: {error.problem or error.context}"
        raise DescriptionError((f"{file}:{line}",), wrong, "Correct the YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        wrong = "nested too deeply" if isinstance(error, RecursionError) else "not valid YAML or JSON"
        raise DescriptionError((str(file),), wrong, "Correct the file") from None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader of YAML that reads dates, yes and no as texts, as JSON would contain them."""

    yaml_implicit_resolvers: ClassVar = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp" and not (tag == "tag:yaml.org,2002:bool" and first not in "tTfF")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _plain(value: Any, known: dict[int, Any], depth: int) -> Any:
    """Return a value with texts as keys and only the types of JSON. Shared values stay shared.

    Raises ValueError for a value that contains itself, and for other types.
    """
    if depth > DEEPEST:
        raise RecursionError
    if not isinstance(value, dict | list):
        if value is None or isinstance(value, str | int | float | bool):
            return value
        raise ValueError("not a type of JSON")
    if id(value) in known:
        if known[id(value)] is None:
            raise ValueError("a value contains itself")
        return known[id(value)]
    known[id(value)] = None
    result: Any
    if isinstance(value, dict):
        result = {_key(name): _plain(item, known, depth + 1) for name, item in value.items()}
    else:
        result = [_plain(item, known, depth + 1) for item in value]
    known[id(value)] = result
    return result


def _key(name: Any) -> str:
    return name if isinstance(name, str) else json.dumps(name, default=str)


def _unquoted(part: str) -> str:
    return unquote(part).replace("~1", "/").replace("~0", "~")
