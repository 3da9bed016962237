"""The operations of an API, as functions of a component."""

import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticio_runner.flow_file.locations import Place
from elasticio_runner.new import naming, swagger2
from elasticio_runner.new.description import Description, DescriptionError
from elasticio_runner.new.mapper_schema import MapperSchemas, Node, as_required, ordered, titled, type_of
from elasticio_runner.new.plain_text import plain, sentence

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_PLACES = ("path", "query", "header", "cookie")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STYLES = {"spaceDelimited": "space", "pipeDelimited": "pipe", "tabDelimited": "tab", "deepObject": "deep"}
_KINDS = {"number": "number", "boolean": "boolean", "object": "json", "array": "json"}
_OWN_HEADERS = ("accept", "content-type", "authorization", "content-length", "host", "user-agent")
_FILE_HELP = {
    "file": "Name of an attachment of the message.",
    "files": "Each value is the name of an attachment of the message.",
}
_LONGEST_TITLE = 80


@dataclass(frozen=True)
class OperationInput:
    """One input: the arguments of `Input` in lib/encoding.py, and its node in the mapper's schema."""

    name: str
    place: str
    key: str
    kind: str
    style: str
    lists: tuple[tuple[str, ...], ...]
    node: Node

    @property
    def is_required(self) -> bool:
        """Whether each message must contain the input."""
        return self.node.get("required") is True


@dataclass(frozen=True)
class ApiOperation:
    """One operation. `path` is escaped, with {NAME} for parameters; `whole_body` names the input that is the body."""

    id: str
    module: str
    title: str
    text: str
    link: str
    is_deprecated: bool
    is_public: bool
    method: str
    path: str
    inputs: tuple[OperationInput, ...]
    content_type: str
    whole_body: str
    out: Node

    @property
    def schema_in(self) -> Node:
        """The schema of the input."""
        return {"type": "object", "properties": ordered({each.name: each.node for each in self.inputs})}


