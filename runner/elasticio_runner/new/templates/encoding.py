"""What requests and responses contain: inputs become parts of a request, and a response becomes a message."""

import base64
import json
import mimetypes
import re
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from elasticio import HttpResponse, Message, Step, StepError

_DELIMITERS = {"space": " ", "pipe": "|", "tab": "\t"}
_REASONS = ("message", "error_description", "detail", "error", "title", "description", "reason", "errors")
_LONGEST_REASON = 300  # characters
_HALF_EMOJI = "surrogatepass"  # a text that was cut within an emoji is sent as it is
_FORM = "application/x-www-form-urlencoded"


class ApiError(StepError):
    """The API refused a request, or the input or the credentials are invalid."""


@dataclass(frozen=True)
class Input:
    """One input of an operation.

    name      name of the input in the message
    place     where the request contains the value
    sent_as   name in the request, if it differs
    kind      text, number, boolean, list (also a text with commas), file (name of an attachment), files or json
    style     how a list or an object is written: comma, space, pipe, repeat, deep or json
    lists     paths of lists of plain values within the input, which may also be texts with commas
    """

    name: str
    place: Literal["path", "query", "header", "cookie", "body"]
    sent_as: str = ""
    required: bool = False
    kind: Literal["text", "number", "boolean", "list", "file", "files", "json"] = "text"
    style: Literal["comma", "space", "pipe", "tab", "repeat", "deep", "json"] = "comma"
    lists: tuple[tuple[str, ...], ...] = ()

    @property
    def key(self) -> str:
        """The name in the request."""
        return self.sent_as or self.name


def convert(given: Input, value: Any) -> Any:
    """Return the value that the API expects for an input. Raises ApiError for a text that is no such value."""
    if given.kind == "number" and isinstance(value, str):
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value.strip()):
            raise ApiError(f"{given.name}: the value is not a number. Use digits, for example 12.5.")
        return float(value) if "." in value else int(value)
    if given.kind == "boolean" and isinstance(value, str):
        if value.strip().lower() not in ("true", "false"):
            raise ApiError(f"{given.name}: the value is neither true nor false. Use one of them.")
        return value.strip().lower() == "true"
    if given.kind in ("list", "files"):
        return _as_list(value)
    for path in given.lists:
        _split_lists(value, path)
    return value


def parameters(path: str, inputs: Sequence[Input], values: Mapping[str, Any]) -> tuple[str, str, dict[str, str]]:
    """Return path, query and headers of a request."""
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    cookies: list[tuple[str, str]] = []
    for each in inputs:
        if each.name not in values:
            continue
        value = values[each.name]
        if each.place == "path":
            path = path.replace(f"{{{each.key}}}", _quote(_text(value)))
        elif each.place == "query":
            query += _query(each, value)
        elif each.place == "header":
            headers[each.key] = _header(_text(value))
        elif each.place == "cookie":
            cookies.append((each.key, _quote(_text(value), safe="/")))
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies)
    return path, urllib.parse.urlencode(query, errors=_HALF_EMOJI, quote_via=urllib.parse.quote), headers


def body(
    content_type: str,
    whole: str,
    inputs: Sequence[Input],
    values: Mapping[str, Any],
    *,
    step: Step,
    message: Message,
) -> tuple[bytes | None, str]:
    """Return the body of a request and its content type. None without a body."""
    given = [each for each in inputs if each.place == "body" and each.name in values]
    if not content_type or (whole and not given):
        return None, ""
    if whole and given[0].kind == "file":
        return _attachment(values[given[0].name], step, message)[0], content_type
    if content_type == "multipart/form-data":
        return _multipart(given, values, step, message)
    value = values[whole] if whole else {each.key: values[each.name] for each in given}
    if content_type == _FORM:
        pairs = [(name, _text(item)) for name, items in value.items() for item in _as_items(items)]
        return urllib.parse.urlencode(pairs, errors=_HALF_EMOJI).encode(), content_type
    if "json" in content_type:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", _HALF_EMOJI), content_type
    return _text(value).encode("utf-8", _HALF_EMOJI), content_type