@dataclass
class Operations:
    """Reads the operations. `hidden` has place and name of parameters that contain credentials."""

    description: Description
    hidden: frozenset[tuple[str, str]] = frozenset()
    _ids: set[str] = field(default_factory=set)
    _modules: set[str] = field(default_factory=set)
    _titles: set[str] = field(default_factory=set)

    def read(self) -> Iterator[ApiOperation]:
        """Yield the operations in the order of the file. Raises DescriptionError."""
        for path, item, place in self.description.members(self.description.root.get("paths"), ("paths",)):
            if not path.startswith("/"):
                raise DescriptionError(place, "the path does not begin with a slash", "Correct the path")
            for method in item:
                if method in METHODS:
                    at = (*place, method)
                    yield self._operation(path, method, item, self.description.mapping(item[method], at), at)

    def _operation(
        self, path: str, method: str, item: Mapping[str, Any], given: Mapping[str, Any], place: Place
    ) -> ApiOperation:
        parameters = self._parameters(item, given, place)
        inputs = _Inputs(self.description, self.hidden)
        for parameter, at in parameters:
            inputs.add_parameter(parameter, at)
        inputs.add_missing_path_parameters(path)
        body = given.get("requestBody")
        if self.description.is_swagger:
            body = swagger2.request_body(self.description, given, parameters)
        content_type, whole = inputs.add_body(body, (*place, "requestBody"))
        name = given.get("operationId")
        known = isinstance(name, str) and bool(naming.words(name))
        id_ = naming.unique(naming.identifier(str(name) if known else f"{method} {path}", "call"), self._ids)
        docs = given.get("externalDocs")
        link = docs.get("url") if isinstance(docs, dict) else None
        summary = plain(given.get("summary"), _LONGEST_TITLE)
        return ApiOperation(
            id=id_,
            module=naming.unique(naming.module(id_), self._modules),
            title=self._title(summary, id_),
            text=sentence(given.get("description")) or sentence(summary) or f"Sends {method.upper()} {plain(path)}.",
            link=link if isinstance(link, str) and re.fullmatch(r"https?://[^\s\"<>]+", link) else "",
            is_deprecated=given.get("deprecated") is True,
            is_public=self._is_public(given),
            method=method.upper(),
            path=urllib.parse.quote(path.partition("#")[0], safe="/{}?&=:@!$'()*+,;~%"),
            inputs=tuple(inputs.inputs),
            content_type=content_type,
            whole_body=whole,
            out=self._output(given.get("responses"), (*place, "responses")),
        )

    def _is_public(self, given: Mapping[str, Any]) -> bool:
        """Return whether the API needs no login for an operation."""
        security = given.get("security", self.description.root.get("security"))
        return not isinstance(security, list) or not security or not all(security)

    def _title(self, summary: str, id_: str) -> str:
        title = naming.title(summary) if summary else naming.title(id_)
        return naming.unique(title or id_, self._titles)

    def _parameters(
        self, item: Mapping[str, Any], given: Mapping[str, Any], place: Place
    ) -> list[tuple[dict[str, Any], Place]]:
        """Return the parameters of a path and an operation. Those of the operation replace equal ones."""
        found: dict[tuple[str, str], tuple[dict[str, Any], Place]] = {}
        for source, at in ((item, (*place[:-1], "parameters")), (given, (*place, "parameters"))):
            for index, value in enumerate(self.description.listed(source.get("parameters"), at)):
                parameter = self.description.mapping(value, (*at, index))
                found[str(parameter.get("in")), str(parameter.get("name"))] = (parameter, (*at, index))
        return list(found.values())

    def _output(self, responses: Any, place: Place) -> Node:
        """Return the schema of the message that lib/encoding.py creates from a successful response."""
        codes = self.description.mapping(responses, place)
        code = next((code for code in sorted(codes) if re.fullmatch(r"2[0-9X]{2}", code)), "default")
        response = self.description.mapping(codes.get(code), (*place, code))
        content = response.get("content")
        if self.description.is_swagger:
            content = swagger2.response_content(response)
        media = self.description.mapping(content, (*place, code, "content"))
        kind = _preferred(media)
        if not kind:
            return {"type": "object", "properties": {}}
        schema = self.description.mapping(media[kind], (*place, code, "content", kind)).get("schema")
        schemas = MapperSchemas(self.description, "out")
        is_json = "json" in kind or (kind == "*/*" and schema and not _is_binary(schemas.flat(schema, place)))
        if not is_json:
            name = "result" if kind.startswith("text/") else "attachment"
            return {"type": "object", "properties": {name: {"type": "string", "title": naming.title(name)}}}
        node = schemas.read(schema, (*place, code))
        if node["type"] == "object":
            return {"type": "object", "properties": node["properties"]} | (
                {"additionalProperties": True} if "additionalProperties" in node else {}
            )
        name = "results" if node["type"] == "array" else "result"
        return {"type": "object", "properties": {name: titled(name, node)}}