def message(response: HttpResponse, step: Step) -> Message:
    """Return the message for a successful response.

    A JSON object is the body, a list becomes {"results": list}, and another value {"result": value}. Other content
    becomes an attachment, whose name is in the body.
    """
    content_type = response.headers.get("Content-Type", "")
    if not response.body.strip():
        return Message(body={})
    if "json" in content_type or not content_type:
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            value = response.body.decode("utf-8", "replace")
        if isinstance(value, dict):
            return Message(body=value)
        return Message(body={"results": value} if isinstance(value, list) else {"result": value})
    if content_type.startswith("text/"):
        return Message(body={"result": response.body.decode("utf-8", "replace")})
    name = f"file{mimetypes.guess_extension(content_type.partition(';')[0].strip()) or ''}"
    entry = step.attachments.add(name, response.body, content_type)
    return Message(body={"attachment": name}, attachments={name: entry})


def reason(response: HttpResponse, secrets: Sequence[str]) -> str:
    """Return the API's own message about an error as `: text`, without secrets; empty if there is none."""
    try:
        found = _reason(json.loads(response.body))
    except (ValueError, RecursionError):
        return ""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        found = found.replace(secret, "***")
    found = " ".join(found.split())[:_LONGEST_REASON].rstrip(". ")
    return f": {found}" if found else ""


def texts(value: Any) -> Iterator[str]:
    """Yield all texts and numbers within a value that are long enough to identify a person."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif not isinstance(value, bool | None) and len(str(value)) > 3:
        yield str(value)


def basic(username: Any, password: Any) -> str:
    """Return the value of the header Authorization for HTTP Basic authentication."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _reason(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _reason(value[0]) if value else ""
    if isinstance(value, Mapping):
        return next(filter(None, (_reason(value.get(name)) for name in _REASONS)), "")
    return ""


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value if isinstance(value, list) else [value]


def _split_lists(value: Any, path: Sequence[str]) -> None:
    """Replace the texts at a path within a value by lists. Lists on the way are followed into each item."""
    if isinstance(value, list):
        for item in value:
            _split_lists(item, path)
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        if len(path) == 1:
            value[path[0]] = _as_list(value[path[0]])
        else:
            _split_lists(value[path[0]], path[1:])


def _query(given: Input, value: Any) -> list[tuple[str, str]]:
    if given.style == "json":
        return [(given.key, json.dumps(value, ensure_ascii=False))]
    if isinstance(value, Mapping):
        if given.style == "deep":
            return [(f"{given.key}[{name}]", _text(item)) for name, item in value.items()]
        if given.style == "repeat":
            return [(name, _text(item)) for name, item in value.items()]
    if isinstance(value, list):
        if given.style in ("repeat", "deep"):
            return [(given.key, _text(item)) for item in value]
        return [(given.key, _DELIMITERS.get(given.style, ",").join(map(_text, value)))]
    return [(given.key, _text(value))]


def _as_items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Return a value as text: JSON for objects, true and false in lower case."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(item, Mapping | list) for item in value):
        return ",".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False)


def _header(value: str) -> str:
    return value if re.fullmatch(r"[\x20-\x7e]*", value) else _quote(value, safe=" ")


def _quote(value: str, safe: str = "") -> str:
    return urllib.parse.quote(value, safe=safe, errors=_HALF_EMOJI)


def _attachment(name: Any, step: Step, message: Message) -> tuple[bytes, str]:
    with step.attachments.open(message, str(name)) as stream:
        return stream.read(), stream.content_type or "application/octet-stream"


def _quoted(name: object) -> str:
    """Return a name within a header of a multipart body. A line break would begin another header."""
    return str(name).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _multipart(given: Sequence[Input], values: Mapping[str, Any], step: Step, message: Message) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = []
    for each in given:
        name = _quoted(each.key)
        for item in _as_items(values[each.name]):
            if each.kind in ("file", "files"):
                content, kind = _attachment(item, step, message)
                kind = re.sub(r"[^ -~]", "", kind)
                lines = f'form-data; name="{name}"; filename="{_quoted(item)}"\r\nContent-Type: {kind}'
                parts.append((lines, content))
            else:
                kind = "\r\nContent-Type: application/json" if isinstance(item, Mapping) else ""
                parts.append((f'form-data; name="{name}"{kind}', _text(item).encode("utf-8", _HALF_EMOJI)))
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: {lines}\r\n\r\n".encode("utf-8", _HALF_EMOJI) + content + b"\r\n"
        for lines, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