@dataclass
class _Inputs:
    """Collects the inputs of one operation under different names."""

    description: Description
    hidden: frozenset[tuple[str, str]]
    inputs: list[OperationInput] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def add_parameter(self, given: Mapping[str, Any], at: Place) -> None:
        """Add a parameter in path, query, header or cookie."""
        name, place = given.get("name"), given.get("in")
        if place in ("body", "formData") and self.description.is_swagger:
            return
        if not isinstance(name, str) or not name:
            raise DescriptionError(at, '"name" is missing', "Add the name of the parameter")
        if place not in _PLACES:
            raise DescriptionError((*at, "in"), f"{place!r} is no place", f"Write one of {', '.join(_PLACES)}")
        if (place, name) in self.hidden or (place == "header" and name.lower() in _OWN_HEADERS):
            return
        if self.description.is_swagger:
            given = swagger2.parameter(given)
        content = self.description.mapping(given.get("content"), (*at, "content"))
        media = self.description.mapping(next(iter(content.values()), None), (*at, "content"))
        schema = given.get("schema", media.get("schema"))
        texts = {key: given[key] for key in ("description", "example") if key in given}
        flat = {**MapperSchemas(self.description, "in").flat(schema, at), **texts}
        style = "json" if content else _style(str(place), given)
        self._add(name, str(place), flat, at, style=style, is_required=place == "path" or given.get("required") is True)

    def add_missing_path_parameters(self, path: str) -> None:
        """Add the parameters that a path contains, but the description does not describe."""
        known = {each.key for each in self.inputs if each.place == "path"}
        for name in re.findall(r"\{([^{}]+)\}", path):
            if name not in known:
                known.add(name)
                self._add(name, "path", {"type": "string"}, (), is_required=True)

    def add_body(self, given: Any, place: Place) -> tuple[str, str]:
        """Add the inputs of the body. Returns its content type, and the name of the input that is the whole body."""
        body = self.description.mapping(given, place)
        media = self.description.mapping(body.get("content"), (*place, "content"))
        kind = _preferred(media)
        if not kind:
            return "", ""
        at = (*place, "content", kind)
        schema = self.description.mapping(media[kind], at).get("schema")
        flat = MapperSchemas(self.description, "in").flat(schema, at)
        sent = "application/json" if kind == "*/*" else kind
        is_form = kind in _FORMS
        is_required = body.get("required") is True
        properties = flat.get("properties")
        if ("json" in sent or is_form) and type_of(flat) == "object" and isinstance(properties, dict) and properties:
            self._add_properties(schema, at, is_required=is_required)
            return sent, ""
        if "json" not in sent and not is_form and type_of(flat) == "object":
            flat = {"type": "string", "description": body.get("description", "")}
            if not sent.startswith("text/") and "xml" not in sent:
                flat["format"] = "binary"
        texts = {} if flat.get("description") else {"description": body.get("description", "")}
        return sent, self._add("body", "body", {**flat, **texts}, at, is_required=is_required)

    def _add_properties(self, schema: Any, at: Place, *, is_required: bool) -> None:
        schemas = MapperSchemas(self.description, "in")
        flat = schemas.flat(schema, at)
        node = schemas.read(schema, at)
        for name, inner in node["properties"].items():
            own = tuple(path[1:] for path in schemas.lists if path[0] == name)
            bare = {key: value for key, value in inner.items() if key not in ("order", "required")}
            node_in = as_required(bare) if is_required and inner.get("required") else bare
            self._append(name, "body", name, node_in, own, file=_file_kind(schemas, flat["properties"].get(name), at))

    def _add(
        self, name: str, place: str, flat: Node, at: Place, *, style: str = "comma", is_required: bool = False
    ) -> str:
        schemas = MapperSchemas(self.description, "in")
        node = titled(name, schemas.read(flat, at))
        node = as_required(node) if is_required else node
        file = _file_kind(schemas, flat, at) if place == "body" else ""
        return self._append(name, place, name, node, tuple(schemas.lists), style=style, file=file)

    def _append(
        self,
        name: str,
        place: str,
        key: str,
        node: Node,
        lists: Sequence[tuple[str, ...]],
        *,
        style: str = "comma",
        file: str = "",
    ) -> str:
        """Add an input and return its name, which differs from the key if another input has the same name."""
        text = node.get("help", {}).get("description", "")
        if name.lower() in self._names:
            name = f"{name}In{place.title()}"
            text = f"{text} Sent as {plain(key)} in the {place}.".strip()
        name = naming.unique(name, self._names)
        if file:
            text = f"{text} {_FILE_HELP[file]}".strip()
        kind = file or ("list" if () in lists else _KINDS.get(node["type"], "text"))
        help_ = {"help": {"description": text}} if text else {}
        self.inputs.append(OperationInput(name, place, key, kind, style, tuple(filter(None, lists)), node | help_))
        return name


def _file_kind(schemas: MapperSchemas, schema: Any, at: Place) -> str:
    """Return the kind of an input that contains files: "file" or "files", otherwise an empty text."""
    flat = schemas.flat(schema, at)
    if type_of(flat) == "array" and _is_binary(schemas.flat(flat.get("items"), at)):
        return "files"
    return "file" if _is_binary(flat) else ""


def _is_binary(flat: Node) -> bool:
    return type_of(flat) == "string" and (flat.get("format") == "binary" or "contentMediaType" in flat)


def _style(place: str, given: Mapping[str, Any]) -> str:
    style = given.get("style", "form" if place in ("query", "cookie") else "simple")
    if style in _STYLES:
        return _STYLES[style]
    return "repeat" if style == "form" and place == "query" and given.get("explode", True) is not False else "comma"


def _preferred(media: Mapping[str, Any]) -> str:
    """Return the content type to use: JSON if possible, then a form, then the first one."""
    kinds = [kind for kind in media if not kind.startswith("x-")]
    json_like = [kind for kind in kinds if re.fullmatch(r"application/(.+\+)?json(;.*)?|\*/\*", kind)]
    forms = [kind for kind in kinds if kind in _FORMS]
    return next(iter([*json_like[:1], *forms[:1], *kinds]), "")
